// SPDX-License-Identifier: Apache-2.0
import { setupI18n, type Messages } from '@lingui/core';
import { signal } from '@preact/signals';
import type english from '../locales/en.json';

export type Key = keyof typeof english;
export type Values = Record<string, string | number>;

export const languages = { de: 'Deutsch', en: 'English' } as const;
export type Language = keyof typeof languages;

type Catalogues = Record<Language, () => Promise<{ default: unknown }>>;
const catalogues: Catalogues[] = [{ de: () => import('../locales/de.json'), en: () => import('../locales/en.json') }];

/** A page's own texts beside those of all pages; to be called before a language is chosen. */
export function addCatalogues(own: Catalogues): void {
  catalogues.push(own);
}

const i18n = setupI18n();

/** Set once the catalogue of that language is there; reading it makes a component follow the language. */
export const language = signal<Language | null>(null);

export function t(key: Key, values?: Values): string {
  return language.value === null ? '' : i18n._(key, values);
}

/** The first wished language that we have; English if there is none. */
export function chooseLanguage(wished: readonly string[]): Language {
  for (const tag of wished) {
    const base = tag.toLowerCase().split('-')[0];
    if (base !== undefined && base in languages) return base as Language;
  }
  return 'en';
}

export async function useLanguage(wanted: Language): Promise<void> {
  const loaded = await Promise.all(catalogues.map((catalogue) => catalogue[wanted]()));
  for (const catalogue of loaded) i18n.load(wanted, catalogue.default as Messages);
  i18n.activate(wanted);
  language.value = wanted;
  if (typeof document !== 'undefined') document.documentElement.lang = wanted;
}

const storageKey = 'aula.language';

export function rememberLanguage(wanted: Language): void {
  try {
    localStorage.setItem(storageKey, wanted);
  } catch {
    // Storage may be switched off; the choice then lasts as long as the page.
  }
}

export function startLanguage(): Promise<void> {
  let remembered: string | null = null;
  try {
    remembered = localStorage.getItem(storageKey);
  } catch {
    // As above.
  }
  return useLanguage(chooseLanguage(remembered ? [remembered] : navigator.languages));
}

/** How dates and numbers are written: as in Europe in both languages. */
export const locale = () => (language.value === 'de' ? 'de-DE' : 'en-GB');

export function formatTime(milliseconds: number): string {
  return new Intl.DateTimeFormat(locale(), { hour: '2-digit', minute: '2-digit' }).format(milliseconds);
}

export function formatDateTime(milliseconds: number): string {
  const format = { dateStyle: 'medium', timeStyle: 'short' } as const;
  return new Intl.DateTimeFormat(locale(), format).format(milliseconds);
}
