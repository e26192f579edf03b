// SPDX-License-Identifier: Apache-2.0
import { signal } from '@preact/signals';
import type { DisconnectReason, Room } from 'livekit-client';
import { announce } from '../shared/announce';
import { Refusal } from '../shared/api';
import { t } from '../shared/i18n';
import { problemOf, type Problem } from '../shared/problem';
import { Classroom } from './classroom/classroom';
import { closeCode, type EndReason, type Happening, type Source } from './classroom/protocol';
import { Call } from './media/call';
import { notices, showNotice } from './media/failures';
import { wishes } from './media/wishes';
import { arrival, forget, isFresh, join, keep, type Session, type Ticket } from './session';

export type Why = 'ended' | 'endedByPlatform' | 'timeOver' | 'noTeacher' | 'removed' | 'turnedAway' | 'left' | 'elsewhere' | 'notFound';

export interface Inside {
  kind: 'inside';
  session: Session;
  classroom: Classroom;
  call: Call;
  mutedAtBeginning?: boolean;
}

export type Phase =
  | { kind: 'entry'; name: string; problem: Problem | null }
  | { kind: 'joining'; seconds: number | null }
  | Inside
  | { kind: 'over'; why: Why; session: Session | null };

const endings: Partial<Record<EndReason, Why>> = { platform: 'endedByPlatform', time: 'timeOver', no_teacher: 'noTeacher' };
const lastWordMilliseconds = 1500;

declare global {
  interface Window {
    /** For diagnostics and end-to-end tests: livekit-client's Room, our signals over it, the classroom's state. */
    aula?: { room: Room | null; call: Call; classroom: Classroom };
  }
}

/** One person's way through a lesson: the door, the room, the end. */
export class Visit {
  readonly phase = signal<Phase>({ kind: 'entry', name: '', problem: null });

  constructor(private readonly code: string) {}

  arrive(): void {
    const how = arrival(this.code);
    if (how.kind === 'stored') this.goInside(how.session);
    else if (how.kind === 'ticket') void this.enter({ session: how.session });
    else this.phase.value = { kind: 'entry', name: how.name, problem: null };
  }

  async enter(ticket: Ticket): Promise<void> {
    this.phase.value = { kind: 'joining', seconds: null };
    try {
      const session = await join(ticket, { onWaiting: (seconds) => (this.phase.value = { kind: 'joining', seconds }) });
      keep(this.code, session);
      this.goInside(session);
    } catch (error) {
      this.phase.value = refused(error, 'name' in ticket ? ticket.name : '');
    }
  }

  /** Back into the lesson that was left, or into this window from another one. */
  comeBack(session: Session): void {
    if (isFresh(session.token, Date.now())) {
      keep(this.code, session);
      this.goInside(session);
    } else if (session.session) {
      void this.enter({ session: session.session });
    } else {
      this.phase.value = { kind: 'entry', name: session.name, problem: null };
    }
  }

  async leave(): Promise<void> {
    const inside = this.phase.peek();
    if (inside.kind !== 'inside') return;
    this.finish('left', inside);
    await Promise.all([inside.classroom.leave(), inside.call.leave()]);
  }

  private goInside(session: Session): void {
    notices.value = [];
    const call = new Call(session, (reason) => this.endedByMedia(reason));
    const classroom = new Classroom(session.token, {
      onFinal: (code, reason) => this.endedByClassroom(code, reason),
      onHappening: (event) => this.notice(event),
      onWelcome: () => this.letIn(inside),
    });
    if (session.waits) classroom.place.value = 0;
    const inside: Inside = { kind: 'inside', session, classroom, call };
    this.phase.value = inside;
    window.aula = {
      call,
      classroom,
      get room() {
        return call.room;
      },
    };
    // The shell with chat and hands does not wait for sound and pictures.
    classroom.open();
    if (!session.waits) void call.start();
  }

  /** Sound and pictures are not for a guest at the door. */
  private letIn(inside: Inside): void {
    if (!inside.session.waits) return;
    inside.session = { ...inside.session, waits: false };
    keep(this.code, inside.session);
    announce(t('lobby.letIn'));
    void inside.call.start();
  }

