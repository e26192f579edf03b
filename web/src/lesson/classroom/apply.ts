// SPDX-License-Identifier: Apache-2.0
import type { Happening, Lesson, LessonEvent, Participant } from './protocol';

/** The server keeps and sends as many at most. */
const mostChat = 1000;

/**
 * The lesson after an event: the same rules as the server's (src/lesson), so that a client which
 * catches up by events ends where one with a fresh snapshot stands.
 */
export function apply(lesson: Lesson, { seq, at, event }: LessonEvent): Lesson {
  switch (event.type) {
    case 'opened':
      return { ...lesson, lesson_id: event.lesson_id, name: event.name, settings: event.settings, started_at: at };
    case 'reopened':
      return { ...lesson, participants: lesson.participants.map((it) => ({ ...it, connected: false })), waiting: [] };
    case 'joined':
      return joined(lesson, event.participant);
    case 'disconnected':
      return change(lesson, event.identity, { connected: false });
    case 'left':
      return withoutParticipant(lesson, event.identity);
    case 'chat': {
      const { type: _, ...message } = event;
      return { ...lesson, chat: [...lesson.chat, { ...message, seq, at }].slice(-mostChat) };
    }
    case 'hand_raised':
      return change(lesson, event.identity, { hand_raised_at: at });
    case 'hand_lowered':
      return change(lesson, event.identity, { hand_raised_at: null });
    default:
      return governed(lesson, event, at);
  }
}

/** What the teacher or the platform decides. */
function governed(lesson: Lesson, event: Happening, at: number): Lesson {
  switch (event.type) {
    case 'role': {
      const { identity, role } = event;
      const roles = [...lesson.roles.filter((it) => it.identity !== identity), { identity, role }];
      return change({ ...lesson, roles }, identity, { role });
    }
    case 'settings':
      return { ...lesson, settings: event.settings };
    case 'removed': {
      const { identity, name } = event;
      const removed = [...lesson.removed.filter((it) => it.identity !== identity), { identity, name }];
      return withoutParticipant({ ...lesson, removed }, identity);
    }
    case 'allowed_back':
      return { ...lesson, removed: lesson.removed.filter((it) => it.identity !== event.identity) };
    case 'spotlight':
      return { ...lesson, spotlight: event.identity ?? null };
    case 'knocked':
    case 'gave_up':
    case 'admitted':
    case 'turned_away':
      return atDoor(lesson, event, at);
    case 'ended':
      return { ...lesson, ended: { at, reason: event.reason, by: event.by } };
    default:
      // `muted` changes no state of the lesson; what we do not know is newer than we are.
      return lesson;
  }
}

type AtDoor = Extract<Happening, { type: 'knocked' | 'gave_up' | 'admitted' | 'turned_away' }>;

function atDoor(lesson: Lesson, event: AtDoor, at: number): Lesson {
  const others = lesson.waiting.filter((it) => it.identity !== event.identity);
  const waiting = event.type === 'knocked' ? [...others, { identity: event.identity, name: event.name, since: at }] : others;
  return { ...lesson, waiting };
}

function joined(lesson: Lesson, participant: Participant): Lesson {
  const others = lesson.participants.filter((it) => it.identity !== participant.identity);
  const participants = [...others, participant].sort((a, b) => a.number - b.number);
  return { ...lesson, participants, next_number: Math.max(lesson.next_number, participant.number + 1) };
}

function change(lesson: Lesson, identity: string, what: Partial<Participant>): Lesson {
  const participants = lesson.participants.map((it) => (it.identity === identity ? { ...it, ...what } : it));
  return { ...lesson, participants };
}

function withoutParticipant(lesson: Lesson, identity: string): Lesson {
  const participants = lesson.participants.filter((it) => it.identity !== identity);
  return { ...lesson, participants, spotlight: lesson.spotlight === identity ? null : lesson.spotlight };
}
