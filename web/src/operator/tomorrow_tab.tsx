// SPDX-License-Identifier: Apache-2.0
import { language } from '../shared/i18n';
import { useAsked } from './asked';
import { Chart } from './chart';
import { clockTime, count, dayAndTime, sentence } from './format';
import { hub } from './hub_api';
import { Table } from './table';
import { Trouble } from './trouble';
import { say } from './words';

/** The coming 24 hours: what schools have announced, and what the fleet will do about it. */
export function TomorrowTab() {
  const spoken = language.value ?? 'en';
  const { answer: forecast, trouble } = useAsked(() => hub.forecast(spoken), [spoken]);
  if (trouble !== '') return <Trouble text={trouble} />;
  if (forecast === null) return <p class="soft">{say('reckoning')}</p>;
  const { demand, curve, starts } = forecast;
  const most = (values: number[]) => Math.max(0, ...values);
  const coming: [number, number] = [forecast.now, forecast.now + 24 * 3_600_000];
  const unannounced = most(demand.unannounced) > 0;
  return (
    <>
      <p class="lead">{forecast.lessons === 0 ? say('tomorrow.nothing') : say('tomorrow.text', { lessons: forecast.lessons, seats: most(demand.announced), nodes: most(curve.nodes) })}</p>
      {demand.at.length > 1 && (
        <Chart
          title={say('tomorrow.seats')}
          summary={say('tomorrow.seatsSummary', { most: count(most(demand.announced)) })}
          at={demand.at}
          span={coming}
          series={[
            { label: say('tomorrow.announced'), values: demand.announced, look: 'first', steps: true },
            ...(unannounced ? [{ label: say('tomorrow.unannounced'), values: demand.unannounced, look: 'second' as const, steps: true }] : []),
          ]}
        />
      )}
      {curve.at.length > 1 && (
        <Chart
          title={say('tomorrow.nodes')}
          summary={say('tomorrow.nodesSummary', { most: most(curve.nodes) })}
          at={curve.at}
          span={coming}
          series={[{ label: say('history.on'), values: curve.nodes, look: 'first', steps: true }]}
        />
      )}
      <section class="card stack" aria-labelledby="starts-title">
        <h2 id="starts-title">{say('tomorrow.starts')}</h2>
        <p class="soft">{say('tomorrow.startsText')}</p>
        {starts.length === 0 && <p>{say('tomorrow.noStarts')}</p>}
        {starts.length > 0 && (
          <Table name={{ heading: 'starts-title' }} columns={[say('time'), { figures: say('pool.title') }, say('why')]} testId="starts">
            <tbody>
              {starts.map((start) => (
                <tr key={`${start.at} ${start.words}`}>
                  <th scope="row">
                    <time dateTime={new Date(start.at).toISOString()} title={dayAndTime(start.at)}>
                      {clockTime(start.at)}
                    </time>
                  </th>
                  <td class="number">{start.nodes}</td>
                  <td>{sentence(start.words)}</td>
                </tr>
              ))}
            </tbody>
          </Table>
        )}
      </section>
    </>
  );
}
