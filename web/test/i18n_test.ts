// SPDX-License-Identifier: Apache-2.0
import { beforeAll, describe, expect, it } from 'vitest';
import { chooseLanguage, t, useLanguage, type Key } from '../src/shared/i18n';
import { argumentsOf, readCatalogue, textBelow } from './catalogue';

const sources = new URL('../src/', import.meta.url).pathname;
const german = readCatalogue(sources, 'de');
const english = readCatalogue(sources, 'en');

/** Keys that are put together from parts, as `problem.${device}Denied`; the type checker knows them all. */
function builtKeys(text: string): RegExp[] {
  return [...text.matchAll(/[`]((?:problem|notice|heard)\.[^`]*\$\{[^`]*)[`]/g)].map(
    (match) => new RegExp(`^${match[1]!.replace(/\./g, '\\.').replace(/\$\{[^}]*\}/g, '\\w+')}$`),
  );
}

describe('the catalogues', () => {
  const text = textBelow(sources);

  it('have the same keys in the same order', () => {
    expect(Object.keys(german)).toEqual(Object.keys(english));
  });

  it('have a text for every key and the same arguments in both languages', () => {
    for (const key of Object.keys(english)) {
      expect(german[key], key).not.toBe('');
      expect(argumentsOf(german[key]!), key).toEqual(argumentsOf(english[key]!));
    }
    expect(argumentsOf(english['people.spoken']!)).toEqual(['count', 'hands']);
  });

  it('hold every key that the sources ask for', () => {
    const asked = [...text.matchAll(/\bt\(\s*'([^']+)'/g)].map((match) => match[1]!);
    expect(asked.length).toBeGreaterThan(100);
    for (const key of asked) expect(english, key).toHaveProperty([key]);
  });

  it('hold nothing that no source asks for', () => {
    const built = builtKeys(text);
    const unused = Object.keys(english).filter((key) => !text.includes(`'${key}'`) && !built.some((it) => it.test(key)));
    expect(unused).toEqual([]);
  });
});

describe('a language', () => {
  beforeAll(() => useLanguage('de'));

  it('is the first wished one that there is', () => {
    expect(chooseLanguage(['fr-FR', 'de-AT', 'en'])).toBe('de');
    expect(chooseLanguage(['tr'])).toBe('en');
  });

  it('counts by its own rules', () => {
    const count = (n: number) => t('start.running', { count: n });
    expect([count(0), count(1), count(7)]).toEqual(['Läuft, niemand ist da', 'Läuft, eine Person ist da', 'Läuft, 7 sind da']);
    expect(t('people.spoken', { count: 12, hands: 2 })).toBe('Leute, 12 sind da, 2 Hände sind gehoben');
  });

  it('takes the place of the other one at once', async () => {
    await useLanguage('en');
    expect(t('leave' satisfies Key)).toBe('Leave');
    await useLanguage('de');
    expect(t('leave')).toBe('Gehen');
  });
});
