// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Classroom } from '../src/lesson/classroom/classroom';
import type { Happening, LessonEvent } from '../src/lesson/classroom/protocol';
import { FakeSocket, useFakeSockets } from './fake_socket';
import { event, lesson, participant, said } from './lesson_samples';

const you = { identity: 'mia', name: 'Mia', role: 'pupil', number: 2 };
const mia = () => participant(2, 'Mia');
const weber = () => participant(1, 'Weber', 'teacher');
const welcome = (seq: number, more: object) => ({ type: 'welcome', seq, at: 0, lesson_id: '8c2f6d', you, lesson: null, events: null, ...more });

let finals: number[];
let happened: Happening[];

function open(seq = 5): Classroom {
  const classroom = new Classroom('TOKEN', {
    onFinal: (code) => finals.push(code),
    onHappening: (it) => happened.push(it),
  });
  classroom.open();
  FakeSocket.last.tell(welcome(seq, { lesson: lesson(weber(), mia()) }));
  return classroom;
}

const texts = (classroom: Classroom) => classroom.lesson.value?.chat.map((it) => it.text);
const catchUp = (seq: number, ...events: LessonEvent[]) => FakeSocket.last.tell(welcome(seq, { events }));

beforeEach(() => {
  vi.useFakeTimers();
  useFakeSockets();
  finals = [];
  happened = [];
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the classroom socket', () => {
  it('asks for everything at first', () => {
    open();
    expect(FakeSocket.last.url).toBe('wss://aula.example/classroom?access_token=TOKEN');
  });

  it('tells that the room is still opening', () => {
    const classroom = new Classroom('TOKEN', { onFinal: () => undefined });
    classroom.open();
    FakeSocket.last.tell({ type: 'opening', seconds: 25 });
    expect([classroom.link.value, classroom.openingSeconds.value]).toEqual(['opening', 25]);
  });

  it('keeps a guest at the door until the welcome', () => {
    let welcomed = 0;
    const classroom = new Classroom('TOKEN', { onFinal: () => undefined, onWelcome: () => ++welcomed });
    classroom.open();
    FakeSocket.last.tell({ type: 'waiting', lesson: 'Mathe 7b', place: 2 });
    expect([classroom.link.value, classroom.place.value, welcomed]).toEqual(['waiting', 2, 0]);
    FakeSocket.last.tell(welcome(5, { lesson: lesson(weber(), mia()) }));
    expect([classroom.link.value, classroom.place.value, welcomed]).toEqual(['open', null, 1]);
  });

  it('knows who stands at the door only as a teacher, without a gap in the sequence', () => {
    const classroom = open(5);
    FakeSocket.last.tell(event(6, { type: 'at_door' }));
    FakeSocket.last.tell(event(7, { type: 'role', identity: 'mia', role: 'teacher', by: 'weber' }));
    expect([FakeSocket.all.length, classroom.atDoor.value]).toEqual([1, []]);
    const gina = { identity: 'gina', name: 'Gina', since: 0 };
    FakeSocket.last.tell(welcome(7, { lesson: { ...lesson(weber(), mia()), waiting: [gina] } }));
    FakeSocket.last.tell(event(8, { type: 'knocked', identity: 'hugo', name: 'Hugo' }));
    expect(classroom.atDoor.value.map((it) => it.name)).toEqual(['Gina', 'Hugo']);
  });

  it('says why the lesson ended, and that a guest was turned away', () => {
    const reasons: [number, string][] = [];
    const classroom = new Classroom('TOKEN', { onFinal: (code, reason) => reasons.push([code, reason]) });
    classroom.open();
    FakeSocket.last.break(4000, 'time');
    new Classroom('TOKEN', { onFinal: (code, reason) => reasons.push([code, reason]) }).open();
    FakeSocket.last.break(4007);
    expect(reasons).toEqual([[4000, 'time'], [4007, '']]);
  });

  it('reads what the maker of the lesson says of it, by an older node nothing', () => {
    const classroom = open();
    expect(classroom.about.value).toBeNull();
    const about = { type: 'about', welcome: 'Hi', for_teachers: null, begins_muted: true, ends_at: 5, ends_why: 'time' };
    FakeSocket.last.tell(about);
    expect(classroom.about.value).toEqual(about);
  });

  it('after a break asks for what it missed and applies it once', () => {
    const classroom = open(5);
    FakeSocket.last.tell(said(6, 'Weber', 'one'));
    FakeSocket.last.break(1006);
    expect(classroom.link.value).toBe('lost');
    vi.advanceTimersByTime(1000);
    expect([FakeSocket.last.query('lesson'), FakeSocket.last.query('since')]).toEqual(['8c2f6d', '6']);
    catchUp(8, said(6, 'Weber', 'one'), said(7, 'Weber', 'two'), said(8, 'Weber', 'three'));
    expect(texts(classroom)).toEqual(['one', 'two', 'three']);
    expect(classroom.link.value).toBe('open');
  });

  it('takes what it caught up for history, not for news', () => {
    open(5);
    FakeSocket.last.break(1006);
    vi.advanceTimersByTime(1000);
    catchUp(6, said(6, 'Weber', 'missed'));
    FakeSocket.last.tell(said(7, 'Weber', 'live'));
    expect(happened).toMatchObject([{ text: 'live' }]);
  });

  it('comes back by itself when an event is missing in the sequence', () => {
    const classroom = open(5);
    const first = FakeSocket.last;
    first.tell(said(7, 'Weber', 'seven'));
    expect(first.closedByClient).toBe(true);
    expect(FakeSocket.last).not.toBe(first);
    expect(FakeSocket.last.query('since')).toBe('5');
    expect(texts(classroom)).toEqual([]);
    catchUp(7, said(6, 'Weber', 'six'), said(7, 'Weber', 'seven'));
    expect(texts(classroom)).toEqual(['six', 'seven']);
  });

  it('does not listen to a socket it has given up', () => {
    const classroom = open(5);
    const first = FakeSocket.last;
    first.tell(said(7, 'Weber', 'gap'));
    first.tell(said(6, 'Weber', 'late'));
    first.break(4000);
    expect(texts(classroom)).toEqual([]);
    expect(finals).toEqual([]);
  });

  it('waits longer from try to try, and starts anew after a welcome', () => {
    open();
    const pauses: number[] = [];
    for (let attempt = 0; attempt < 7; ++attempt) {
      const count = FakeSocket.all.length;
      FakeSocket.last.break(1006);
      const before = Date.now();
      while (FakeSocket.all.length === count) vi.advanceTimersByTime(50);
      pauses.push(Date.now() - before);
    }
    expect(pauses[0]).toBeLessThanOrEqual(50);
    expect(pauses[3]).toBeGreaterThanOrEqual(2000);
    expect(pauses[6]).toBeGreaterThanOrEqual(5000);
    expect(pauses[6]).toBeLessThanOrEqual(7550);
  });

  it('notices a connection that is dead without having been closed', () => {
    const classroom = open();
    const first = FakeSocket.last;
    vi.advanceTimersByTime(20_000);
    expect(first.sent.filter((it) => it['command'] === 'ping')).toHaveLength(2);
    expect(first.closedByClient).toBe(false);
    vi.advanceTimersByTime(10_000);
    expect(first.closedByClient).toBe(true);
    expect(FakeSocket.last).not.toBe(first);
    expect(classroom.link.value).toBe('lost');
  });

  it.each([4000, 4001, 4002, 4003])('does not come back after %d', (code) => {
    const classroom = open();
    FakeSocket.last.break(code);
    vi.advanceTimersByTime(120_000);
    expect(finals).toEqual([code]);
    expect(FakeSocket.all).toHaveLength(1);
    expect(classroom.link.value).toBe('closed');
  });

  it('tries a full lesson again after half a minute', () => {
    open();
    FakeSocket.last.break(4005);
    vi.advanceTimersByTime(29_000);
    expect(FakeSocket.all).toHaveLength(1);
    vi.advanceTimersByTime(1000);
    expect(FakeSocket.all).toHaveLength(2);
  });
});

