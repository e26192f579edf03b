// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';
import { formatTime, t } from '../../shared/i18n';
import { Icon } from '../../shared/icons';
import type { ViewProps } from './classroom_view';
import { DoorList } from './door_notice';
import type { Person } from './people';
import { PersonDialog } from './person_dialog';
import { PersonRow } from './person_row';
import { tellIfRefused } from './refusals';
import { SidePanel } from './side_panel';
import { displayName } from './tile';

export function PeoplePanel({ inside, desk }: ViewProps) {
  const { classroom } = inside;
  const [chosen, setChosen] = useState<string | null>(null);
  const people = listOrder(desk.people.value);
  const teaching = classroom.isTeacher.value;
  const chosenPerson = people.find((it) => it.identity === chosen);
  return (
    <SidePanel title={t('people.title', { count: desk.here.value.length })} panel="people" desk={desk}>
      <div class="panel-scroll" tabIndex={0} role="group" aria-label={t('people.title', { count: people.length })}>
        {teaching && (
          <button type="button" class="button mute-all" data-testid="mute-all" onClick={() => (desk.dialog.value = 'muteAll')}>
            <Icon name="microphoneOff" size={20} />
            {t('people.muteAll')}
          </button>
        )}
        {teaching && <DoorList inside={inside} desk={desk} />}
        <Hands inside={inside} desk={desk} />
        <ul class="people">
          {people.map((person) => (
            <PersonRow key={person.identity} person={person} inside={inside} teaching={teaching} onMore={() => setChosen(person.identity)} />
          ))}
        </ul>
        {teaching && <Removed inside={inside} desk={desk} />}
      </div>
      {chosenPerson && <PersonDialog person={chosenPerson} inside={inside} desk={desk} onClose={() => setChosen(null)} />}
    </SidePanel>
  );
}

/** Teachers, then pupils by name, as in a class register. */
function listOrder(people: readonly Person[]): Person[] {
  const rank = (it: Person) => (it.role === 'teacher' ? 0 : 1);
  return [...people].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

function Hands({ inside: { classroom }, desk }: ViewProps) {
  const hands = classroom.hands.value;
  if (hands.length === 0) return null;
  const names = new Map(desk.people.value.map((it) => [it.identity, displayName(it)]));
  const lower = (identity: string) => void classroom.tell({ command: 'lower_hand', identity }).then(tellIfRefused);
  return (
    <section class="hands" aria-label={t('hands.title')}>
      <h3>{t('hands.title')}</h3>
      <ol data-testid="hands">
        {hands.map(({ identity, hand_raised_at }) => (
          <li key={identity} data-identity={identity}>
            <Icon name="hand" size={20} />
            <span class="grow">{names.get(identity)}</span>
            <time class="soft">{formatTime(hand_raised_at!)}</time>
            {classroom.isTeacher.value && (
              <button type="button" class="button quiet small" data-testid="lower-hand" onClick={() => lower(identity)}>
                {t('hands.lower')}
              </button>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Whoever was removed by mistake can be let back. */
function Removed({ inside: { classroom } }: ViewProps) {
  const removed = classroom.lesson.value?.removed ?? [];
  if (removed.length === 0) return null;
  const allow = (identity: string) => void classroom.tell({ command: 'allow_back', identity }).then(tellIfRefused);
  return (
    <section class="hands" aria-label={t('people.removed')}>
      <h3>{t('people.removed')}</h3>
      <ul>
        {removed.map(({ identity, name }) => (
          <li key={identity}>
            <span class="grow">{name}</span>
            <button type="button" class="button quiet small" data-testid="allow-back" onClick={() => allow(identity)}>
              {t('people.allowBack')}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
