// SPDX-License-Identifier: Apache-2.0
import { computed, effect, signal } from '@preact/signals';
import { obeyMutedBeginning, obeySettings } from './actions';
import { isHere, peopleOf } from './people';
import { chooseStage, SpeakerChoice } from './stage_choice';
import type { Inside } from '../visit';

export type Panel = 'chat' | 'people';
export type OpenDialog = 'more' | 'leave' | 'muteAll' | null;

const speakerTick = 500;

/** What this window shows of the lesson: which panel, who stands large, what has been read. */
export class Desk {
  readonly panel = signal<Panel | null>(null);
  readonly dialog = signal<OpenDialog>(null);
  readonly pinned = signal<string | null>(null);
  readonly speaker = signal<string | null>(null);
  readonly readUpTo = signal(0);
  /** The welcome stands in the chat; it is news to those who have not opened it. */
  readonly greetingRead = signal(false);

  readonly people = computed(() =>
    peopleOf(this.inside.classroom.participants.value, this.inside.call.seen.value, this.inside.session.identity),
  );
  readonly here = computed(() => this.people.value.filter(isHere));
  readonly stage = computed(() =>
    chooseStage(this.here.value, {
      pinned: this.pinned.value,
      spotlight: this.inside.classroom.lesson.value?.spotlight ?? null,
      speaker: this.speaker.value,
    }),
  );
  readonly unread = computed(() => {
    const { lesson, cameAt, about } = this.inside.classroom;
    const read = Math.max(this.readUpTo.value, cameAt.value);
    const greeted = this.greetingRead.value || !about.value?.welcome ? 0 : 1;
    return greeted + (lesson.value?.chat ?? []).filter((it) => it.seq > read && it.identity !== this.inside.session.identity).length;
  });

  private readonly endings: (() => void)[] = [];

  constructor(private readonly inside: Inside) {}

  /** Follows the lesson until the returned function is called. */
  start(): () => void {
    const choice = new SpeakerChoice();
    const follow = () => {
      const speaking = this.here.peek().filter((it) => it.seen?.speaking && !it.isSelf);
      this.speaker.value = choice.update(speaking.map((it) => it.identity), Date.now());
    };
    const timer = setInterval(follow, speakerTick);
    this.endings.push(() => clearInterval(timer));
    this.endings.push(
      effect(() => {
        const chat = this.inside.classroom.lesson.value?.chat;
        if (this.panel.value !== 'chat') return;
        this.greetingRead.value = true;
        if (chat) this.readUpTo.value = chat[chat.length - 1]?.seq ?? 0;
      }),
    );
    this.endings.push(effect(() => obeySettings(this.inside)));
    this.endings.push(effect(() => obeyMutedBeginning(this.inside)));
    return () => this.endings.forEach((end) => end());
  }

  togglePanel(panel: Panel): void {
    this.panel.value = this.panel.value === panel ? null : panel;
  }

  togglePin(identity: string): void {
    this.pinned.value = this.pinned.value === identity ? null : identity;
  }
}
