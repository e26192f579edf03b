// SPDX-License-Identifier: Apache-2.0
// LiveKit's native SDK (rtc-node) as people in rooms: they publish a tone or moving bars, and hear and see.
import assert from 'node:assert/strict';
import {AudioFrame, AudioSource, AudioStream, LocalAudioTrack, LocalVideoTrack, Room, TrackPublishOptions, TrackSource,
    VideoBufferType, VideoFrame, VideoSource, VideoStream} from '@livekit/rtc-node';
import {AccessToken} from 'livekit-server-sdk';
import {livekitKey} from './aula.mjs';

export async function token(room, identity, grants = {}) {
    const made = new AccessToken(livekitKey.id, livekitKey.secret, {identity, name: identity, ttl: '10m'});
    made.addGrant({roomJoin: true, room, canPublish: true, canSubscribe: true, canPublishData: true, ...grants});
    return made.toJwt();
}

/** A room that is left by leaveAll(). */
export const rooms = [];

export function newRoom() {
    const room = new Room();
    rooms.push(room);
    return room;
}

export async function join(url, name, identity, grants) {
    const room = newRoom();
    await room.connect(url, await token(name, identity, grants), {autoSubscribe: true, dynacast: true});
    return room;
}

export async function leaveAll() {
    for (const room of rooms.splice(0)) await room.disconnect().catch(() => {});
}

/** The next event of a room that the condition takes. */
export function next(room, event, condition = () => true, seconds = 20) {
    return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no ${event} within ${seconds} s`)), seconds * 1000);
        const listener = (...values) => {
            if (!condition(...values)) return;
            clearTimeout(timer);
            room.off(event, listener);
            resolve(values);
        };
        room.on(event, listener);
    });
}

/** Publishes a 440 Hz tone until stop() is called. */
export async function publishTone(room) {
    const source = new AudioSource(48000, 1);
    const track = LocalAudioTrack.createAudioTrack('tone', source);
    const publication = await room.localParticipant.publishTrack(track, new TrackPublishOptions({source: TrackSource.SOURCE_MICROPHONE}));
    let running = true;
    let phase = 0;
    const loop = (async () => {
        while (running) {
            const samples = new Int16Array(480);
            for (let i = 0; i < samples.length; ++i) samples[i] = 8000 * Math.sin(2 * Math.PI * 440 * phase++ / 48000);
            await source.captureFrame(new AudioFrame(samples, 48000, 1, samples.length));
        }
    })();
    return {publication, stop: async () => { running = false; await loop; }};
}

/** Publishes moving grey bars. */
export async function publishBars(room, codec) {
    const [width, height] = [1280, 720];
    const source = new VideoSource(width, height);
    const track = LocalVideoTrack.createVideoTrack('bars', source);
    const options = new TrackPublishOptions({source: TrackSource.SOURCE_CAMERA, simulcast: true, videoCodec: codec});
    const publication = await room.localParticipant.publishTrack(track, options);
    let count = 0;
    const timer = setInterval(() => {
        const data = new Uint8Array(width * height * 3 / 2).fill(128);
        for (let y = 0; y < height; ++y) data.fill((count * 4 + y) & 255, y * width, y * width + width / 2);
        ++count;
        source.captureFrame(new VideoFrame(data, width, height, VideoBufferType.I420));
    }, 66);
    return {publication, stop: async () => clearInterval(timer)};
}

/** Resolves when the tone was heard for 20 frames; rejects when that takes too long. */
export async function hears(track, seconds = 20) {
    const reader = new AudioStream(track).getReader();
    let late = false;
    const timer = setTimeout(() => { late = true; reader.cancel().catch(() => {}); }, seconds * 1000);
    let frames = 0;
    while (frames < 20) {
        const {done, value} = await reader.read();
        assert.ok(!late && !done, `the tone was not heard within ${seconds} s`);
        if (value.data.some((sample) => Math.abs(sample) > 2000)) ++frames;
    }
    clearTimeout(timer);
    reader.cancel().catch(() => {});
}

/** Resolves when so many pictures came. */
export async function sees(track, count = 15, seconds = 30) {
    const reader = new VideoStream(track).getReader();
    let late = false;
    const timer = setTimeout(() => { late = true; reader.cancel().catch(() => {}); }, seconds * 1000);
    for (let frames = 0; frames < count; ++frames) {
        const {done, value} = await reader.read();
        assert.ok(!late && !done, `${frames} of ${count} pictures within ${seconds} s`);
        assert.ok(value.frame.width > 0);
    }
    clearTimeout(timer);
    reader.cancel().catch(() => {});
}
