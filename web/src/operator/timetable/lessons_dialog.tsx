// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';
import { Dialog } from '../../shared/dialog';
import { Icon } from '../../shared/icons';
import { FormEnd } from '../form_end';
import type { Row } from '../hub_api';
import { say } from '../words';
import { focusAdding } from './focus';

interface LessonsDialogProps {
  title: string;
  day: number;
  slot: string;
  rows: Row[];
  weeksAlternate: boolean;
  editable: boolean;
  onDone: (rows: Row[]) => void;
  onClose: () => void;
}

/** The lessons of one cell of the week. */
export function LessonsDialog({ title, day, slot, rows: before, weeksAlternate, editable, onDone, onClose }: LessonsDialogProps) {
  const fresh = (): Row => ({ day, course: '', size: 25, ...(slot === '' ? { from: '07:45', to: '08:30' } : { slot }) });
  const [rows, setRows] = useState<Row[]>(before.length === 0 && editable ? [fresh()] : before);
  const change = (index: number, part: Partial<Row>) => setRows(rows.map((row, at) => (at === index ? { ...row, ...part } : row)));
  const done = (event: SubmitEvent) => {
    event.preventDefault();
    onDone(rows.filter(({ course }) => course.trim() !== ''));
  };
  if (!editable) {
    return (
      <Dialog title={title} onClose={onClose}>
        <ul class="plain">
          {rows.map((row) => (
            <li key={row.course}>{say('lesson.line', { course: row.course, size: row.size })}</li>
          ))}
        </ul>
      </Dialog>
    );
  }
  return (
    <Dialog title={title} onClose={onClose} testId="lessons-dialog">
      <form class="stack" onSubmit={done}>
        {rows.map((row, index) => (
          <fieldset key={index} class="lesson-fields">
            <legend class="visually-hidden">{say('lesson.number', { number: index + 1 })}</legend>
            <label class="field grow">
              {say('lesson.course')}
              <input required autofocus={index === 0} value={row.course} maxLength={100} autocomplete="off" onInput={(event) => change(index, { course: event.currentTarget.value })} data-testid="lesson-course" />
            </label>
            <label class="field narrow">
              {say('lesson.size')}
              <input type="number" required min={1} max={5000} value={row.size} onInput={(event) => change(index, { size: Number(event.currentTarget.value) })} data-testid="lesson-size" />
            </label>
            {slot === '' && (
              <>
                <Time label={say('from')} value={row.from ?? ''} onChange={(from) => change(index, { from })} />
                <Time label={say('to')} value={row.to ?? ''} onChange={(to) => change(index, { to })} />
              </>
            )}
            {weeksAlternate && <Weeks row={row} onChange={(fresh) => setRows(rows.map((one, at) => (at === index ? fresh : one)))} />}
            <button
              type="button"
              class="button quiet square"
              aria-label={say('lesson.remove', { course: row.course })}
              onClick={(event) => {
                focusAdding(event);
                setRows(rows.filter((_, at) => at !== index));
              }}
            >
              <Icon name="close" />
            </button>
          </fieldset>
        ))}
        <button type="button" class="button" data-adds onClick={() => setRows([...rows, fresh()])} data-testid="lesson-add">
          {say('lesson.add')}
        </button>
        <FormEnd confirm={say('done')} testId="lessons-done" onClose={onClose} />
      </form>
    </Dialog>
  );
}

export function Time({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <label class="field time">
      {label}
      <input type="time" required value={value} onInput={(event) => onChange(event.currentTarget.value)} />
    </label>
  );
}

function Weeks({ row, onChange }: { row: Row; onChange: (row: Row) => void }) {
  const choose = (weeks: string) => {
    const { weeks: _, ...every } = row;
    onChange(weeks === 'a' || weeks === 'b' ? { ...every, weeks } : every);
  };
  return (
    <label class="field narrow">
      {say('lesson.weeks')}
      <select value={row.weeks ?? ''} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{say('lesson.everyWeek')}</option>
        <option value="a">A</option>
        <option value="b">B</option>
      </select>
    </label>
  );
}
