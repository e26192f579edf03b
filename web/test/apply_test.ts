// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { apply } from '../src/lesson/classroom/apply';
import type { Happening } from '../src/lesson/classroom/protocol';
import { event, lesson, participant, said } from './lesson_samples';

const start = () => lesson(participant(1, 'Weber', 'teacher'), participant(2, 'Mia'), participant(3, 'Ben'));
const after = (...happenings: Happening[]) => happenings.reduce((state, it, index) => apply(state, event(index + 10, it)), start());
const names = (state: ReturnType<typeof start>) => state.participants.map((it) => it.name);

describe('the lesson after an event', () => {
  it('keeps the order of first joining when somebody comes back', () => {
    const state = after(
      { type: 'left', identity: 'mia', reason: 'left' },
      { type: 'joined', participant: participant(4, 'Ada') },
      { type: 'joined', participant: participant(2, 'Mia') },
    );
    expect(names(state)).toEqual(['Weber', 'Mia', 'Ben', 'Ada']);
    expect(state.next_number).toBe(5);
  });

  it('marks everybody as gone when the lesson moved, until they join again', () => {
    const state = after({ type: 'reopened' }, { type: 'joined', participant: participant(2, 'Mia') });
    expect(state.participants.map((it) => it.connected)).toEqual([false, true, false]);
  });

  it('knows who stands at the door, and nobody when the lesson moved', () => {
    const knocked = (identity: string): Happening => ({ type: 'knocked', identity, name: identity.toUpperCase() });
    const door = (...more: Happening[]) => after(knocked('g'), knocked('h'), knocked('i'), ...more).waiting.map((it) => it.name);
    expect(door()).toEqual(['G', 'H', 'I']);
    expect(
      door(
        { type: 'admitted', identity: 'g', name: 'G', by: 'weber' },
        { type: 'turned_away', identity: 'h', name: 'H', by: 'weber' },
        { type: 'gave_up', identity: 'i' },
      ),
    ).toEqual([]);
    expect(door({ type: 'reopened' })).toEqual([]);
  });

  it('raises a hand at the time of the event and lowers it', () => {
    const raised = apply(start(), event(11, { type: 'hand_raised', identity: 'mia' }, 777));
    expect(raised.participants[1]?.hand_raised_at).toBe(777);
    const lowered = apply(raised, event(12, { type: 'hand_lowered', identity: 'mia', by: 'weber' }));
    expect(lowered.participants[1]?.hand_raised_at).toBeNull();
  });

  it('remembers a role given to somebody who is not there', () => {
    const state = after({ type: 'role', identity: 'gone', role: 'teacher', by: 'weber' });
    expect(state.roles).toEqual([{ identity: 'gone', role: 'teacher' }]);
    expect(names(state)).toEqual(['Weber', 'Mia', 'Ben']);
  });

  it('takes a removed person out of the list and of the spotlight, and lets them back', () => {
    const removed = after(
      { type: 'spotlight', identity: 'ben', by: 'weber' },
      { type: 'removed', identity: 'ben', name: 'Ben', by: 'weber' },
    );
    expect(names(removed)).toEqual(['Weber', 'Mia']);
    expect(removed.spotlight).toBeNull();
    expect(removed.removed).toEqual([{ identity: 'ben', name: 'Ben' }]);
    expect(apply(removed, event(20, { type: 'allowed_back', identity: 'ben', by: 'weber' })).removed).toEqual([]);
  });

  it('gives a chat message the sequence number and time of its event, and keeps the last thousand', () => {
    let state = start();
    for (let seq = 1; seq <= 1003; ++seq) state = apply(state, said(seq, 'Mia', `line ${seq}`));
    expect(state.chat).toHaveLength(1000);
    expect(state.chat[0]).toMatchObject({ seq: 4, at: 4000, name: 'Mia', text: 'line 4' });
  });

  it('says how the lesson ended', () => {
    expect(after({ type: 'ended', reason: 'time', by: '' }).ended).toEqual({ at: 10_000, reason: 'time', by: '' });
  });

  it('passes over an event it does not know', () => {
    const before = start();
    expect(apply(before, event(9, { type: 'poll_opened' } as unknown as Happening))).toBe(before);
  });

  it('does not change the state it was given', () => {
    const before = start();
    const copy = structuredClone(before);
    apply(before, event(9, { type: 'hand_raised', identity: 'mia' }));
    expect(before).toEqual(copy);
  });
});
