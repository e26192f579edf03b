// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';
import { ConfirmDialog } from '../shared/dialog';
import { formatDateTime, t } from '../shared/i18n';
import { LessonLinks } from './lesson_links';
import type { Lesson } from './lessons';

export function LessonRow({ lesson, onEnd }: { lesson: Lesson; onEnd: () => void }) {
  const [asking, setAsking] = useState(false);
  return (
    <li class="card lesson-row" data-testid="lesson-row" data-id={lesson.id}>
      <div class="row lesson-line">
        <div>
          <h3>{lesson.name}</h3>
          <p class="soft">
            {lesson.running ? t('start.running', { count: lesson.participants }) : t('start.notRunning')}
            {` · ${formatDateTime(lesson.created)}`}
          </p>
        </div>
        <button type="button" class="button" onClick={() => setAsking(true)}>
          {t('start.end')}
        </button>
      </div>
      <details>
        <summary>{t('start.links')}</summary>
        <LessonLinks lesson={lesson} />
      </details>
      {asking && (
        <ConfirmDialog
          title={t('start.endTitle', { name: lesson.name })}
          text={t('start.endText')}
          confirm={t('start.end')}
          danger
          onConfirm={onEnd}
          onClose={() => setAsking(false)}
        />
      )}
    </li>
  );
}
