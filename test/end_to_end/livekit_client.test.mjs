// SPDX-License-Identifier: Apache-2.0
// livekit-client in Chromium, on both paths of its protocol: /rtc/v1 with a single peer connection, and /rtc with two.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {RoomServiceClient} from 'livekit-server-sdk';
import {Aula, livekitKey} from './lib/aula.mjs';
import {token} from './lib/native.mjs';
import {WebClient} from './lib/web_client.mjs';

let aula;
let web;
let service;

before(async () => {
    aula = await Aula.start();
    service = new RoomServiceClient(aula.url, livekitKey.id, livekitKey.secret);
    web = await WebClient.open();
});

after(async () => {
    await web?.close();
    await aula?.stop();
});

/** Lets people into a room, in a page of their own; returns their session ids. */
async function enter(room, names, options = {}, grants = {}) {
    const sids = [];
    for (const name of names) {
        sids.push(await web.run(([n, url, jwt, o]) => window.join(n, url, jwt, o),
            [name, aula.wsUrl, await token(room, name, {canUpdateOwnMetadata: true, ...grants}), options]));
    }
    return sids;
}

for (const [path, single] of [['/rtc/v1', true], ['/rtc', false]]) {
    const room = (name) => `web-${single ? 'v1' : 'v0'}-${name}`;
    const start = async (name, names, options = {}, grants = {}) => {
        await web.reload();
        return enter(room(name), names, {single, ...options}, grants);
    };

    test(`${path}: microphone, simulcast camera and shared screen arrive, and go again`, async () => {
        await start('media', ['ada', 'bob']);
        await web.run(async () => {
            const ada = window.people.ada.localParticipant;
            await ada.setMicrophoneEnabled(true);
            await ada.setCameraEnabled(true, {resolution: LivekitClient.VideoPresets.h720.resolution}, {simulcast: true, videoCodec: 'vp8'});
            await ada.setScreenShareEnabled(true);
        });
        for (const source of ['microphone', 'camera', 'screen_share']) {
            const got = await web.run((s) => window.flows('bob', 'ada', s), source);
            if (source === 'camera') assert.equal(got.codec, 'video/VP8');
        }
        const top = await web.run(() => window.until(async () => {
            const {height} = await window.flow('bob', 'ada', 'camera');
            return height === 720 && height;
        }, 'the highest layer', 30));
        assert.equal(top, 720);
        await web.run(async () => {
            window.publication('bob', 'ada', 'camera').setVideoQuality(LivekitClient.VideoQuality.LOW);
            await window.until(async () => (await window.flow('bob', 'ada', 'camera')).height === 180, 'the lowest layer');
            const gone = window.hears('bob', 'trackUnsubscribed');
            await window.people.ada.localParticipant.setScreenShareEnabled(false);
            await gone;
            await window.people.ada.localParticipant.setScreenShareEnabled(true);
        });
        await web.run(() => window.flows('bob', 'ada', 'screen_share'));
        await web.run(() => window.flows('bob', 'ada', 'microphone'));
    });

    test(`${path}: H264 arrives, both ways at once`, async () => {
        await start('h264', ['ada', 'bob']);
        await web.run(() => Promise.all(['ada', 'bob'].map((name) => window.people[name].localParticipant.setCameraEnabled(
            true, {resolution: LivekitClient.VideoPresets.h360.resolution}, {videoCodec: 'h264', simulcast: true}))));
        for (const [to, of] of [['bob', 'ada'], ['ada', 'bob']]) {
            const got = await web.run(([a, b]) => window.flows(a, b, 'camera'), [to, of]);
            assert.equal(got.codec, 'video/H264');
        }
    });

    test(`${path}: VP9 and AV1 are forwarded whole`, async () => {
        for (const codec of ['vp9', 'av1']) {
            await start(codec, ['ada', 'bob']);
            await web.run((videoCodec) => window.people.ada.localParticipant.setCameraEnabled(
                true, {resolution: LivekitClient.VideoPresets.h360.resolution}, {videoCodec, backupCodec: false}), codec);
            const got = await web.run(() => window.flows('bob', 'ada', 'camera', 45));
            assert.equal(got.codec.toLowerCase(), `video/${codec}`);
        }
    });

    test(`${path}: a latecomer gets five microphones and five cameras`, async () => {
        const names = ['p1', 'p2', 'p3', 'p4', 'p5'];
        await start('many', names);
        await web.run((list) => Promise.all(list.map(async (name) => {
            const {localParticipant} = window.people[name];
            await localParticipant.setMicrophoneEnabled(true);
            await localParticipant.setCameraEnabled(true, {resolution: LivekitClient.VideoPresets.h180.resolution}, {simulcast: false});
        })), names);
        await enter(room('many'), ['late'], {single});
        for (const name of names) {
            for (const source of ['microphone', 'camera']) await web.run(([of, s]) => window.flows('late', of, s, 45), [name, source]);
        }
    });

    test(`${path}: data goes reliably and lossily, to all and to one`, async () => {
        await start('data', ['ada', 'bob', 'eve']);
        await web.run(async () => {
            const bytes = (text) => new TextEncoder().encode(text);
            const ada = window.people.ada.localParticipant;
            const says = (text) => (heard) => heard.text.includes(text) && heard.identity === 'ada';
            const all = ['bob', 'eve'].map((name) => window.hears(name, 'dataReceived', says('to all')));
            await ada.publishData(bytes('to all'), {reliable: true, topic: 't'});
            await Promise.all(all);
            const one = window.hears('bob', 'dataReceived', says('only bob'));
            await ada.publishData(bytes('only bob'), {reliable: false, destinationIdentities: ['bob']});
            await one;
            const long = window.hears('eve', 'dataReceived', (heard) => heard.text.length > 60_000);
            await ada.publishData(bytes('x'.repeat(60_001)), {reliable: true});
            await long;
            if (window.heard.eve.some((h) => h.text.includes('only bob'))) throw new Error('eve heard what was for bob');
        });
    });

    test(`${path}: mute, unmute, names and attributes are seen by others`, async () => {
        await start('state', ['ada', 'bob']);
        await web.run(async () => {
            const ada = window.people.ada.localParticipant;
            await ada.setMicrophoneEnabled(true);
            await window.flows('bob', 'ada', 'microphone');
            const muted = window.hears('bob', 'trackMuted');
            await ada.setMicrophoneEnabled(false);
            await muted;
            const unmuted = window.hears('bob', 'trackUnmuted');
            await ada.setMicrophoneEnabled(true);
            await unmuted;
            await window.flows('bob', 'ada', 'microphone');
            const seen = ['participantMetadataChanged', 'participantAttributesChanged', 'participantNameChanged'].map((e) => window.hears('bob', e));
            await ada.setMetadata('{"seat":7}');
            await ada.setAttributes({hand: 'up', seat: '7'});
            await ada.setName('Ada Example');
            await Promise.all(seen);
            const asBobSees = () => window.people.bob.remoteParticipants.get('ada');
            if (asBobSees().attributes.hand !== 'up') throw new Error('no attribute');
            await ada.setAttributes({hand: ''});
            await window.until(() => asBobSees().attributes.hand === undefined && asBobSees().attributes.seat === '7', 'the attribute to be gone');
        });
    });

    test(`${path}: subscribing by hand, and who may subscribe`, async () => {
        await start('byhand', ['ada']);
        await enter(room('byhand'), ['bob'], {single, connect: {autoSubscribe: false}});
        await web.run(async () => {
            const ada = window.people.ada.localParticipant;
            await ada.setMicrophoneEnabled(true);
            await ada.setCameraEnabled(true, {resolution: LivekitClient.VideoPresets.h180.resolution});
            await window.until(() => window.publication('bob', 'ada', 'camera'), 'the publication');
            const camera = () => window.publication('bob', 'ada', 'camera');
            if (camera().track) throw new Error('subscribed by itself');
            for (let round = 0; round < 3; ++round) {
                camera().setSubscribed(true);
                await window.flows('bob', 'ada', 'camera');
                camera().setSubscribed(false);
                await window.until(() => !camera().track, 'the track to go');
            }
            window.publication('bob', 'ada', 'microphone').setSubscribed(true);
            await window.flows('bob', 'ada', 'microphone');
            const denied = window.hears('bob', 'trackSubscriptionPermissionChanged');
            ada.setTrackSubscriptionPermissions(false, []);
            await denied;
            await window.until(() => !window.publication('bob', 'ada', 'microphone').track, 'the microphone to go');
            ada.setTrackSubscriptionPermissions(false, [{participantIdentity: 'bob', allowAll: true}]);
            await window.until(() => window.publication('bob', 'ada', 'microphone').permissionStatus === 'allowed', 'bob to be allowed');
            window.publication('bob', 'ada', 'microphone').setSubscribed(true);
            await window.flows('bob', 'ada', 'microphone');
        });
    });

    test(`${path}: speakers and connection quality are told, and a token to come back with`, async () => {
        await start('told', ['ada', 'bob']);
        await web.run(async () => {
            const context = new AudioContext();
            const voice = new OscillatorNode(context);
            const recorder = context.createMediaStreamDestination();
            voice.connect(recorder);
            voice.start();
            const speaks = (is) => window.until(() => window.people.bob.activeSpeakers.some((p) => p.identity === 'ada') === is, 'a change of speakers');
            await window.people.ada.localParticipant.publishTrack(recorder.stream.getAudioTracks()[0], {source: 'microphone'});
            await speaks(true);
            voice.stop();
            await speaks(false);
            await window.until(() => window.people.bob.remoteParticipants.get('ada').connectionQuality === 'excellent', 'the quality', 30);
            if (!window.people.bob.engine.token) throw new Error('no token');
        });
        // The renewed token is one the hub takes.
        const fresh = await web.run(() => window.people.bob.engine.token);
        assert.notEqual(fresh, undefined);
        const answer = await fetch(`${aula.url}/rtc/validate?access_token=${fresh}`);
        assert.equal(answer.status, 200);
    });

    test(`${path}: permissions taken and given by the server`, async () => {
        await start('permission', ['ada', 'bob']);
        await web.run(async () => {
            await window.people.ada.localParticipant.setMicrophoneEnabled(true);
            await window.flows('bob', 'ada', 'microphone');
        });
        const name = room('permission');
        await service.updateParticipant(name, 'ada', undefined, {canPublish: false, canSubscribe: true, canPublishData: true});
        await web.run(() => window.until(() => !window.publication('bob', 'ada', 'microphone'), 'the microphone to be unpublished'));
        await web.run(async () => {
            const refused = await window.people.ada.localParticipant.setMicrophoneEnabled(true).then(() => false, () => true);
            if (!refused) throw new Error('published without permission');
        });
        await service.updateParticipant(name, 'ada', undefined, {canPublish: true, canSubscribe: true, canPublishData: true});
        await web.run(async () => {
            await window.until(() => window.people.ada.localParticipant.permissions?.canPublish, 'the permission');
            await window.people.ada.localParticipant.setMicrophoneEnabled(true);
            await window.flows('bob', 'ada', 'microphone');
        });
    });

    test(`${path}: the same identity again takes the place of the first`, async () => {
        await start('twice', ['ada', 'bob']);
        await enter(room('twice'), ['bob2'], {single});
        await web.run(() => { window.first = window.people.bob; });
        await enter(room('twice'), ['bob'], {single});
        await web.run(async () => {
            await window.until(() => window.first.state === 'disconnected', 'the first to be out');
            await window.people.bob.localParticipant.setMicrophoneEnabled(true);
            await window.flows('ada', 'bob', 'microphone');
            const left = window.hears('ada', 'participantDisconnected', (heard) => heard.identity === 'bob');
            await window.people.bob.disconnect();
            await left;
        });
    });

    // What the client does after each of these faults, and what it is called by the one it happens to.
    const faults = [
        ['signal-reconnect', 'signalReconnecting'], ['resume-reconnect', 'reconnecting'], ['full-reconnect', 'reconnecting'],
        ['node-failure', 'reconnecting'], ['migration', 'reconnecting'], ['leave-full-reconnect', 'reconnecting'],
    ];
    for (const [fault, sign] of faults) {
        test(`${path}: media flows again after ${fault}`, async () => {
            await start(`fault-${fault}`, ['ada', 'bob']);
            await web.run(async ([scenario, event]) => {
                const names = ['ada', 'bob'];
                for (const name of names) {
                    const {localParticipant} = window.people[name];
                    await localParticipant.setMicrophoneEnabled(true);
                    await localParticipant.setCameraEnabled(true, {resolution: LivekitClient.VideoPresets.h180.resolution}, {simulcast: false});
                }
                await window.flows('bob', 'ada', 'camera');
                await window.flows('ada', 'bob', 'camera');
                const began = window.hears('ada', event);
                const ended = window.hears('ada', 'reconnected', undefined, 45);
                await window.people.ada.simulateScenario(scenario);
                await began;
                await ended;
                for (const [to, of] of [['bob', 'ada'], ['ada', 'bob']]) {
                    for (const source of ['microphone', 'camera']) await window.flows(to, of, source, 45);
                }
                const told = window.hears('bob', 'dataReceived', (heard) => heard.text.includes('I am back'));
                // For 2 s after it came back whole, livekit-client puts what is sent aside for a resumption, and forgets it.
                const again = setInterval(() => window.people.ada.localParticipant.publishData(
                    new TextEncoder().encode('I am back'), {reliable: true}), 300);
                await told.finally(() => clearInterval(again));
            }, [fault, sign]);
        });
    }

    test(`${path}: who left while another was away has left for them too`, async () => {
        await start('ghost', ['ada', 'bob', 'eve']);
        await web.run(async () => {
            await window.until(() => window.people.ada.remoteParticipants.size === 2, 'all to be there');
            const back = window.hears('ada', 'reconnected', undefined, 45);
            // The socket stays away for two seconds, in which eve leaves.
            await window.people.ada.simulateScenario('signal-reconnect', 2000);
            await window.people.eve.disconnect();
            await back;
            await window.until(() => !window.people.ada.remoteParticipants.has('eve'), 'eve to be gone');
            if (!window.people.ada.remoteParticipants.has('bob')) throw new Error('bob is gone too');
        });
    });

    test(`${path}: sent away by the server, the client stays away`, async () => {
        await start('leave', ['ada', 'bob']);
        await web.run(async () => {
            const gone = window.hears('bob', 'participantDisconnected');
            await window.people.ada.simulateScenario('server-leave');
            await gone;
            await window.until(() => window.people.ada.state === 'disconnected', 'ada to be out');
        });
    });
}
