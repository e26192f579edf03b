// SPDX-License-Identifier: Apache-2.0
import type { NodeCard, NodeState } from '../hub_api';
import { say, type Word } from '../words';

/** A picture and a word for each state, so that no state is told by colour alone. */
const states: Record<NodeState, { word: Word; path: string }> = {
  ready: { word: 'state.ready', path: 'M4 12.5l5 5L20 6.5' },
  starting: { word: 'state.starting', path: 'M12 20V5M5.5 11.5L12 5l6.5 6.5' },
  draining: { word: 'state.draining', path: 'M14 4h4a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-4M15 12H4M8 8l-4 4 4 4' },
  stopping: { word: 'state.stopping', path: 'M12 4v15M5.5 12.5L12 19l6.5-6.5' },
  off: { word: 'state.off', path: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z' },
  silent: { word: 'state.silent', path: 'M4 4l16 16M4 19v-3M9 19v-6M14 19v-5M19 19V6' },
  broken: { word: 'state.broken', path: 'M12 3.5L22 20.5H2L12 3.5zM12 10v4.5M12 17.5h.01' },
};

export const stateWord = (state: NodeState) => say(states[state].word);

export function StateChip({ node }: { node: NodeCard }) {
  const { path } = states[node.state];
  return (
    <span class="chip" data-state={node.state}>
      <svg class="icon" width="16" height="16" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
        <path d={path} />
      </svg>
      {stateWord(node.state)}
    </span>
  );
}

/** How full a node is: people there, and beside them the seats that its rooms hold. */
export function FillBar({ live, held, seats, label }: { live: number; held: number; seats: number; label: string }) {
  const share = (people: number) => `${Math.min(100, seats === 0 ? 0 : (people / seats) * 100)}%`;
  return (
    <div class="fill" role="img" aria-label={label}>
      <div class="fill-held" style={{ width: share(Math.max(live, held)) }} />
      <div class="fill-live" style={{ width: share(live) }} />
    </div>
  );
}
