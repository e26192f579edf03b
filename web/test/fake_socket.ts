// SPDX-License-Identifier: Apache-2.0
import { webcrypto } from 'node:crypto';
import { vi } from 'vitest';

/** Stands in for the browser's WebSocket; a test plays the server. */
export class FakeSocket {
  static readonly OPEN = 1;
  static all: FakeSocket[] = [];

  readyState = 1;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  readonly sent: Record<string, unknown>[] = [];
  closedByClient = false;

  constructor(readonly url: string) {
    FakeSocket.all.push(this);
  }

  static get last(): FakeSocket {
    return FakeSocket.all[FakeSocket.all.length - 1]!;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }

  close(): void {
    this.closedByClient = true;
    this.readyState = 3;
  }

  /** The server says something. */
  tell(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  /** The connection ends. */
  break(code: number, reason = ''): void {
    this.readyState = 3;
    this.onclose?.({ code, reason });
  }

  query(name: string): string | null {
    return new URL(this.url).searchParams.get(name);
  }
}

export function useFakeSockets(): void {
  FakeSocket.all = [];
  vi.stubGlobal('WebSocket', FakeSocket);
  vi.stubGlobal('location', { href: 'https://aula.example/l/abc' });
  vi.stubGlobal('crypto', webcrypto);
}
