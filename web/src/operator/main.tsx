// SPDX-License-Identifier: Apache-2.0
import './words';
import { render } from 'preact';
import { startLanguage } from '../shared/i18n';
import { OperatorPage } from './operator_page';

await startLanguage();
const app = document.getElementById('app')!;
app.replaceChildren();
render(<OperatorPage />, app);
