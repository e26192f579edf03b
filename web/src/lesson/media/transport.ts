// SPDX-License-Identifier: Apache-2.0
import type { Room } from 'livekit-client';

type Stat = Record<string, unknown> & { type: string; id: string };

/** Which way the chosen ICE pair goes, read from a stats report; null while it is not known. */
export function protocolOf(report: Iterable<Stat>): 'udp' | 'tcp' | null {
  const stats = new Map([...report].map((stat) => [stat.id, stat]));
  const transport = [...stats.values()].find((stat) => stat.type === 'transport' && stat['selectedCandidatePairId']);
  const pair = transport
    ? stats.get(String(transport['selectedCandidatePairId']))
    : [...stats.values()].find((stat) => stat.type === 'candidate-pair' && stat['selected'] === true);
  const local = pair && stats.get(String(pair['localCandidateId']));
  const protocol = local?.['protocol'];
  return protocol === 'udp' || protocol === 'tcp' ? protocol : null;
}

/** Asks any track of the room for the way its packets take. */
export async function roomProtocol(room: Room): Promise<'udp' | 'tcp' | null> {
  for (const participant of [room.localParticipant, ...room.remoteParticipants.values()]) {
    for (const publication of participant.trackPublications.values()) {
      const report = await publication.track?.getRTCStatsReport();
      const protocol = report ? protocolOf(report.values() as Iterable<Stat>) : null;
      if (protocol) return protocol;
    }
  }
  return null;
}
