// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'preact/hooks';
import { Icon } from '../../shared/icons';
import { ActDialog } from '../act_dialog';
import { Chart } from '../chart';
import { count } from '../format';
import { hub, type History, type NodeState, type Now } from '../hub_api';
import { fleet, mayAct } from '../state';
import { say } from '../words';
import { Alarms } from './alarms';
import { KeyFigures } from './key_figures';
import { NodeDialog } from './node_dialog';
import { NodeTile } from './node_tile';

const order: NodeState[] = ['silent', 'broken', 'starting', 'ready', 'draining', 'stopping', 'off'];
const historyMilliseconds = 10_000;
const historyHours = 3;

export function NowTab() {
  const [open, setOpen] = useState<string | null>(null);
  const now = fleet.value?.now;
  if (now === undefined) return <p class="soft">{say('loading')}</p>;
  const nodes = [...now.nodes].sort(
    (a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.name.localeCompare(b.name, undefined, { numeric: true }),
  );
  const shown = nodes.find((node) => node.name === open);
  return (
    <>
      <Alarms alarms={now.alarms} />
      {now.scaling.held && (
        <p class="notice-line" role="status" data-testid="scaling-held">
          <Icon name="info" />
          {say('scaling.held', { by: now.scaling.by })}
        </p>
      )}
      <KeyFigures now={now} />
      <section class="stack" aria-labelledby="nodes-title">
        <div class="row spread">
          <h2 id="nodes-title">{say('nodes.title')}</h2>
          {now.acts && mayAct() && <FleetActs held={now.scaling.held} />}
        </div>
        {nodes.length === 0 && <p class="soft">{say('nodes.none')}</p>}
        <ul class="nodes">
          {nodes.map((node) => (
            <NodeTile key={node.name} node={node} onOpen={() => setOpen(node.name)} />
          ))}
        </ul>
      </section>
      <Waiting now={now} />
      <PastHours />
      {shown && <NodeDialog node={shown} canAct={now.acts && shown.ours} onClose={() => setOpen(null)} />}
    </>
  );
}

function FleetActs({ held }: { held: boolean }) {
  const [asking, setAsking] = useState<'start' | 'hold' | null>(null);
  const close = () => setAsking(null);
  return (
    <div class="row">
      <button type="button" class="button" onClick={() => setAsking('start')} data-testid="start-node">
        {say('act.startAny')}
      </button>
      <button type="button" class="button" onClick={() => setAsking('hold')} data-testid="hold-scaling">
        {say(held ? 'scaling.release' : 'scaling.hold')}
      </button>
      {asking === 'start' && (
        <ActDialog title={say('act.startAny')} text={say('act.startText')} confirm={say('act.start')} act={(why) => hub.act('start', '', why)} onClose={close} />
      )}
      {asking === 'hold' && (
        <ActDialog
          title={say(held ? 'scaling.release' : 'scaling.hold')}
          text={say(held ? 'scaling.releaseText' : 'scaling.holdText')}
          confirm={say(held ? 'scaling.release' : 'scaling.hold')}
          act={(why) => hub.act(held ? 'release_scaling' : 'hold_scaling', '', why)}
          onClose={close}
        />
      )}
    </div>
  );
}

function Waiting({ now }: { now: Now }) {
  if (now.waiting.length === 0) return null;
  return (
    <section class="card stack" aria-labelledby="waiting-title">
      <h2 id="waiting-title">{say('waiting.title')}</h2>
      <ul class="plain">
        {now.waiting.map((room) => (
          <li key={room.id}>
            <strong>{room.title}</strong> {say('waiting.line', { seats: room.seats, seconds: room.estimate_s })}
          </li>
        ))}
      </ul>
    </section>
  );
}

function PastHours() {
  const [history, setHistory] = useState<History | null>(null);
  useEffect(() => {
    const look = () => hub.history(historyHours).then(setHistory, () => {});
    void look();
    const timer = setInterval(() => document.visibilityState === 'visible' && void look(), historyMilliseconds);
    return () => clearInterval(timer);
  }, []);
  if (history === null || history.at.length < 2) return <p class="soft">{say('history.soon')}</p>;
  const last = history.at.length - 1;
  const summary = say('history.summary', { live: history.live[last]!, most: Math.max(...history.live), seats: history.seats[last]! });
  return (
    <>
      <Chart
        title={say('history.people')}
        summary={summary}
        at={history.at}
        series={[
          { label: say('history.live'), values: history.live, look: 'first', steps: true },
          { label: say('history.held'), values: history.held, look: 'second', steps: true },
          { label: say('history.there'), values: history.seats, look: 'third', steps: true },
        ]}
      />
      <Chart
        title={say('history.nodes')}
        summary={say('history.nodesSummary', { on: count(history.on[last]!), most: count(Math.max(...history.on)) })}
        at={history.at}
        series={[{ label: say('history.on'), values: history.on, look: 'first', steps: true }]}
      />
    </>
  );
}
