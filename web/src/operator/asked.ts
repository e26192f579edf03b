// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'preact/hooks';
import { isAway, noteHub, returns, troubleOf } from './state';

/** Of questions that follow each other only the newest is answered, whichever answer comes last. */
export function newestOnly() {
  let newest = 0;
  return <Answer>(question: Promise<Answer>, answered: (answer: Answer) => void, failed: (error: unknown) => void) => {
    const mine = ++newest;
    return question.then(
      (answer) => mine === newest && answered(answer),
      (error) => mine === newest && failed(error),
    );
  };
}

/** What the hub answered to a question that a tab has; asked again when the hub is there again after a break. */
export function useAsked<Answer>(ask: () => Promise<Answer>, inputs: readonly unknown[]) {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [trouble, setTrouble] = useState('');
  const [settle] = useState(newestOnly);
  const again = () =>
    settle(
      ask(),
      (found) => {
        setAnswer(found);
        setTrouble('');
      },
      (error) => {
        // That the hub is away is said once, above the tab; when it is back we ask again.
        if (isAway(error)) noteHub(false);
        setTrouble(isAway(error) ? '' : troubleOf(error));
      },
    );
  useEffect(() => void again(), [...inputs, returns.value]);
  return { answer, setAnswer, trouble, setTrouble, again };
}
