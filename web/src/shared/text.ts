// SPDX-License-Identifier: Apache-2.0

export type TextPart = { text: string; link?: string };

const address = /https?:\/\/[^\s<>"']+/gi;

/** Splits a chat message into plain text and web addresses. Nothing in it is ever read as HTML. */
export function withLinks(message: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of message.matchAll(address)) {
    // A full stop or bracket after an address belongs to the sentence.
    const text = match[0].replace(/[.,;:!?)\]}]+$/, '');
    if (!isAddress(text)) continue;
    if (match.index > end) parts.push({ text: message.slice(end, match.index) });
    parts.push({ text, link: text });
    end = match.index + text.length;
  }
  if (end < message.length) parts.push({ text: message.slice(end) });
  return parts;
}

function isAddress(text: string): boolean {
  try {
    return new URL(text).host !== '';
  } catch {
    return false;
  }
}

/** One or two letters that stand for a name on a tile without a picture. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const first = words[0] ?? '?';
  const last = words.length > 1 ? words[words.length - 1]! : '';
  return ([...first][0]! + ([...last][0] ?? '')).toLocaleUpperCase();
}

/** One of `count` calm colours, the same for the same person in every window. */
export function hueOf(identity: string, count: number): number {
  let sum = 0;
  for (const letter of identity) sum = (sum * 31 + letter.codePointAt(0)!) >>> 0;
  return sum % count;
}
