// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';
import { announce } from '../../shared/announce';
import { euros } from '../format';
import { hub, type Budget } from '../hub_api';
import { FillBar } from '../now/node_state';
import { troubleOf } from '../state';
import { Trouble } from '../trouble';
import { say } from '../words';

export function BudgetForm({ budget, onSaved }: { budget: Budget; onSaved: () => void }) {
  const [trouble, setTrouble] = useState('');
  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    const amount = (name: string) => Number(fields.get(name) ?? 0);
    try {
      await hub.setBudget({ day_eur: amount('day'), month_eur: amount('month'), alarm_percents: budget.alarm_percents });
      setTrouble('');
      announce(say('school.saved'));
      onSaved();
    } catch (error) {
      setTrouble(troubleOf(error));
    }
  };
  return (
    <form class="card stack" onSubmit={(event) => void save(event)} aria-labelledby="budget-title">
      <h2 id="budget-title">{say('budget.title')}</h2>
      <p class="soft">{say('budget.text', { percents: budget.alarm_percents.join(', ') })}</p>
      <div class="columns">
        <Limit name="day" label={say('budget.day')} limit={budget.day_eur} spent={budget.today_eur} />
        <Limit name="month" label={say('budget.month')} limit={budget.month_eur} spent={budget.this_month_eur} />
      </div>
      <Trouble text={trouble} />
      <div class="row">
        <button class="button" data-testid="save-budget">
          {say('save')}
        </button>
      </div>
    </form>
  );
}

function Limit({ name, label, limit, spent }: { name: string; label: string; limit: number; spent: number }) {
  const text = limit > 0 ? say('budget.spentOf', { spent: euros(spent), limit: euros(limit) }) : say('budget.spent', { spent: euros(spent) });
  return (
    <div class="stack">
      <label class="field">
        {label}
        <input name={name} type="number" min={0} max={1000000} step="any" defaultValue={String(limit)} inputMode="decimal" data-testid={`budget-${name}`} />
      </label>
      {limit > 0 && <FillBar live={spent} held={spent} seats={limit} label={text} />}
      <p class="soft">{text}</p>
    </div>
  );
}
