// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'preact/hooks';
import { Refusal } from '../../shared/api';
import { Brand } from '../../shared/brand';
import { t } from '../../shared/i18n';
import { Icon } from '../../shared/icons';
import { LanguageChoice } from '../../shared/language_choice';
import { sayProblem, type Problem } from '../../shared/problem';
import { lessonCard, type LessonCard } from '../session';
import type { Why } from '../visit';
import { DeviceCheck } from './device_check';

interface EntryScreenProps {
  code: string;
  name: string;
  problem: Problem | null;
  onJoin: (name: string) => void;
  onOver: (why: Why) => void;
}

export function EntryScreen({ code, name, problem, onJoin, onOver }: EntryScreenProps) {
  const card = useLessonCard(code, onOver);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const written = String(new FormData(event.currentTarget as HTMLFormElement).get('name')).trim();
    if (written !== '') onJoin(written);
  };
  return (
    <div class="page entry">
      <header class="page-head">
        <Brand />
        <LanguageChoice />
      </header>
      <main class="entry-main">
        <form class="stack" onSubmit={submit}>
          <div>
            <p class="soft">{card?.role === 'teacher' ? t('entry.asTeacher') : t('entry.welcome')}</p>
            <h1 data-testid="lesson-title">{card?.lesson ?? t('lesson')}</h1>
          </div>
          {problem && (
            <p class="problem" role="alert">
              <Icon name="warning" />
              {sayProblem(problem)}
            </p>
          )}
          <label class="field">
            {t('entry.name')}
            <input name="name" required maxLength={60} defaultValue={name} autocomplete="name" autofocus data-testid="name-input" />
            <span class="hint">{t('entry.nameHint')}</span>
          </label>
          <button class="button primary large" data-testid="join-button">
            {t('entry.join')}
          </button>
          <p class="soft">{t('entry.offHint')}</p>
        </form>
        <section class="card" aria-label={t('entry.devices')}>
          <DeviceCheck />
        </section>
      </main>
    </div>
  );
}

function useLessonCard(code: string, onOver: (why: Why) => void): LessonCard | null {
  const [card, setCard] = useState<LessonCard | null>(null);
  useEffect(() => {
    void lessonCard(code).then((found) => {
      if (!(found instanceof Refusal)) setCard(found);
      else onOver(found.status === 404 ? 'notFound' : found.status === 403 ? 'removed' : 'ended');
    });
  }, [code]);
  return card;
}
