// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../src/shared/api';
import { problemOf } from '../src/shared/problem';

const page = readFileSync(new URL('../../docs/protocol/api.md', import.meta.url), 'utf8');
/** [status, codes] of the table of refusals. */
const rows = [...page.matchAll(/^\| (\d{3}) \| (`.*?`) \|/gm)].map((row) => [Number(row[1]), [...row[2]!.matchAll(/`(\w+)`/g)].map((it) => it[1]!)] as const);
const ownMistakes = ['not_found', 'bad_method'];

describe('a refusal of the hub', () => {
  it('has words of the page for every code of the document', () => {
    const codes = rows.flatMap(([status, names]) => names.map((code) => ({ status, code })));
    expect(codes.length).toBeGreaterThan(10);
    for (const { status, code } of codes) {
      const problem = problemOf(new Refusal(status, code, 'in English'), 'entry.unreachable');
      expect(problem, code).toEqual(ownMistakes.includes(code) ? { text: 'in English' } : expect.stringContaining('.'));
    }
  });

  it('is shown in the hub’s words when the page does not know its code', () => {
    expect(problemOf(new Refusal(409, 'too_new', 'This is newer.'), 'entry.unreachable')).toEqual({ text: 'This is newer.' });
    expect(problemOf(new Refusal(500, '', ''), 'entry.unreachable')).toBe('entry.failed');
  });

  it('is no answer at all when the hub cannot be reached', () => {
    expect(problemOf(new Refusal(0, 'unreachable', ''), 'start.unreachable')).toBe('start.unreachable');
    expect(problemOf(new TypeError('x'), 'start.unreachable')).toBe('start.unreachable');
  });
});
