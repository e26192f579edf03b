// SPDX-License-Identifier: Apache-2.0
import { useAsked } from '../asked';
import { count } from '../format';
import { hub } from '../hub_api';
import { Table } from '../table';
import { say } from '../words';

/** The ledger beside the cloud's own counters. */
export function MeterTable() {
  const { answer: lines } = useAsked(hub.meter, []);
  if (lines === null || lines.length === 0) return null;
  const off = lines.filter(({ difference }) => difference !== 0).length;
  return (
    <section class="card stack" aria-labelledby="meter-title">
      <h2 id="meter-title">{say('meter.title')}</h2>
      <p>{off === 0 ? say('meter.agrees') : say('meter.differs', { count: off })}</p>
      <details>
        <summary>{say('meter.each')}</summary>
        <Table
          name={{ heading: 'meter-title' }}
          columns={[say('meter.server'), { figures: say('meter.ours') }, { figures: say('meter.clouds') }, { figures: say('whatIf.columnDifference') }]}
          caption={say('meter.unit')}
          testId="meter"
        >
          <tbody>
            {lines.map((line) => (
              <tr key={line.server}>
                <th scope="row">{line.name}</th>
                <td class="number">{count(line.core_minutes)}</td>
                <td class="number">{count(line.cloud_core_minutes)}</td>
                <td class="number">{line.difference === 0 ? '=' : count(line.difference)}</td>
              </tr>
            ))}
          </tbody>
        </Table>
      </details>
    </section>
  );
}
