// SPDX-License-Identifier: Apache-2.0
import { useId, useState } from 'preact/hooks';
import { ActDialog } from './act_dialog';
import { useAsked } from './asked';
import { Chart } from './chart';
import { count, dayAndTime, decimal, euros, longDay, percent } from './format';
import { hub, type Figures, type Policy, type PolicyValues, type WhatIf } from './hub_api';
import { mayAct, troubleOf } from './state';
import { Table } from './table';
import { Trouble } from './trouble';
import { say, type Word } from './words';

type Unit = 'share' | 'seconds' | 'seats' | 'nodes' | 'euros' | 'times';
/** In the order in which people want to move them; the last ones seldom. */
const knobs: { name: string; word: Word; hint: Word; unit: Unit; seldom?: true }[] = [
  { name: 'ready_before_s', word: 'knob.readyBefore', hint: 'knob.readyBeforeHint', unit: 'seconds' },
  { name: 'bell_spares', word: 'knob.bellSpares', hint: 'knob.bellSparesHint', unit: 'nodes' },
  { name: 'reserve_room', word: 'knob.reserveRoom', hint: 'knob.reserveRoomHint', unit: 'seats' },
  { name: 'unannounced_share', word: 'knob.unannouncedShare', hint: 'knob.unannouncedShareHint', unit: 'share' },
  { name: 'live_headroom', word: 'knob.liveHeadroom', hint: 'knob.liveHeadroomHint', unit: 'share' },
  { name: 'fill', word: 'knob.fill', hint: 'knob.fillHint', unit: 'share' },
  { name: 'idle_safety_s', word: 'knob.idleSafety', hint: 'knob.idleSafetyHint', unit: 'seconds' },
  { name: 'standby_spares', word: 'knob.standbySpares', hint: 'knob.standbySparesHint', unit: 'nodes' },
  { name: 'least_nodes', word: 'knob.leastNodes', hint: 'knob.leastNodesHint', unit: 'nodes' },
  { name: 'standby_pool', word: 'knob.standbyPool', hint: 'knob.standbyPoolHint', unit: 'nodes' },
  { name: 'euros_a_day', word: 'knob.eurosADay', hint: 'knob.eurosADayHint', unit: 'euros', seldom: true },
  { name: 'seats_per_node', word: 'knob.seatsPerNode', hint: 'knob.seatsPerNodeHint', unit: 'seats', seldom: true },
  { name: 'most_nodes', word: 'knob.mostNodes', hint: 'knob.mostNodesHint', unit: 'nodes', seldom: true },
  { name: 'most_starts', word: 'knob.mostStarts', hint: 'knob.mostStartsHint', unit: 'nodes', seldom: true },
  { name: 'bell_window_s', word: 'knob.bellWindow', hint: 'knob.bellWindowHint', unit: 'seconds', seldom: true },
  { name: 'strikes', word: 'knob.strikes', hint: 'knob.strikesHint', unit: 'times', seldom: true },
];

function valueText(value: number, unit: Unit): string {
  if (unit === 'share') return percent(value);
  if (unit === 'seconds') return value < 120 ? `${value} s` : `${decimal(value / 60)} min`;
  if (unit === 'euros') return value === 0 ? say('knob.noCeiling') : euros(value);
  return count(value);
}

/** The policy's knobs, and what they would have done with last week's lessons. */
export function WhatIfTab() {
  const { answer: policy, setAnswer: setPolicy, trouble: unknown } = useAsked(hub.policy, []);
  // Only what somebody has moved: the rest follows the hub, also when it comes back with other rules.
  const [moved, setMoved] = useState<PolicyValues>({});
  const [answer, setAnswer] = useState<WhatIf | null>(null);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState('');
  const [using, setUsing] = useState(false);
  const take = (fresh: Policy) => {
    setPolicy(fresh);
    setMoved({});
  };
  if (policy === null) return unknown === '' ? <p class="soft">{say('loading')}</p> : <Trouble text={unknown} />;
  const values = { ...policy.policy, ...moved };
  const changed = Object.keys(values).some((name) => values[name] !== policy.policy[name]);
  const compare = async () => {
    setBusy(true);
    try {
      setAnswer(await hub.whatIf(values));
      setTrouble('');
    } catch (error) {
      setTrouble(troubleOf(error));
    }
    setBusy(false);
  };
  const slider = (knob: (typeof knobs)[number]) => (
    <Slider key={knob.name} knob={knob} policy={policy} value={values[knob.name] ?? 0} onChange={(value) => setMoved({ ...moved, [knob.name]: value })} />
  );
  return (
    <>
      <p class="lead">{say('whatIf.text')}</p>
      <div class="what-if">
        <section class="card stack" aria-labelledby="knobs-title">
          <h2 id="knobs-title">{say('whatIf.knobs')}</h2>
          {knobs.filter((knob) => !knob.seldom).map(slider)}
          <details>
            <summary>{say('whatIf.more')}</summary>
            <div class="stack">{knobs.filter((knob) => knob.seldom).map(slider)}</div>
          </details>
          <div class="row">
            <button type="button" class="button primary" disabled={busy} onClick={() => void compare()} data-testid="compare">
              {say(busy ? 'reckoning' : 'whatIf.compare')}
            </button>
            <button type="button" class="button" onClick={() => setMoved({})}>
              {say('whatIf.present')}
            </button>
            <button type="button" class="button" onClick={() => setMoved(policy.defaults)}>
              {say('whatIf.defaults')}
            </button>
          </div>
        </section>
        <section class="stack" aria-labelledby="answer-title" aria-live="polite">
          <h2 id="answer-title">{say('whatIf.answer')}</h2>
          <Trouble text={trouble} />
          {answer === null && <p class="soft">{say('whatIf.notYet')}</p>}
          {answer !== null && <Comparison answer={answer} />}
          {mayAct() && changed && (
            <div class="row">
              <button type="button" class="button" onClick={() => setUsing(true)} data-testid="use-policy">
                {say('whatIf.use')}
              </button>
            </div>
          )}
        </section>
      </div>
      {using && (
        <ActDialog
          title={say('whatIf.use')}
          text={say('whatIf.useText')}
          confirm={say('whatIf.use')}
          act={async (why) => take(await hub.setPolicy(values, why))}
          onClose={() => setUsing(false)}
        />
      )}
    </>
  );
}

