// SPDX-License-Identifier: Apache-2.0
import { Icon } from '../../shared/icons';
import type { Alarm } from '../hub_api';
import { say, type Word } from '../words';

const words: Record<string, Word> = {
  cloud_unknown: 'alarm.cloudUnknown',
  trouble: 'alarm.trouble',
  keeps_not: 'alarm.keepsNot',
  node_silent: 'alarm.nodeSilent',
  node_broken: 'alarm.nodeBroken',
  rooms_wait: 'alarm.roomsWait',
  most_nodes: 'alarm.mostNodes',
  orphan: 'alarm.orphan',
};

function textOf(alarm: Alarm): string {
  if (alarm.kind === 'budget') return say(alarm.what === 'day' ? 'alarm.budgetDay' : 'alarm.budgetMonth', { percent: alarm.percent ?? 0 });
  const word = words[alarm.kind];
  return word === undefined ? `${alarm.kind} ${alarm.text}` : say(word, { what: alarm.what, text: alarm.text });
}

export function Alarms({ alarms }: { alarms: Alarm[] }) {
  if (alarms.length === 0) return null;
  return (
    <div role="status">
      <ul class="alarms" aria-label={say('alarm.title')}>
        {alarms.map((alarm) => (
          <li key={`${alarm.kind} ${alarm.what}`} class="problem">
            <Icon name="warning" />
            {textOf(alarm)}
          </li>
        ))}
      </ul>
    </div>
  );
}
