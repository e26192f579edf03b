// SPDX-License-Identifier: Apache-2.0
// LiveKit's native SDK (rtc-node) and its server SDK against Aula.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {RoomEvent, TrackKind, VideoCodec, dispose} from '@livekit/rtc-node';
import {AccessToken, RoomServiceClient} from 'livekit-server-sdk';
import {Aula, livekitKey} from './lib/aula.mjs';
import {hears, join, leaveAll, newRoom, next, publishBars, publishTone, sees, token} from './lib/native.mjs';

let aula;
let service;

before(async () => {
    aula = await Aula.start();
    service = new RoomServiceClient(aula.url, livekitKey.id, livekitKey.secret);
});

after(async () => {
    await leaveAll();
    await aula?.stop();
    await dispose();
});

const joined = (room, identity, grants) => join(aula.wsUrl, room, identity, grants);

test('rtc-node: a tone and simulcast VP8 arrive', async () => {
    const [sender, receiver] = [await joined('sdk-media', 'sender'), await joined('sdk-media', 'receiver')];
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
    const [sender, receiver] = [await joined('sdk-h264', 'sender'), await joined('sdk-h264', 'receiver')];
    const video = next(receiver, RoomEvent.TrackSubscribed, (track) => track.kind === TrackKind.KIND_VIDEO);
    const bars = await publishBars(sender, VideoCodec.H264);
    await sees((await video)[0]);
    await bars.stop();
});

test('rtc-node: a latecomer receives what was published before', async () => {
    const sender = await joined('sdk-late', 'sender');
    const tone = await publishTone(sender);
    const late = newRoom();
    const audio = next(late, RoomEvent.TrackSubscribed);
    await late.connect(aula.wsUrl, await token('sdk-late', 'late'), {autoSubscribe: true, dynacast: true});
    await hears((await audio)[0]);
    await tone.stop();
});

test('rtc-node: data goes both ways, reliable, lossy and to one only', async () => {
    const [a, b, c] = [await joined('sdk-data', 'a'), await joined('sdk-data', 'b'), await joined('sdk-data', 'c')];
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
    const [sender, receiver] = [await joined('sdk-mute', 'sender'), await joined('sdk-mute', 'receiver')];
    const subscribed = next(receiver, RoomEvent.TrackSubscribed);
    const tone = await publishTone(sender);
    await subscribed;
    const muted = next(receiver, RoomEvent.TrackMuted);
    await service.mutePublishedTrack('sdk-mute', 'sender', tone.publication.sid, true);
    await muted;
    await tone.stop();
});

test('room service: lists, updates, removes', async () => {
    const room = await joined('sdk-service', 'somebody');
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
    const first = await joined('sdk-twice', 'twin');
    const gone = next(first, RoomEvent.Disconnected);
    await joined('sdk-twice', 'twin');
    await gone;
});

test('tokens that are expired, for another room or signed with another key are refused', async () => {
    const refused = async (jwt) => {
        const room = newRoom();
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
