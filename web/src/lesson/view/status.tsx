// SPDX-License-Identifier: Apache-2.0
import { t, type Key } from '../../shared/i18n';
import type { LinkState } from '../classroom/classroom';
import type { CallState } from '../media/call';
import type { Inside } from '../visit';

export type Status = 'connected' | 'connecting' | 'opening' | 'reconnecting';

/** One word for both connections: it is well only when both are. */
export function statusOf(link: LinkState, call: CallState): Status {
  if (link === 'opening') return 'opening';
  if (link === 'lost' || call === 'reconnecting') return 'reconnecting';
  return link === 'open' && call === 'connected' ? 'connected' : 'connecting';
}

const words: Record<Exclude<Status, 'opening'>, Key> = {
  connected: 'status.connected',
  connecting: 'status.connecting',
  reconnecting: 'status.reconnecting',
};

export function StatusLine({ inside: { classroom, call } }: { inside: Inside }) {
  const status = statusOf(classroom.link.value, call.state.value);
  const seconds = classroom.openingSeconds.value;
  const opening = () => (seconds === null ? t('joining.opening') : t('status.opening', { seconds }));
  return (
    <p class={`status ${status}`} role="status" data-testid="status" data-state={status}>
      <i aria-hidden="true" />
      {status === 'opening' ? opening() : t(words[status])}
    </p>
  );
}
