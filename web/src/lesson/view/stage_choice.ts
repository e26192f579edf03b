// SPDX-License-Identifier: Apache-2.0
import type { Person } from './people';

export interface StageChoice {
  person: Person;
  shows: 'screen' | 'person';
}

export interface Wanted {
  /** Chosen by oneself, for this window only. */
  pinned: string | null;
  /** Chosen by a teacher, for everybody. */
  spotlight: string | null;
  /** Who speaks, or spoke last. */
  speaker: string | null;
}

/** What stands large: one's own choice, a shared screen, the teacher's choice, who speaks, a teacher, anybody. */
export function chooseStage(people: readonly Person[], { pinned, spotlight, speaker }: Wanted): StageChoice | null {
  const find = (identity: string | null) => people.find((it) => it.identity === identity);
  const sharing = people.filter((it) => it.seen?.screen);
  const pinnedPerson = find(pinned);
  if (pinnedPerson) return show(pinnedPerson);
  const screen = sharing.find((it) => !it.isSelf) ?? sharing[0];
  if (screen) return show(screen);
  const others = people.filter((it) => !it.isSelf);
  const person =
    find(spotlight) ?? others.find((it) => it.identity === speaker) ?? others.find((it) => it.role === 'teacher') ?? others[0] ?? people[0];
  return person ? show(person) : null;
}

function show(person: Person): StageChoice {
  return { person, shows: person.seen?.screen ? 'screen' : 'person' };
}

/**
 * Who speaks, calmly: a newcomer must have spoken for a while before the stage changes, and a cough
 * moves nothing.
 */
export class SpeakerChoice {
  private candidate: string | null = null;
  private since = 0;
  private current: string | null = null;
  static readonly holdMilliseconds = 1500;

  /** `speaking`: identities of those who speak now, the loudest first. */
  update(speaking: readonly string[], now: number): string | null {
    if (this.current !== null && speaking.includes(this.current)) {
      this.candidate = null;
      return this.current;
    }
    const loudest = speaking[0] ?? null;
    if (loudest !== this.candidate) {
      this.candidate = loudest;
      this.since = now;
    }
    if (loudest !== null && now - this.since >= SpeakerChoice.holdMilliseconds) {
      this.current = loudest;
      this.candidate = null;
    }
    return this.current;
  }
}
