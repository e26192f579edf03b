// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'preact/hooks';
import { isAway, returns, troubleOf } from './state';

/** What the hub answered to a question that a tab has; asked again when the hub is there again after a break. */
export function useAsked<Answer>(ask: () => Promise<Answer>, inputs: readonly unknown[]) {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [trouble, setTrouble] = useState('');
  const again = () =>
    ask().then(
      (found) => {
        setAnswer(found);
        setTrouble('');
      },
      // That the hub is away is said once, above the tab.
      (error) => setTrouble(isAway(error) ? '' : troubleOf(error)),
    );
  useEffect(() => void again(), [...inputs, returns.value]);
  return { answer, setAnswer, trouble, setTrouble, again };
}