describe('history', () => {
  it('ends where one came, also when the server sends everything anew later', () => {
    const classroom = open(5);
    FakeSocket.last.break(1006);
    vi.advanceTimersByTime(1000);
    FakeSocket.last.tell(welcome(9, { lesson: lesson(weber(), mia()) }));
    expect(classroom.cameAt.value).toBe(5);
  });
});

describe('commands', () => {
  it('are answered by id, also with a no', async () => {
    const classroom = open();
    const hand = classroom.tell({ command: 'raise_hand' });
    const mute = classroom.tell({ command: 'mute', identity: 'weber' });
    FakeSocket.last.tell({ type: 'refused', id: 2, code: 'not_allowed', text: '' });
    FakeSocket.last.tell({ type: 'ok', id: 1, seq: 6 });
    expect(await hand).toMatchObject({ type: 'ok' });
    expect(await mute).toMatchObject({ code: 'not_allowed' });
  });

  it('get no answer when the connection breaks first', async () => {
    const classroom = open();
    const hand = classroom.tell({ command: 'raise_hand' });
    FakeSocket.last.break(1006);
    expect(await hand).toBeNull();
  });

  it('show raised hands in the order of raising', () => {
    const classroom = open();
    FakeSocket.last.tell(event(6, { type: 'hand_raised', identity: 'mia' }, 9000));
    FakeSocket.last.tell(event(7, { type: 'hand_raised', identity: 'weber' }, 8000));
    expect(classroom.hands.value.map((it) => it.name)).toEqual(['Weber', 'Mia']);
  });

  it('follow a role that was given in the lesson', () => {
    const classroom = open();
    expect(classroom.isTeacher.value).toBe(false);
    FakeSocket.last.tell(event(6, { type: 'role', identity: 'mia', role: 'teacher', by: 'weber' }));
    expect(classroom.isTeacher.value).toBe(true);
  });
});

