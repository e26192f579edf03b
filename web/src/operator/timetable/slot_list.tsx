// SPDX-License-Identifier: Apache-2.0
import { Icon } from '../../shared/icons';
import type { School, Slot } from '../hub_api';
import { say } from '../words';
import { focusAdding } from './focus';
import { Time } from './lessons_dialog';
import { nextSlot, withSlots } from './week';

interface SlotListProps {
  school: School;
  editable: boolean;
  onChange: (school: School) => void;
}

export function SlotList({ school, editable, onChange }: SlotListProps) {
  const { slots } = school;
  const change = (index: number, part: Partial<Slot>) => {
    const changed = slots.map((slot, at) => (at === index ? { ...slot, ...part } : slot));
    const renamed = part.name === undefined ? undefined : { from: slots[index]!.name, to: part.name };
    onChange(withSlots(school, changed, renamed));
  };
  return (
    <section class="card stack" aria-labelledby="slots-title">
      <h2 id="slots-title">{say('slots.title')}</h2>
      {!editable && (
        <ul class="plain">
          {slots.map(({ name, from, to }) => (
            <li key={name}>{`${name}: ${from}–${to}`}</li>
          ))}
        </ul>
      )}
      {editable &&
        slots.map((slot, index) => (
          <div key={index} class="slot-line" role="group" aria-label={slot.name}>
            <label class="field">
              {say('slots.name')}
              <input value={slot.name} maxLength={20} required onChange={(event) => change(index, { name: event.currentTarget.value.trim() })} />
            </label>
            <Time label={say('from')} value={slot.from} onChange={(from) => from !== '' && change(index, { from })} />
            <Time label={say('to')} value={slot.to} onChange={(to) => to !== '' && change(index, { to })} />
            <button
              type="button"
              class="button quiet square"
              aria-label={say('slots.remove', { name: slot.name })}
              onClick={(event) => {
                focusAdding(event);
                onChange(withSlots(school, slots.filter((_, at) => at !== index)));
              }}
            >
              <Icon name="close" />
            </button>
          </div>
        ))}
      {editable && (
        <button type="button" class="button" data-adds onClick={() => onChange(withSlots(school, [...slots, nextSlot(slots)]))}>
          {say('slots.add')}
        </button>
      )}
      {editable && (
        <label class="field">
          <span>
            {say('school.weekA')} <span class="hint">{say('optional')}</span>
          </span>
          <input
            type="date"
            value={school.week_a ?? ''}
            onChange={(event) => {
              const { week_a: _, ...without } = school;
              onChange(event.currentTarget.value === '' ? without : { ...school, week_a: event.currentTarget.value });
            }}
          />
          <span class="hint">{say('school.weekAHint')}</span>
        </label>
      )}
    </section>
  );
}
