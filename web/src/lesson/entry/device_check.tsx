// SPDX-License-Identifier: Apache-2.0
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { t } from '../../shared/i18n';
import { Icon } from '../../shared/icons';
import { streamLevel } from '../media/level';
import { wishes } from '../media/wishes';
import { LevelBar } from '../view/level_bar';
import { DeviceSelect } from '../view/device_select';
import { Preview } from './preview';

/** Camera and microphone are off until chosen, and nothing here stands in the way in. */
export function DeviceCheck() {
  const preview = useMemo(() => new Preview(), []);
  useEffect(() => () => preview.stop(), []);
  const { video, audio, problem } = preview;
  return (
    <div class="stack device-check">
      <PreviewPicture stream={video.value} />
      <div class="row toggles">
        <Toggle
          on={wishes.microphone.value}
          icon={wishes.microphone.value ? 'microphone' : 'microphoneOff'}
          label={t('microphone')}
          testId="entry-mic"
          onChange={(on) => void preview.setMicrophone(on)}
        />
        <Toggle
          on={wishes.camera.value}
          icon={wishes.camera.value ? 'camera' : 'cameraOff'}
          label={t('camera')}
          testId="entry-camera"
          onChange={(on) => void preview.setCamera(on)}
        />
      </div>
      {audio.value && <MicrophoneLevel stream={audio.value} />}
      {problem.value && (
        <p class="problem" role="alert">
          <Icon name="warning" />
          <span>
            {t(problem.value)} {t('entry.anyway')}
          </span>
        </p>
      )}
      {audio.value && <DeviceSelect kind="audioinput" onChoose={() => void preview.setMicrophone(true)} />}
      {video.value && <DeviceSelect kind="videoinput" onChoose={() => void preview.setCamera(true)} />}
    </div>
  );
}

function PreviewPicture({ stream }: { stream: MediaStream | null }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current) video.current.srcObject = stream;
  }, [stream]);
  return (
    <div class="preview">
      {stream ? (
        <video ref={video} class="mirrored" autoplay muted playsInline aria-label={t('entry.preview')} />
      ) : (
        <p>
          <Icon name="cameraOff" size={32} />
          {t('entry.cameraOff')}
        </p>
      )}
    </div>
  );
}

function MicrophoneLevel({ stream }: { stream: MediaStream }) {
  const level = useMemo(() => streamLevel(stream), [stream]);
  useEffect(() => () => level.stop(), [level]);
  return (
    <div class="row" role="group" aria-label={t('entry.level')}>
      <span class="soft">{t('entry.level')}</span>
      <LevelBar read={level.read} />
    </div>
  );
}

interface ToggleProps {
  on: boolean;
  icon: 'microphone' | 'microphoneOff' | 'camera' | 'cameraOff';
  label: string;
  testId: string;
  onChange: (on: boolean) => void;
}

function Toggle({ on, icon, label, testId, onChange }: ToggleProps) {
  return (
    <button type="button" class={`button toggle ${on ? 'on' : ''}`} aria-pressed={on} data-testid={testId} onClick={() => onChange(!on)}>
      <Icon name={icon} />
      {label}: {on ? t('on') : t('off')}
    </button>
  );
}
