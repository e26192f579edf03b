// SPDX-License-Identifier: Apache-2.0
import { showNotice } from '../media/failures';
import { wishes } from '../media/wishes';
import type { Inside } from '../visit';

export type Switch = 'microphone' | 'camera' | 'screen_share';

/** True when the lesson's settings let this person use it; teachers always may. */
export function mayUse({ classroom }: Inside, what: Switch): boolean {
  return classroom.isTeacher.value || (classroom.lesson.value?.settings[what] ?? true);
}

export function toggleMicrophone(inside: Inside): void {
  if (!wishes.microphone.peek() && !mayUse(inside, 'microphone')) return showNotice({ text: 'notice.microphoneLocked' });
  wishes.microphone.value = !wishes.microphone.peek();
}

export function toggleCamera(inside: Inside): void {
  if (!wishes.camera.peek() && !mayUse(inside, 'camera')) return showNotice({ text: 'notice.cameraLocked' });
  if (!wishes.camera.peek()) wishes.audioOnly.value = false;
  wishes.camera.value = !wishes.camera.peek();
}

/** What a teacher has locked goes off, also when it was switched on at the door. */
export function obeySettings(inside: Inside): void {
  if (inside.classroom.lesson.value === null) return;
  for (const device of ['microphone', 'camera'] as const) {
    if (!wishes[device].value || mayUse(inside, device)) continue;
    wishes[device].value = false;
    showNotice({ text: `notice.${device}Locked` });
  }
}

/** In a lesson that begins muted, what was switched on at the door goes off once. */
export function obeyMutedBeginning(inside: Inside): void {
  const { classroom } = inside;
  if (inside.mutedAtBeginning || classroom.about.value === null || classroom.you.value === null) return;
  inside.mutedAtBeginning = true;
  if (!classroom.about.value.begins_muted || classroom.isTeacher.peek() || !wishes.microphone.peek()) return;
  wishes.microphone.value = false;
  showNotice({ text: 'notice.beginsMuted' });
}

/** A switch that the lesson's settings keep from this person; it stays in its place and says so. */
export function isLocked(inside: Inside, what: Switch): boolean {
  return inside.classroom.lesson.value !== null && !mayUse(inside, what);
}

export function toggleScreen(inside: Inside): void {
  const on = !inside.call.sharing.peek();
  if (on && !mayUse(inside, 'screen_share')) return showNotice({ text: 'notice.screenLocked' });
  void inside.call.share(on);
}

export function toggleHand({ classroom }: Inside): void {
  const raised = classroom.self.peek()?.hand_raised_at != null;
  void classroom.tell({ command: raised ? 'lower_hand' : 'raise_hand' });
}

export function setAudioOnly(on: boolean): void {
  wishes.audioOnly.value = on;
  if (on) wishes.camera.value = false;
}
