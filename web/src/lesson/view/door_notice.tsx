// SPDX-License-Identifier: Apache-2.0
import { t } from '../../shared/i18n';
import { Icon } from '../../shared/icons';
import type { Classroom } from '../classroom/classroom';
import type { WaitingGuest } from '../classroom/protocol';
import type { ViewProps } from './classroom_view';
import { tellIfRefused } from './refusals';

/** Who waits at the door, for teachers: one guest with both answers, several with a way to the list. */
export function DoorNotice({ inside: { classroom }, desk }: ViewProps) {
  const waiting = classroom.atDoor.value;
  const first = waiting[0];
  if (!classroom.isTeacher.value || first === undefined) return null;
  const showsList = desk.panel.value === 'people';
  return (
    <div class="notices door-notices" role="region" aria-label={t('lobby.atDoor')}>
      <div class="notice" data-testid="door-notice" data-count={waiting.length}>
        <Icon name="people" />
        <p>{waiting.length === 1 ? t('lobby.one', { name: first.name }) : t('lobby.several', { count: waiting.length })}</p>
        {waiting.length === 1 ? (
          <Answers guest={first} classroom={classroom} />
        ) : (
          <>
            <AdmitAll classroom={classroom} />
            {!showsList && (
              <button type="button" class="button" data-testid="door-show" onClick={() => desk.togglePanel('people')}>
                {t('lobby.show')}
              </button>
            )}
          </>
        )}
      </div>
    </div>
  );
}

/** The same, one by one, in the list of people. */
export function DoorList({ inside: { classroom } }: ViewProps) {
  const waiting = classroom.atDoor.value;
  if (waiting.length === 0) return null;
  return (
    <section class="hands" aria-label={t('lobby.atDoor')}>
      <h3>{t('lobby.atDoor')}</h3>
      <ul data-testid="door-list">
        {waiting.map((guest) => (
          <li key={guest.identity} data-identity={guest.identity} class="at-door">
            <span class="grow">{guest.name}</span>
            <Answers guest={guest} classroom={classroom} />
          </li>
        ))}
      </ul>
      {waiting.length > 1 && <AdmitAll classroom={classroom} />}
    </section>
  );
}

function Answers({ guest: { identity, name }, classroom }: { guest: WaitingGuest; classroom: Classroom }) {
  const tell = (command: 'admit' | 'turn_away') => () => void classroom.tell({ command, identity }).then(tellIfRefused);
  return (
    <span class="answers">
      <button type="button" class="button primary small" aria-label={t('lobby.admitName', { name })} data-testid="admit" onClick={tell('admit')}>
        {t('lobby.admit')}
      </button>
      <button type="button" class="button small" aria-label={t('lobby.refuseName', { name })} data-testid="turn-away" onClick={tell('turn_away')}>
        {t('lobby.refuse')}
      </button>
    </span>
  );
}

function AdmitAll({ classroom }: { classroom: Classroom }) {
  const admit = () => void classroom.tell({ command: 'admit' }).then(tellIfRefused);
  return (
    <button type="button" class="button primary small" data-testid="admit-all" onClick={admit}>
      {t('lobby.admitAll')}
    </button>
  );
}
