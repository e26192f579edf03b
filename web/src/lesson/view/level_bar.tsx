// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef } from 'preact/hooks';

const readingMilliseconds = 100;

/** A small bar that follows a level; drawn past the component tree, ten times a second. */
export function LevelBar({ read }: { read: () => number }) {
  const bar = useRef<HTMLElement>(null);
  useEffect(() => {
    const timer = setInterval(() => bar.current?.style.setProperty('--level', read().toFixed(2)), readingMilliseconds);
    return () => clearInterval(timer);
  }, [read]);
  return (
    <span class="level" aria-hidden="true">
      <i ref={bar} />
    </span>
  );
}
