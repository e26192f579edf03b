// SPDX-License-Identifier: Apache-2.0
import { ask } from '../shared/api';

/** A lesson of this installation, as GET /api/lessons lists it. */
export interface Lesson {
  id: string;
  name: string;
  /** Milliseconds since 1970. */
  created: number;
  running: boolean;
  participants: number;
  teacher_link: string;
  pupil_link: string;
}

export type NewLesson = Pick<Lesson, 'id' | 'name' | 'teacher_link' | 'pupil_link'>;

export class Lessons {
  constructor(private readonly adminToken: string) {}

  async list(): Promise<Lesson[]> {
    const answer = await ask<{ lessons: Lesson[] }>('/api/lessons', { bearer: this.adminToken });
    return answer.lessons;
  }

  create(name: string): Promise<NewLesson> {
    return ask('/api/lessons', { method: 'POST', body: { name }, bearer: this.adminToken });
  }

  async end(id: string): Promise<void> {
    await ask(`/api/lessons/${encodeURIComponent(id)}`, { method: 'DELETE', bearer: this.adminToken });
  }
}

const storageKey = 'aula.admin';

/** The token comes in the fragment, which no server and no log ever sees, and leaves the address at once. */
export function takeAdminToken(): string | null {
  const fragment = new URLSearchParams(location.hash.slice(1)).get('admin');
  if (fragment) {
    sessionStorage.setItem(storageKey, fragment);
    history.replaceState(null, '', location.pathname);
    return fragment;
  }
  return sessionStorage.getItem(storageKey);
}

export function forgetAdminToken(): void {
  sessionStorage.removeItem(storageKey);
}

/** The name stands in the fragment of the link, so that the entry screen can show it already. */
export function withName(link: string, name: string): string {
  const url = new URL(link, location.href);
  if (name !== '') url.hash = new URLSearchParams({ name }).toString();
  return url.href;
}
