// SPDX-License-Identifier: Apache-2.0
import type { NodeCard } from '../hub_api';
import { clockTime, euros, percent } from '../format';
import { say } from '../words';
import { FillBar, StateChip } from './node_state';

export function NodeTile({ node, onOpen }: { node: NodeCard; onOpen: () => void }) {
  const isOn = node.powered_on !== null;
  const fill = say('node.fill', { live: node.live, held: node.held, seats: node.seats });
  return (
    <li class="node card" data-state={node.state} data-testid="node" data-name={node.name}>
      <button type="button" class="node-open" onClick={onOpen} aria-haspopup="dialog">
        <span class="node-name">{node.name}</span>
        <StateChip node={node} />
      </button>
      {isOn && <FillBar live={node.live} held={node.held} seats={node.seats} label={fill} />}
      <p class="node-line">
        {isOn ? say('node.seats', { live: node.live, seats: node.seats }) : say(node.standby ? 'node.standby' : 'node.template')}
        {isOn && <span>{say('node.rooms', { count: node.rooms.length })}</span>}
      </p>
      <p class="node-line soft">
        <span>{say('node.since', { time: clockTime(node.since) })}</span>
        {node.cpu !== null && <span>{say('node.cpu', { share: percent(node.cpu) })}</span>}
        {isOn && node.ours && <span>{euros(node.cost_eur)}</span>}
        {node.kept_on && <strong>{say('node.keptOn')}</strong>}
      </p>
    </li>
  );
}
