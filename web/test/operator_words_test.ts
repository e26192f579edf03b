// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useLanguage } from '../src/shared/i18n';
import { hubWords } from '../src/operator/hub_words';
import { say } from '../src/operator/words';
import { argumentsOf, readCatalogue, textBelow } from './catalogue';

const sources = new URL('../src/operator/', import.meta.url).pathname;
const german = readCatalogue(sources, 'de');
const english = readCatalogue(sources, 'en');

describe("the operator's catalogue", () => {
  it('has the same keys and arguments in both languages', () => {
    expect(Object.keys(german)).toEqual(Object.keys(english));
    for (const key of Object.keys(english)) expect(argumentsOf(german[key]!), key).toEqual(argumentsOf(english[key]!));
    expect(argumentsOf(english['bell.what']!)).toEqual(['lessons', 'seats', 'time']);
  });

  it('holds nothing that no source asks for', () => {
    const text = textBelow(sources);
    expect(Object.keys(english).filter((key) => !text.includes(`'${key}'`))).toEqual([]);
  });

  it("knows the hub's sentences as its sources write them", () => {
    const hub = new URL('../../src/hub/', import.meta.url).pathname;
    const text = readdirSync(hub).filter((name) => name.endsWith('.cpp')).map((name) => readFileSync(join(hub, name), 'utf8')).join('');
    expect(Object.keys(hubWords).filter((sentence) => !text.includes(`"${sentence}"`))).toEqual([]);
  });

  it('is there beside the words of all pages', async () => {
    await useLanguage('de');
    expect(say('bell.what', { time: '07:45', lessons: 1, seats: 28 })).toBe('07:45 Uhr: eine Stunde mit 28 Plätzen');
    await useLanguage('en');
    expect(say('tab.whatIf')).toBe('What if');
  });
});
