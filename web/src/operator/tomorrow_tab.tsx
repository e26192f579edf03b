// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'preact/hooks';
import { language } from '../shared/i18n';
import { Chart } from './chart';
import { clockTime, count, dayAndTime } from './format';
import { hub, type Forecast } from './hub_api';
import { troubleOf } from './state';
import { Trouble } from './trouble';
import { say } from './words';

/** The coming 24 hours: what schools have announced, and what the fleet will do about it. */
export function TomorrowTab() {
  const [forecast, setForecast] = useState<Forecast | null>(null);
  const [trouble, setTrouble] = useState('');
  const spoken = language.value ?? 'en';
  useEffect(() => {
    hub.forecast(spoken).then(setForecast, (error) => setTrouble(troubleOf(error)));
  }, [spoken]);
  if (trouble !== '') return <Trouble text={trouble} />;
  if (forecast === null) return <p class="soft">{say('reckoning')}</p>;
  const { demand, curve, starts } = forecast;
  const most = (values: number[]) => Math.max(0, ...values);
  const unannounced = most(demand.unannounced) > 0;
  return (
    <>
      <p class="lead">{say('tomorrow.text', { lessons: forecast.lessons, seats: count(most(demand.announced)), nodes: most(curve.nodes) })}</p>
      {demand.at.length > 1 && (
        <Chart
          title={say('tomorrow.seats')}
          summary={say('tomorrow.seatsSummary', { most: count(most(demand.announced)) })}
          at={demand.at}
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
          series={[{ label: say('history.on'), values: curve.nodes, look: 'first', steps: true }]}
        />
      )}
      <section class="card stack" aria-labelledby="starts-title">
        <h2 id="starts-title">{say('tomorrow.starts')}</h2>
        <p class="soft">{say('tomorrow.startsText')}</p>
        {starts.length === 0 && <p>{say('tomorrow.noStarts')}</p>}
        {starts.length > 0 && (
          <div class="table-frame" role="group" aria-labelledby="starts-title" tabIndex={0}>
            <table data-testid="starts">
              <thead>
                <tr>
                  <th scope="col">{say('time')}</th>
                  <th scope="col" class="number">
                    {say('pool.title')}
                  </th>
                  <th scope="col">{say('why')}</th>
                </tr>
              </thead>
              <tbody>
                {starts.map((start) => (
                  <tr key={`${start.at} ${start.words}`}>
                    <th scope="row">
                      <time dateTime={new Date(start.at).toISOString()} title={dayAndTime(start.at)}>
                        {clockTime(start.at)}
                      </time>
                    </th>
                    <td class="number">{start.nodes}</td>
                    <td>{start.words}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
    </>
  );
}