  private notice(event: Happening): void {
    const inside = this.phase.peek();
    if (inside.kind !== 'inside') return;
    const { classroom, session } = inside;
    const isOther = 'identity' in event && event.identity !== session.identity;
    if (event.type === 'chat' && isOther) announce(t('chat.heard', { name: event.name, text: event.text }));
    if (event.type === 'hand_raised' && isOther && classroom.isTeacher.peek()) {
      const who = classroom.participants.peek().find((it) => it.identity === event.identity);
      announce(t('hand.heard', { name: who?.name ?? '' }));
    }
    if (event.type === 'knocked' && classroom.isTeacher.peek()) announce(t('lobby.heard', { name: event.name }));
    if (event.type === 'muted' && event.by !== session.identity) this.noticeMute(event, inside);
    if (event.type === 'role' && !isOther) showNotice({ text: event.role === 'teacher' ? 'notice.nowTeacher' : 'notice.nowPupil' });
    if (event.type === 'hand_lowered' && !isOther && event.by !== session.identity) announce(t('hand.lowered'));
  }

  private noticeMute({ identity, source }: { identity: string | null; source: Source }, { session, classroom }: Inside): void {
    const concerned = identity === null ? !classroom.isTeacher.peek() : identity === session.identity;
    // livekit-client usually hears it first and then has said so (Call.obeyMute).
    if (!concerned || source === 'camera' || source === 'screen_share' || !wishes.microphone.peek()) return;
    wishes.microphone.value = false;
    showNotice({ text: 'notice.muted' });
  }

  private endedByClassroom(code: number, reason: string): void {
    const inside = this.phase.peek();
    if (inside.kind !== 'inside') return;
    if (code === closeCode.tokenInvalid) {
      this.closeBoth(inside);
      this.renew(inside.session);
      return;
    }
    const why: Record<number, Why> = {
      [closeCode.removed]: 'removed',
      [closeCode.replaced]: 'elsewhere',
      [closeCode.turnedAway]: 'turnedAway',
    };
    this.finish(why[code] ?? endings[reason as EndReason] ?? 'ended', inside);
    this.closeBoth(inside);
  }

  /** A token that has run out is changed for a new one; one that is refused though it has not is of no more use. */
  private renew(session: Session): void {
    forget(this.code);
    if (session.session && !isFresh(session.token, Date.now())) void this.enter({ session: session.session });
    else this.phase.value = { kind: 'entry', name: session.name, problem: 'entry.expired' };
  }

  /** livekit-client's DisconnectReason; the numbers are those of its protocol. */
  private endedByMedia(reason: DisconnectReason): void {
    const inside = this.phase.peek();
    if (inside.kind !== 'inside') return;
    const why: Record<number, Why> = { 2: 'elsewhere', 4: 'removed' };
    const known = why[reason];
    // The classroom is about to say how the lesson ended.
    if (!known && inside.classroom.link.peek() === 'open') {
      setTimeout(() => this.phase.peek() === inside && this.finishBoth('ended', inside), lastWordMilliseconds);
    } else {
      this.finishBoth(known ?? 'ended', inside);
    }
  }

  private finishBoth(why: Why, inside: Inside): void {
    this.finish(why, inside);
    this.closeBoth(inside);
  }

  private finish(why: Why, { session }: Inside): void {
    wishes.microphone.value = false;
    wishes.camera.value = false;
    if (why !== 'elsewhere') forget(this.code);
    this.phase.value = { kind: 'over', why, session: why === 'left' || why === 'elsewhere' ? session : null };
  }

  private closeBoth({ classroom, call }: Inside): void {
    classroom.close();
    void call.leave();
  }
}

function refused(error: unknown, name: string): Phase {
  const status = error instanceof Refusal ? error.status : 0;
  const final: Record<number, Why> = { 404: 'notFound', 410: 'ended', 403: 'removed' };
  const turnedAway = error instanceof Refusal && error.code === 'turned_away';
  const why = turnedAway ? 'turnedAway' : final[status];
  if (why) return { kind: 'over', why, session: null };
  return { kind: 'entry', name, problem: problemOf(error, 'entry.unreachable') };
}
