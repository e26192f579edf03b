// SPDX-License-Identifier: Apache-2.0
// livekit-client as others use it: in a page of its own origin, many people in one browser.
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {readFile} from 'node:fs/promises';
import {createServer} from 'node:http';
import {fileURLToPath} from 'node:url';
import {openChromium} from './browsers.mjs';

const library = fileURLToPath(import.meta.resolve('livekit-client')).replace(/[^/]*$/, 'livekit-client.umd.js');

/** What runs in the page: rooms by the name of who is in them, and what they heard. */
function inPage() {
    window.people = {};
    window.heard = {};

    window.join = async (name, url, token, {single = true, room: roomOptions = {}, connect = {}} = {}) => {
        const room = new LivekitClient.Room({singlePeerConnection: single, ...roomOptions});
        window.people[name] = room;
        window.heard[name] ??= [];
        for (const event of Object.values(LivekitClient.RoomEvent)) {
            room.on(event, (...values) => window.heard[name].push({
                event,
                identity: values.find((v) => v instanceof LivekitClient.Participant)?.identity,
                text: values.map((v) => (v instanceof Uint8Array ? new TextDecoder().decode(v) : typeof v === 'object' ? '' : String(v))).join(' '),
            }));
        }
        // What is not played is not decoded.
        room.on('trackSubscribed', (track) => { if (track.kind === 'audio') track.attach(); });
        await room.connect(url, token, connect);
        return room.localParticipant.sid;
    };

    window.publication = (name, identity, source) =>
        [...(window.people[name].remoteParticipants.get(identity)?.trackPublications.values() ?? [])].find((p) => p.source === source);

    /** Pictures decoded, or packets of audio that came, of somebody's source. */
    window.flow = async (name, identity, source) => {
        const report = await window.publication(name, identity, source)?.track?.getRTCStatsReport?.();
        for (const stats of report?.values() ?? []) {
            if (stats.type !== 'inbound-rtp') continue;
            return {
                amount: stats.kind === 'video' ? stats.framesDecoded ?? 0 : Math.round((stats.totalAudioEnergy ?? 0) * 1e9),
                height: stats.frameHeight,
                codec: report.get(stats.codecId)?.mimeType,
            };
        }
        return {amount: 0};
    };

    window.until = async (question, what, seconds = 20) => {
        const deadline = Date.now() + seconds * 1000;
        for (;;) {
            const answer = await question();
            if (answer) return answer;
            if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
    };

    /** Waits until the source flows: more of it again and again (a fake microphone beeps once a second). */
    window.flows = async (name, identity, source, seconds = 30) => {
        let last = Infinity;
        let grown = 0;
        await window.until(async () => {
            const {amount} = await window.flow(name, identity, source);
            if (amount > last) ++grown;
            last = amount;
            return grown >= 3;
        }, `${source} of ${identity} to flow to ${name}`, seconds);
        return window.flow(name, identity, source);
    };

    window.hears = (name, event, condition = () => true, seconds = 20) => {
        const from = window.heard[name].length;
        return window.until(() => window.heard[name].slice(from).find((h) => h.event === event && condition(h)), `${event} at ${name}`, seconds);
    };
}

/** A browser with a page in which livekit-client is loaded; run() runs a function there. */
export class WebClient {
    static async open() {
        const client = new WebClient();
        const script = await readFile(library, 'utf8');
        client.server = createServer((request, response) => {
            const isScript = request.url === '/livekit-client.js';
            response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
            response.end(isScript ? script : '<!doctype html><meta charset="utf-8"><script src="/livekit-client.js"></script>');
        }).listen(0, '127.0.0.1');
        await once(client.server, 'listening');
        client.browser = await openChromium();
        client.page = client.browser.page;
        if (process.env.AULA_TEST_LOG) client.page.on('console', (message) => console.error(message.text()));
        await client.reload();
        return client;
    }

    /** A fresh page: everybody who was in it has gone. */
    async reload() {
        await this.page.goto(`http://127.0.0.1:${this.server.address().port}/`);
        await this.page.evaluate(inPage);
    }

    async run(work, argument) {
        try {
            return await this.page.evaluate(work, argument);
        } catch (error) {
            const heard = await this.page.evaluate(() => Object.entries(window.heard).map(([name, list]) =>
                `${name} (${window.people[name]?.state}): ${list.slice(-25).map((h) => `${h.event}${h.identity ? `(${h.identity})` : ''}`).join(' ')}`)
                .join('\n')).catch(() => '');
            assert.fail(`${error.message}\n${heard}`);
        }
    }

    async close() {
        await this.browser?.close();
        this.server?.close();
    }
}