describe('a chat message of one’s own', () => {
  const sentChat = () => FakeSocket.last.sent.filter((it) => it['command'] === 'chat');

  it('stands as unsent until it arrives in the chat', () => {
    const classroom = open();
    classroom.say('Hallo');
    expect(classroom.unsent.value).toMatchObject([{ text: 'Hallo', refused: null }]);
    FakeSocket.last.tell(said(6, 'Mia', 'Hallo', String(sentChat()[0]?.['nonce'])));
    expect(classroom.unsent.value).toEqual([]);
    expect(texts(classroom)).toEqual(['Hallo']);
  });

  it('is said again with the same nonce after a break', () => {
    const classroom = open();
    classroom.say('Hallo');
    const nonce = sentChat()[0]?.['nonce'];
    FakeSocket.last.break(1006);
    vi.advanceTimersByTime(1000);
    catchUp(5);
    expect(sentChat()).toMatchObject([{ text: 'Hallo', nonce }]);
  });

  it('is not said again when the server had it before the break', () => {
    const classroom = open();
    classroom.say('Hallo');
    const nonce = String(sentChat()[0]?.['nonce']);
    FakeSocket.last.break(1006);
    vi.advanceTimersByTime(1000);
    catchUp(6, said(6, 'Mia', 'Hallo', nonce));
    expect(sentChat()).toEqual([]);
    expect(classroom.unsent.value).toEqual([]);
  });

  it('written while the connection is broken is said when it is back', () => {
    const classroom = open();
    FakeSocket.last.break(1006);
    classroom.say('offline');
    vi.advanceTimersByTime(1000);
    catchUp(5);
    expect(sentChat()).toMatchObject([{ text: 'offline' }]);
  });

  it('that was refused says why and is not sent again', async () => {
    const classroom = open();
    classroom.say('spam');
    FakeSocket.last.tell({ type: 'refused', id: 1, code: 'too_fast', text: '' });
    await vi.advanceTimersByTimeAsync(0);
    expect(classroom.unsent.value).toMatchObject([{ text: 'spam', refused: 'too_fast' }]);
    FakeSocket.last.break(1006);
    vi.advanceTimersByTime(1000);
    catchUp(5);
    expect(sentChat()).toEqual([]);
  });
});
