// SPDX-License-Identifier: Apache-2.0
import { Icon } from '../../shared/icons';
import { dateText } from '../format';
import type { School } from '../hub_api';
import { say } from '../words';
import { focusAdding } from './focus';

interface DaysOffListProps {
  school: School;
  editable: boolean;
  onChange: (school: School) => void;
}

export function DaysOffList({ school, editable, onChange }: DaysOffListProps) {
  const add = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const fields = new FormData(form);
    const first = String(fields.get('first'));
    const last = String(fields.get('last')) || first;
    const off = { first, last: last < first ? first : last, name: String(fields.get('name')).trim() };
    onChange({ ...school, days_off: [...school.days_off, off].sort((a, b) => a.first.localeCompare(b.first)) });
    form.reset();
  };
  return (
    <section class="card stack" aria-labelledby="off-title">
      <h2 id="off-title">{say('off.title')}</h2>
      {school.days_off.length === 0 && <p class="soft">{say('off.none')}</p>}
      <ul class="plain">
        {school.days_off.map((off, index) => (
          <li key={`${off.first} ${off.name}`} class="off-line">
            <span>
              <strong>{off.name}</strong> {off.first === off.last ? dateText(off.first) : `${dateText(off.first)} – ${dateText(off.last)}`}
            </span>
            {editable && (
              <button
                type="button"
                class="button quiet square"
                aria-label={say('off.remove', { name: off.name, date: off.first })}
                onClick={(event) => {
                  focusAdding(event);
                  onChange({ ...school, days_off: school.days_off.filter((_, at) => at !== index) });
                }}
              >
                <Icon name="close" />
              </button>
            )}
          </li>
        ))}
      </ul>
      {editable && (
        <form class="stack" onSubmit={add}>
          <label class="field">
            {say('off.name')}
            <input name="name" data-adds required maxLength={100} autocomplete="off" placeholder={say('off.example')} />
          </label>
          <div class="pair">
            <label class="field">
              {say('off.first')}
              <input name="first" type="date" required />
            </label>
            <label class="field">
              {say('off.last')}
              <input name="last" type="date" />
            </label>
          </div>
          <button class="button">{say('off.add')}</button>
        </form>
      )}
    </section>
  );
}
