// SPDX-License-Identifier: Apache-2.0
import { Refusal } from './api';
import { t, type Key } from './i18n';

/** What went wrong: in the page's own words, or in those of a hub that knows more than this page. */
export type Problem = Key | { readonly text: string };

/** The codes of docs/protocol/api.md that people may see; the others are this page's own mistakes. */
const known: Record<string, Key> = {
  bad_request: 'refusal.badRequest',
  too_large: 'refusal.badRequest',
  ask_platform: 'refusal.askPlatform',
  bad_token: 'entry.expired',
  removed: 'over.removed',
  turned_away: 'over.turnedAway',
  unknown_code: 'over.notFound',
  unknown_lesson: 'over.notFound',
  ended: 'over.ended',
  too_many: 'refusal.tooMany',
  starting: 'joining.opening',
  unavailable: 'refusal.unavailable',
};

export function problemOf(error: unknown, unreachable: Key): Problem {
  if (!(error instanceof Refusal) || error.status === 0) return unreachable;
  return known[error.code] ?? (error.message === '' ? 'entry.failed' : { text: error.message });
}

export function sayProblem(problem: Problem): string {
  return typeof problem === 'string' ? t(problem) : problem.text;
}
