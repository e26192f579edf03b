// SPDX-License-Identifier: Apache-2.0

/** The button that removes a line goes with it: the focus moves to what adds one. */
export function focusAdding(event: Event): void {
  (event.currentTarget as Element).closest('section, form')?.querySelector<HTMLElement>('[data-adds]')?.focus();
}
