// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';
import { useAsked } from '../asked';
import { count, dateText, euros, isoDay, percent } from '../format';
import { hub, type Bill, type Period } from '../hub_api';
import { cityTime, mayAct } from '../state';
import { Table } from '../table';
import { Trouble } from '../trouble';
import { say, type Word } from '../words';
import { BudgetForm } from './budget_form';
import { MeterTable } from './meter_table';

const periods: Record<Period, Word> = { day: 'money.day', week: 'money.week', month: 'money.month' };

/** What it cost, for whom, and whether the cloud counted the same. */
export function MoneyTab() {
  const [period, setPeriod] = useState<Period>('week');
  const [date, setDate] = useState(() => isoDay(cityTime()));
  const { answer: bill, trouble, again } = useAsked(() => hub.bill(period, date), [period, date]);
  return (
    <>
      <div class="row filters">
        <label class="field">
          {say('money.period')}
          <select value={period} onChange={(event) => setPeriod(event.currentTarget.value as Period)} data-testid="bill-period">
            {Object.entries(periods).map(([name, word]) => (
              <option key={name} value={name}>
                {say(word)}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          {say('money.date')}
          <input type="date" value={date} onChange={(event) => event.currentTarget.value !== '' && setDate(event.currentTarget.value)} />
        </label>
      </div>
      <Trouble text={trouble} />
      {bill === null && trouble === '' && <p class="soft">{say('loading')}</p>}
      {bill !== null && (
        <>
          <Sums bill={bill} />
          <Schools bill={bill} />
          <div class="row">
            <a class="button" href={hub.billCsv(period, date)} download>
              {say('money.billCsv')}
            </a>
            <a class="button" href={hub.serversCsv(period, date)} download>
              {say('money.serversCsv')}
            </a>
          </div>
          {mayAct() && <BudgetForm budget={bill.budget} onSaved={() => void again()} />}
        </>
      )}
      <MeterTable />
    </>
  );
}

function Sums({ bill }: { bill: Bill }) {
  const parts: [Word, number][] = [
    ['money.used', bill.used_eur],
    ['money.boot', bill.boot_eur],
    ['money.idle', bill.idle_eur],
    ['money.storage', bill.storage_eur],
    ['money.addresses', bill.addresses_eur],
  ];
  const days = bill.first === bill.last ? dateText(bill.first) : `${dateText(bill.first)} – ${dateText(bill.last)}`;
  return (
    <section class="card stack" aria-labelledby="sums-title">
      <h2 id="sums-title">{days}</h2>
      <p class="figure-value" data-testid="bill-total">
        {euros(bill.total_eur)}
      </p>
      {bill.example_prices && <p class="notice-line">{say('money.exampleLong')}</p>}
      <table>
        <thead class="visually-hidden">
          <tr>
            <th scope="col">{say('money.what')}</th>
            <th scope="col">{say('money.amount')}</th>
            <th scope="col">{say('money.part')}</th>
          </tr>
        </thead>
        <tbody>
          {parts.map(([word, amount]) => (
            <tr key={word}>
              <th scope="row">{say(word)}</th>
              <td class="number">{euros(amount)}</td>
              <td class="number soft">{bill.total_eur > 0 ? percent(amount / bill.total_eur) : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="soft">{say('money.minutes', { minutes: Math.round(bill.server_minutes) })}</p>
    </section>
  );
}

function Schools({ bill }: { bill: Bill }) {
  if (bill.schools.length === 0) return null;
  const ordered = [...bill.schools].sort((a, b) => b.total_eur - a.total_eur);
  return (
    <section class="card stack" aria-labelledby="shares-title">
      <h2 id="shares-title">{say('money.schools')}</h2>
      <p class="soft">{say('money.schoolsText')}</p>
      <Table
        name={{ heading: 'shares-title' }}
        columns={[say('school'), { figures: say('money.participantHours') }, { figures: say('money.used') }, { figures: say('money.overhead') }, { figures: say('money.sum') }]}
        testId="bill-schools"
      >
        <tbody>
          {ordered.map((share) => (
            <tr key={share.school}>
              <th scope="row">{share.school === 0 ? say('money.noSchool') : share.name}</th>
              <td class="number">{count(share.participant_minutes / 60)}</td>
              <td class="number">{euros(share.used_eur)}</td>
              <td class="number">{euros(share.overhead_eur)}</td>
              <td class="number">{euros(share.total_eur)}</td>
            </tr>
          ))}
          {bill.unshared_eur > 0 && (
            <tr>
              <th scope="row">{say('money.unshared')}</th>
              <td />
              <td />
              <td />
              <td class="number">{euros(bill.unshared_eur)}</td>
            </tr>
          )}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{say('money.sum')}</th>
            <td />
            <td />
            <td />
            <td class="number">{euros(bill.total_eur)}</td>
          </tr>
        </tfoot>
      </Table>
    </section>
  );
}
