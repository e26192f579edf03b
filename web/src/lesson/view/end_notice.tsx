// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'preact/hooks';
import { formatTime, t } from '../../shared/i18n';
import { Icon } from '../../shared/icons';
import type { ViewProps } from './classroom_view';

const lookMilliseconds = 5_000;
const warnedBefore = 5 * 60_000;

/** Says that the lesson is about to end by itself, and why; the words change by the minute at most. */
export function EndNotice({ inside: { classroom } }: ViewProps) {
  const about = classroom.about.value;
  const left = useTimeLeft(about?.ends_at ?? null);
  if (!about || left === null || left > warnedBefore) return null;
  const minutes = Math.max(1, Math.ceil(left / 60_000));
  const words =
    about.ends_why === 'no_teacher'
      ? t('ends.noTeacher', { minutes })
      : t('ends.time', { minutes, time: formatTime(about.ends_at!) });
  return (
    <div class="notices" role="status" aria-label={t('notices')}>
      <div class="notice" data-testid="end-notice" data-why={about.ends_why}>
        <Icon name="end" />
        <p>{words}</p>
      </div>
    </div>
  );
}

function useTimeLeft(at: number | null): number | null {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    setNow(Date.now());
    if (at === null) return;
    const timer = setInterval(() => setNow(Date.now()), lookMilliseconds);
    return () => clearInterval(timer);
  }, [at]);
  return at === null ? null : at - now;
}
