// SPDX-License-Identifier: Apache-2.0
import type { RemoteTrack } from 'livekit-client';

/** Plays everybody's sound; independent of tiles, so that nobody is silenced by not being drawn. */
export class Sound {
  private readonly shelf = document.createElement('div');

  constructor() {
    this.shelf.hidden = true;
    this.shelf.dataset['testid'] = 'sound';
    document.body.append(this.shelf);
  }

  play(track: RemoteTrack): void {
    this.shelf.append(track.attach());
  }

  stop(track: RemoteTrack): void {
    for (const element of track.detach()) element.remove();
  }
}
