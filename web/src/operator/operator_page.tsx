// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState } from 'preact/hooks';
import { Announcer } from '../shared/announce';
import { Refusal } from '../shared/api';
import { Brand } from '../shared/brand';
import { LanguageChoice } from '../shared/language_choice';
import { AccountsTab } from './accounts/accounts_tab';
import { hub } from './hub_api';
import { MoneyTab } from './money/money_tab';
import { NowTab } from './now/now_tab';
import { Entrance } from './entrance';
import { account, away, fleet, isAway, mayAct, noteHub, signedOut, troubleOf } from './state';
import { TimetableTab } from './timetable/timetable_tab';
import { TomorrowTab } from './tomorrow_tab';
import { Trouble } from './trouble';
import { WhatIfTab } from './what_if_tab';
import { WhyTab } from './why_tab';
import { say, type Word } from './words';

const tabs = {
  now: { title: 'tab.now', view: NowTab },
  why: { title: 'tab.why', view: WhyTab },
  tomorrow: { title: 'tab.tomorrow', view: TomorrowTab },
  'what-if': { title: 'tab.whatIf', view: WhatIfTab },
  timetable: { title: 'tab.timetable', view: TimetableTab },
  money: { title: 'tab.money', view: MoneyTab },
  accounts: { title: 'tab.accounts', view: AccountsTab },
} as const satisfies Record<string, { title: Word; view: () => preact.JSX.Element }>;
type Tab = keyof typeof tabs;

const lookMilliseconds = 3000;
const fragment = () => location.hash.slice(1);
const tabOf = (hash: string): Tab => (Object.hasOwn(tabs, hash) ? (hash as Tab) : 'now');

/** The one-time token leaves the address at once; nobody shall find it in the history. */
function takeSetupToken(): string {
  const token = new URLSearchParams(fragment()).get('setup') ?? '';
  if (token !== '') history.replaceState(null, '', location.pathname);
  return token;
}

export function OperatorPage() {
  const [token, setToken] = useState(takeSetupToken);
  const [trouble, setTrouble] = useState('');
  useEffect(() => {
    hub.session().then(
      (answer) => (account.value = answer.account),
      (error) => {
        account.value = null;
        if (!(error instanceof Refusal) || error.code !== 'signed_out') setTrouble(troubleOf(error));
      },
    );
  }, []);
  document.title = `Aula – ${say('title')}`;
  return (
    <>
      {account.value ? (
        <Office />
      ) : (
        <div class="page">
          <header class="page-head">
            <Brand />
            <LanguageChoice />
          </header>
          <main>
            <Trouble text={trouble} />
            {account.value === null && <Entrance token={token} onTokenUsed={() => setToken('')} />}
          </main>
        </div>
      )}
      <Announcer />
    </>
  );
}

/** The page of somebody who is signed in. */
function Office() {
  const [wanted, setWanted] = useState<Tab>(tabOf(fragment()));
  // Somebody else may have left the address here.
  const tab = wanted === 'accounts' && !mayAct() ? 'now' : wanted;
  const [trouble, setTrouble] = useState('');
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const follow = () => {
      setWanted(tabOf(fragment()));
      heading.current?.focus();
    };
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  useEffect(() => {
    const look = () =>
      hub.now().then(
        (now) => {
          fleet.value = { now, came: Date.now() };
          noteHub(true);
          setTrouble('');
        },
        (error) => {
          if (isAway(error)) noteHub(false);
          else setTrouble(troubleOf(error));
        },
      );
    void look();
    const timer = setInterval(() => document.visibilityState === 'visible' && void look(), lookMilliseconds);
    return () => clearInterval(timer);
  }, []);
  const shown = (Object.keys(tabs) as Tab[]).filter((name) => name !== 'accounts' || mayAct());
  const View = tabs[tab].view;
  return (
    <div class="page operator" data-testid="operator">
      <header class="page-head">
        <Brand />
        <SignedIn />
      </header>
      <nav class="tabs" aria-label={say('tabs')}>
        {shown.map((name) => (
          <a key={name} href={`#${name}`} aria-current={name === tab ? 'page' : undefined} data-testid={`tab-${name}`}>
            {say(tabs[name].title)}
          </a>
        ))}
      </nav>
      <main class="stack">
        <h1 ref={heading} tabIndex={-1}>
          {say(tabs[tab].title)}
        </h1>
        <Trouble text={away.value ? say('trouble.away') : trouble} />
        <View />
      </main>
    </div>
  );
}

function SignedIn() {
  const menu = useRef<HTMLDetailsElement>(null);
  const close = () => menu.current?.removeAttribute('open');
  const closeWithoutFocus = (event: FocusEvent) => {
    if (!menu.current?.contains(event.relatedTarget as Node | null)) close();
  };
  const leave = (everywhere: boolean) =>
    (everywhere ? hub.signOutEverywhere() : hub.signOut())
      .catch(() => {})
      .then(() => {
        signedOut.value = false;
        account.value = null;
      });
  return (
    <details class="menu" ref={menu} onFocusOut={closeWithoutFocus} onKeyDown={(event) => event.key === 'Escape' && close()}>
      <summary data-testid="account-menu">{account.value?.name}</summary>
      <div class="menu-body card stack">
        <p class="soft">{say(mayAct() ? 'role.operator' : 'role.viewer')}</p>
        <LanguageChoice />
        <button type="button" class="button" data-testid="sign-out" onClick={() => void leave(false)}>
          {say('signOut')}
        </button>
        <button type="button" class="button" onClick={() => void leave(true)}>
          {say('signOutEverywhere')}
        </button>
      </div>
    </details>
  );
}
