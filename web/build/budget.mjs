// SPDX-License-Identifier: Apache-2.0
// Fails when a pupil's first download outgrows what a 64 kbit/s line can bear (docs: DESIGN.md section 7).
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const dist = new URL('../dist/', import.meta.url).pathname;
const KiB = 1024;
const limits = { shell: 100 * KiB, withMedia: 200 * KiB };
const brotli = (file) => statSync(join(dist, `${file}.br`)).size;

function referencedBy(html) {
  return [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((match) => match[1]);
}

/** Every chunk that this one loads, at once or later. */
function chunksNamedIn(file) {
  const text = readFileSync(join(dist, file), 'utf8');
  return [...text.matchAll(/["'`]\.?\/?(?:assets\/)?([A-Za-z0-9_.-]+\.(?:js|css))["'`]/g)].map(
    (match) => `assets/${match[1]}`,
  );
}

const entry = 'lesson.html';
const shell = new Set([entry, ...referencedBy(readFileSync(join(dist, entry), 'utf8'))]);
const later = new Set();
for (const file of shell) {
  if (!file.endsWith('.js')) continue;
  for (const chunk of chunksNamedIn(file)) if (!shell.has(chunk)) later.add(chunk);
}
// One language is loaded alone: count the larger one.
const catalogues = [...later].filter((file) => /assets\/(de|en)-/.test(file));
const media = [...later].filter((file) => !catalogues.includes(file));
const sum = (files) => [...files].reduce((total, file) => total + brotli(file), 0);

const measured = { shell: sum(shell) + Math.max(0, ...catalogues.map(brotli)), withMedia: 0 };
measured.withMedia = measured.shell + sum(media);

if (catalogues.length < 2 || media.length === 0) {
  console.error('budget: the catalogues or the media chunk were not found, so nothing was measured');
  process.exit(1);
}
for (const [name, limit] of Object.entries(limits)) {
  const kib = (bytes) => (bytes / KiB).toFixed(1);
  console.log(`budget: ${name} ${kib(measured[name])} KiB of ${kib(limit)} KiB (brotli)`);
  if (measured[name] > limit) process.exitCode = 1;
}
