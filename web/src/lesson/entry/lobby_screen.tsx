// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef } from 'preact/hooks';
import { Brand } from '../../shared/brand';
import { t } from '../../shared/i18n';
import type { Inside } from '../visit';

/** A guest at the door: a teacher sees the name and lets them in. */
export function LobbyScreen({ inside: { classroom, session }, onLeave }: { inside: Inside; onLeave: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const place = classroom.place.value ?? 0;
  const lost = classroom.link.value === 'lost';
  return (
    <main class="door">
      <Brand />
      <div class="card stack waiting" data-testid="lobby">
        <span class="dots" aria-hidden="true" />
        <p class="soft">{session.lesson}</p>
        <h1 ref={heading} tabIndex={-1}>
          {t('lobby.title')}
        </h1>
        <p>{t('lobby.text', { name: session.name })}</p>
        <p class="soft" role="status" data-testid="lobby-place" data-place={place}>
          {lost ? t('status.reconnecting') : place > 0 && t('lobby.place', { place })}
        </p>
        <button type="button" class="button" data-testid="lobby-leave" onClick={onLeave}>
          {t('lobby.leave')}
        </button>
      </div>
    </main>
  );
}
