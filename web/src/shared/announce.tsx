// SPDX-License-Identifier: Apache-2.0
import { signal } from '@preact/signals';

const spoken = signal('');
const waiting: string[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;
const pauseMilliseconds = 3000;
const mostWaiting = 3;

/** Says a line through a screen reader, at most one every few seconds; a busy chat must not talk without end. */
export function announce(line: string): void {
  waiting.push(line);
  if (waiting.length > mostWaiting) waiting.shift();
  if (timer === undefined) speakNext();
}

function speakNext(): void {
  const line = waiting.shift();
  if (line === undefined) {
    timer = undefined;
    return;
  }
  spoken.value = line;
  timer = setTimeout(speakNext, pauseMilliseconds);
}

export function Announcer() {
  return (
    <p class="visually-hidden" aria-live="polite" data-testid="announcer">
      {spoken}
    </p>
  );
}
