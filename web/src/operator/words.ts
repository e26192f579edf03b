// SPDX-License-Identifier: Apache-2.0
import { addCatalogues, t, type Values } from '../shared/i18n';
import type english from './locales/en.json';

/** The operator's page has a catalogue of its own, which no pupil downloads. */
export type Word = keyof typeof english;

addCatalogues({ de: () => import('./locales/de.json'), en: () => import('./locales/en.json') });

export const say = t as unknown as (key: Word, values?: Values) => string;
