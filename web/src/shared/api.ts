// SPDX-License-Identifier: Apache-2.0

/** What the hub said instead of yes. `status` is 0 when it could not be reached at all. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    text: string,
    readonly retryAfter?: number,
  ) {
    super(text);
  }
}

export interface Ask {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  body?: unknown;
  /** In place of a JSON body. */
  text?: string;
  bearer?: string;
  /** Who is signed in by a cookie asks with it. */
  signedIn?: boolean;
}

export async function ask<Answer>(path: string, { method = 'GET', body, text, bearer, signedIn = false }: Ask = {}): Promise<Answer> {
  const headers = new Headers({ accept: 'application/json' });
  if (body !== undefined) headers.set('content-type', 'application/json');
  if (bearer !== undefined) headers.set('authorization', `Bearer ${bearer}`);
  const request: RequestInit = { method, headers, cache: 'no-store', credentials: signedIn ? 'same-origin' : 'omit' };
  if (body !== undefined) request.body = JSON.stringify(body);
  if (text !== undefined) request.body = text;
  let response: Response;
  try {
    response = await fetch(path, request);
  } catch {
    throw new Refusal(0, 'unreachable', '');
  }
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer as Answer;
  throw refusalOf(response, answer as Record<string, unknown>);
}

function refusalOf(response: Response, answer: Record<string, unknown>): Refusal {
  const code = typeof answer['code'] === 'string' ? answer['code'] : '';
  const text = typeof answer['text'] === 'string' ? answer['text'] : '';
  const seconds = Number(answer['retry_after'] ?? response.headers.get('retry-after') ?? NaN);
  return new Refusal(response.status, code, text, Number.isFinite(seconds) ? seconds : undefined);
}
