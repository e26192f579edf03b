// SPDX-License-Identifier: Apache-2.0
import { signal } from '@preact/signals';
import type { Key } from '../../shared/i18n';
import { deviceProblem } from '../media/failures';
import { chosenDevices, wishes } from '../media/wishes';

/** Camera and microphone tried at the door. Whatever fails here only leaves that device switched off. */
export class Preview {
  readonly video = signal<MediaStream | null>(null);
  readonly audio = signal<MediaStream | null>(null);
  readonly problem = signal<Key | null>(null);
  readonly busy = signal(false);

  async setCamera(on: boolean): Promise<void> {
    stop(this.video.peek());
    this.video.value = null;
    wishes.camera.value = on;
    if (on) this.video.value = await this.open('camera', { video: constraint(chosenDevices.videoinput.peek()) });
  }

  async setMicrophone(on: boolean): Promise<void> {
    stop(this.audio.peek());
    this.audio.value = null;
    wishes.microphone.value = on;
    if (on) this.audio.value = await this.open('microphone', { audio: constraint(chosenDevices.audioinput.peek()) });
  }

  /** Gives the devices back, so that the call can take them. */
  stop(): void {
    stop(this.video.peek());
    stop(this.audio.peek());
  }

  private async open(device: 'microphone' | 'camera', constraints: MediaStreamConstraints): Promise<MediaStream | null> {
    this.busy.value = true;
    this.problem.value = null;
    try {
      return await navigator.mediaDevices.getUserMedia(constraints);
    } catch (error) {
      wishes[device].value = false;
      this.problem.value = deviceProblem(device, error);
      return null;
    } finally {
      this.busy.value = false;
    }
  }
}

function constraint(deviceId: string): MediaTrackConstraints | true {
  return deviceId === '' ? true : { deviceId };
}

function stop(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
