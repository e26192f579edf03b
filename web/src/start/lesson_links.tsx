// SPDX-License-Identifier: Apache-2.0
import { t } from '../shared/i18n';
import { Icon } from '../shared/icons';
import { CopyField } from './copy_field';
import { withName, type NewLesson } from './lessons';

interface LessonLinksProps {
  lesson: NewLesson;
  teacher?: string;
  fresh?: boolean;
}

export function LessonLinks({ lesson, teacher = '', fresh = false }: LessonLinksProps) {
  const teacherLink = withName(lesson.teacher_link, teacher);
  const id = fresh ? '' : 'row-';
  const pupilLink = withName(lesson.pupil_link, '');
  return (
    <div class={fresh ? 'card stack fresh' : 'stack'} data-testid={fresh ? 'created-lesson' : undefined}>
      {fresh && (
        <p class="row" role="status">
          <Icon name="check" />
          <strong>{t('start.created', { name: lesson.name })}</strong>
        </p>
      )}
      <CopyField label={t('start.teacherLink')} hint={t('start.teacherLinkHint')} value={teacherLink} testId={`${id}teacher-link`} open />
      <CopyField label={t('start.pupilLink')} hint={t('start.pupilLinkHint')} value={pupilLink} testId={`${id}pupil-link`} />
    </div>
  );
}
