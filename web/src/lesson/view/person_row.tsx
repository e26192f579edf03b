// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';
import { ConfirmDialog } from '../../shared/dialog';
import { t } from '../../shared/i18n';
import { Icon } from '../../shared/icons';
import type { Inside } from '../visit';
import type { Person } from './people';
import { tellIfRefused } from './refusals';
import { displayName, Face } from './tile';

interface PersonRowProps {
  person: Person;
  inside: Inside;
  teaching: boolean;
  onMore: () => void;
}

export function PersonRow({ person, inside, teaching, onMore }: PersonRowProps) {
  const { identity, role, isSelf, connected } = person;
  const state = stateOf(person);
  const canMute = teaching && !isSelf && person.seen?.microphone;
  return (
    <li class={`person ${connected ? '' : 'away'}`} data-testid="person-row" data-identity={identity} data-role={role}>
      <Face person={person} size="small" />
      <span class="person-name">
        <span>{displayName(person)}</span>
        {state && <span class="soft">{state}</span>}
      </span>
      {canMute ? <MuteButton person={person} inside={inside} /> : <MicrophoneState person={person} />}
      {teaching && !isSelf && <TeachersButtons person={person} inside={inside} onMore={onMore} />}
    </li>
  );
}

function stateOf({ role, connected, handRaisedAt, seen }: Person): string {
  const words = role === 'teacher' ? [t('role.teacher')] : [];
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

/** Shows that the microphone is on and, pressed, switches it off. */
function MuteButton({ person: { identity, name, seen }, inside: { classroom } }: Pick<PersonRowProps, 'person' | 'inside'>) {
  const mute = () => void classroom.tell({ command: 'mute', identity, source: 'microphone' }).then(tellIfRefused);
  const kind = seen?.speaking ? 'speaking' : '';
  return <IconButton icon="microphone" label={t('person.muteName', { name })} testId="mute-person" kind={kind} onClick={mute} />;
}

function TeachersButtons({ person, inside, onMore }: Pick<PersonRowProps, 'person' | 'inside' | 'onMore'>) {
  const { identity, name } = person;
  const [asking, setAsking] = useState(false);
  const { classroom } = inside;
  const remove = () => void classroom.tell({ command: 'remove', identity }).then(tellIfRefused);
  return (
    <span class="person-actions">
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
  icon: 'remove' | 'more' | 'microphone';
  kind?: string;
  label: string;
  testId: string;
  onClick: () => void;
}

function IconButton({ icon, label, testId, kind = '', onClick }: IconButtonProps) {
  return (
    <button type="button" class={`button quiet square small ${kind}`} aria-label={label} title={label} data-testid={testId} onClick={onClick}>
      <Icon name={icon} size={20} />
    </button>
  );
}
