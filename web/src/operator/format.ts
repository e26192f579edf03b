// SPDX-License-Identifier: Apache-2.0
import { locale } from '../shared/i18n';
import { fleet } from './state';

/** The city's time zone if the hub said it, else this browser's. */
function inCity(milliseconds: number, format: Intl.DateTimeFormatOptions): string {
  const offset = fleet.value?.now.utc_offset_s ?? null;
  if (offset === null) return new Intl.DateTimeFormat(locale(), format).format(milliseconds);
  return new Intl.DateTimeFormat(locale(), { ...format, timeZone: 'UTC' }).format(milliseconds + offset * 1000);
}

export const clockTime = (at: number) => inCity(at, { hour: '2-digit', minute: '2-digit' });
export const clockSeconds = (at: number) => inCity(at, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
export const dayAndTime = (at: number) => inCity(at, { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
export const longDay = (at: number) => inCity(at, { weekday: 'long', day: 'numeric', month: 'long' });
/** "2026-11-23" of the city. */
export function isoDay(at: number): string {
  const offset = fleet.value?.now.utc_offset_s ?? -new Date(at).getTimezoneOffset() * 60;
  return new Date(at + offset * 1000).toISOString().slice(0, 10);
}
/** A plain date, which has no time zone. */
export function dateText(date: string): string {
  const format = { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(locale(), format).format(new Date(`${date}T00:00:00Z`));
}
export function weekdayName(day: number, form: 'long' | 'short' = 'long'): string {
  // 5 January 2026 was a Monday.
  return new Intl.DateTimeFormat(locale(), { weekday: form, timeZone: 'UTC' }).format(Date.UTC(2026, 0, 4 + day));
}

export const count = (value: number) => new Intl.NumberFormat(locale(), { maximumFractionDigits: 0 }).format(value);
export const decimal = (value: number, digits = 1) =>
  new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(value);
export const percent = (share: number) => new Intl.NumberFormat(locale(), { style: 'percent' }).format(share);
/** Cents, and finer where there are none. */
export function euros(value: number): string {
  const digits = value !== 0 && Math.abs(value) < 0.01 ? 4 : 2;
  const format = { style: 'currency', currency: 'EUR', minimumFractionDigits: 2, maximumFractionDigits: digits } as const;
  return new Intl.NumberFormat(locale(), format).format(value);
}
/** "12:05" or "1:02:03", as a countdown shows it. */
export function countdown(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n: number) => String(n).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
/** "3 min", "2 h 10 min" */
export function span(milliseconds: number): string {
  const minutes = Math.max(0, Math.round(milliseconds / 60_000));
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return `${minutes} min`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}
/** "nothing is planned on it" as a sentence of its own. */
export const sentence = (text: string) => text.charAt(0).toLocaleUpperCase(locale()) + text.slice(1);
