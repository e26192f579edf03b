// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'preact/hooks';
import { clockTime, count, countdown, euros, percent } from '../format';
import type { Now } from '../hub_api';
import { cityTime } from '../state';
import { say } from '../words';
import { FillBar } from './node_state';

/** Seconds of the city's clock until then, renewed each second. */
function useSecondsUntil(at: number | null): number {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((n) => n + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  return at === null ? 0 : (at - cityTime()) / 1000;
}

function Bell({ now }: { now: Now }) {
  const bell = now.next_bell;
  const seconds = useSecondsUntil(bell?.at ?? null);
  return (
    <section class="card figure" aria-labelledby="figure-bell">
      <h2 id="figure-bell">{say('bell.title')}</h2>
      {bell === null ? (
        <p class="figure-value quiet">{say('bell.none')}</p>
      ) : (
        <>
          <p class="figure-value" data-testid="countdown">
            {countdown(seconds)}
          </p>
          <p class="soft">{say('bell.what', { time: clockTime(bell.at), lessons: bell.lessons, seats: bell.seats })}</p>
        </>
      )}
    </section>
  );
}

function Money({ now }: { now: Now }) {
  const { today_eur: today, budget_eur: budget, example_prices: isExample } = now.money;
  return (
    <section class="card figure" aria-labelledby="figure-money">
      <h2 id="figure-money">{say('money.today')}</h2>
      <p class="figure-value">{euros(today)}</p>
      {budget !== null && (
        <FillBar live={today} held={today} seats={budget} label={say('money.share', { share: percent(today / budget) })} />
      )}
      <p class="soft">
        {budget === null ? say('money.noBudget') : say('money.ofBudget', { budget: euros(budget) })}
        {isExample && ` ${say('money.example')}`}
      </p>
    </section>
  );
}

export function KeyFigures({ now }: { now: Now }) {
  const { seats, pool } = now;
  const on = pool.ready + pool.leaving;
  return (
    <div class="figures">
      <Bell now={now} />
      <section class="card figure" aria-labelledby="figure-people">
        <h2 id="figure-people">{say('people.title')}</h2>
        <p class="figure-value">{count(seats.live)}</p>
        <FillBar live={seats.live} held={seats.held} seats={seats.there} label={say('node.fill', { live: seats.live, held: seats.held, seats: seats.there })} />
        <p class="soft">{say('people.seats', { held: seats.held, seats: seats.there })}</p>
      </section>
      <section class="card figure" aria-labelledby="figure-nodes">
        <h2 id="figure-nodes">{say('pool.title')}</h2>
        <p class="figure-value">
          {count(on)} <span class="figure-unit">{say('pool.on', { count: on })}</span>
        </p>
        <p class="soft">{say('pool.what', { starting: pool.starting, leaving: pool.leaving, standby: pool.standby })}</p>
      </section>
      <Money now={now} />
    </div>
  );
}
