// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'preact/hooks';
import { count } from '../format';
import { hub, type MeterLine } from '../hub_api';
import { say } from '../words';

/** The ledger beside the cloud's own counters. */
export function MeterTable() {
  const [lines, setLines] = useState<MeterLine[]>([]);
  useEffect(() => {
    hub.meter().then(setLines, () => setLines([]));
  }, []);
  if (lines.length === 0) return null;
  const off = lines.filter(({ difference }) => difference !== 0).length;
  return (
    <section class="card stack" aria-labelledby="meter-title">
      <h2 id="meter-title">{say('meter.title')}</h2>
      <p>{off === 0 ? say('meter.agrees') : say('meter.differs', { count: off })}</p>
      <details>
        <summary>{say('asTable')}</summary>
        <div class="table-frame" role="group" aria-labelledby="meter-title" tabIndex={0}>
          <table data-testid="meter">
            <thead>
              <tr>
                <th scope="col">{say('meter.server')}</th>
                <th scope="col" class="number">
                  {say('meter.ours')}
                </th>
                <th scope="col" class="number">
                  {say('meter.clouds')}
                </th>
                <th scope="col" class="number">
                  {say('whatIf.columnDifference')}
                </th>
              </tr>
            </thead>
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
          </table>
        </div>
      </details>
    </section>
  );
}
