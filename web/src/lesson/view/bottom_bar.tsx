// SPDX-License-Identifier: Apache-2.0
import { t } from '../../shared/i18n';
import { canShareScreen } from '../entry/browser';
import { wishes } from '../media/wishes';
import type { Inside } from '../visit';
import { isLocked, toggleCamera, toggleHand, toggleMicrophone, toggleScreen, type Switch } from './actions';
import { BarButton } from './bar_button';
import type { ViewProps } from './classroom_view';
import { narrow } from './narrow';
import { PanelButtons } from './panel_buttons';

export function BottomBar({ inside, desk, onLeave }: ViewProps & { onLeave: () => void }) {
  const raised = inside.classroom.self.value?.hand_raised_at != null;
  const more = () => (desk.dialog.value = 'more');
  return (
    <nav class="bar" aria-label={t('bar')}>
      <MicrophoneAndCamera inside={inside} desk={desk} />
      <BarButton
        icon="hand"
        label={t('hand')}
        tip={raised ? t('hand.lower') : t('hand.raise')}
        pressed={raised}
        shortcut="h"
        testId="hand-button"
        disabled={inside.classroom.link.value !== 'open'}
        onClick={() => toggleHand(inside)}
      />
      {!narrow.value && canShareScreen() && (
        <BarButton
          icon="screen"
          label={t('screen')}
          tip={inside.call.sharing.value ? t('screen.stop') : t('screen.start')}
          pressed={inside.call.sharing.value}
          testId="share-button"
          disabled={inside.call.state.value !== 'connected'}
          {...lockOf(inside, 'screen_share', t('screen'))}
          onClick={() => toggleScreen(inside)}
        />
      )}
      {!narrow.value && <PanelButtons inside={inside} desk={desk} />}
      <BarButton icon="more" label={t('more')} testId="more-button" onClick={more} />
      <BarButton icon="leave" label={t('leave')} kind="leave" testId="leave-button" onClick={onLeave} />
    </nav>
  );
}

/** What a button shows and says when the teacher has locked what it switches. */
function lockOf(inside: Inside, what: Switch, label: string) {
  if (!isLocked(inside, what)) return {};
  const locked = t('bar.locked', { label });
  return { locked: true, spoken: locked, tip: locked };
}

function MicrophoneAndCamera({ inside }: ViewProps) {
  const microphone = wishes.microphone.value;
  const camera = wishes.camera.value;
  return (
    <>
      <BarButton
        icon={microphone ? 'microphone' : 'microphoneOff'}
        label={t('mic')}
        tip={microphone ? t('mic.off') : t('mic.on')}
        pressed={microphone}
        shortcut="m"
        testId="mic-button"
        {...lockOf(inside, 'microphone', t('mic'))}
        onClick={() => toggleMicrophone(inside)}
      />
      <BarButton
        icon={camera ? 'camera' : 'cameraOff'}
        label={t('camera')}
        tip={camera ? t('camera.off') : t('camera.on')}
        pressed={camera}
        shortcut="v"
        testId="camera-button"
        {...lockOf(inside, 'camera', t('camera'))}
        onClick={() => toggleCamera(inside)}
      />
    </>
  );
}
