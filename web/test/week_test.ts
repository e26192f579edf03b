// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { School } from '../src/operator/hub_api';
import { daysOf, nextSlot, rowsAt, withRowsAt, withSlots } from '../src/operator/timetable/week';

const school: School = {
  id: 'nord',
  name: 'Nord',
  zone: 'Europe/Berlin',
  slots: [
    { name: '1', from: '07:45', to: '08:30' },
    { name: '2', from: '08:35', to: '09:20' },
  ],
  days_off: [],
  rows: [
    { day: 1, slot: '1', course: '7b Physics', size: 28 },
    { day: 1, slot: '2', course: '7b Art', size: 28 },
    { day: 6, from: '10:00', to: '11:00', course: 'Orchestra', size: 40 },
  ],
};

describe('the week', () => {
  it('shows Saturday only when something is on it', () => {
    expect(daysOf(school)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(daysOf({ ...school, rows: [] })).toEqual([1, 2, 3, 4, 5]);
  });

  it('replaces one cell and leaves the others', () => {
    const changed = withRowsAt(school, 1, '1', [{ day: 1, slot: '1', course: '8a Latin', size: 20 }]);
    expect(rowsAt(changed, 1, '1').map(({ course }) => course)).toEqual(['8a Latin']);
    expect(rowsAt(changed, 1, '2')).toHaveLength(1);
    expect(rowsAt(changed, 6, '')).toHaveLength(1);
    expect(rowsAt(school, 1, '1')[0]!.course).toBe('7b Physics');
  });

  it('takes lessons along when a slot is renamed, and drops them with it', () => {
    const renamed = withSlots(school, [{ ...school.slots[0]!, name: 'A' }, school.slots[1]!], { from: '1', to: 'A' });
    expect(rowsAt(renamed, 1, 'A')).toHaveLength(1);
    const removed = withSlots(school, [school.slots[1]!]);
    expect(removed.rows.map(({ course }) => course)).toEqual(['7b Art', 'Orchestra']);
  });

  it('proposes the next slot after the last', () => {
    expect(nextSlot(school.slots)).toEqual({ name: '3', from: '09:25', to: '10:10' });
    expect(nextSlot([])).toEqual({ name: '1', from: '07:45', to: '08:30' });
  });
});
