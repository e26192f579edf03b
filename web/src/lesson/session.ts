// SPDX-License-Identifier: Apache-2.0
import { ask, Refusal } from '../shared/api';

/** What POST /api/join answers. */
export interface Session {
  token: string;
  room: string;
  identity: string;
  role: 'teacher' | 'pupil';
  lesson: string;
  name: string;
  /** A teacher has to let this person in first. */
  waits?: boolean;
  /** Good for longer than the token, to come back as the same person. */
  session?: string;
}

export type Ticket = { code: string; name: string } | { session: string };

export type Arrival =
  | { kind: 'ticket'; session: string }
  | { kind: 'stored'; session: Session }
  | { kind: 'new'; name: string };

const key = (code: string) => `aula.session.${code}`;

export function lessonCode(path: string): string {
  return decodeURIComponent(path.split('/').filter(Boolean).pop() ?? '');
}

/** Another system hands over in the fragment; a reload comes back with what was stored. */
export function arrival(code: string): Arrival {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const ticket = fragment.get('session');
  if (location.hash !== '') history.replaceState(null, '', location.pathname);
  if (ticket) return { kind: 'ticket', session: ticket };
  const session = stored(code);
  if (session) {
    if (isFresh(session.token, Date.now())) return { kind: 'stored', session };
    if (session.session) return { kind: 'ticket', session: session.session };
  }
  return { kind: 'new', name: fragment.get('name') ?? '' };
}

function stored(code: string): Session | null {
  try {
    return JSON.parse(sessionStorage.getItem(key(code)) ?? 'null') as Session | null;
  } catch {
    return null;
  }
}

export function keep(code: string, session: Session): void {
  sessionStorage.setItem(key(code), JSON.stringify(session));
}

export function forget(code: string): void {
  sessionStorage.removeItem(key(code));
}

/** True while the access token (a JWT) has at least a minute left. */
export function isFresh(token: string, now: number): boolean {
  try {
    const claims = JSON.parse(atob(token.split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/'))) as { exp?: number };
    return claims.exp === undefined || claims.exp * 1000 > now + 60_000;
  } catch {
    return false;
  }
}

interface JoinWatch {
  onWaiting: (seconds: number) => void;
  wait?: (milliseconds: number) => Promise<void>;
}

const pause = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds));
const shortestWaitSeconds = 1;
const firstWaitSeconds = 3;
const longestWaitSeconds = 20;

/** Asks for a seat and, while the lesson's node is still booting, asks again when the hub says so. */
export async function join(ticket: Ticket, { onWaiting, wait = pause }: JoinWatch): Promise<Session> {
  for (let patience = firstWaitSeconds; ; patience = Math.min(patience * 2, longestWaitSeconds)) {
    try {
      const answer = await ask<Session>('/api/join', { method: 'POST', body: ticket });
      return { ...answer, name: answer.name ?? ('name' in ticket ? ticket.name : answer.identity) };
    } catch (error) {
      if (!(error instanceof Refusal) || (error.status !== 503 && error.status !== 429)) throw error;
      const seconds = Math.max(shortestWaitSeconds, error.retryAfter ?? 5);
      if (error.status === 503) onWaiting(seconds);
      // Asks earlier than told when the wait is long: the room may open sooner than thought. Soon at first, since
      // a node may have been nearly there.
      await wait(Math.min(seconds, error.status === 503 ? patience : longestWaitSeconds) * 1000);
    }
  }
}

/** The lesson's name for the entry screen; the hub may not tell it before the door. */
export interface LessonCard {
  lesson: string;
  role: 'teacher' | 'pupil';
}

export async function lessonCard(code: string): Promise<LessonCard | Refusal | null> {
  try {
    return await ask<LessonCard>(`/api/join?code=${encodeURIComponent(code)}`);
  } catch (error) {
    const known = error instanceof Refusal && error.code !== '' && [403, 404, 410].includes(error.status);
    return known ? error : null;
  }
}
