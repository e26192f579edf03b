// SPDX-License-Identifier: Apache-2.0
// Runs the end-to-end tests one file after the other: browsers want both cores for themselves.
import {spawnSync} from 'node:child_process';
import {readdirSync} from 'node:fs';
import {resolve} from 'node:path';

const wanted = process.argv.slice(2);
const files = readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith('.test.mjs') && (wanted.length === 0 || wanted.some((part) => name.includes(part))))
    .map((name) => resolve(import.meta.dirname, name));
const run = spawnSync(process.execPath, ['--test', '--test-concurrency=1', '--test-timeout=240000', ...files], {stdio: 'inherit'});
process.exit(run.status ?? 1);
