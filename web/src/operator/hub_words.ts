// SPDX-License-Identifier: Apache-2.0
import { say, type Word } from './words';

/** Fixed sentences of the hub about orders, in its sources' English, and this page's words for them. */
export const hubWords: Record<string, Word> = {
  'takes no new rooms': 'said.noNewRooms',
  'takes rooms again': 'said.takesAgain',
  'stops when its last room has closed': 'said.stopsLater',
  'removed by hand': 'said.removedByHand',
  'is kept on': 'said.keptOn',
  'is no longer kept on': 'said.notKeptOn',
  'the fleet is held as it is': 'said.fleetHeld',
  'the fleet breathes again': 'said.fleetBreathes',
  'this hub does not keep the fleet': 'refused.keepsNot',
  'the policy allows no more starts in these ten minutes': 'refused.mostStarts',
  'the policy allows no more nodes': 'refused.mostNodes',
  'it is not off': 'refused.notOff',
  'its node is not there': 'refused.notThere',
  'it is being stopped': 'refused.stopping',
  'it is no server of this cloud': 'refused.foreign',
  'something is being done to it': 'refused.busy',
  'it is off': 'refused.off',
  'there are rooms on it': 'refused.rooms',
  'it is on; stop it first': 'refused.on',
};

/** What the hub said, in the page's language where it is one of its fixed sentences. */
export function inOwnWords(text: string): string {
  const word = hubWords[text];
  return word === undefined ? text : say(word);
}
