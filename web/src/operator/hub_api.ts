// SPDX-License-Identifier: Apache-2.0
import { ask, type Ask } from '../shared/api';

/** The answers of docs/protocol/operator.md and timetable.md. Times are milliseconds since 1970 by the city's clock. */
export type Role = 'viewer' | 'operator';
export interface Account {
  name: string;
  role: Role;
}
export interface AccountCard extends Account {
  created: number;
  last_sign_in: number | null;
}

export type NodeState = 'off' | 'starting' | 'ready' | 'draining' | 'stopping' | 'silent' | 'broken';
export interface RoomCard {
  id: string;
  title: string;
  school: string;
  live: number;
  held: number;
  opened: number;
  end: number | null;
}
export interface NodeCard {
  name: string;
  state: NodeState;
  since: number;
  powered_on: number | null;
  standby: boolean;
  ours: boolean;
  kept_on: boolean;
  strikes: number;
  doing: string;
  cores: number;
  memory_gb: number;
  cost_eur: number;
  seats: number;
  live: number;
  held: number;
  cpu: number | null;
  memory_bytes: number | null;
  version: string;
  rooms: RoomCard[];
}
export interface Alarm {
  kind: string;
  what: string;
  text: string;
  percent?: number;
}
export interface Now {
  now: number;
  speed: number;
  utc_offset_s: number | null;
  acts: boolean;
  keeps: boolean;
  cloud: { known: boolean; seen: number };
  scaling: { held: boolean; by: string };
  next_bell: { at: number; lessons: number; seats: number } | null;
  seats: { live: number; held: number; there: number };
  pool: { ready: number; starting: number; leaving: number; standby: number; trouble: number; most: number };
  money: { today_eur: number; budget_eur: number | null; example_prices: boolean };
  alarms: Alarm[];
  waiting: { id: string; title: string; school: string; seats: number; since: number; estimate_s: number }[];
  nodes: NodeCard[];
}
export interface History {
  at: number[];
  live: number[];
  held: number[];
  seats: number[];
  on: number[];
}
export interface LoggedAction {
  id: number;
  at: number;
  kind: string;
  server: string;
  who: string;
  words: string;
  outcome: string;
  finished: number | null;
}
export interface Deed {
  id: number;
  at: number;
  who: string;
  act: string;
  what: string;
  why: string;
}
export interface Curve {
  at: number[];
  nodes: number[];
  seats: number[];
}
export interface Forecast {
  now: number;
  lessons: number;
  demand: { at: number[]; announced: number[]; unannounced: number[] };
  curve: Curve;
  starts: { at: number; nodes: number; words: string }[];
}
export type PolicyValues = Record<string, number>;
export interface Policy {
  policy: PolicyValues;
  defaults: PolicyValues;
  limits: Record<string, { least: number; most: number; step: number }>;
}
export interface Figures {
  node_minutes: number;
  cost_eur: number;
  most_nodes: number;
  lessons: number;
  refused: number;
  delayed_over_30s: number;
  wait_s: { p50: number; p95: number; p99: number; max: number };
}
export interface WhatIf {
  from: number;
  days: number;
  lessons: number;
  source: 'recorded' | 'timetable';
  present: Figures;
  asked: Figures;
  present_curve: Curve;
  asked_curve: Curve;
}

export interface Slot {
  name: string;
  from: string;
  to: string;
}
export interface DaysOff {
  first: string;
  last: string;
  name: string;
}
export interface Row {
  day: number;
  course: string;
  size: number;
  slot?: string;
  from?: string;
  to?: string;
  weeks?: 'a' | 'b';
  valid_from?: string;
  valid_until?: string;
  meeting?: string;
  not_on?: string[];
}
export interface School {
  id: string;
  name: string;
  zone: string;
  week_a?: string;
  slots: Slot[];
  days_off: DaysOff[];
  rows: Row[];
  version?: number;
}
export interface SchoolLine {
  id: string;
  name: string;
  rows: number;
}
export interface Imported {
  rows: number;
  days_off: number;
  notes: { line: number; text: string }[];
  school: School;
}
export interface SchoolDay {
  date: string;
  off: string | null;
  lessons: number;
  seats: number;
}

