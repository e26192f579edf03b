// SPDX-License-Identifier: Apache-2.0
import { closeCode, type ServerMessage } from './protocol';

export interface Position {
  lessonId: string;
  seq: number;
}

export interface LinkEvents {
  /** What to ask for on (re)connecting: everything after this, or all. */
  position: () => Position | null;
  onMessage: (message: ServerMessage) => void;
  onLost: () => void;
  /** The server closed for good; code and reason say why. */
  onFinal: (code: number, reason: string) => void;
}

const pingMilliseconds = 10_000;
const silenceMilliseconds = 25_000;
const retryMilliseconds = [0, 500, 1000, 2000, 4000, 5000];
const fullMilliseconds = 30_000;
const badMessagesMilliseconds = 10_000;
const finalCodes: readonly number[] = [closeCode.lessonOver, closeCode.removed, closeCode.replaced, closeCode.tokenInvalid, closeCode.turnedAway];

/** The `/classroom` socket, kept open: comes back after a break and notices one that is dead (protocol section 4). */
export class Link {
  private socket: WebSocket | null = null;
  private closed = false;
  private attempts = 0;
  private lastId = 0;
  private heardAt = 0;
  private heartbeat: ReturnType<typeof setInterval> | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly token: string,
    private readonly events: LinkEvents,
  ) {}

  open(): void {
    clearTimeout(this.retry);
    const socket = new WebSocket(this.address());
    this.socket = socket;
    this.heardAt = Date.now();
    // A handler of a socket that was given up must not touch the one after it.
    socket.onmessage = ({ data }) => socket === this.socket && this.heard(String(data));
    socket.onclose = ({ code, reason }) => socket === this.socket && this.broke(code, reason);
    clearInterval(this.heartbeat);
    this.heartbeat = setInterval(() => this.beat(), pingMilliseconds);
  }

  /** Returns the message's id, or null when there is no open socket. */
  send(command: object): number | null {
    if (this.socket?.readyState !== WebSocket.OPEN) return null;
    const id = ++this.lastId;
    this.socket.send(JSON.stringify({ id, ...command }));
    return id;
  }

  close(): void {
    this.closed = true;
    this.giveUp();
  }

  /** Comes back at once, for example after a gap in the sequence or when the network is back. */
  reopen(): void {
    if (this.closed) return;
    this.giveUp();
    this.events.onLost();
    this.open();
  }

  private giveUp(): void {
    const socket = this.socket;
    this.socket = null;
    clearInterval(this.heartbeat);
    clearTimeout(this.retry);
    socket?.close();
  }

  private address(): string {
    const url = new URL('/classroom', location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    url.searchParams.set('access_token', this.token);
    const position = this.events.position();
    if (position) {
      url.searchParams.set('lesson', position.lessonId);
      url.searchParams.set('since', String(position.seq));
    }
    return url.href;
  }

  private heard(text: string): void {
    this.heardAt = Date.now();
    const message = JSON.parse(text) as ServerMessage;
    if (message.type === 'welcome' || message.type === 'waiting') this.attempts = 0;
    this.events.onMessage(message);
  }

  private beat(): void {
    if (Date.now() - this.heardAt > silenceMilliseconds) this.reopen();
    else this.send({ command: 'ping' });
  }

  private broke(code: number, reason: string): void {
    this.giveUp();
    if (this.closed) return;
    if (finalCodes.includes(code)) {
      this.closed = true;
      this.events.onFinal(code, reason);
      return;
    }
    this.events.onLost();
    this.retry = setTimeout(() => this.open(), this.pauseAfter(code));
  }

  private pauseAfter(code: number): number {
    if (code === closeCode.full) return fullMilliseconds;
    if (code === closeCode.badMessages) return badMessagesMilliseconds;
    const base = retryMilliseconds[Math.min(this.attempts++, retryMilliseconds.length - 1)]!;
    // A whole class that lost its node at once must not come back in the same instant.
    return base * (1 + Math.random() / 2);
  }
}
