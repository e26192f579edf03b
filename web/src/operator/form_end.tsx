// SPDX-License-Identifier: Apache-2.0
import { Trouble } from './trouble';
import { say } from './words';

interface FormEndProps {
  confirm: string;
  trouble?: string;
  danger?: boolean;
  busy?: boolean;
  testId?: string;
  onClose: () => void;
}

/** The last lines of a dialog's form: what went wrong, away, and do it. */
export function FormEnd({ confirm, trouble = '', danger = false, busy = false, testId, onClose }: FormEndProps) {
  return (
    <>
      <Trouble text={trouble} />
      <div class="row end">
        <button type="button" class="button" onClick={onClose}>
          {say('cancel')}
        </button>
        <button class={`button ${danger ? 'danger' : 'primary'}`} disabled={busy} data-testid={testId}>
          {confirm}
        </button>
      </div>
    </>
  );
}
