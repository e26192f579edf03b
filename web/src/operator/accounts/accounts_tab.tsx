// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';
import { announce } from '../../shared/announce';
import { Dialog } from '../../shared/dialog';
import { ActDialog } from '../act_dialog';
import { useAsked } from '../asked';
import { dayAndTime } from '../format';
import { FormEnd } from '../form_end';
import { hub, type Role } from '../hub_api';
import { account, troubleOf } from '../state';
import { Trouble } from '../trouble';
import { say } from '../words';

type Open = { kind: 'add' | 'own' } | { kind: 'password' | 'remove'; name: string } | null;

/** Who may sign in here. */
export function AccountsTab() {
  const { answer: list, setAnswer: setList, trouble, setTrouble, again: load } = useAsked(hub.accounts, []);
  const [open, setOpen] = useState<Open>(null);
  const close = () => {
    setOpen(null);
    void load();
  };
  const setRole = (name: string, role: Role) => hub.changeAccount(name, { role }).then(load, (error) => (setTrouble(troubleOf(error)), setList([...(list ?? [])])));
  return (
    <>
      <p class="lead">{say('accounts.text')}</p>
      <Trouble text={trouble} />
      <ul class="plain accounts">
        {list?.map((one) => (
          <li key={one.name} class="card account" data-testid="account" data-name={one.name}>
            <div>
              <h2>{one.name}</h2>
              <p class="soft">{one.last_sign_in === null ? say('accounts.never') : say('accounts.last', { time: dayAndTime(one.last_sign_in) })}</p>
            </div>
            <label class="field">
              {say('accounts.role')}
              <select value={one.role} onChange={(event) => void setRole(one.name, event.currentTarget.value as Role)}>
                <option value="viewer">{say('role.viewer')}</option>
                <option value="operator">{say('role.operator')}</option>
              </select>
            </label>
            <div class="row">
              <button
                type="button"
                class="button"
                aria-label={`${say('accounts.password')}: ${one.name}`}
                onClick={() => setOpen(one.name === account.value?.name ? { kind: 'own' } : { kind: 'password', name: one.name })}
              >
                {say('accounts.password')}
              </button>
              <button type="button" class="button" aria-label={`${say('accounts.remove')}: ${one.name}`} onClick={() => setOpen({ kind: 'remove', name: one.name })}>
                {say('accounts.remove')}
              </button>
            </div>
          </li>
        ))}
      </ul>
      <div class="row">
        <button type="button" class="button primary" onClick={() => setOpen({ kind: 'add' })} data-testid="add-account">
          {say('accounts.add')}
        </button>
      </div>
      {open?.kind === 'add' && <AddAccount onClose={close} />}
      {open?.kind === 'own' && <NewPassword onClose={close} />}
      {open?.kind === 'password' && <NewPassword name={open.name} onClose={close} />}
      {open?.kind === 'remove' && (
        <ActDialog
          title={say('accounts.removeTitle', { name: open.name })}
          text={say('accounts.removeText')}
          confirm={say('accounts.remove')}
          danger
          asksWhy={false}
          act={() => hub.removeAccount(open.name)}
          onClose={close}
        />
      )}
    </>
  );
}

function Password({ name, label, fresh }: { name: string; label: string; fresh: boolean }) {
  return (
    <label class="field">
      {label}
      <input name={name} type="password" required minLength={fresh ? 10 : 1} autocomplete={fresh ? 'new-password' : 'current-password'} data-testid={`field-${name}`} />
      {fresh && <span class="hint">{say('account.passwordHint')}</span>}
    </label>
  );
}

function useSubmit(act: (fields: (name: string) => string) => Promise<unknown>, onClose: () => void, done: string) {
  const [trouble, setTrouble] = useState('');
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    try {
      await act((name) => String(fields.get(name) ?? ''));
      announce(done);
      onClose();
    } catch (error) {
      setTrouble(troubleOf(error));
    }
  };
  return { trouble, submit };
}

function AddAccount({ onClose }: { onClose: () => void }) {
  const { trouble, submit } = useSubmit((field) => hub.addAccount(field('name').trim(), field('password'), field('role') as Role), onClose, say('accounts.added'));
  return (
    <Dialog title={say('accounts.add')} onClose={onClose} testId="account-dialog">
      <form class="stack" onSubmit={(event) => void submit(event)}>
        <label class="field">
          {say('account.name')}
          <input name="name" required autofocus maxLength={64} autocomplete="off" autocapitalize="none" data-testid="field-name" />
        </label>
        <Password name="password" label={say('account.password')} fresh />
        <label class="field">
          {say('accounts.role')}
          <select name="role" data-testid="field-role">
            <option value="viewer">{say('role.viewer')}</option>
            <option value="operator">{say('role.operator')}</option>
          </select>
        </label>
        <FormEnd confirm={say('accounts.add')} trouble={trouble} testId="account-save" onClose={onClose} />
      </form>
    </Dialog>
  );
}

/** One's own needs the old one; somebody else's does not. */
function NewPassword({ name, onClose }: { name?: string; onClose: () => void }) {
  const { trouble, submit } = useSubmit(
    (field) => (name === undefined ? hub.changePassword(field('old'), field('password')) : hub.changeAccount(name, { password: field('password') })),
    onClose,
    say('accounts.passwordSet'),
  );
  return (
    <Dialog title={say('accounts.passwordTitle', { name: name ?? account.value?.name ?? '' })} onClose={onClose}>
      <form class="stack" onSubmit={(event) => void submit(event)}>
        <p>{say('accounts.passwordText')}</p>
        {name === undefined && <Password name="old" label={say('accounts.oldPassword')} fresh={false} />}
        <Password name="password" label={say('accounts.newPassword')} fresh />
        <FormEnd confirm={say('save')} trouble={trouble} onClose={onClose} />
      </form>
    </Dialog>
  );
}
