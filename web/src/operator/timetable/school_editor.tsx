// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'preact/hooks';
import { announce } from '../../shared/announce';
import { Icon } from '../../shared/icons';
import { ActDialog } from '../act_dialog';
import { hub, type School } from '../hub_api';
import { mayAct, troubleOf } from '../state';
import { Trouble } from '../trouble';
import { say } from '../words';
import { ComingDays } from './coming_days';
import { DaysOffList } from './days_off_list';
import { ImportDialog } from './import_dialog';
import { SlotList } from './slot_list';
import { WeekGrid } from './week_grid';

/** A school's week, lesson times and days off. Changes are a draft until they are saved. */
export function SchoolEditor({ id, onSaved, onRemoved }: { id: string; onSaved: () => void; onRemoved: () => void }) {
  const [saved, setSaved] = useState<School | null>(null);
  const [draft, setDraft] = useState<School | null>(null);
  const [trouble, setTrouble] = useState('');
  const [open, setOpen] = useState<'import' | 'remove' | null>(null);
  const take = (school: School) => {
    setSaved(school);
    setDraft(school);
    setTrouble('');
  };
  useEffect(() => {
    hub.school(id).then(take, (error) => setTrouble(troubleOf(error)));
  }, [id]);
  if (draft === null || saved === null) return trouble === '' ? <p class="soft">{say('loading')}</p> : <Trouble text={trouble} />;
  const save = async () => {
    try {
      take(await hub.saveSchool(draft));
      announce(say('school.saved'));
      onSaved();
    } catch (error) {
      setTrouble(troubleOf(error));
    }
  };
  const isChanged = draft !== saved;
  const editable = mayAct();
  return (
    <div class="stack" data-testid="school-editor">
      <WeekGrid school={draft} editable={editable} onChange={setDraft} />
      <div class="columns">
        <SlotList school={draft} editable={editable} onChange={setDraft} />
        <DaysOffList school={draft} editable={editable} onChange={setDraft} />
      </div>
      <ComingDays id={id} version={saved.version ?? 0} />
      <div class="row">
        <a class="button" href={hub.timetableCsv(id)} download>
          {say('school.csv')}
        </a>
        {editable && (
          <>
            <button type="button" class="button" disabled={isChanged} onClick={() => setOpen('import')} data-testid="import">
              {say('import.title')}
            </button>
            <button type="button" class="button" onClick={() => setOpen('remove')}>
              {say('school.remove')}
            </button>
          </>
        )}
      </div>
      {isChanged && (
        <div class="save-bar card" role="region" aria-label={say('school.unsaved')}>
          <Trouble text={trouble} />
          <p class="row">
            <Icon name="info" />
            {say('school.unsaved')}
          </p>
          <div class="row">
            <button type="button" class="button" onClick={() => take(saved)}>
              {say('school.undo')}
            </button>
            <button type="button" class="button primary" onClick={() => void save()} data-testid="save-school">
              {say('save')}
            </button>
          </div>
        </div>
      )}
      {!isChanged && <Trouble text={trouble} />}
      {open === 'import' && (
        <ImportDialog
          id={id}
          onClose={() => setOpen(null)}
          onDone={() => {
            setOpen(null);
            hub.school(id).then(take, (error) => setTrouble(troubleOf(error)));
            onSaved();
          }}
        />
      )}
      {open === 'remove' && (
        <ActDialog
          title={say('school.removeTitle', { name: saved.name })}
          text={say('school.removeText')}
          confirm={say('school.remove')}
          danger
          asksWhy={false}
          act={async () => {
            await hub.removeSchool(id);
            onRemoved();
          }}
          onClose={() => setOpen(null)}
        />
      )}
    </div>
  );
}
