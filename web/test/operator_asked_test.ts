// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { newestOnly } from '../src/operator/asked';
import { isAway } from '../src/operator/state';
import { Refusal } from '../src/shared/api';

describe('what a tab asks', () => {
  it('is answered as it was asked last, whichever answer comes last', async () => {
    const settle = newestOnly();
    const shown: string[] = [];
    let late = (_: string) => {};
    const first = settle(new Promise<string>((resolve) => (late = resolve)), (answer) => shown.push(answer), () => {});
    await settle(Promise.resolve('this month'), (answer) => shown.push(answer), () => {});
    late('last month');
    await first;
    expect(shown).toEqual(['this month']);
  });

  it('does not show the failure of a question that nobody has any more', async () => {
    const settle = newestOnly();
    const failures: unknown[] = [];
    let fail = (_: unknown) => {};
    const first = settle(new Promise<string>((_, reject) => (fail = reject)), () => {}, (error) => failures.push(error));
    await settle(Promise.resolve('this month'), () => {}, () => {});
    fail(new Error('too late'));
    await first;
    expect(failures).toEqual([]);
  });
});

describe('the hub is away', () => {
  it('when nobody answers, or a proxy in its place', () => {
    expect(isAway(new Refusal(0, 'unreachable', ''))).toBe(true);
    expect(isAway(new Refusal(502, '', ''))).toBe(true);
  });

  it('but not when it refuses, or when this page is wrong', () => {
    expect(isAway(new Refusal(503, 'busy', 'later'))).toBe(false);
    expect(isAway(new Refusal(404, '', ''))).toBe(false);
    expect(isAway(new TypeError('x is undefined'))).toBe(false);
  });
});
