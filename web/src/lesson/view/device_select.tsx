// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'preact/hooks';
import { t, type Key } from '../../shared/i18n';
import { chosenDevices, listDevices, type DeviceKind } from '../media/wishes';

const labels: Record<DeviceKind, Key> = {
  audioinput: 'microphone',
  videoinput: 'camera',
  audiooutput: 'speaker',
};

interface DeviceSelectProps {
  kind: DeviceKind;
  onChoose: (deviceId: string) => void;
}

/** Shown when there is something to choose from. */
export function DeviceSelect({ kind, onChoose }: DeviceSelectProps) {
  const [devices, setDevices] = useState<MediaDeviceInfo[]>([]);
  useEffect(() => {
    const look = () => void listDevices(kind).then(setDevices);
    look();
    navigator.mediaDevices?.addEventListener('devicechange', look);
    return () => navigator.mediaDevices?.removeEventListener('devicechange', look);
  }, [kind]);
  if (devices.length < 2) return null;
  const choose = (deviceId: string) => {
    chosenDevices[kind].value = deviceId;
    onChoose(deviceId);
  };
  return (
    <label class="field">
      {t(labels[kind])}
      <select value={chosenDevices[kind].value || devices[0]!.deviceId} onChange={(event) => choose(event.currentTarget.value)}>
        {devices.map((device, index) => (
          <option key={device.deviceId} value={device.deviceId}>
            {device.label || `${t(labels[kind])} ${index + 1}`}
          </option>
        ))}
      </select>
    </label>
  );
}
