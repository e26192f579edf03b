// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';
import { announce } from '../shared/announce';
import { Dialog } from '../shared/dialog';
import { FormEnd } from './form_end';
import { troubleOf } from './state';
import { say } from './words';

interface ActDialogProps {
  title: string;
  text: string;
  confirm: string;
  danger?: boolean;
  /** Asks why; the answer goes into the log. */
  asksWhy?: boolean;
  act: (why: string) => Promise<unknown>;
  onClose: () => void;
}

/** Says what will happen before it does, and stays open with the reason when it could not. */
export function ActDialog({ title, text, confirm, danger = false, asksWhy = true, act, onClose }: ActDialogProps) {
  const [trouble, setTrouble] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const why = String(new FormData(event.currentTarget as HTMLFormElement).get('why') ?? '').trim();
    setBusy(true);
    try {
      await act(why);
      announce(say('act.done', { what: title }));
      onClose();
    } catch (error) {
      setTrouble(troubleOf(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose} testId="act-dialog">
      <form class="stack" onSubmit={(event) => void submit(event)}>
        <p>{text}</p>
        {asksWhy && (
          <label class="field">
            <span>
              {say('act.why')} <span class="hint">{say('optional')}</span>
            </span>
            <input name="why" autofocus maxLength={300} autocomplete="off" data-testid="act-why" />
          </label>
        )}
        <FormEnd confirm={confirm} trouble={trouble} danger={danger} busy={busy} testId="act-confirm" onClose={onClose} />
      </form>
    </Dialog>
  );
}
