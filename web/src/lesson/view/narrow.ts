// SPDX-License-Identifier: Apache-2.0
import { signal } from '@preact/signals';

const query = matchMedia('(max-width: 719px)');

/** A phone's width: chat and people move from the bar to the head, so that the bar keeps five large buttons. */
export const narrow = signal(query.matches);

query.addEventListener('change', () => (narrow.value = query.matches));
