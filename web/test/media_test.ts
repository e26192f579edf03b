// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { deviceProblem, type Device } from '../src/lesson/media/failures';
import { loudness } from '../src/lesson/media/level';
import { protocolOf } from '../src/lesson/media/transport';
import { statusOf } from '../src/lesson/view/status';

const failure = (name: string) => Object.assign(new Error(), { name });

describe('a device that fails', () => {
  it.each<[Device, string, string | null]>([
    ['camera', 'NotAllowedError', 'problem.cameraDenied'],
    ['camera', 'NotFoundError', 'problem.cameraMissing'],
    ['microphone', 'NotReadableError', 'problem.microphoneInUse'],
    ['microphone', 'TypeError', 'problem.microphoneFailed'],
    ['screen', 'NotAllowedError', null],
    ['screen', 'NotReadableError', 'problem.screen'],
  ])('%s with %s is told as %s', (device, name, words) => {
    expect(deviceProblem(device, failure(name))).toBe(words);
  });
});

describe('the way of the packets', () => {
  const candidate = { type: 'local-candidate', id: 'L', protocol: 'tcp' };
  const pair = { type: 'candidate-pair', id: 'P', localCandidateId: 'L' };

  it('is that of the transport’s chosen pair', () => {
    const other = { type: 'candidate-pair', id: 'Q', localCandidateId: 'M', nominated: true };
    const udp = { type: 'local-candidate', id: 'M', protocol: 'udp' };
    const transport = { type: 'transport', id: 'T', selectedCandidatePairId: 'P' };
    expect(protocolOf([other, udp, pair, candidate, transport])).toBe('tcp');
  });

  it('is found in Firefox, which has no transport', () => {
    expect(protocolOf([{ ...pair, selected: true }, candidate])).toBe('tcp');
  });

  it('is unknown before there is a pair', () => {
    expect(protocolOf([candidate])).toBeNull();
  });
});

describe('loudness', () => {
  it('goes from silence to full scale in decibels', () => {
    expect(loudness(new Float32Array(512))).toBe(0);
    expect(loudness(new Float32Array(512).fill(1))).toBe(1);
    expect(loudness(new Float32Array(512).fill(0.0316))).toBeCloseTo(0.5, 2);
  });
});

describe('the status', () => {
  it('is well only when both connections are', () => {
    expect(statusOf('open', 'connected')).toBe('connected');
    expect(statusOf('open', 'loading')).toBe('connecting');
    expect(statusOf('open', 'reconnecting')).toBe('reconnecting');
    expect(statusOf('lost', 'connected')).toBe('reconnecting');
    expect(statusOf('opening', 'reconnecting')).toBe('opening');
  });
});
