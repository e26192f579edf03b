// SPDX-License-Identifier: Apache-2.0
import { signal } from '@preact/signals';
import type { Key } from '../../shared/i18n';

export type Device = 'microphone' | 'camera' | 'screen';

export interface Notice {
  text: Key;
  action?: { label: Key; run: () => void };
}

/** What stands at the top of the lesson until it is settled or put away; one notice of a kind. */
export const notices = signal<readonly Notice[]>([]);

export function showNotice(notice: Notice): void {
  notices.value = [...notices.peek().filter(({ text }) => text !== notice.text), notice];
}

export function dropNotice(text: Key): void {
  if (notices.peek().some((notice) => notice.text === text)) {
    notices.value = notices.peek().filter((notice) => notice.text !== text);
  }
}

/** Clear words for what getUserMedia and getDisplayMedia may throw; null when nothing needs saying. */
export function deviceProblem(device: Device, error: unknown): Key | null {
  const name = error instanceof Error ? error.name : '';
  if (device === 'screen') {
    // Closing the browser's chooser is the same error as a refusal by policy.
    return name === 'NotAllowedError' || name === 'AbortError' ? null : 'problem.screen';
  }
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return `problem.${device}Denied`;
    case 'NotFoundError':
    case 'OverconstrainedError':
    case 'DevicesNotFoundError':
      return `problem.${device}Missing`;
    case 'NotReadableError':
    case 'AbortError':
    case 'TrackStartError':
      return `problem.${device}InUse`;
    default:
      return globalThis.isSecureContext === false ? 'problem.insecure' : `problem.${device}Failed`;
  }
}
