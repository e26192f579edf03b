// SPDX-License-Identifier: Apache-2.0
import { t, type Key } from '../../shared/i18n';
import type { Answer } from '../classroom/protocol';
import { showNotice } from '../media/failures';

/** The refusal codes that a person can cause; the others would be our own mistakes. */
const words: Record<string, Key> = {
  too_long: 'refused.tooLong',
  empty: 'refused.empty',
  too_fast: 'refused.tooFast',
  ended: 'over.ended',
  not_allowed: 'refused.notAllowed',
  locked: 'refused.locked',
  unknown_participant: 'refused.unknownParticipant',
  last_teacher: 'refused.lastTeacher',
};

export function refusalKey(code: string): Key {
  return words[code] ?? 'refused.other';
}

export function refusalText(code: string): string {
  return t(refusalKey(code));
}

/** For commands that are given by a button: only a no needs words. */
export function tellIfRefused(answer: Answer | null): void {
  if (answer === null) showNotice({ text: 'refused.noConnection' });
  else if (answer.type === 'refused') showNotice({ text: refusalKey(answer.code) });
}
