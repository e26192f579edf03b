// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef } from 'preact/hooks';
import type { Picture } from '../media/seen';

interface VideoProps {
  picture: Picture;
  label: string;
  mirrored?: boolean;
}

/** A track in a video element; livekit-client watches the element's size and asks for no more than it shows. */
export function Video({ picture, label, mirrored = false }: VideoProps) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current!;
    picture.attach(element);
    return () => void picture.detach(element);
  }, [picture]);
  return <video ref={video} class={mirrored ? 'mirrored' : ''} autoplay muted playsInline aria-label={label} />;
}
