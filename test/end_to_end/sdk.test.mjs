// SPDX-License-Identifier: Apache-2.0
// LiveKit's own SDKs against Aula: the native one (rtc-node), and livekit-client in Chromium on both protocol paths.
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {after, before, test} from 'node:test';
import {AudioFrame, AudioSource, AudioStream, LocalAudioTrack, LocalVideoTrack, Room, RoomEvent, TrackKind,
    TrackPublishOptions, TrackSource, VideoBufferType, VideoCodec, VideoFrame, VideoSource, VideoStream,
    dispose} from '@livekit/rtc-node';
import {AccessToken, RoomServiceClient} from 'livekit-server-sdk';
import {Aula, livekitKey} from './lib/aula.mjs';

let aula;
let service;
const rooms = [];

before(async () => {
    aula = await Aula.start();
    service = new RoomServiceClient(aula.url, livekitKey.id, livekitKey.secret);
});

after(async () => {
    for (const room of rooms) await room.disconnect().catch(() => {});
    await aula?.stop();
    await dispose();
});

async function token(room, identity, grants = {}) {
    const made = new AccessToken(livekitKey.id, livekitKey.secret, {identity, name: identity, ttl: '10m'});
    made.addGrant({roomJoin: true, room, canPublish: true, canSubscribe: true, canPublishData: true, ...grants});
    return made.toJwt();
}

async function join(name, identity, grants) {
    const room = new Room();
    rooms.push(room);
    await room.connect(aula.wsUrl, await token(name, identity, grants), {autoSubscribe: true, dynacast: true});
    return room;
}

