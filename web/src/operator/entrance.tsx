// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState } from 'preact/hooks';
import { Refusal } from '../shared/api';
import { hub } from './hub_api';
import { account, signedOut, troubleOf } from './state';
import { Trouble } from './trouble';
import { say } from './words';

/** Sign-in; with the one-time link the first account is made instead. */
export function Entrance({ token, onTokenUsed }: { token: string; onTokenUsed: () => void }) {
  const [trouble, setTrouble] = useState('');
  const [busy, setBusy] = useState(false);
  const isFirst = token !== '';
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const enter = async (event: SubmitEvent) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    const [name, password] = [String(fields.get('name')).trim(), String(fields.get('password'))];
    setBusy(true);
    try {
      const answer = isFirst ? await hub.setUp(token, name, password) : await hub.signIn(name, password);
      onTokenUsed();
      signedOut.value = false;
      account.value = answer.account;
      // This form goes, and the focus with it.
      requestAnimationFrame(() => document.querySelector<HTMLElement>('main h1')?.focus());
    } catch (error) {
      if (error instanceof Refusal && error.code === 'set_up') onTokenUsed();
      setTrouble(troubleOf(error));
      setBusy(false);
    }
  };
  return (
    <form class="card stack entrance" onSubmit={(event) => void enter(event)} data-testid={isFirst ? 'setup-form' : 'sign-in-form'}>
      <h1>{say(isFirst ? 'setup.title' : 'signIn.title')}</h1>
      <p class="soft">{say(isFirst ? 'setup.text' : 'signIn.text')}</p>
      <Trouble text={trouble === '' && signedOut.value ? say('trouble.signedOut') : trouble} />
      <label class="field">
        {say('account.name')}
        <input name="name" ref={first} required maxLength={64} autocomplete="username" autocapitalize="none" data-testid="account-name" />
      </label>
      <label class="field">
        {say('account.password')}
        <input
          name="password"
          type="password"
          required
          minLength={isFirst ? 10 : 1}
          autocomplete={isFirst ? 'new-password' : 'current-password'}
          data-testid="account-password"
        />
        {isFirst && <span class="hint">{say('account.passwordHint')}</span>}
      </label>
      <button class="button primary" disabled={busy} data-testid="enter">
        {say(isFirst ? 'setup.do' : 'signIn.do')}
      </button>
    </form>
  );
}
