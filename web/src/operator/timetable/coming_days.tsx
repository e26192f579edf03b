// SPDX-License-Identifier: Apache-2.0
import { useAsked } from '../asked';
import { count, dateText, isoDay } from '../format';
import { hub } from '../hub_api';
import { cityTime } from '../state';
import { Table } from '../table';
import { say } from '../words';

const shownDays = 14;
const dayMilliseconds = 86_400_000;

/** What the saved timetable comes to on the next days. */
export function ComingDays({ id, version }: { id: string; version: number }) {
  const now = cityTime();
  const { answer: days } = useAsked(() => hub.days(id, isoDay(now), isoDay(now + (shownDays - 1) * dayMilliseconds)), [id, version]);
  if (days === null || days.length === 0) return null;
  return (
    <details class="card">
      <summary>{say('days.title', { days: shownDays })}</summary>
      <Table
        name={{ label: say('days.title', { days: shownDays }) }}
        columns={[say('days.day'), { figures: say('days.lessons') }, { figures: say('days.seats') }, say('off.title')]}
      >
        <tbody>
          {days.map((day) => (
            <tr key={day.date}>
              <th scope="row">{dateText(day.date)}</th>
              <td class="number">{count(day.lessons)}</td>
              <td class="number">{count(day.seats)}</td>
              <td>{day.off}</td>
            </tr>
          ))}
        </tbody>
      </Table>
    </details>
  );
}
