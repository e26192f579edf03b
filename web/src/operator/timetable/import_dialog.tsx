// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';
import { Dialog } from '../../shared/dialog';
import { language } from '../../shared/i18n';
import { sentence, weekdayName } from '../format';
import { hub, type Imported } from '../hub_api';
import { troubleOf } from '../state';
import { Trouble } from '../trouble';
import { say } from '../words';

const shownRows = 12;
const formatOf = (text: string) => (/^\s*BEGIN:VCALENDAR/i.test(text.replace(/^\ufeff/, '')) ? 'icalendar' : 'csv');

/** Shows what was understood of a file before anything is changed. */
export function ImportDialog({ id, onDone, onClose }: { id: string; onDone: () => void; onClose: () => void }) {
  const [text, setText] = useState('');
  const [seen, setSeen] = useState<Imported | null>(null);
  const [trouble, setTrouble] = useState('');
  const send = async (mode: 'look' | 'replace' | 'add', content: string) => {
    try {
      const answer = await hub.importRows(id, formatOf(content), mode, content, language.value ?? 'en');
      setTrouble('');
      if (mode === 'look') setSeen(answer);
      else onDone();
    } catch (error) {
      setSeen(null);
      setTrouble(troubleOf(error));
    }
  };
  const look = (content: string) => {
    setText(content);
    if (content.trim() !== '') void send('look', content);
  };
  const choose = async (event: Event) => {
    const file = (event.currentTarget as HTMLInputElement).files?.[0];
    if (file) look(await file.text());
  };
  return (
    <Dialog title={say('import.title')} onClose={onClose} testId="import-dialog">
      <p>{say('import.text')}</p>
      <label class="field">
        {say('import.file')}
        <input type="file" accept=".csv,.txt,.tsv,.ics,text/csv,text/calendar" onChange={(event) => void choose(event)} />
      </label>
      <details>
        <summary>{say('import.paste')}</summary>
        <div class="stack">
          <label class="field">
            {say('import.content')}
            <textarea rows={6} value={text} onInput={(event) => setText(event.currentTarget.value)} data-testid="import-text" />
          </label>
          <button type="button" class="button" onClick={() => look(text)} data-testid="import-look">
            {say('import.look')}
          </button>
        </div>
      </details>
      <Trouble text={trouble} />
      {seen !== null && (
        <>
          <Understood seen={seen} />
          <div class="row end">
            <button type="button" class="button" onClick={() => void send('add', text)} data-testid="import-add">
              {say('import.add')}
            </button>
            <button type="button" class="button primary" onClick={() => void send('replace', text)} data-testid="import-replace">
              {say('import.replace')}
            </button>
          </div>
        </>
      )}
    </Dialog>
  );
}

function Understood({ seen }: { seen: Imported }) {
  const rows = seen.school.rows;
  return (
    <div class="stack" role="status" data-testid="import-seen">
      <p>
        <strong>{say('import.seen', { rows: seen.rows, days: seen.days_off })}</strong>
      </p>
      {seen.notes.length > 0 && (
        <ul class="notes">
          {seen.notes.map(({ line, text }) => (
            <li key={`${line} ${text}`}>{line === 0 ? sentence(text) : say('import.note', { line, text })}</li>
          ))}
        </ul>
      )}
      <div class="table-frame" role="group" aria-label={say('import.preview')} tabIndex={0}>
        <table>
          <caption>{say('import.preview')}</caption>
          <tbody>
            {rows.slice(0, shownRows).map((row, index) => (
              <tr key={index}>
                <th scope="row">{weekdayName(row.day, 'short')}</th>
                <td>{row.slot ?? `${row.from}–${row.to}`}</td>
                <td>{row.course}</td>
                <td class="number">{row.size}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > shownRows && <p class="soft">{say('import.more', { count: rows.length - shownRows })}</p>}
    </div>
  );
}
