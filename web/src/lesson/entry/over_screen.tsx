// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef } from 'preact/hooks';
import { Brand } from '../../shared/brand';
import { t, type Key } from '../../shared/i18n';
import type { Why } from '../visit';

const words: Record<Why, { title: Key; text: Key; back: Key | null }> = {
  ended: { title: 'over.ended', text: 'over.endedText', back: null },
  endedByPlatform: { title: 'over.endedByPlatform', text: 'over.endedText', back: null },
  timeOver: { title: 'over.timeOver', text: 'over.endedText', back: null },
  noTeacher: { title: 'over.ended', text: 'over.noTeacherText', back: null },
  turnedAway: { title: 'over.turnedAway', text: 'over.turnedAwayText', back: null },
  removed: { title: 'over.removed', text: 'over.removedText', back: null },
  left: { title: 'over.left', text: 'over.leftText', back: 'over.back' },
  elsewhere: { title: 'over.elsewhere', text: 'over.elsewhereText', back: 'over.here' },
  notFound: { title: 'over.notFound', text: 'over.notFoundText', back: null },
};

interface OverScreenProps {
  why: Why;
  onBack: (() => void) | null;
}

export function OverScreen({ why, onBack }: OverScreenProps) {
  const { title, text, back } = words[why];
  return (
    <LastWords title={t(title)} text={t(text)} reason={why}>
      {onBack && back && (
        <button type="button" class="button primary" data-testid="back-button" onClick={onBack}>
          {t(back)}
        </button>
      )}
    </LastWords>
  );
}

export function TooOldScreen() {
  return <LastWords title={t('over.tooOld')} text={t('over.tooOldText')} reason="tooOld" />;
}

interface LastWordsProps {
  title: string;
  text: string;
  reason: string;
  children?: preact.ComponentChildren;
}

function LastWords({ title, text, reason, children }: LastWordsProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <main class="door">
      <Brand />
      <div class="card stack" data-testid="over" data-reason={reason}>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        <p class="soft">{text}</p>
        {children}
      </div>
    </main>
  );
}
