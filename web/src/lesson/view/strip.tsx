// SPDX-License-Identifier: Apache-2.0
import { t } from '../../shared/i18n';
import type { Desk } from './desk';
import { stripOrder } from './people';
import { Tile } from './tile';

/** Everybody who is not already large on the stage. */
export function Strip({ desk }: { desk: Desk }) {
  const stage = desk.stage.value;
  const large = stage?.shows === 'person' ? stage.person.identity : null;
  const people = stripOrder(desk.here.value).filter((it) => it.identity !== large);
  if (people.length === 0) return null;
  return (
    <ul class="strip" aria-label={t('strip')} data-testid="strip">
      {people.map((person) => (
        <Tile
          key={person.identity}
          person={person}
          pinned={desk.pinned.value === person.identity}
          onPin={() => desk.togglePin(person.identity)}
        />
      ))}
    </ul>
  );
}
