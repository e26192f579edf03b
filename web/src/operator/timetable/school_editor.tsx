// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';
import { announce } from '../../shared/announce';
import { Icon } from '../../shared/icons';
import { ActDialog } from '../act_dialog';
import { useAsked } from '../asked';
import { hub, type School } from '../hub_api';
import { account, mayAct, troubleOf } from '../state';
import { Trouble } from '../trouble';
import { say } from '../words';
import { ComingDays } from './coming_days';
import { DaysOffList } from './days_off_list';
import { ImportDialog } from './import_dialog';
import { SlotList } from './slot_list';
import { WeekGrid } from './week_grid';

/** What somebody has changed and not saved, while they look at something else. */
const drafts = new Map<string, School>();
const draftOf = (id: string) => `${account.value?.name} ${id}`;
addEventListener('beforeunload', (event) => {
  if (drafts.size > 0) event.preventDefault();
});

/** A school's week, lesson times and days off. Changes are a draft until they are saved. */
export function SchoolEditor({ id, onSaved, onRemoved }: { id: string; onSaved: () => void; onRemoved: () => void }) {
  const { answer: saved, setAnswer: setSaved, trouble: unknown, again } = useAsked(() => hub.school(id), [id]);
  const [draft, setDraft] = useState(drafts.get(draftOf(id)) ?? null);
  const [trouble, setTrouble] = useState('');
  const [open, setOpen] = useState<'import' | 'remove' | null>(null);
  if (saved === null) return unknown === '' ? <p class="soft">{say('loading')}</p> : <Trouble text={unknown} />;
  const shown = draft ?? saved;
  const change = (school: School) => {
    drafts.set(draftOf(id), school);
    setDraft(school);
  };
  const discard = () => {
    drafts.delete(draftOf(id));
    setDraft(null);
    setTrouble('');
  };
  const save = async () => {
    const twice = shown.slots.find(({ name }, index) => shown.slots.findIndex((slot) => slot.name === name) !== index);
    if (twice !== undefined) return setTrouble(say('slots.twice', { name: twice.name }));
    try {
      setSaved(await hub.saveSchool(shown));
      discard();
      announce(say('school.saved'));
      onSaved();
    } catch (error) {
      setTrouble(troubleOf(error));
    }
  };
  const isChanged = draft !== null;
  const editable = mayAct();
  return (
    <div class="stack" data-testid="school-editor">
      <WeekGrid school={shown} editable={editable} onChange={change} />
      <div class="columns">
        <SlotList school={shown} editable={editable} onChange={change} />
        <DaysOffList school={shown} editable={editable} onChange={change} />
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
            <button
              type="button"
              class="button"
              onClick={() => {
                discard();
                void again();
              }}
            >
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
            void again();
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
            discard();
            onRemoved();
          }}
          onClose={() => setOpen(null)}
        />
      )}
    </div>
  );
}
