// SPDX-License-Identifier: Apache-2.0
// The messages of docs/protocol/classroom.md.

export type Role = 'teacher' | 'pupil';
export type Source = 'microphone' | 'camera' | 'screen_share' | 'all';

export interface Settings {
  camera: boolean;
  microphone: boolean;
  screen_share: boolean;
  chat: boolean;
  private_chat: boolean;
  guests: 'admit' | 'ask' | 'deny';
}

export interface Participant {
  number: number;
  identity: string;
  name: string;
  role: Role;
  connected: boolean;
  joined_at: number;
  hand_raised_at: number | null;
}

export interface ChatMessage {
  seq: number;
  at: number;
  identity: string;
  name: string;
  role: Role;
  text: string;
  nonce: string | null;
}

export type EndReason = 'teacher' | 'platform' | 'empty' | 'time' | 'no_teacher';

/** A guest at the door. */
export interface WaitingGuest {
  identity: string;
  name: string;
  since: number;
}

export interface Ending {
  at: number;
  reason: EndReason;
  by: string;
}

export interface Lesson {
  lesson_id: string;
  name: string;
  started_at: number;
  settings: Settings;
  spotlight: string | null;
  ended: Ending | null;
  next_number: number;
  participants: Participant[];
  chat: ChatMessage[];
  removed: { identity: string; name: string }[];
  roles: { identity: string; role: Role }[];
  waiting: WaitingGuest[];
}

export type Happening =
  | { type: 'opened'; lesson_id: string; name: string; settings: Settings }
  | { type: 'reopened' }
  | { type: 'joined'; participant: Participant }
  | { type: 'disconnected'; identity: string }
  | { type: 'left'; identity: string; reason: 'left' | 'lost' }
  | { type: 'chat'; identity: string; name: string; role: Role; text: string; nonce: string | null }
  | { type: 'hand_raised'; identity: string }
  | { type: 'hand_lowered'; identity: string; by: string }
  | { type: 'role'; identity: string; role: Role; by: string }
  | { type: 'muted'; identity: string | null; source: Source; by: string }
  | { type: 'settings'; settings: Settings; by: string }
  | { type: 'removed'; identity: string; name: string; by: string }
  | { type: 'allowed_back'; identity: string; by: string }
  | { type: 'spotlight'; identity: string | null; by: string }
  | { type: 'knocked'; identity: string; name: string }
  | { type: 'gave_up'; identity: string }
  | { type: 'admitted'; identity: string; name: string; by: string }
  | { type: 'turned_away'; identity: string; name: string; by: string }
  | { type: 'at_door' }
  | { type: 'ended'; reason: Ending['reason']; by: string };

export interface LessonEvent {
  type: 'event';
  seq: number;
  at: number;
  event: Happening;
}

export interface You {
  identity: string;
  name: string;
  role: Role;
  number: number;
}

export interface Welcome {
  type: 'welcome';
  seq: number;
  at: number;
  lesson_id: string;
  you: You;
  lesson: Lesson | null;
  events: LessonEvent[] | null;
}

export type Answer = { type: 'ok'; id: number; seq: number } | { type: 'refused'; id: number; code: string; text: string };

/** What the lesson's maker has to say to this person, and the end to expect. */
export interface About {
  type: 'about';
  welcome: string | null;
  for_teachers: string | null;
  begins_muted: boolean;
  ends_at: number | null;
  ends_why: EndReason | null;
}

export type ServerMessage =
  | { type: 'opening'; seconds: number | null }
  | { type: 'waiting'; lesson: string; place: number }
  | Welcome
  | About
  | LessonEvent
  | Answer
  | { type: 'pong' };

export type Command =
  | { command: 'chat'; text: string; nonce: string }
  | { command: 'raise_hand' }
  | { command: 'lower_hand'; identity?: string }
  | { command: 'set_role'; identity: string; role: Role }
  | { command: 'mute'; identity?: string; source?: Source }
  | { command: 'settings'; settings: Partial<Settings> }
  | { command: 'remove'; identity: string }
  | { command: 'allow_back'; identity: string }
  | { command: 'admit'; identity?: string }
  | { command: 'turn_away'; identity: string }
  | { command: 'spotlight'; identity: string | null }
  | { command: 'leave' }
  | { command: 'end' };

/** Why the server closed the socket. */
export const closeCode = {
  lessonOver: 4000,
  removed: 4001,
  replaced: 4002,
  tokenInvalid: 4003,
  restart: 4004,
  full: 4005,
  badMessages: 4006,
  turnedAway: 4007,
} as const;
