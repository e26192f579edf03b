// SPDX-License-Identifier: Apache-2.0
import { computed, signal } from '@preact/signals';
import { apply } from './apply';
import { Link } from './link';
import type { About, Answer, Command, Happening, Lesson, LessonEvent, Participant, ServerMessage, Welcome, You } from './protocol';

export type LinkState = 'connecting' | 'opening' | 'waiting' | 'open' | 'lost' | 'closed';

/** A chat message of one's own that the server has not confirmed yet. */
export interface Unsent {
  nonce: string;
  text: string;
  refused: string | null;
}

export interface ClassroomEvents {
  onFinal: (code: number, reason: string) => void;
  /** One is inside, for the first time or again. */
  onWelcome?: () => void;
  /** Called for what happens live, not for history. */
  onHappening?: (event: Happening, at: number) => void;
}

/** The lesson as the server tells it, in signals; commands go the other way. */
export class Classroom {
  readonly lesson = signal<Lesson | null>(null);
  readonly you = signal<You | null>(null);
  readonly link = signal<LinkState>('connecting');
  readonly openingSeconds = signal<number | null>(null);
  /** A guest's place at the door, from 1; 0 before it is known, null for who is not kept out. */
  readonly place = signal<number | null>(null);
  readonly about = signal<About | null>(null);
  /** What had happened before one came; it is history and never unread. */
  readonly cameAt = signal(0);
  readonly unsent = signal<readonly Unsent[]>([]);

  readonly participants = computed<Participant[]>(() => this.lesson.value?.participants ?? []);
  /** Guests at the door, the longest waiting first. */
  readonly atDoor = computed(() => this.lesson.value?.waiting ?? []);
  readonly self = computed(() => this.participants.value.find((it) => it.identity === this.you.value?.identity));
  readonly isTeacher = computed(() => (this.self.value ?? this.you.value)?.role === 'teacher');
  /** Raised hands, the longest waiting first. */
  readonly hands = computed(() =>
    this.participants.value
      .filter((it) => it.hand_raised_at !== null)
      .sort((a, b) => a.hand_raised_at! - b.hand_raised_at! || a.number - b.number),
  );

  private seq = 0;
  private readonly waiting = new Map<number, (answer: Answer | null) => void>();
  private readonly socket: Link;

  constructor(
    token: string,
    private readonly events: ClassroomEvents,
  ) {
    this.socket = new Link(token, {
      position: () => (this.lesson.peek() ? { lessonId: this.lesson.peek()!.lesson_id, seq: this.seq } : null),
      onMessage: (message) => this.hear(message),
      onLost: () => this.lose('lost'),
      onFinal: (code, reason) => {
        this.lose('closed');
        events.onFinal(code, reason);
      },
    });
  }

  open(): void {
    this.socket.open();
  }

  /** The network is back: no need to wait for the next try. */
  hurry(): void {
    if (this.link.peek() === 'lost') this.socket.reopen();
  }

  /** The server's answer, or null when the connection broke before it came. */
  tell(command: Command): Promise<Answer | null> {
    const id = this.link.peek() === 'open' ? this.socket.send(command) : null;
    if (id === null) return Promise.resolve(null);
    return new Promise((resolve) => this.waiting.set(id, resolve));
  }

  /** Says it now or, when the connection is broken, once it is back; the nonce keeps it from being said twice. */
  say(text: string): void {
    const message: Unsent = { nonce: nonce(), text, refused: null };
    this.unsent.value = [...this.unsent.value, message];
    void this.deliver(message);
  }

  dropUnsent(dropped: string): void {
    this.unsent.value = this.unsent.value.filter((it) => it.nonce !== dropped);
  }

  async leave(): Promise<void> {
    const answered = this.tell({ command: 'leave' });
    await Promise.race([answered, new Promise((done) => setTimeout(done, 1000))]);
    this.link.value = 'closed';
    this.socket.close();
  }

  close(): void {
    this.lose('closed');
    this.socket.close();
  }

  private async deliver({ nonce, text }: Unsent): Promise<void> {
    const answer = await this.tell({ command: 'chat', text, nonce });
    if (answer?.type !== 'refused') return;
    this.unsent.value = this.unsent.value.map((it) => (it.nonce === nonce ? { ...it, refused: answer.code } : it));
  }

  private hear(message: ServerMessage): void {
    switch (message.type) {
      case 'opening':
        this.link.value = 'opening';
        this.openingSeconds.value = message.seconds ?? null;
        return;
      case 'waiting':
        this.link.value = 'waiting';
        this.place.value = message.place;
        return;
      case 'about':
        this.about.value = message;
        return;
      case 'welcome':
        return this.welcome(message);
      case 'event':
        return this.happen(message, true);
      case 'ok':
      case 'refused':
        this.waiting.get(message.id)?.(message);
        this.waiting.delete(message.id);
    }
  }

  private welcome({ seq, you, lesson, events }: Welcome): void {
    if (lesson) {
      if (this.lesson.peek() === null) this.cameAt.value = seq;
      // A node of before there was a lobby tells of nobody at the door.
      this.lesson.value = { ...lesson, waiting: lesson.waiting ?? [] };
      this.seq = seq;
    } else {
      for (const event of events ?? []) this.happen(event, false);
    }
    this.you.value = you;
    this.place.value = null;
    this.settleUnsent();
    this.link.value = 'open';
    this.events.onWelcome?.();
    for (const message of this.unsent.peek()) if (message.refused === null) void this.deliver(message);
  }

  private happen(event: LessonEvent, live: boolean): void {
    const lesson = this.lesson.peek();
    if (!lesson || event.seq <= this.seq) return;
    if (event.seq !== this.seq + 1) {
      // One was missed: what we know is stale, so ask for all that came after it.
      this.socket.reopen();
      return;
    }
    this.seq = event.seq;
    this.lesson.value = apply(lesson, event);
    if (event.event.type === 'chat') this.settleUnsent();
    if (live) this.events.onHappening?.(event.event, event.at);
  }

  /** Takes out of `unsent` what has arrived in the chat. */
  private settleUnsent(): void {
    const self = this.you.peek()?.identity;
    if (this.unsent.peek().length === 0) return;
    const arrived = new Set(this.lesson.peek()?.chat.filter((it) => it.identity === self).map((it) => it.nonce));
    this.unsent.value = this.unsent.peek().filter((it) => !arrived.has(it.nonce));
  }

  private lose(state: LinkState): void {
    this.link.value = state;
    for (const resolve of this.waiting.values()) resolve(null);
    this.waiting.clear();
  }
}

function nonce(): string {
  return [...crypto.getRandomValues(new Uint8Array(9))].map((byte) => byte.toString(36)).join('');
}
