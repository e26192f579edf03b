// SPDX-License-Identifier: Apache-2.0
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { t } from './i18n';
import { Icon } from './icons';

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  testId?: string;
}

/** The browser's own modal dialog: it keeps the focus inside and gives it back when closed. */
export function Dialog({ title, onClose, children, testId }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const before = document.activeElement;
    element.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const closeOnBackdrop = (event: MouseEvent) => {
    if (event.target === element.current) onClose();
  };
  return (
    <dialog ref={element} class="dialog" aria-labelledby={titleId} data-testid={testId} onClose={onClose} onClick={closeOnBackdrop}>
      <div class="dialog-body">
        <header class="dialog-head">
          <h2 id={titleId}>{title}</h2>
          <button type="button" class="button quiet square" aria-label={t('close')} onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}

interface ConfirmProps {
  title: string;
  text: string;
  confirm: string;
  danger?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

export function ConfirmDialog({ title, text, confirm, danger, onConfirm, onClose }: ConfirmProps) {
  const act = () => {
    onConfirm();
    onClose();
  };
  return (
    <Dialog title={title} onClose={onClose} testId="confirm">
      <p>{text}</p>
      <div class="row end">
        <button type="button" class="button" onClick={onClose}>
          {t('cancel')}
        </button>
        <button type="button" class={`button ${danger ? 'danger' : 'primary'}`} data-testid="confirm-button" onClick={act}>
          {confirm}
        </button>
      </div>
    </Dialog>
  );
}
