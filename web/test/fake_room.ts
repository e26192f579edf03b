// SPDX-License-Identifier: Apache-2.0
import { EventEmitter } from 'node:events';
import { vi } from 'vitest';

class FakeLocal {
  identity = 'mia';
  isLocal = true;
  isScreenShareEnabled = false;
  trackPublications = new Map<string, object>();
  setMicrophoneEnabled = vi.fn(() => Promise.resolve());
  setCameraEnabled = vi.fn(() => Promise.resolve());
}

/** Stands in for livekit-client's Room; a test plays the server by emitting its events. */
export class FakeRoom extends EventEmitter {
  static all: FakeRoom[] = [];
  /** Called with each room before the call can do anything with it. */
  static onMade: (room: FakeRoom) => void = () => undefined;

  localParticipant = new FakeLocal();
  remoteParticipants = new Map<string, { identity: string; trackPublications: Map<string, object> }>();
  canPlaybackAudio = true;
  startAudio = vi.fn();
  connect = vi.fn(() => Promise.resolve());
  disconnect = vi.fn(() => Promise.resolve());

  constructor(readonly options: Record<string, unknown>) {
    super();
    FakeRoom.all.push(this);
    FakeRoom.onMade(this);
  }
}
