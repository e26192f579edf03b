// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';
import { ConfirmDialog } from '../../shared/dialog';
import { t } from '../../shared/i18n';
import { Icon } from '../../shared/icons';
import { hueOf, initials } from '../../shared/text';
import type { Inside } from '../visit';
import type { Person } from './people';
import { tellIfRefused } from './refusals';
import { displayName, hues } from './tile';

interface PersonRowProps {
  person: Person;
  inside: Inside;
  teaching: boolean;
  onMore: () => void;
}

export function PersonRow({ person, inside, teaching, onMore }: PersonRowProps) {
  const { identity, name, role, isSelf, connected } = person;
  return (
    <li class={`person ${connected ? '' : 'away'}`} data-testid="person-row" data-identity={identity} data-role={role}>
      <span class={`face small hue-${hueOf(identity, hues)}`} aria-hidden="true">
        {initials(name)}
      </span>
      <span class="person-name">
        <span>{displayName(person)}</span>
        <span class="soft person-state">{stateOf(person)}</span>
      </span>
      <MicrophoneState person={person} />
      {teaching && <TeachersButtons person={person} inside={inside} onMore={onMore} isSelf={isSelf} />}
    </li>
  );
}

function stateOf({ role, connected, handRaisedAt, seen }: Person): string {
  const words = [t(role === 'teacher' ? 'role.teacher' : 'role.pupil')];
  if (!connected) words.push(t('people.away'));
  if (handRaisedAt !== null) words.push(t('people.handRaised'));
  if (seen?.weakLink) words.push(t('people.weakLink'));
  return words.join(' · ');
}

function MicrophoneState({ person: { seen } }: { person: Person }) {
  const on = seen?.microphone ?? false;
  const text = on ? t('people.micOn') : t('people.micOff');
  return (
    <span class={`mic-state ${seen?.speaking ? 'speaking' : ''}`} title={text}>
      <Icon name={on ? 'microphone' : 'microphoneOff'} size={20} />
      <span class="visually-hidden">{text}</span>
    </span>
  );
}

function TeachersButtons({ person, inside, isSelf, onMore }: Pick<PersonRowProps, 'person' | 'inside' | 'onMore'> & { isSelf: boolean }) {
  const { identity, name, seen } = person;
  const [asking, setAsking] = useState(false);
  const { classroom } = inside;
  const mute = () => void classroom.tell({ command: 'mute', identity, source: 'microphone' }).then(tellIfRefused);
  const remove = () => void classroom.tell({ command: 'remove', identity }).then(tellIfRefused);
  if (isSelf) return null;
  return (
    <span class="person-actions">
      {seen?.microphone && (
        <button type="button" class="button small" data-testid="mute-person" aria-label={t('person.muteName', { name })} onClick={mute}>
          {t('person.mute')}
        </button>
      )}
      <IconButton icon="remove" label={t('person.removeName', { name })} testId="remove-person" onClick={() => setAsking(true)} />
      <IconButton icon="more" label={t('person.moreName', { name })} testId="more-person" onClick={onMore} />
      {asking && (
        <ConfirmDialog
          title={t('person.removeTitle', { name })}
          text={t('person.removeText')}
          confirm={t('person.remove')}
          danger
          onConfirm={remove}
          onClose={() => setAsking(false)}
        />
      )}
    </span>
  );
}

interface IconButtonProps {
  icon: 'remove' | 'more';
  label: string;
  testId: string;
  onClick: () => void;
}

function IconButton({ icon, label, testId, onClick }: IconButtonProps) {
  return (
    <button type="button" class="button quiet square small" aria-label={label} title={label} data-testid={testId} onClick={onClick}>
      <Icon name={icon} size={20} />
    </button>
  );
}
