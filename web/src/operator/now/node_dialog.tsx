// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';
import { Dialog } from '../../shared/dialog';
import { ActDialog } from '../act_dialog';
import { clockTime, decimal, euros, percent, span } from '../format';
import { hub, type NodeCard } from '../hub_api';
import { cityTime, mayAct } from '../state';
import { Table } from '../table';
import { say, type Word } from '../words';
import { StateChip } from './node_state';

type Act = 'start' | 'drain' | 'undrain' | 'stop' | 'remove' | 'hold' | 'release';
const acts: Record<Act, { word: Word; text: Word; danger?: boolean }> = {
  start: { word: 'act.start', text: 'act.startText' },
  drain: { word: 'act.drain', text: 'act.drainText' },
  undrain: { word: 'act.undrain', text: 'act.undrainText' },
  stop: { word: 'act.stop', text: 'act.stopText', danger: true },
  remove: { word: 'act.remove', text: 'act.removeText', danger: true },
  hold: { word: 'act.hold', text: 'act.holdText' },
  release: { word: 'act.release', text: 'act.releaseText' },
};

/** What the hub calls what it is doing in the cloud. */
const doings: Record<string, Word> = { make: 'doing.make', start: 'doing.start', stop: 'doing.stop', power_off: 'doing.powerOff', remove: 'doing.remove' };

/** What makes sense for a node in its state; the hub decides again. */
function actsFor(node: NodeCard): Act[] {
  if (node.state === 'off') return ['start', 'remove'];
  if (node.state === 'broken') return ['remove'];
  const keep: Act = node.kept_on ? 'release' : 'hold';
  if (node.state === 'ready') return ['drain', 'stop', keep];
  if (node.state === 'draining') return ['undrain', 'stop', keep];
  return node.state === 'starting' || node.state === 'silent' ? ['stop'] : [];
}

export function NodeDialog({ node, canAct, onClose }: { node: NodeCard; canAct: boolean; onClose: () => void }) {
  const [asking, setAsking] = useState<Act | null>(null);
  const facts: [Word, string][] = [['node.factSince', clockTime(node.since)]];
  if (node.powered_on !== null) {
    facts.push(['node.factSeats', say('node.fill', { live: node.live, held: node.held, seats: node.seats })]);
    facts.push(['node.factOn', span(cityTime() - node.powered_on)], ['node.factCost', euros(node.cost_eur)]);
  }
  if (node.cpu !== null) facts.push(['node.factCpu', percent(node.cpu)]);
  if (node.memory_bytes !== null) facts.push(['node.factMemory', `${decimal(node.memory_bytes / 2 ** 20, 0)} MiB`]);
  if (node.cores > 0) facts.push(['node.factSize', say('node.size', { cores: node.cores, memory: node.memory_gb })]);
  if (node.strikes > 0) facts.push(['node.factStrikes', String(node.strikes)]);
  if (node.version !== '') facts.push(['node.factVersion', node.version]);
  if (asking !== null) {
    const { word, text, danger = false } = acts[asking];
    return (
      <ActDialog
        title={say('act.title', { act: say(word), node: node.name })}
        text={say(text)}
        confirm={say(word)}
        danger={danger}
        act={(why) => hub.act(asking, node.name, why)}
        onClose={onClose}
      />
    );
  }
  return (
    <Dialog title={node.name} onClose={onClose} testId="node-dialog">
      <p class="row">
        <StateChip node={node} />
        {node.doing !== '' && <span class="soft">{say('node.doing', { what: doings[node.doing] === undefined ? node.doing : say(doings[node.doing]!) })}</span>}
      </p>
      <dl class="facts">
        {facts.map(([word, value]) => (
          <div key={word}>
            <dt>{say(word)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {node.rooms.length > 0 && <Rooms node={node} />}
      {canAct && mayAct() && (
        <div class="row">
          {actsFor(node).map((act) => (
            <button key={act} type="button" class="button" onClick={() => setAsking(act)} data-testid={`act-${act}`}>
              {say(acts[act].word)}
            </button>
          ))}
        </div>
      )}
    </Dialog>
  );
}

function Rooms({ node }: { node: NodeCard }) {
  return (
    <Table
      name={{ label: say('node.roomsTitle') }}
      columns={[say('room.title'), { figures: say('room.people') }, { figures: say('room.until') }]}
      caption={say('node.roomsTitle')}
    >
      <tbody>
        {node.rooms.map((room) => (
          <tr key={room.id}>
            <th scope="row">
              {room.title}
              {room.school !== '' && <span class="soft"> · {room.school}</span>}
            </th>
            <td class="number">{say('room.peopleHeld', { live: room.live, held: room.held })}</td>
            <td class="number">{room.end === null ? '–' : clockTime(room.end)}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
