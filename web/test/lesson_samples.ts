// SPDX-License-Identifier: Apache-2.0
import type { Happening, Lesson, LessonEvent, Participant, Role } from '../src/lesson/classroom/protocol';

export function participant(number: number, name: string, role: Role = 'pupil'): Participant {
  return { number, identity: name.toLowerCase(), name, role, connected: true, joined_at: 1000, hand_raised_at: null };
}

export function lesson(...participants: Participant[]): Lesson {
  return {
    lesson_id: '8c2f6d',
    name: 'Mathe 7b',
    started_at: 1000,
    settings: { camera: true, microphone: true, screen_share: true, chat: true, private_chat: true, guests: 'admit' },
    spotlight: null,
    ended: null,
    next_number: participants.length + 1,
    participants,
    chat: [],
    removed: [],
    roles: [],
    waiting: [],
  };
}

export function event(seq: number, what: Happening, at = seq * 1000): LessonEvent {
  return { type: 'event', seq, at, event: what };
}

export function said(seq: number, name: string, text: string, nonce: string | null = null): LessonEvent {
  return event(seq, { type: 'chat', identity: name.toLowerCase(), name, role: 'pupil', text, nonce });
}
