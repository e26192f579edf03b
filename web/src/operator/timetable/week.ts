// SPDX-License-Identifier: Apache-2.0
import type { Row, School } from '../hub_api';

/** Rows of one weekday and slot; slot '' are those with times of their own. */
export function rowsAt(school: School, day: number, slot: string): Row[] {
  return school.rows.filter((row) => row.day === day && (row.slot ?? '') === slot);
}

/** The weekdays that a school's week shows: Monday to Friday, others when something is on them. */
export function daysOf(school: School): number[] {
  const last = Math.max(5, ...school.rows.map(({ day }) => day));
  return Array.from({ length: last }, (_, index) => index + 1);
}

/** The school with these rows in the place of those that were there. */
export function withRowsAt(school: School, day: number, slot: string, rows: Row[]): School {
  const others = school.rows.filter((row) => row.day !== day || (row.slot ?? '') !== slot);
  return { ...school, rows: [...others, ...rows] };
}

export const seatsOf = (rows: Row[]) => rows.reduce((sum, { size }) => sum + size, 0);

/** Renaming a slot takes its lessons along; removing one removes them. */
export function withSlots(school: School, slots: School['slots'], renamed?: { from: string; to: string }): School {
  const names = new Set(slots.map(({ name }) => name));
  const rows = school.rows
    .map((row) => (renamed && row.slot === renamed.from ? { ...row, slot: renamed.to } : row))
    .filter((row) => row.slot === undefined || row.slot === '' || names.has(row.slot));
  return { ...school, slots, rows };
}

/** What "07:45" to "08:30" becomes for the slot after the last. */
export function nextSlot(slots: School['slots']): School['slots'][number] {
  const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  const text = (time: number) => `${String(Math.floor(time / 60) % 24).padStart(2, '0')}:${String(time % 60).padStart(2, '0')}`;
  const last = slots.at(-1);
  const begin = last === undefined ? 7 * 60 + 45 : minutes(last.to) + 5;
  const taken = new Set(slots.map(({ name }) => name));
  let number = slots.length + 1;
  while (taken.has(String(number))) ++number;
  return { name: String(number), from: text(begin), to: text(begin + 45) };
}
