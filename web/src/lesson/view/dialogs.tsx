// SPDX-License-Identifier: Apache-2.0
import { ConfirmDialog, Dialog } from '../../shared/dialog';
import { t } from '../../shared/i18n';
import type { ViewProps } from './classroom_view';
import { MoreDialog } from './more_dialog';
import { Choice } from './person_dialog';
import { tellIfRefused } from './refusals';

type DialogsProps = ViewProps & { onLeave: () => void };

/** The dialog that is open, if any. */
export function Dialogs({ inside, desk, onLeave }: DialogsProps) {
  const close = () => (desk.dialog.value = null);
  switch (desk.dialog.value) {
    case 'more':
      return <MoreDialog inside={inside} desk={desk} onClose={close} />;
    case 'leave':
      return <LeaveDialog inside={inside} onLeave={onLeave} onClose={close} />;
    case 'muteAll':
      return (
        <ConfirmDialog
          title={t('people.muteAll')}
          text={t('people.muteAllText')}
          confirm={t('people.muteAll')}
          onConfirm={() => void inside.classroom.tell({ command: 'mute', source: 'microphone' }).then(tellIfRefused)}
          onClose={close}
        />
      );
    case null:
      return null;
  }
}

/** Teachers choose: the class can stay or go. */
function LeaveDialog({ inside, onLeave, onClose }: Pick<DialogsProps, 'inside' | 'onLeave'> & { onClose: () => void }) {
  const end = () => {
    void inside.classroom.tell({ command: 'end' }).then(tellIfRefused);
    onClose();
  };
  return (
    <Dialog title={t('leave.title')} onClose={onClose} testId="leave-dialog">
      <p class="soft">{t('leave.text')}</p>
      <div class="choices">
        <Choice icon="leave" text={t('leave.only')} testId="leave-only" onClick={onLeave} />
        <Choice icon="end" text={t('leave.all')} testId="end-lesson" onClick={end} danger />
      </div>
    </Dialog>
  );
}
