// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'preact/hooks';
import { count, dateText, isoDay } from '../format';
import { hub, type SchoolDay } from '../hub_api';
import { cityTime } from '../state';
import { say } from '../words';

const shownDays = 14;
const dayMilliseconds = 86_400_000;

/** What the saved timetable comes to on the next days. */
export function ComingDays({ id, version }: { id: string; version: number }) {
  const [days, setDays] = useState<SchoolDay[]>([]);
  useEffect(() => {
    const now = cityTime();
    hub.days(id, isoDay(now), isoDay(now + (shownDays - 1) * dayMilliseconds)).then(setDays, () => setDays([]));
  }, [id, version]);
  if (days.length === 0) return null;
  return (
    <details class="card">
      <summary>{say('days.title', { days: shownDays })}</summary>
      <div class="table-frame" role="group" aria-label={say('days.title', { days: shownDays })} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{say('days.day')}</th>
              <th scope="col" class="number">
                {say('days.lessons')}
              </th>
              <th scope="col" class="number">
                {say('days.seats')}
              </th>
              <th scope="col">{say('off.title')}</th>
            </tr>
          </thead>
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
        </table>
      </div>
    </details>
  );
}
