// SPDX-License-Identifier: Apache-2.0
import { render } from 'preact';
import { startLanguage } from '../shared/i18n';
import { StartPage } from './start_page';

await startLanguage();
const app = document.getElementById('app')!;
app.replaceChildren();
render(<StartPage />, app);
