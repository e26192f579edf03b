// SPDX-License-Identifier: Apache-2.0
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { t } from '../../shared/i18n';
import { Icon } from '../../shared/icons';
import type { Desk, Panel } from './desk';

interface SidePanelProps {
  title: string;
  panel: Panel;
  desk: Desk;
  children: ComponentChildren;
}

/** The one panel beside the stage; on a phone it takes the stage's place. */
export function SidePanel({ title, panel, desk, children }: SidePanelProps) {
  const id = useId();
  const close = () => {
    desk.panel.value = null;
    document.querySelector<HTMLElement>(`[data-testid="${panel}-button"]`)?.focus();
  };
  const closeOnEscape = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && !document.querySelector('dialog[open]')) close();
  };
  return (
    <section class="panel" aria-labelledby={id} data-testid={`${panel}-panel`} onKeyDown={closeOnEscape}>
      <header class="panel-head">
        <h2 id={id}>{title}</h2>
        <button type="button" class="button quiet square" aria-label={t('close')} onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      {children}
    </section>
  );
}
