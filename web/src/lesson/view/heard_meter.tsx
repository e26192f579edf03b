// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'preact/hooks';
import { t, type Key } from '../../shared/i18n';
import { Icon } from '../../shared/icons';
import { streamLevel, type Level } from '../media/level';
import { wishes } from '../media/wishes';
import type { Inside } from '../visit';
import { LevelBar } from './level_bar';

const silent = () => 0;
const checkMilliseconds = 500;
const speechLevel = 0.55;
/** Loud for this long without the server hearing it means that something between is broken. */
const doubtMilliseconds = 4000;

/**
 * "The class hears you": the bar is the own microphone, the words come from the server, which tells
 * everybody who speaks. So a teacher learns at once when sound is lost on the way.
 */
export function HeardMeter({ inside: { call, session } }: { inside: Inside }) {
  const on = wishes.microphone.value;
  const level = useOwnLevel(sentMicrophone(call, on));
  const speaking = call.seen.value.get(session.identity)?.speaking ?? false;
  const unheard = useDoubt(level, speaking);
  const say = (): Key => {
    if (!on) return 'heard.off';
    if (call.state.value !== 'connected' || unheard) return 'heard.not';
    return speaking ? 'heard.yes' : 'heard.ready';
  };
  const key = say();
  return (
    <p class={`heard ${key.replace('heard.', '')}`} data-testid="heard">
      <Icon name={on ? 'sound' : 'microphoneOff'} size={20} />
      <LevelBar read={level?.read ?? silent} />
      <span>{t(key)}</span>
    </p>
  );
}

/** The track that is being sent; the call's picture of oneself is read so that this follows its changes. */
function sentMicrophone(call: Inside['call'], on: boolean): MediaStreamTrack | null {
  void call.seen.value;
  if (!on) return null;
  const publications = call.room?.localParticipant.audioTrackPublications.values() ?? [];
  for (const publication of publications) if (publication.source === 'microphone') return publication.track?.mediaStreamTrack ?? null;
  return null;
}

function useOwnLevel(track: MediaStreamTrack | null): Level | null {
  const [level, setLevel] = useState<Level | null>(null);
  useEffect(() => {
    if (!track) return setLevel(null);
    const measured = streamLevel(new MediaStream([track]));
    setLevel(measured);
    return () => measured.stop();
  }, [track]);
  return level;
}

function useDoubt(level: Level | null, speaking: boolean): boolean {
  const [doubt, setDoubt] = useState(false);
  useEffect(() => {
    setDoubt(false);
    if (!level || speaking) return;
    let loudFor = 0;
    const timer = setInterval(() => {
      loudFor = level.read() > speechLevel ? loudFor + checkMilliseconds : Math.max(0, loudFor - checkMilliseconds);
      setDoubt(loudFor >= doubtMilliseconds);
    }, checkMilliseconds);
    return () => clearInterval(timer);
  }, [level, speaking]);
  return doubt;
}
