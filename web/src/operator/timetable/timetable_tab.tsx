// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';
import { Dialog } from '../../shared/dialog';
import { useAsked } from '../asked';
import { count } from '../format';
import { FormEnd } from '../form_end';
import { hub, type School, type SchoolLine } from '../hub_api';
import { mayAct, troubleOf } from '../state';
import { Trouble } from '../trouble';
import { say } from '../words';
import { SchoolEditor } from './school_editor';

/** Lesson times that many schools have; the first thing anybody changes. */
const usualSlots = [
  ['07:45', '08:30'],
  ['08:35', '09:20'],
  ['09:40', '10:25'],
  ['10:30', '11:15'],
  ['11:35', '12:20'],
  ['12:25', '13:10'],
].map(([from, to], index) => ({ name: String(index + 1), from: from!, to: to! }));

/** The schools, and the timetable of one of them. */
export function TimetableTab() {
  const { answer, trouble, again } = useAsked(hub.schools, []);
  const [wanted, setWanted] = useState('');
  const [adding, setAdding] = useState(false);
  if (answer === null) return trouble === '' ? <p class="soft">{say('loading')}</p> : <Trouble text={trouble} />;
  const { schools, city_zone: zone } = answer;
  const chosen = schools.some(({ id }) => id === wanted) ? wanted : (schools[0]?.id ?? '');
  const list = (choose: string) => {
    setWanted(choose);
    void again();
  };
  return (
    <>
      <div class="row filters">
        {schools.length > 0 && (
          <label class="field grow">
            {say('school')}
            <select value={chosen} onChange={(event) => setWanted(event.currentTarget.value)} data-testid="school-select">
              {schools.map(({ id, name, rows }) => (
                <option key={id} value={id}>
                  {`${name} (${say('school.rows', { count: rows })})`}
                </option>
              ))}
            </select>
          </label>
        )}
        {mayAct() && (
          <button type="button" class={`button ${schools.length === 0 ? 'primary' : ''}`} onClick={() => setAdding(true)} data-testid="add-school">
            {say('school.add')}
          </button>
        )}
      </div>
      {schools.length === 0 && <p class="lead">{say('school.none')}</p>}
      {chosen !== '' && <SchoolEditor key={chosen} id={chosen} onSaved={() => list(chosen)} onRemoved={() => list('')} />}
      {adding && <AddSchool taken={schools} zone={zone} onClose={() => setAdding(false)} onAdded={list} />}
      {schools.length > 1 && <p class="soft">{say('school.sum', { schools: count(schools.length), rows: count(schools.reduce((sum, { rows }) => sum + rows, 0)) })}</p>}
    </>
  );
}

/** "Gymnasium Süd" to "gymnasium-sued" */
function idOf(name: string): string {
  const plain = name.toLowerCase().replace(/ä/g, 'ae').replace(/ö/g, 'oe').replace(/ü/g, 'ue').replace(/ß/g, 'ss');
  return plain.normalize('NFD').replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 60) || 'school';
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== null;
  } catch {
    return false;
  }
}

function AddSchool({ taken, zone, onClose, onAdded }: { taken: SchoolLine[]; zone: string; onClose: () => void; onAdded: (id: string) => void }) {
  const [trouble, setTrouble] = useState('');
  const add = async (event: SubmitEvent) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    const name = String(fields.get('name')).trim();
    const wanted = idOf(name);
    let id = wanted;
    for (let next = 2; taken.some((school) => school.id === id); ++next) id = `${wanted}-${next}`;
    const wantedZone = String(fields.get('zone')).trim();
    if (!isZone(wantedZone)) return setTrouble(say('school.zoneUnknown'));
    const school: School = { id, name, zone: wantedZone, slots: usualSlots, days_off: [], rows: [] };
    try {
      await hub.saveSchool(school);
      onAdded(id);
      onClose();
    } catch (error) {
      setTrouble(troubleOf(error));
    }
  };
  return (
    <Dialog title={say('school.add')} onClose={onClose} testId="school-dialog">
      <form class="stack" onSubmit={(event) => void add(event)}>
        <label class="field">
          {say('school.name')}
          <input name="name" required autofocus maxLength={100} autocomplete="off" data-testid="school-name" />
        </label>
        <label class="field">
          {say('school.zone')}
          <input name="zone" required defaultValue={zone} autocomplete="off" list="zones" />
          <datalist id="zones">
            {Intl.supportedValuesOf('timeZone').map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
          <span class="hint">{say('school.zoneHint')}</span>
        </label>
        <FormEnd confirm={say('school.add')} trouble={trouble} testId="school-save" onClose={onClose} />
      </form>
    </Dialog>
  );
}
