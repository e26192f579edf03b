// SPDX-License-Identifier: Apache-2.0
import { Dialog } from '../../shared/dialog';
import { t } from '../../shared/i18n';
import { Icon, type IconName } from '../../shared/icons';
import type { Command } from '../classroom/protocol';
import type { ViewProps } from './classroom_view';
import type { Person } from './people';
import { tellIfRefused } from './refusals';

interface PersonDialogProps extends ViewProps {
  person: Person;
  onClose: () => void;
}

/** What a teacher can do for or with one person, each with its word. */
export function PersonDialog({ person, inside: { classroom }, desk, onClose }: PersonDialogProps) {
  const { identity, name, role, handRaisedAt, seen } = person;
  const lit = classroom.lesson.value?.spotlight === identity;
  const give = (command: Command) => () => {
    void classroom.tell(command).then(tellIfRefused);
    onClose();
  };
  const pin = () => {
    desk.togglePin(identity);
    onClose();
  };
  const pinned = desk.pinned.value === identity;
  return (
    <Dialog title={name} onClose={onClose} testId="person-dialog">
      <div class="choices">
        <Choice icon="pin" text={pinned ? t('stage.unpin') : t('person.pin')} testId="pin-person" onClick={pin} />
        <Choice
          icon="screen"
          text={lit ? t('person.unlight') : t('person.light')}
          testId="spotlight-person"
          onClick={give({ command: 'spotlight', identity: lit ? null : identity })}
        />
        {handRaisedAt !== null && (
          <Choice icon="hand" text={t('hand.lower')} testId="lower-person" onClick={give({ command: 'lower_hand', identity })} />
        )}
        {seen?.camera && (
          <Choice icon="cameraOff" text={t('person.cameraOff')} testId="camera-off-person" onClick={give({ command: 'mute', identity, source: 'camera' })} />
        )}
        {seen?.screen && (
          <Choice icon="screen" text={t('person.screenOff')} testId="screen-off-person" onClick={give({ command: 'mute', identity, source: 'screen_share' })} />
        )}
        <Choice
          icon="teacher"
          text={role === 'teacher' ? t('person.makePupil') : t('person.makeTeacher')}
          testId="role-person"
          onClick={give({ command: 'set_role', identity, role: role === 'teacher' ? 'pupil' : 'teacher' })}
        />
      </div>
    </Dialog>
  );
}

interface ChoiceProps {
  icon: IconName;
  text: string;
  testId: string;
  onClick: () => void;
  danger?: boolean;
}

export function Choice({ icon, text, testId, onClick, danger = false }: ChoiceProps) {
  return (
    <button type="button" class={`button choice ${danger ? 'danger' : ''}`} data-testid={testId} onClick={onClick}>
      <Icon name={icon} />
      {text}
    </button>
  );
}
