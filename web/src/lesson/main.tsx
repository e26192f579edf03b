// SPDX-License-Identifier: Apache-2.0
import { render } from 'preact';
import { startLanguage } from '../shared/i18n';
import { LessonApp } from './lesson_app';
import { loadLivekit } from './media/call';
import { lessonCode } from './session';
import { Visit } from './visit';

await startLanguage();
const code = lessonCode(location.pathname);
const visit = new Visit(code);
visit.arrive();
const app = document.getElementById('app')!;
app.replaceChildren();
render(<LessonApp visit={visit} code={code} />, app);
// Fetched while the visitor still types a name; a failure is told when it is needed.
loadLivekit().catch(() => undefined);
