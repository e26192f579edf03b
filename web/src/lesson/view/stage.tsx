// SPDX-License-Identifier: Apache-2.0
import { t } from '../../shared/i18n';
import { Icon } from '../../shared/icons';
import type { Desk } from './desk';
import { Video } from './picture';
import type { StageChoice } from './stage_choice';
import { describe, NamePlate, PersonFace } from './tile';

export function Stage({ desk }: { desk: Desk }) {
  const choice = desk.stage.value;
  const alone = desk.here.value.length <= 1;
  return (
    <section class="stage" aria-label={t('stage')} data-testid="stage" data-identity={choice?.person.identity} data-shows={choice?.shows}>
      {choice && <OnStage key={choice.shows + choice.person.identity} choice={choice} />}
      {choice && choice.person.identity === desk.pinned.value && (
        <button type="button" class="button stage-button" onClick={() => (desk.pinned.value = null)} data-testid="unpin">
          <Icon name="pin" size={20} />
          {t('stage.unpin')}
        </button>
      )}
      {alone && <p class="alone">{t('stage.alone')}</p>}
    </section>
  );
}

function OnStage({ choice: { person, shows } }: { choice: StageChoice }) {
  const screen = person.seen?.screen;
  if (shows === 'screen' && screen) {
    if (person.isSelf) return <OwnScreen />;
    return (
      <div class="on-stage screen">
        <Video picture={screen} label={t('stage.screenOf', { name: person.name })} />
        <NamePlate person={person} text={t('stage.screenOf', { name: person.name })} />
      </div>
    );
  }
  const classes = `tile on-stage ${person.seen?.speaking ? 'speaking' : ''}`;
  return (
    <div class={classes} role="group" aria-label={describe(person)} data-testid="tile" data-identity={person.identity}>
      <PersonFace person={person} large />
    </div>
  );
}

/** One's own screen is not shown to oneself: it would show itself without end. */
function OwnScreen() {
  return (
    <div class="on-stage own-screen">
      <Icon name="screen" size={48} />
      <p>{t('stage.youShare')}</p>
    </div>
  );
}
