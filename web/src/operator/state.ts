// SPDX-License-Identifier: Apache-2.0
import { signal } from '@preact/signals';
import { Refusal } from '../shared/api';
import type { Account, Now } from './hub_api';
import { inOwnWords } from './hub_words';
import { say, type Word } from './words';

/** Who is signed in; undefined until the hub has said. */
export const account = signal<Account | null | undefined>(undefined);
/** The newest look at the fleet, and when it came by this browser's clock. */
export const fleet = signal<{ now: Now; came: number } | null>(null);

/** Whether the hub has just not answered, and how often it has come back. */
export const away = signal(false);
export const returns = signal(0);
/** Somebody was here until a moment ago, and the hub no longer knows them. */
export const signedOut = signal(false);

export const mayAct = () => account.value?.role === 'operator';

/** The city's clock, which may run faster than life, between two looks. */
export function cityTime(): number {
  const last = fleet.value;
  return last === null ? Date.now() : last.now.now + (Date.now() - last.came) * last.now.speed;
}

const known: Record<string, Word> = {
  signed_out: 'trouble.signedOut',
  wrong_password: 'trouble.wrongPassword',
  weak_password: 'trouble.weakPassword',
  bad_setup: 'trouble.badSetup',
  set_up: 'trouble.setUp',
  not_allowed: 'trouble.notAllowed',
  foreign_origin: 'trouble.foreignOrigin',
  exists: 'trouble.exists',
  last_operator: 'trouble.lastOperator',
  changed: 'trouble.changed',
  busy: 'trouble.busy',
};

/** The hub was seen, or not. */
export function noteHub(isThere: boolean): void {
  if (isThere && away.value) returns.value += 1;
  away.value = !isThere;
}

/** Nobody answered, or a proxy in the hub's place, which knows none of its codes. */
export const isAway = (error: unknown) =>
  error instanceof Refusal && (error.status === 0 || (error.status >= 500 && error.code === ''));

/** What went wrong, for people; the hub's own sentence where it knows more than this page. */
export function troubleOf(error: unknown): string {
  if (!(error instanceof Refusal)) return say('trouble.failed');
  if (isAway(error)) return say('trouble.unreachable');
  if (error.code === 'signed_out') {
    signedOut.value = signedOut.value || Boolean(account.value);
    account.value = null;
  }
  if (error.code === 'too_many') return say('trouble.tooMany', { seconds: error.retryAfter ?? 30 });
  const word = known[error.code];
  if (word !== undefined) return say(word);
  return error.message === '' ? say('trouble.failed') : `${say('trouble.failed')} ${inOwnWords(error.message)}`;
}
