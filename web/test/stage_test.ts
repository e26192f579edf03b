// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Seen } from '../src/lesson/media/seen';
import { isHere, peopleOf, stripOrder, type Person } from '../src/lesson/view/people';
import { chooseStage, SpeakerChoice } from '../src/lesson/view/stage_choice';
import { participant } from './lesson_samples';

const track = { attach: () => undefined, detach: () => undefined } as unknown as NonNullable<Seen['camera']>;

function seen(identity: string, what: Partial<Seen> = {}): [string, Seen] {
  const nothing = { name: identity, isSelf: false, microphone: false, camera: null, screen: null, speaking: false, weakLink: false };
  return [identity, { identity, ...nothing, ...what }];
}

const participants = [participant(1, 'Weber', 'teacher'), participant(2, 'Mia'), participant(3, 'Ben')];
const people = (...seenOnes: [string, Seen][]) => peopleOf(participants, new Map(seenOnes), 'mia');
const nobody = { pinned: null, spotlight: null, speaker: null };
const onStage = (all: Person[], wanted = {}) => {
  const choice = chooseStage(all, { ...nobody, ...wanted });
  return choice && `${choice.person.identity} ${choice.shows}`;
};

describe('the stage', () => {
  it('shows a teacher when nothing else is wanted', () => {
    expect(onStage(people())).toBe('weber person');
  });

  it('shows oneself only when nobody else is there', () => {
    expect(onStage(peopleOf([participants[1]!], new Map(), 'mia'))).toBe('mia person');
    expect(onStage([])).toBeNull();
  });

  it('prefers the speaker to the teacher, the spotlight to the speaker, a screen to both and the own pin to all', () => {
    const all = people(seen('ben', { screen: track }));
    expect(onStage(people(), { speaker: 'ben' })).toBe('ben person');
    expect(onStage(people(), { speaker: 'ben', spotlight: 'weber' })).toBe('weber person');
    expect(onStage(all, { spotlight: 'weber' })).toBe('ben screen');
    expect(onStage(all, { spotlight: 'ben', pinned: 'weber' })).toBe('weber person');
    expect(onStage(all, { pinned: 'ben' })).toBe('ben screen');
  });

  it('forgets a pin of somebody who has gone', () => {
    expect(onStage(people(), { pinned: 'gone' })).toBe('weber person');
  });
});

describe('who speaks', () => {
  it('changes only after a while, so that a cough moves nothing', () => {
    const choice = new SpeakerChoice();
    expect(choice.update(['ben'], 0)).toBeNull();
    expect(choice.update(['ben'], 1500)).toBe('ben');
    expect(choice.update(['weber', 'ben'], 4000)).toBe('ben');
    expect(choice.update(['weber'], 5000)).toBe('ben');
    expect(choice.update([], 5500)).toBe('ben');
    expect(choice.update(['weber'], 6000)).toBe('ben');
    expect(choice.update(['weber'], 7500)).toBe('weber');
  });
});

describe('people', () => {
  it('are those of the classroom, and those whom only the call knows', () => {
    const all = people(seen('mia', { isSelf: true }), seen('phone-1', { name: '+49 …' }));
    expect(all.map((it) => [it.identity, it.isSelf])).toEqual([['weber', false], ['mia', true], ['ben', false], ['phone-1', false]]);
  });

  it('are not here when neither connected nor seen', () => {
    const gone = { ...participant(4, 'Ada'), connected: false };
    const [person] = peopleOf([gone], new Map(), '');
    expect(isHere(person!)).toBe(false);
    expect(isHere(peopleOf([gone], new Map([seen('ada')]), '')[0]!)).toBe(true);
  });

  it('stand in the strip in an order that does not follow who speaks', () => {
    const order = (...seenOnes: [string, Seen][]) => stripOrder(people(...seenOnes)).map((it) => it.identity);
    expect(order()).toEqual(['mia', 'weber', 'ben']);
    expect(order(seen('ben', { speaking: true }), seen('extra', { camera: track }))).toEqual(['mia', 'weber', 'extra', 'ben']);
  });
});
