// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';
import { weekdayName } from '../format';
import type { Row, School } from '../hub_api';
import { say } from '../words';
import { LessonsDialog } from './lessons_dialog';
import { daysOf, rowsAt, seatsOf, withRowsAt } from './week';

interface WeekGridProps {
  school: School;
  editable: boolean;
  onChange: (school: School) => void;
}
interface Cell {
  day: number;
  slot: string;
}

const namedCourses = 2;

/** Lesson times down, weekdays across; on a narrow screen one weekday at a time. */
export function WeekGrid({ school, editable, onChange }: WeekGridProps) {
  const [open, setOpen] = useState<Cell | null>(null);
  const [shownDay, setShownDay] = useState(1);
  const days = daysOf(school);
  const others = school.rows.some((row) => (row.slot ?? '') === '');
  const lines = [...school.slots.map(({ name, from, to }) => ({ slot: name, head: name, times: `${from}–${to}` }))];
  if (others || school.slots.length === 0) lines.push({ slot: '', head: say('week.others'), times: '' });
  return (
    <section class="stack" aria-labelledby="week-title">
      <h2 id="week-title">{say('week.title')}</h2>
      <label class="field only-narrow">
        {say('week.day')}
        <select value={shownDay} onChange={(event) => setShownDay(Number(event.currentTarget.value))}>
          {days.map((day) => (
            <option key={day} value={day}>
              {weekdayName(day)}
            </option>
          ))}
        </select>
      </label>
      <table class="week" data-testid="week">
        <thead>
          <tr>
            <th scope="col">{say('week.slot')}</th>
            {days.map((day) => (
              <th key={day} scope="col" data-shown={day === shownDay}>
                {weekdayName(day)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map(({ slot, head, times }) => (
            <tr key={slot}>
              <th scope="row">
                {head}
                <span class="soft week-times">{times}</span>
              </th>
              {days.map((day) => (
                <td key={day} data-shown={day === shownDay}>
                  <WeekCell
                    rows={rowsAt(school, day, slot)}
                    label={`${weekdayName(day)}, ${head} ${times}`}
                    editable={editable}
                    testId={`cell-${day}-${slot}`}
                    onOpen={() => setOpen({ day, slot })}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {open !== null && (
        <LessonsDialog
          title={`${weekdayName(open.day)}, ${open.slot === '' ? say('week.others') : `${say('week.slot')} ${open.slot}`}`}
          day={open.day}
          slot={open.slot}
          rows={rowsAt(school, open.day, open.slot)}
          weeksAlternate={school.week_a !== undefined}
          editable={editable}
          onDone={(rows) => {
            onChange(withRowsAt(school, open.day, open.slot, rows));
            setOpen(null);
          }}
          onClose={() => setOpen(null)}
        />
      )}
    </section>
  );
}

/** What the cell's place does not say: times of its own, and every other week. */
function whenOf({ slot, from, to, weeks }: Row): string {
  const times = (slot ?? '') === '' ? [`${from}–${to}`] : [];
  return [...times, ...(weeks === undefined ? [] : [say('week.everyOther', { week: weeks.toUpperCase() })])].join(', ');
}

interface WeekCellProps {
  rows: Row[];
  label: string;
  editable: boolean;
  testId: string;
  onOpen: () => void;
}

function WeekCell({ rows, label, editable, testId, onOpen }: WeekCellProps) {
  if (rows.length === 0 && !editable) return null;
  const text = rows.length === 0 ? say('week.add') : say('week.lessons', { count: rows.length, seats: seatsOf(rows) });
  return (
    <button type="button" class="week-cell" data-empty={rows.length === 0} onClick={onOpen} data-testid={testId}>
      <span class="visually-hidden">{`${label}: `}</span>
      {rows.length === 0 && (
        <>
          <span aria-hidden="true">+</span>
          <span class="visually-hidden">{text}</span>
        </>
      )}
      {rows.slice(0, namedCourses).map((row, index) => (
        <span key={index}>
          <strong>{row.course}</strong> {whenOf(row)}
        </span>
      ))}
      {rows.length > 0 && <span class="soft">{text}</span>}
    </button>
  );
}
