// SPDX-License-Identifier: Apache-2.0
// A client that was made for gridscale by others: Apache Libcloud's driver against the local cloud.
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {randomBytes, randomUUID} from 'node:crypto';
import {join} from 'node:path';
import {test} from 'node:test';
import {promisify} from 'node:util';
import {LocalCloud} from './lib/local_cloud.mjs';

// Debian's own, which has Debian's libraries.
const python = '/usr/bin/python3';

for (const options of [[], ['--job-milliseconds', '50']]) {
    test(`Libcloud's gridscale driver works unchanged ${options.join(' ')}`, async () => {
        const user = {id: randomUUID(), token: randomBytes(16).toString('hex')};
        const cloud = await LocalCloud.start({users: [user], options});
        try {
            const {stdout} = await promisify(execFile)(
                python, [join(import.meta.dirname, 'lib/libcloud_driver.py'), cloud.port, user.id, user.token, ...(options.length > 0 ? ['slow'] : [])]);
            assert.equal(stdout, 'ok\n');
        } finally {
            await cloud.stop();
        }
    });
}
