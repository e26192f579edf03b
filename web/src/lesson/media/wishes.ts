// SPDX-License-Identifier: Apache-2.0
import { signal } from '@preact/signals';

/**
 * What the person wants, apart from what the connection can do right now. A wish made before the
 * call stands, or while it is broken, is carried out as soon as it can be.
 */
export const wishes = {
  microphone: signal(false),
  camera: signal(false),
  /** Weak-connection mode: sound, the shared screen and chat, but no cameras. */
  audioOnly: signal(false),
};

/** The chosen devices; empty means the browser's own choice. */
export const chosenDevices = {
  audioinput: signal(''),
  videoinput: signal(''),
  audiooutput: signal(''),
};

export type DeviceKind = keyof typeof chosenDevices;

export async function listDevices(kind: DeviceKind): Promise<MediaDeviceInfo[]> {
  const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  return devices.filter((device) => device.kind === kind && device.deviceId !== '');
}
