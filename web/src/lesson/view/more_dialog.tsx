// SPDX-License-Identifier: Apache-2.0
import type { ComponentChildren } from 'preact';
import { Dialog } from '../../shared/dialog';
import { t, type Key } from '../../shared/i18n';
import { LanguageChoice } from '../../shared/language_choice';
import type { Settings } from '../classroom/protocol';
import { canShareScreen } from '../entry/browser';
import { wishes, type DeviceKind } from '../media/wishes';
import { setAudioOnly, toggleScreen } from './actions';
import type { ViewProps } from './classroom_view';
import { DeviceSelect } from './device_select';
import { narrow } from './narrow';
import { Choice } from './person_dialog';
import { tellIfRefused } from './refusals';
import { setShortcuts, shortcuts, shortcutsOn } from './shortcuts';

export function MoreDialog({ inside, desk, onClose }: ViewProps & { onClose: () => void }) {
  const shareHere = narrow.value && canShareScreen();
  const share = () => {
    toggleScreen(inside);
    onClose();
  };
  return (
    <Dialog title={t('more')} onClose={onClose} testId="more-dialog">
      {shareHere && (
        <Choice icon="screen" text={inside.call.sharing.value ? t('screen.stop') : t('screen.start')} testId="share-button" onClick={share} />
      )}
      <Check label={t('more.weak')} hint={t('more.weakHint')} on={wishes.audioOnly.value} onChange={setAudioOnly} testId="weak-mode" />
      <Devices inside={inside} desk={desk} />
      {inside.classroom.isTeacher.value && <ClassSettings inside={inside} desk={desk} />}
      <div class="row">
        <span class="grow strong">{t('language')}</span>
        <LanguageChoice />
      </div>
      <Shortcuts />
    </Dialog>
  );
}

function Devices({ inside }: ViewProps) {
  const use = (kind: DeviceKind) => (deviceId: string) => void inside.call.room?.switchActiveDevice(kind, deviceId).catch(() => undefined);
  return (
    <>
      <DeviceSelect kind="audioinput" onChoose={use('audioinput')} />
      <DeviceSelect kind="videoinput" onChoose={use('videoinput')} />
      {'setSinkId' in HTMLMediaElement.prototype && <DeviceSelect kind="audiooutput" onChoose={use('audiooutput')} />}
    </>
  );
}

const switches: readonly { name: 'microphone' | 'camera' | 'screen_share' | 'chat'; text: Key }[] = [
  { name: 'microphone', text: 'settings.microphone' },
  { name: 'camera', text: 'settings.camera' },
  { name: 'screen_share', text: 'settings.screen' },
  { name: 'chat', text: 'settings.chat' },
];

function ClassSettings({ inside: { classroom } }: ViewProps) {
  const settings = classroom.lesson.value?.settings;
  const change = (name: keyof Settings) => (on: boolean) =>
    void classroom.tell({ command: 'settings', settings: { [name]: on } }).then(tellIfRefused);
  const askAtDoor = (on: boolean) =>
    void classroom.tell({ command: 'settings', settings: { guests: on ? 'ask' : 'admit' } }).then(tellIfRefused);
  return (
    <Group title={t('settings.title')}>
      {switches.map(({ name, text }) => (
        <Check key={name} label={t(text)} on={settings?.[name] ?? true} onChange={change(name)} testId={`setting-${name}`} />
      ))}
      <Check
        label={t('settings.lobby')}
        hint={t('settings.lobbyHint')}
        on={(settings?.guests ?? 'admit') !== 'admit'}
        onChange={askAtDoor}
        testId="setting-lobby"
      />
    </Group>
  );
}

function Shortcuts() {
  return (
    <Group title={t('shortcuts')}>
      <dl class="shortcuts">
        {shortcuts.map(({ key, text }) => (
          <div key={key}>
            <dt>
              <kbd>{key.toUpperCase()}</kbd>
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
      <Check label={t('shortcuts.on')} on={shortcutsOn.value} onChange={setShortcuts} testId="shortcuts-on" />
    </Group>
  );
}

function Group({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <fieldset class="group">
      <legend>{title}</legend>
      {children}
    </fieldset>
  );
}

interface CheckProps {
  label: string;
  hint?: string;
  on: boolean;
  onChange: (on: boolean) => void;
  testId: string;
}

function Check({ label, hint, on, onChange, testId }: CheckProps) {
  return (
    <label class="check">
      <input type="checkbox" checked={on} data-testid={testId} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>
        {label}
        {hint && <span class="hint">{hint}</span>}
      </span>
    </label>
  );
}
