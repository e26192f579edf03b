// SPDX-License-Identifier: Apache-2.0
import { useId, useRef, useState } from 'preact/hooks';
import { announce } from '../shared/announce';
import { t } from '../shared/i18n';
import { Icon } from '../shared/icons';

interface CopyFieldProps {
  label: string;
  hint: string;
  value: string;
  testId: string;
  open?: boolean;
}

export function CopyField({ label, hint, value, testId, open = false }: CopyFieldProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    input.current?.select();
    try {
      await navigator.clipboard.writeText(value);
    } catch {
      // No clipboard on plain http addresses: the text stands selected, ready for Ctrl+C.
      return;
    }
    setCopied(true);
    announce(t('start.copied'));
    setTimeout(() => setCopied(false), 2500);
  };
  return (
    <div class="copy-field">
      <label for={id}>{label}</label>
      <p class="soft" id={`${id}-hint`}>
        {hint}
      </p>
      <div class="copy-row">
        <input ref={input} id={id} readOnly value={value} aria-describedby={`${id}-hint`} data-testid={testId} />
        <button type="button" class="button" onClick={copy} aria-label={`${t('start.copy')}: ${label}`}>
          <Icon name={copied ? 'check' : 'copy'} size={20} />
          {copied ? t('start.copied') : t('start.copy')}
        </button>
        <a class={`button ${open ? 'primary' : ''}`} href={value} target="_blank" rel="noopener" aria-label={`${t('start.open')}: ${label}`}>
          <Icon name="open" size={20} />
          {t('start.open')}
        </a>
      </div>
    </div>
  );
}
