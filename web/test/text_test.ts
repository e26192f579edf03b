// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { hueOf, initials, withLinks } from '../src/shared/text';

const links = (message: string) => withLinks(message).flatMap((part) => part.link ?? []);
const whole = (message: string) => withLinks(message).map((part) => part.text).join('');

describe('a chat message', () => {
  it('has its web addresses found, without the sentence’s own full stop', () => {
    expect(links('Siehe https://example.org/a?b=1. Und (http://example.com)!')).toEqual(['https://example.org/a?b=1', 'http://example.com']);
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'https://', '<a href="x">y</a>'])('does not make a link of %s', (text) => {
    expect(links(text)).toEqual([]);
    expect(whole(text)).toBe(text);
  });

  it('ends an address where HTML could begin', () => {
    expect(links('https://example.org/"onmouseover="x')).toEqual(['https://example.org/']);
    expect(links('https://example.org/<script>')).toEqual(['https://example.org/']);
  });

  it('loses no letter', () => {
    for (const message of ['', 'a', 'https://x.de', 'a https://x.de, b https://y.de', '…https://x.de…']) expect(whole(message)).toBe(message);
  });
});

describe('a tile without a picture', () => {
  it('shows first and last initial', () => {
    expect(['Mia Sommer', 'Ben', 'elif su yılmaz', '  ', '👩‍🏫 Weber'].map(initials).slice(0, 4)).toEqual(['MS', 'B', 'EY', '?']);
  });

  it('has the same colour for the same person', () => {
    expect(hueOf('p-17', 6)).toBe(hueOf('p-17', 6));
    expect(new Set(Array.from({ length: 40 }, (_, n) => hueOf(`p-${n}`, 6))).size).toBe(6);
  });
});
