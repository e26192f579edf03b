// SPDX-License-Identifier: Apache-2.0
import { useCallback, useEffect, useState } from 'preact/hooks';
import { Refusal } from '../shared/api';
import { t } from '../shared/i18n';
import { Icon } from '../shared/icons';
import { problemOf, sayProblem, type Problem } from '../shared/problem';
import { LessonForm } from './lesson_form';
import { LessonLinks } from './lesson_links';
import { LessonRow } from './lesson_row';
import type { Lesson, Lessons, NewLesson } from './lessons';

const refreshMilliseconds = 10_000;

/** Where the holder of the admin link creates lessons and sees those of this installation. */
export function Office({ lessons, onRefused }: { lessons: Lessons; onRefused: () => void }) {
  const [list, setList] = useState<Lesson[] | null>(null);
  const [created, setCreated] = useState<{ lesson: NewLesson; teacher: string } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const fail = useCallback((error: unknown) => {
    if (error instanceof Refusal && (error.status === 401 || error.status === 403)) onRefused();
    else setProblem(problemOf(error, 'start.unreachable'));
  }, []);
  const refresh = useCallback(() => lessons.list().then((found) => (setList(found), setProblem(null)), fail), [lessons]);
  useEffect(() => {
    void refresh();
    const timer = setInterval(() => document.visibilityState === 'visible' && void refresh(), refreshMilliseconds);
    return () => clearInterval(timer);
  }, [refresh]);

  const create = async (name: string, teacher: string) => {
    try {
      setCreated({ lesson: await lessons.create(name), teacher });
      await refresh();
      return true;
    } catch (error) {
      fail(error);
      return false;
    }
  };
  // Somebody else may have ended it already; the fresh list shows that.
  const end = (id: string) =>
    lessons.end(id).then(refresh, (error) => (error instanceof Refusal && error.status === 404 ? refresh() : fail(error)));

  return (
    <div class="office">
      <section class="stack" aria-labelledby="new-lesson">
        <h1 id="new-lesson">{t('start.newLesson')}</h1>
        <LessonForm onCreate={create} />
        {created && <LessonLinks key={created.lesson.id} lesson={created.lesson} teacher={created.teacher} fresh />}
      </section>
      <section class="stack" aria-labelledby="your-lessons">
        <h2 id="your-lessons">{t('start.yourLessons')}</h2>
        {problem && (
          <p class="problem" role="alert">
            <Icon name="warning" />
            {sayProblem(problem)}
          </p>
        )}
        {list?.length === 0 && <p class="soft">{t('start.noLessons')}</p>}
        <ul class="lessons">
          {list?.map((lesson) => <LessonRow key={lesson.id} lesson={lesson} onEnd={() => void end(lesson.id)} />)}
        </ul>
      </section>
    </div>
  );
}