/** The next event of a room that the condition takes. */
function next(room, event, condition = () => true, seconds = 20) {
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
async function publishTone(room) {
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
async function publishBars(room, codec) {
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

async function hears(track, seconds = 15) {
    const deadline = Date.now() + seconds * 1000;
    let frames = 0;
    for await (const frame of new AudioStream(track)) {
        const loud = frame.data.some((sample) => Math.abs(sample) > 2000);
        if (loud && ++frames > 20) return;
        assert.ok(Date.now() < deadline, 'the tone was not heard');
    }
}

async function sees(track, count = 15) {
    const reader = new VideoStream(track);
    let frames = 0;
    for await (const event of reader) {
        assert.ok(event.frame.width > 0);
        if (++frames >= count) return;
    }
}

test('rtc-node: a tone and simulcast VP8 arrive', async () => {
    const [sender, receiver] = [await join('sdk-media', 'sender'), await join('sdk-media', 'receiver')];
    const audio = next(receiver, RoomEvent.TrackSubscribed, (track) => track.kind === TrackKind.KIND_AUDIO);
    const tone = await publishTone(sender);
    await hears((await audio)[0]);
    const video = next(receiver, RoomEvent.TrackSubscribed, (track) => track.kind === TrackKind.KIND_VIDEO);
    const bars = await publishBars(sender, VideoCodec.VP8);
    await sees((await video)[0]);
    await bars.stop();
    await tone.stop();
});

test('rtc-node: H264 arrives', async () => {
    const [sender, receiver] = [await join('sdk-h264', 'sender'), await join('sdk-h264', 'receiver')];
    const video = next(receiver, RoomEvent.TrackSubscribed, (track) => track.kind === TrackKind.KIND_VIDEO);
    const bars = await publishBars(sender, VideoCodec.H264);
    await sees((await video)[0]);
    await bars.stop();
});

test('rtc-node: a latecomer receives what was published before', async () => {
    const sender = await join('sdk-late', 'sender');
    const tone = await publishTone(sender);
    const late = new Room();
    rooms.push(late);
    const audio = next(late, RoomEvent.TrackSubscribed);
    await late.connect(aula.wsUrl, await token('sdk-late', 'late'), {autoSubscribe: true, dynacast: true});
    await hears((await audio)[0]);
    await tone.stop();
});

test('rtc-node: data goes both ways, reliable, lossy and to one only', async () => {
    const [a, b, c] = [await join('sdk-data', 'a'), await join('sdk-data', 'b'), await join('sdk-data', 'c')];
    const bytes = (text) => new TextEncoder().encode(text);
    const toB = next(b, RoomEvent.DataReceived);
    const toC = next(c, RoomEvent.DataReceived);
    await a.localParticipant.publishData(bytes('to all'), {reliable: true, topic: 'greeting'});
    const [payload, participant, , topic] = await toB;
    assert.equal(new TextDecoder().decode(payload), 'to all');
    assert.equal(participant.identity, 'a');
    assert.equal(topic, 'greeting');
    await toC;
    let strayed = false;
    c.on(RoomEvent.DataReceived, (data) => { strayed ||= new TextDecoder().decode(data) === 'for b'; });
    const onlyB = next(b, RoomEvent.DataReceived);
    await a.localParticipant.publishData(bytes('for b'), {reliable: false, destination_identities: ['b']});
    await onlyB;
    const back = next(a, RoomEvent.DataReceived);
    await b.localParticipant.publishData(bytes('back'), {reliable: true});
    await back;
    assert.equal(strayed, false);
});

test('rtc-node: muting is seen, also by the server', async () => {
    const [sender, receiver] = [await join('sdk-mute', 'sender'), await join('sdk-mute', 'receiver')];
    const subscribed = next(receiver, RoomEvent.TrackSubscribed);
    const tone = await publishTone(sender);
    await subscribed;
    const muted = next(receiver, RoomEvent.TrackMuted);
    await service.mutePublishedTrack('sdk-mute', 'sender', tone.publication.sid, true);
    await muted;
    await tone.stop();
});

test('room service: lists, updates, removes', async () => {
    const room = await join('sdk-service', 'somebody');
    const people = await service.listParticipants('sdk-service');
    assert.deepEqual(people.map((p) => p.identity), ['somebody']);
    assert.ok((await service.listRooms()).some((r) => r.name === 'sdk-service'));
    const changed = next(room, RoomEvent.ParticipantMetadataChanged);
    await service.updateParticipant('sdk-service', 'somebody', {metadata: '{"seat":4}'});
    await changed;
    const metadata = next(room, RoomEvent.RoomMetadataChanged);
    await service.updateRoomMetadata('sdk-service', 'blue');
    await metadata;
    const gone = next(room, RoomEvent.Disconnected);
    await service.removeParticipant('sdk-service', 'somebody');
    await gone;
    await assert.rejects(service.getParticipant('sdk-service', 'somebody'));
});

test('a second session of the same identity replaces the first', async () => {
    const first = await join('sdk-twice', 'twin');
    const gone = next(first, RoomEvent.Disconnected);
    await join('sdk-twice', 'twin');
    await gone;
});

test('tokens that are expired, for another room or signed with another key are refused', async () => {
    const refused = async (jwt) => {
        const room = new Room();
        await assert.rejects(room.connect(aula.wsUrl, jwt, {autoSubscribe: true, dynacast: true}));
    };
    const foreign = new AccessToken(livekitKey.id, 'another-secret-0123456789abcdef0123456789', {identity: 'x', ttl: '10m'});
    foreign.addGrant({roomJoin: true, room: 'sdk-refused'});
    await refused(await foreign.toJwt());
    const stranger = new AccessToken('nobody', livekitKey.secret, {identity: 'x', ttl: '10m'});
    stranger.addGrant({roomJoin: true, room: 'sdk-refused'});
    await refused(await stranger.toJwt());
    const old = new AccessToken(livekitKey.id, livekitKey.secret, {identity: 'x', ttl: '-1h'});
    old.addGrant({roomJoin: true, room: 'sdk-refused'});
    await refused(await old.toJwt());
    const joinless = new AccessToken(livekitKey.id, livekitKey.secret, {identity: 'x', ttl: '10m'});
    joinless.addGrant({roomJoin: false, room: 'sdk-refused'});
    await refused(await joinless.toJwt());
});
