// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'preact/hooks';
import { Brand } from '../../shared/brand';
import { t } from '../../shared/i18n';

/** Between the door and the room: usually a blink, or the time the lesson's node needs to boot. */
export function JoiningScreen({ seconds }: { seconds: number | null }) {
  const left = useCountdown(seconds);
  return (
    <main class="door">
      <Brand />
      <div class="card stack waiting" data-testid="waiting">
        <span class="dots" aria-hidden="true" />
        <div role="status">
          <h1>{seconds === null ? t('joining.title') : t('joining.opening')}</h1>
        </div>
        {/* A screen reader need not say every second. */}
        {seconds !== null && <p class="soft" role="timer">{left > 0 ? t('joining.seconds', { seconds: left }) : t('joining.soon')}</p>}
      </div>
    </main>
  );
}

function useCountdown(seconds: number | null): number {
  const [left, setLeft] = useState(seconds ?? 0);
  useEffect(() => {
    setLeft(seconds ?? 0);
    const timer = setInterval(() => setLeft((before) => Math.max(0, before - 1)), 1000);
    return () => clearInterval(timer);
  }, [seconds]);
  return Math.ceil(left);
}
