// SPDX-License-Identifier: Apache-2.0

export interface Level {
  /** 0 to 1, how loud it is now. */
  read: () => number;
  stop: () => void;
}

/** Measures a stream without playing it. */
export function streamLevel(stream: MediaStream): Level {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 512;
  const source = context.createMediaStreamSource(stream);
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return {
    read: () => {
      analyser.getFloatTimeDomainData(samples);
      return loudness(samples);
    },
    stop: () => {
      source.disconnect();
      void context.close();
    },
  };
}

const quietest = -60;

/** From -60 dBFS (0) to full scale (1), as ears judge it. */
export function loudness(samples: ArrayLike<number>): number {
  let power = 0;
  for (let i = 0; i < samples.length; ++i) power += samples[i]! * samples[i]!;
  const decibels = 10 * Math.log10(power / Math.max(1, samples.length) + 1e-12);
  return Math.min(1, Math.max(0, 1 - decibels / quietest));
}
