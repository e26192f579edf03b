// SPDX-License-Identifier: Apache-2.0
import { t } from '../../shared/i18n';
import { Icon } from '../../shared/icons';
import { hueOf, initials } from '../../shared/text';
import type { Person } from './people';
import { Video } from './picture';

const hues = 6;

export function displayName(person: Person): string {
  return person.isSelf ? t('people.you', { name: person.name }) : person.name;
}

/** Everything the tile shows by pictures, in words. */
export function describe(person: Person): string {
  const parts = [displayName(person)];
  if (person.role === 'teacher') parts.push(t('role.teacher'));
  if (person.seen?.speaking) parts.push(t('people.speaking'));
  parts.push(person.seen?.microphone ? t('people.micOn') : t('people.micOff'));
  if (person.handRaisedAt !== null) parts.push(t('people.handRaised'));
  if (person.seen?.weakLink) parts.push(t('people.weakLink'));
  return parts.join(', ');
}

interface TileProps {
  person: Person;
  pinned: boolean;
  onPin: () => void;
}

/** A person in the strip; a press puts them on the stage. */
export function Tile({ person, pinned, onPin }: TileProps) {
  const classes = `tile ${person.seen?.speaking ? 'speaking' : ''} ${pinned ? 'pinned' : ''}`;
  return (
    <li class="tile-place">
      <button
        type="button"
        class={classes}
        aria-pressed={pinned}
        aria-label={`${describe(person)}. ${t('tile.pin')}`}
        data-testid="tile"
        data-identity={person.identity}
        onClick={onPin}
      >
        <PersonFace person={person} />
        {pinned && (
          <span class="corner">
            <Icon name="pin" size={18} />
          </span>
        )}
      </button>
    </li>
  );
}

export function PersonFace({ person, large = false }: { person: Person; large?: boolean }) {
  const camera = person.seen?.camera;
  return (
    <>
      {camera ? (
        <Video picture={camera} label={t('tile.camera', { name: person.name })} mirrored={person.isSelf} />
      ) : (
        <Face person={person} size={large ? 'large' : ''} />
      )}
      <NamePlate person={person} />
    </>
  );
}

/** The initials come from the style sheet, so that they are a picture and no text to read out. */
export function Face({ person, size }: { person: Person; size: '' | 'small' | 'large' }) {
  const hue = hueOf(person.identity, hues);
  return <span class={`face ${size} hue-${hue}`} data-initials={initials(person.name)} aria-hidden="true" />;
}

export function NamePlate({ person, text }: { person: Person; text?: string }) {
  return (
    <span class="plate" aria-hidden="true">
      {person.seen?.speaking ? <SpeakingMark /> : <Icon name={person.seen?.microphone ? 'microphone' : 'microphoneOff'} size={18} />}
      <span class="plate-name">{text ?? displayName(person)}</span>
      {person.role === 'teacher' && <Icon name="teacher" size={18} />}
      {person.seen?.weakLink && <Icon name="weak" size={18} />}
      {person.handRaisedAt !== null && (
        <span class="hand-mark">
          <Icon name="hand" size={18} />
        </span>
      )}
    </span>
  );
}

/** Three bars: the sign of speaking that does not depend on colour. */
function SpeakingMark() {
  return (
    <svg class="speaking-mark" width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
      <path d="M3 6v6M9 2v14M15 6v6" />
    </svg>
  );
}
