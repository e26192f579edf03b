// SPDX-License-Identifier: Apache-2.0
import { useMemo, useState } from 'preact/hooks';
import { Announcer } from '../shared/announce';
import { Brand } from '../shared/brand';
import { t } from '../shared/i18n';
import { LanguageChoice } from '../shared/language_choice';
import { forgetAdminToken, Lessons, takeAdminToken } from './lessons';
import { Office } from './office';
import { Welcome } from './welcome';

export function StartPage() {
  const [token, setToken] = useState(takeAdminToken);
  const [refused, setRefused] = useState(false);
  const lessons = useMemo(() => (token === null ? null : new Lessons(token)), [token]);
  const refuse = () => {
    forgetAdminToken();
    setRefused(true);
    setToken(null);
  };
  document.title = `Aula – ${t(lessons ? 'start.yourLessons' : 'start.tagline')}`;
  return (
    <div class="page">
      <header class="page-head">
        <Brand />
        <LanguageChoice />
      </header>
      <main>{lessons ? <Office lessons={lessons} onRefused={refuse} /> : <Welcome refused={refused} />}</main>
      <Announcer />
    </div>
  );
}
