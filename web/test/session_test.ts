// SPDX-License-Identifier: Apache-2.0
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Refusal } from '../src/shared/api';
import { isFresh, join, lessonCode } from '../src/lesson/session';

afterEach(() => vi.unstubAllGlobals());

const session = { token: 'T', room: 'r', identity: 'p-1', role: 'pupil', lesson: 'Mathe 7b' };

function hubAnswers(...answers: [status: number, body: object][]): Request[] {
  const asked: Request[] = [];
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
    asked.push(new Request(`https://aula.example${path}`, { ...init, cache: 'default' }));
    const [status, body] = answers.shift()!;
    return Promise.resolve(new Response(JSON.stringify(body), { status }));
  });
  return asked;
}

function watch() {
  const waits: number[] = [];
  const told: number[] = [];
  return { waits, told, onWaiting: (s: number) => void told.push(s), wait: (ms: number) => (waits.push(ms), Promise.resolve()) };
}

describe('joining', () => {
  it('sends code and name and keeps the written name', async () => {
    const asked = hubAnswers([200, session]);
    expect(await join({ code: 'abc', name: 'Mia' }, watch())).toEqual({ ...session, name: 'Mia' });
    expect(await asked[0]!.json()).toEqual({ code: 'abc', name: 'Mia' });
  });

  it('takes the name from the hub when another system handed over', async () => {
    hubAnswers([200, { ...session, name: 'Frau Weber' }]);
    expect((await join({ session: 's' }, watch())).name).toBe('Frau Weber');
  });

  it('counts down as told while the room opens, and asks again soon at first', async () => {
    hubAnswers([503, { code: 'starting', retry_after: 7 }], [503, { code: 'starting', retry_after: 90 }], [200, session]);
    const seen = watch();
    await join({ code: 'abc', name: 'Mia' }, seen);
    expect(seen.told).toEqual([7, 90]);
    expect(seen.waits).toEqual([3000, 6000]);
  });

  it.each([404, 410, 403])('gives up at once on %d', async (status) => {
    hubAnswers([status, { code: 'no', text: '' }]);
    await expect(join({ code: 'abc', name: 'Mia' }, watch())).rejects.toMatchObject({ status });
  });

  it('tells a hub that cannot be reached from one that says no', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('network')));
    await expect(join({ code: 'abc', name: 'Mia' }, watch())).rejects.toEqual(new Refusal(0, 'unreachable', ''));
  });
});

describe('a stored seat', () => {
  const token = (claims: object) => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;

  it('is good while its token has a minute left', () => {
    expect(isFresh(token({ exp: 1000 }), 939_000)).toBe(true);
    expect(isFresh(token({ exp: 1000 }), 941_000)).toBe(false);
    expect(isFresh(token({ name: 'Zoë ÿ?>' }), 0)).toBe(true);
    expect(isFresh('garbage', 0)).toBe(false);
  });

  it('belongs to the code in the address', () => {
    expect(lessonCode('/l/a%20b/')).toBe('a b');
  });
});
