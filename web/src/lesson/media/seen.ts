// SPDX-License-Identifier: Apache-2.0
import type { Participant, Room, Track, TrackPublication } from 'livekit-client';

/** A picture that can be put into a video element. */
export type Picture = Pick<Track, 'attach' | 'detach'> & { sid?: string | undefined };

/** What the media plane knows of one person. */
export interface Seen {
  identity: string;
  name: string;
  isSelf: boolean;
  microphone: boolean;
  camera: Picture | null;
  screen: Picture | null;
  speaking: boolean;
  weakLink: boolean;
}

export type SeenByIdentity = ReadonlyMap<string, Seen>;

// The values of livekit-client's enum Track.Source; importing them would pull the library into the shell.
const source = { microphone: 'microphone', camera: 'camera', screen: 'screen_share' } as const;

function picture(participant: Participant, wanted: string): Picture | null {
  for (const publication of participant.trackPublications.values() as Iterable<TrackPublication>) {
    if (publication.source === wanted && !publication.isMuted && publication.track) return publication.track;
  }
  return null;
}

function hasOpenMicrophone(participant: Participant): boolean {
  return [...participant.trackPublications.values()].some((it) => it.source === source.microphone && !it.isMuted);
}

function seenOf(participant: Participant): Seen {
  return {
    identity: participant.identity,
    name: participant.name || participant.identity,
    isSelf: participant.isLocal,
    microphone: hasOpenMicrophone(participant),
    camera: picture(participant, source.camera),
    screen: picture(participant, source.screen),
    speaking: participant.isSpeaking,
    weakLink: participant.connectionQuality === 'poor' || participant.connectionQuality === 'lost',
  };
}

function same(a: Seen, b: Seen): boolean {
  return (Object.keys(a) as (keyof Seen)[]).every((key) => a[key] === b[key]);
}

/** The room's people now. Who has not changed keeps the same object, so that only changed tiles are drawn anew. */
export function look(room: Room, before: SeenByIdentity): SeenByIdentity {
  const now = new Map<string, Seen>();
  for (const participant of [room.localParticipant, ...room.remoteParticipants.values()]) {
    if (participant.identity === '') continue;
    const seen = seenOf(participant);
    const old = before.get(seen.identity);
    now.set(seen.identity, old && same(old, seen) ? old : seen);
  }
  return now;
}