export type Period = 'day' | 'week' | 'month';
export interface Budget {
  day_eur: number;
  month_eur: number;
  alarm_percents: number[];
  today_eur: number;
  this_month_eur: number;
}
export interface Bill {
  first: string;
  last: string;
  example_prices: boolean;
  total_eur: number;
  used_eur: number;
  boot_eur: number;
  idle_eur: number;
  storage_eur: number;
  addresses_eur: number;
  unshared_eur: number;
  server_minutes: number;
  schools: { school: number; name: string; participant_minutes: number; used_eur: number; overhead_eur: number; total_eur: number }[];
  budget: Budget;
}
export interface MeterLine {
  server: string;
  name: string;
  core_minutes: number;
  cloud_core_minutes: number;
  difference: number;
}

const root = '/api/operator';
const call = <Answer>(path: string, options: Ask = {}) => ask<Answer>(root + path, { signedIn: true, ...options });
const post = <Answer>(path: string, body: unknown) => call<Answer>(path, { method: 'POST', body });
const named = (path: string, name: string) => path + encodeURIComponent(name);

export const hub = {
  session: () => call<{ account: Account }>('/session'),
  signIn: (name: string, password: string) => post<{ account: Account }>('/session', { name, password }),
  setUp: (token: string, name: string, password: string) => post<{ account: Account }>('/setup', { token, name, password }),
  signOut: () => call('/session', { method: 'DELETE' }),
  signOutEverywhere: () => call('/sessions', { method: 'DELETE' }),
  changePassword: (old: string, fresh: string) => post('/password', { old, new: fresh }),
  accounts: async () => (await call<{ accounts: AccountCard[] }>('/accounts')).accounts,
  addAccount: (name: string, password: string, role: Role) => post('/accounts', { name, password, role }),
  changeAccount: (name: string, change: { role?: Role; password?: string }) =>
    call(named('/accounts/', name), { method: 'PUT', body: change }),
  removeAccount: (name: string) => call(named('/accounts/', name), { method: 'DELETE' }),

  now: () => call<Now>('/now'),
  history: (hours: number) => call<History>(`/history?hours=${hours}`),
  log: (before: number, language: string) =>
    call<{ actions: LoggedAction[]; more: boolean }>(`/log?before=${before}&language=${language}`),
  audit: (before: number) => call<{ deeds: Deed[]; more: boolean }>(`/audit?before=${before}`),
  act: (act: string, node: string, why: string) => post('/actions', { act, node, why }),
  forecast: (language: string) => call<Forecast>(`/forecast?language=${language}`),
  policy: () => call<Policy>('/policy'),
  setPolicy: (policy: PolicyValues, why: string) => call<Policy>('/policy', { method: 'PUT', body: { ...policy, why } }),
  whatIf: (policy: PolicyValues) =>
    call<WhatIf>(`/what_if?${new URLSearchParams(Object.entries(policy).map(([name, value]) => [name, String(value)]))}`),
  lessonsCsv: () => `${root}/lessons.csv`,

  bill: (period: Period, date: string) => call<Bill>(`/bill?period=${period}&date=${date}`),
  billCsv: (period: Period, date: string) => `${root}/bill.csv?period=${period}&date=${date}`,
  serversCsv: (period: Period, date: string) => `${root}/servers.csv?period=${period}&date=${date}`,
  meter: async () => (await call<{ servers: MeterLine[] }>('/meter')).servers,
  setBudget: (budget: Pick<Budget, 'day_eur' | 'month_eur' | 'alarm_percents'>) => call<Budget>('/budget', { method: 'PUT', body: budget }),

  schools: () => call<{ schools: SchoolLine[]; city_zone: string }>('/schools'),
  school: (id: string) => call<School>(named('/schools/', id)),
  saveSchool: (school: School) => call<School>(named('/schools/', school.id), { method: 'PUT', body: school }),
  removeSchool: (id: string) => call(named('/schools/', id), { method: 'DELETE' }),
  importRows: (id: string, format: 'csv' | 'icalendar', mode: 'look' | 'replace' | 'add', text: string, language: string) =>
    call<Imported>(`${named('/import/', id)}?format=${format}&mode=${mode}&language=${language}`, { method: 'POST', text }),
  timetableCsv: (id: string) => root + named('/timetable.csv/', id),
  days: async (id: string, first: string, last: string) =>
    (await call<{ days: SchoolDay[] }>(`${named('/days/', id)}?first=${first}&last=${last}`)).days,
};
