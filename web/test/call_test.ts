// SPDX-License-Identifier: Apache-2.0
import { DisconnectReason, RoomEvent } from 'livekit-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Call } from '../src/lesson/media/call';
import { notices } from '../src/lesson/media/failures';
import { wishes } from '../src/lesson/media/wishes';
import type { Session } from '../src/lesson/session';
import { FakeRoom } from './fake_room';

vi.mock('livekit-client', async (original) => ({ ...(await original<object>()), Room: (await import('./fake_room')).FakeRoom }));

const session: Session = { token: 'T', room: 'r', identity: 'mia', role: 'pupil', lesson: 'Mathe', name: 'Mia' };
let finals: DisconnectReason[];

async function started(prepare: (room: FakeRoom) => void = () => undefined): Promise<{ call: Call; room: FakeRoom }> {
  const call = new Call(session, (reason) => finals.push(reason));
  FakeRoom.onMade = prepare;
  await call.start();
  return { call, room: FakeRoom.all[0]! };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('document', { createElement: () => ({ dataset: {}, append: () => undefined }), body: { append: () => undefined } });
  vi.stubGlobal('location', { origin: 'https://aula.example' });
  FakeRoom.all = [];
  finals = [];
  notices.value = [];
  wishes.microphone.value = wishes.camera.value = wishes.audioOnly.value = false;
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the call', () => {
  it('carries out a wish that was made before it stood', async () => {
    wishes.microphone.value = true;
    const { room } = await started();
    expect(room.localParticipant.setMicrophoneEnabled).toHaveBeenLastCalledWith(true, {});
    expect(room.connect).toHaveBeenCalledWith('https://aula.example', 'T');
  });

  it('follows wishes at once, and again after a break', async () => {
    const { call, room } = await started();
    wishes.camera.value = true;
    expect(room.localParticipant.setCameraEnabled).toHaveBeenLastCalledWith(true, {});
    room.localParticipant.setCameraEnabled.mockClear();
    room.emit(RoomEvent.Reconnecting);
    expect(call.state.value).toBe('reconnecting');
    room.emit(RoomEvent.Reconnected);
    expect(room.localParticipant.setCameraEnabled).toHaveBeenLastCalledWith(true, {});
  });

  it('gives a wish up that cannot be had, with words', async () => {
    const { room } = await started();
    room.localParticipant.setCameraEnabled.mockRejectedValue(Object.assign(new Error(), { name: 'NotAllowedError' }));
    wishes.camera.value = true;
    await vi.advanceTimersByTimeAsync(0);
    expect(wishes.camera.value).toBe(false);
    expect(notices.value.map((it) => it.text)).toEqual(['problem.cameraDenied']);
  });

  it('obeys a mute from outside, but takes none for it that it made itself', async () => {
    const { room } = await started();
    const muted = () => room.emit(RoomEvent.TrackMuted, { source: 'microphone' }, room.localParticipant);
    wishes.microphone.value = true;
    await vi.advanceTimersByTimeAsync(0);
    wishes.microphone.value = false;
    wishes.microphone.value = true;
    muted();
    expect(wishes.microphone.value).toBe(true);
    await vi.advanceTimersByTimeAsync(0);
    muted();
    expect(wishes.microphone.value).toBe(false);
  });

  it('tries again, with pauses, until it stands', async () => {
    const { call, room } = await started((it) => it.connect.mockRejectedValueOnce(new Error()).mockRejectedValueOnce(new Error()));
    expect(call.state.value).toBe('reconnecting');
    await vi.advanceTimersByTimeAsync(1000);
    expect(room.connect).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(2000);
    expect(room.connect).toHaveBeenCalledTimes(3);
    expect(call.state.value).toBe('connected');
  });

  it('does not try twice for one failure that is told twice', async () => {
    const { room } = await started((it) =>
      it.connect.mockImplementationOnce(() => {
        it.emit(RoomEvent.Disconnected, DisconnectReason.JOIN_FAILURE);
        return Promise.reject(new Error());
      }),
    );
    await vi.advanceTimersByTimeAsync(60_000);
    expect(room.connect).toHaveBeenCalledTimes(2);
  });

  it('comes back when its node goes, and not when the person was removed', async () => {
    const { call, room } = await started();
    room.emit(RoomEvent.Disconnected, DisconnectReason.SERVER_SHUTDOWN);
    await vi.advanceTimersByTimeAsync(1000);
    expect([call.state.value, room.connect.mock.calls.length]).toEqual(['connected', 2]);
    room.emit(RoomEvent.Disconnected, DisconnectReason.PARTICIPANT_REMOVED);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(finals).toEqual([DisconnectReason.PARTICIPANT_REMOVED]);
    expect(room.connect).toHaveBeenCalledTimes(2);
  });

  it('after leaving does nothing more', async () => {
    const { call, room } = await started();
    await call.leave();
    room.emit(RoomEvent.Disconnected, DisconnectReason.CLIENT_INITIATED);
    wishes.microphone.value = true;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(room.connect).toHaveBeenCalledTimes(1);
    expect(room.localParticipant.setMicrophoneEnabled).not.toHaveBeenCalledWith(true, {});
  });

  it('on a weak line asks for no cameras, but for shared screens', async () => {
    const publication = (source: string) => ({ source, isDesired: true, setSubscribed: vi.fn() });
    const [camera, screen, later] = [publication('camera'), publication('screen_share'), publication('camera')];
    const { room } = await started();
    room.remoteParticipants.set('ben', { identity: 'ben', trackPublications: new Map(Object.entries({ camera, screen })) });
    wishes.audioOnly.value = true;
    room.emit(RoomEvent.TrackPublished, later, {});
    expect(camera.setSubscribed).toHaveBeenCalledWith(false);
    expect(later.setSubscribed).toHaveBeenCalledWith(false);
    expect(screen.setSubscribed).not.toHaveBeenCalled();
  });

  it('offers to turn the sound on when the browser holds it back', async () => {
    const { room } = await started();
    room.canPlaybackAudio = false;
    room.emit(RoomEvent.AudioPlaybackStatusChanged, false);
    expect(notices.value[0]).toMatchObject({ text: 'problem.soundBlocked', action: { label: 'soundOn' } });
    notices.value[0]!.action!.run();
    expect(room.startAudio).toHaveBeenCalled();
    room.canPlaybackAudio = true;
    room.emit(RoomEvent.AudioPlaybackStatusChanged, true);
    expect(notices.value).toEqual([]);
  });
});
