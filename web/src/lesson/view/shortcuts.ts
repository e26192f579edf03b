// SPDX-License-Identifier: Apache-2.0
import { signal } from '@preact/signals';
import type { Key } from '../../shared/i18n';
import type { Inside } from '../visit';
import { toggleCamera, toggleHand, toggleMicrophone } from './actions';
import type { Desk } from './desk';

const storageKey = 'aula.shortcuts';

/** Single letters disturb people who dictate, so they can be switched off (WCAG 2.1.4). */
export const shortcutsOn = signal(localStorageValue() !== 'off');

export const shortcuts: readonly { key: string; text: Key }[] = [
  { key: 'm', text: 'shortcut.mic' },
  { key: 'v', text: 'shortcut.camera' },
  { key: 'h', text: 'shortcut.hand' },
  { key: 'c', text: 'shortcut.chat' },
  { key: 'p', text: 'shortcut.people' },
];

export function setShortcuts(on: boolean): void {
  shortcutsOn.value = on;
  try {
    localStorage.setItem(storageKey, on ? 'on' : 'off');
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

export function listenForShortcuts(inside: Inside, desk: Desk): () => void {
  const actions: Record<string, () => void> = {
    m: () => toggleMicrophone(inside),
    v: () => toggleCamera(inside),
    h: () => toggleHand(inside),
    c: () => desk.togglePanel('chat'),
    p: () => desk.togglePanel('people'),
  };
  const press = (event: KeyboardEvent) => {
    if (!shortcutsOn.peek() || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (isTyping(event.target) || document.querySelector('dialog[open]')) return;
    const action = actions[event.key.toLowerCase()];
    if (!action) return;
    event.preventDefault();
    action();
  };
  addEventListener('keydown', press);
  return () => removeEventListener('keydown', press);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null;
}

function localStorageValue(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}