interface SliderProps {
  knob: (typeof knobs)[number];
  policy: Policy;
  value: number;
  onChange: (value: number) => void;
}

function Slider({ knob, policy, value, onChange }: SliderProps) {
  const { least, most, step } = policy.limits[knob.name] ?? { least: 0, most: 1, step: 1 };
  const present = policy.policy[knob.name] ?? 0;
  // A slider over a thousand nodes is of no use near the five that there are.
  const end = Math.min(most, Math.max(10 * step, 4 * Math.max(present, value)));
  const text = valueText(value, knob.unit);
  const hint = useId();
  return (
    <label class="slider">
      <span class="slider-head">
        {say(knob.word)}
        <output>
          {text}
          {value !== present && <span class="soft"> ({say('whatIf.now', { value: valueText(present, knob.unit) })})</span>}
        </output>
      </span>
      <input
        type="range"
        min={least}
        max={end}
        step={step}
        value={value}
        aria-label={say(knob.word)}
        aria-describedby={hint}
        aria-valuetext={text}
        onInput={(event) => onChange(Number(event.currentTarget.value))}
        data-testid={`knob-${knob.name}`}
      />
      <span class="hint" id={hint}>
        {say(knob.hint)}
      </span>
    </label>
  );
}

function Comparison({ answer }: { answer: WhatIf }) {
  const seconds = (value: number) => `${decimal(value)} s`;
  const hours = (value: number) => `${decimal(value / 60)} h`;
  const lines: [Word, (figures: Figures) => number, (value: number) => string][] = [
    ['figure.cost', (f) => f.cost_eur, euros],
    ['figure.nodeHours', (f) => f.node_minutes, hours],
    ['figure.mostNodes', (f) => f.most_nodes, count],
    ['figure.delayed', (f) => f.delayed_over_30s, count],
    ['figure.refused', (f) => f.refused, count],
    ['figure.waitMiddle', (f) => f.wait_s.p50, seconds],
    ['figure.waitLong', (f) => f.wait_s.p99, seconds],
    ['figure.waitMost', (f) => f.wait_s.max, seconds],
  ];
  const signed = (difference: number, text: (value: number) => string) =>
    Math.abs(difference) < 1e-9 ? '=' : `${difference > 0 ? '+' : '−'}${text(Math.abs(difference))}`;
  if (answer.lessons === 0) return <p>{say('whatIf.noLessons')}</p>;
  const lessons = { lessons: answer.lessons, from: longDay(answer.from) };
  return (
    <>
      {answer.source === 'recorded' ? (
        <p class="soft" data-testid="lessons-source">
          {say('whatIf.recorded', lessons)} <a href={hub.lessonsCsv()}>{say('whatIf.lessonsCsv')}</a>
        </p>
      ) : (
        <p class="soft" data-testid="lessons-source">
          {say('whatIf.lessons', lessons)}
        </p>
      )}
      <Table
        name={{ heading: 'answer-title' }}
        columns={[say('money.what'), { figures: say('whatIf.columnNow') }, { figures: say('whatIf.columnAsked') }, { figures: say('whatIf.columnDifference') }]}
        testId="comparison"
      >
        <tbody>
          {lines.map(([word, of, text]) => (
            <tr key={word}>
              <th scope="row">{say(word)}</th>
              <td class="number">{text(of(answer.present))}</td>
              <td class="number">{text(of(answer.asked))}</td>
              <td class="number">{signed(of(answer.asked) - of(answer.present), text)}</td>
            </tr>
          ))}
        </tbody>
      </Table>
      {answer.asked_curve.at.length > 1 && (
        <Chart
          title={say('whatIf.week')}
          summary={say('tomorrow.nodesSummary', { most: Math.max(...answer.asked_curve.nodes) })}
          at={answer.asked_curve.at}
          timeText={dayAndTime}
          series={[
            { label: say('whatIf.columnAsked'), values: answer.asked_curve.nodes, look: 'first', steps: true },
            { label: say('whatIf.columnNow'), values: answer.present_curve.nodes, look: 'second', steps: true },
          ]}
        />
      )}
    </>
  );
}
