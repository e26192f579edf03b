// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';
import { t } from '../shared/i18n';

export function LessonForm({ onCreate }: { onCreate: (name: string, teacher: string) => Promise<boolean> }) {
  const [busy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const fields = new FormData(form);
    const name = String(fields.get('name')).trim();
    if (name === '') return;
    setBusy(true);
    const made = await onCreate(name, String(fields.get('teacher')).trim());
    setBusy(false);
    if (made) form.reset();
  };
  return (
    <form class="card stack" onSubmit={submit}>
      <label class="field">
        {t('start.lessonName')}
        <input name="name" required maxLength={120} autocomplete="off" placeholder={t('start.lessonExample')} data-testid="lesson-name" />
      </label>
      <label class="field">
        <span>
          {t('start.teacherName')} <span class="hint">{t('start.optional')}</span>
        </span>
        <input name="teacher" maxLength={60} autocomplete="name" data-testid="teacher-name" />
      </label>
      <button class="button primary" disabled={busy} data-testid="create-lesson">
        {t('start.create')}
      </button>
    </form>
  );
}
