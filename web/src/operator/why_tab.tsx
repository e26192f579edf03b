// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'preact/hooks';
import { language } from '../shared/i18n';
import { dayAndTime, sentence } from './format';
import { inOwnWords } from './hub_words';
import { hub, type Deed, type LoggedAction } from './hub_api';
import { away, isAway, returns, troubleOf } from './state';
import { Trouble } from './trouble';
import { say, type Word } from './words';

const refreshMilliseconds = 5000;
type Kinds = 'all' | 'starts' | 'stops' | 'people';
const kindsOf: Record<Kinds, (action: LoggedAction) => boolean> = {
  all: () => true,
  starts: ({ kind }) => kind === 'start' || kind === 'make' || kind === 'undrain',
  stops: ({ kind }) => ['drain', 'stop', 'power_off', 'remove', 'give_up'].includes(kind),
  people: ({ who }) => who !== '',
};
const kindWords: Record<string, Word> = {
  start: 'log.start',
  make: 'log.make',
  drain: 'log.drain',
  undrain: 'log.undrain',
  stop: 'log.stop',
  power_off: 'log.powerOff',
  remove: 'log.remove',
  give_up: 'log.giveUp',
  policy: 'log.policy',
  hold: 'log.hold',
};
/** A policy's words are its figures, which nobody reads. */
const wordsOf = (action: LoggedAction) => (action.kind === 'policy' ? '' : sentence(inOwnWords(action.words)));
const actWords: Record<string, Word> = {
  start: 'deed.start',
  drain: 'deed.drain',
  undrain: 'deed.undrain',
  stop: 'deed.stop',
  remove: 'deed.remove',
  hold: 'deed.hold',
  release: 'deed.release',
  hold_scaling: 'deed.holdScaling',
  release_scaling: 'deed.releaseScaling',
  policy: 'deed.policy',
  sign_in: 'deed.signIn',
  set_up: 'deed.setUp',
  password: 'deed.password',
  account_add: 'deed.accountAdd',
  account_role: 'deed.accountRole',
  account_password: 'deed.accountPassword',
  account_remove: 'deed.accountRemove',
  timetable: 'deed.timetable',
  school_remove: 'deed.schoolRemove',
  import: 'deed.import',
  budget: 'deed.budget',
};
const wordOf = (words: Record<string, Word>, kind: string) => (words[kind] === undefined ? kind : say(words[kind]));

/** What the fleet did and why, and what people did. */
export function WhyTab() {
  return (
    <>
      <FleetLog />
      <Deeds />
    </>
  );
}

function FleetLog() {
  const [actions, setActions] = useState<LoggedAction[]>([]);
  const [more, setMore] = useState(false);
  const [kinds, setKinds] = useState<Kinds>('all');
  const [wanted, setWanted] = useState('');
  const [trouble, setTrouble] = useState('');
  const spoken = language.value ?? 'en';
  const newest = async () => {
    try {
      const answer = await hub.log(0, spoken);
      const oldest = answer.actions.at(-1)?.id ?? 0;
      setActions((known) => [...answer.actions, ...known.filter((action) => action.id < oldest)]);
      setMore((before) => before || answer.more);
      setTrouble('');
    } catch (error) {
      setTrouble(isAway(error) ? '' : troubleOf(error));
    }
  };
  const older = async () => {
    try {
      const answer = await hub.log(actions.at(-1)?.id ?? 0, spoken);
      setActions([...actions, ...answer.actions]);
      setMore(answer.more);
    } catch (error) {
      setTrouble(troubleOf(error));
    }
  };
  useEffect(() => {
    setActions([]);
    void newest();
    const timer = setInterval(() => document.visibilityState === 'visible' && void newest(), refreshMilliseconds);
    return () => clearInterval(timer);
  }, [spoken]);
  const lower = wanted.toLocaleLowerCase();
  const shown = actions.filter(
    (action) => kindsOf[kinds](action) && `${action.server} ${wordsOf(action)} ${action.who}`.toLocaleLowerCase().includes(lower),
  );
  return (
    <section class="stack" aria-labelledby="log-title">
      <h2 id="log-title">{say('log.title')}</h2>
      <div class="row filters">
        <label class="field">
          {say('log.kinds')}
          <select value={kinds} onChange={(event) => setKinds(event.currentTarget.value as Kinds)} data-testid="log-kinds">
            <option value="all">{say('log.all')}</option>
            <option value="starts">{say('log.starts')}</option>
            <option value="stops">{say('log.stops')}</option>
            <option value="people">{say('log.people')}</option>
          </select>
        </label>
        <label class="field grow">
          {say('log.words')}
          <input type="search" value={wanted} onInput={(event) => setWanted(event.currentTarget.value)} data-testid="log-words" />
        </label>
      </div>
      <Trouble text={trouble} />
      {shown.length === 0 && trouble === '' && !away.value && <p class="soft">{say('log.none')}</p>}
      <ol class="log" data-testid="log">
        {shown.map((action) => (
          <li key={action.id} class="log-line" data-kind={action.kind}>
            <time dateTime={new Date(action.at).toISOString()}>{dayAndTime(action.at)}</time>
            <p>
              <strong>
                {wordOf(kindWords, action.kind)} {action.server}
              </strong>
              {action.who !== '' && <span> · {say('log.by', { who: action.who })}</span>}
              <br />
              {wordsOf(action)}
              {action.outcome !== 'done' && action.outcome !== '' && (
                <span class="soft"> · {action.outcome === 'ordered' ? say('log.ordered') : action.outcome}</span>
              )}
            </p>
          </li>
        ))}
      </ol>
      {more && (
        <div class="row">
          <button type="button" class="button" onClick={() => void older()}>
            {say('log.more')}
          </button>
        </div>
      )}
    </section>
  );
}

function Deeds() {
  const [deeds, setDeeds] = useState<Deed[]>([]);
  const [more, setMore] = useState(false);
  const load = (before: number) =>
    hub.audit(before).then(
      (answer) => {
        setDeeds((known) => (before === 0 ? answer.deeds : [...known, ...answer.deeds]));
        setMore(answer.more);
      },
      () => {},
    );
  useEffect(() => void load(0), [returns.value]);
  return (
    <section class="stack" aria-labelledby="deeds-title">
      <h2 id="deeds-title">{say('deeds.title')}</h2>
      <ol class="log" data-testid="deeds">
        {deeds.map((deed) => (
          <li key={deed.id} class="log-line">
            <time dateTime={new Date(deed.at).toISOString()}>{dayAndTime(deed.at)}</time>
            <p>
              <strong>{deed.who}</strong>: {wordOf(actWords, deed.act)} {deed.what}
              {deed.why !== '' && (
                <>
                  <br />
                  <q>{deed.why}</q>
                </>
              )}
            </p>
          </li>
        ))}
      </ol>
      {more && (
        <div class="row">
          <button type="button" class="button" onClick={() => void load(deeds.at(-1)?.id ?? 0)}>
            {say('log.more')}
          </button>
        </div>
      )}
    </section>
  );
}
