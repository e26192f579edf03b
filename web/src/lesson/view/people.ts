// SPDX-License-Identifier: Apache-2.0
import type { Participant, Role } from '../classroom/protocol';
import type { Seen, SeenByIdentity } from '../media/seen';

/** One person as the page shows them: who they are by the classroom, what is seen of them by the call. */
export interface Person {
  identity: string;
  name: string;
  role: Role;
  isSelf: boolean;
  connected: boolean;
  handRaisedAt: number | null;
  seen: Seen | null;
}

/** Everybody of the classroom in the order of joining, then those whom only the call knows. */
export function peopleOf(participants: readonly Participant[], seen: SeenByIdentity, self: string): Person[] {
  const people = participants.map(
    (it): Person => ({
      identity: it.identity,
      name: it.name,
      role: it.role,
      isSelf: it.identity === self,
      connected: it.connected,
      handRaisedAt: it.hand_raised_at,
      seen: seen.get(it.identity) ?? null,
    }),
  );
  const known = new Set(participants.map((it) => it.identity));
  for (const it of seen.values()) {
    if (known.has(it.identity)) continue;
    const { identity, name, isSelf } = it;
    people.push({ identity, name, role: 'pupil', isSelf, connected: true, handRaisedAt: null, seen: it });
  }
  return people;
}

/** Whoever is neither connected nor seen has no tile; the list still shows that they may come back. */
export function isHere(person: Person): boolean {
  return person.connected || person.seen !== null;
}

/** The strip's order: oneself, teachers, cameras, then by joining. It does not follow who speaks, so nothing jumps. */
export function stripOrder(people: readonly Person[]): Person[] {
  const rank = (it: Person) => (it.isSelf ? 0 : it.role === 'teacher' ? 1 : it.seen?.camera ? 2 : 3);
  return people.map((it, index) => ({ it, index })).sort((a, b) => rank(a.it) - rank(b.it) || a.index - b.index).map(({ it }) => it);
}
