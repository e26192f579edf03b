// SPDX-License-Identifier: Apache-2.0
// A hub and a conference node as processes of their own, so that each can be killed and started again; and a
// proxy that cuts connections.
import {spawn, execFile} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {connect, createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {setTimeout as pause} from 'node:timers/promises';
import {promisify} from 'node:util';
import {binary, ended, freePort, keepLog, livekitKey} from './aula.mjs';

export class Split {
    static async start({webhooks = []} = {}) {
        const split = new Split();
        split.data = await mkdtemp(join(tmpdir(), 'aula-split-'));
        [split.port, split.linkPort, split.mediaPort, split.metricsPort] =
            [await freePort(), await freePort(), await freePort(), await freePort()];
        split.webhooks = webhooks;
        split.log = [];
        await split.startHub();
        await split.startNode();
        return split;
    }

    get url() { return `http://127.0.0.1:${this.port}`; }
    get wsUrl() { return `ws://127.0.0.1:${this.port}`; }

    #spawn(args) {
        const child = spawn(binary, args, {stdio: ['ignore', 'pipe', 'pipe']});
        keepLog(child, this.log);
        return child;
    }

    async startHub() {
        this.hub = this.#spawn(['hub', '--listen', `127.0.0.1:${this.port}`, '--node-link', `127.0.0.1:${this.linkPort}`,
            '--data', this.data, '--livekit-key', `${livekitKey.id}:${livekitKey.secret}`,
            ...this.webhooks.flatMap((url) => ['--webhook', url])]);
        for await (const line of createInterface({input: this.hub.stdout})) {
            if (line.startsWith('ready ')) return;
        }
        throw new Error(`the hub did not start:\n${this.log.join('\n')}`);
    }

    async startNode() {
        const {stdout} = await promisify(execFile)(binary, ['invite', 'node-1', '--hub', `127.0.0.1:${this.linkPort}`, '--data', this.data]);
        const config = {...JSON.parse(stdout), media: `127.0.0.1:${this.mediaPort}`, metrics: `127.0.0.1:${this.metricsPort}`, shards: 1};
        const file = join(this.data, 'node.json');
        await writeFile(file, JSON.stringify(config), {mode: 0o600});
        this.node = this.#spawn(['node', '--config', file]);
        this.node.stdout.resume();
    }

    /** Ends the hub; resolves when its process is gone. */
    async killHub(signal) {
        const gone = once(this.hub, 'exit');
        this.hub.kill(signal);
        await gone;
    }

    /** The node's counters by name. */
    async metrics() {
        const text = await (await fetch(`http://127.0.0.1:${this.metricsPort}/metrics`)).text();
        return Object.fromEntries([...text.matchAll(/^(\w+) ([\d.e+-]+)$/gm)].map(([, name, value]) => [name, Number(value)]));
    }

    /** Resident MiB of a process. */
    static async memory(child) {
        const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
        return Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024;
    }

    async stop() {
        for (const child of [this.node, this.hub]) await ended(child);
        await rm(this.data, {recursive: true, force: true});
    }
}

/** A connection to a port; a patient one waits until somebody listens there. */
async function connection(port, patient, wanted) {
    for (;;) {
        const socket = connect(port, '127.0.0.1');
        const there = await new Promise((resolve) => {
            socket.once('connect', () => resolve(true));
            socket.once('error', () => resolve(false));
        });
        if (there || !patient || !wanted()) return socket;
        await pause(50);
    }
}

/** Passes TCP connections on to a port, until they are cut. A patient one holds those that come while nobody listens. */
export class Proxy {
    static async start(target, {patient = false} = {}) {
        const proxy = new Proxy();
        proxy.sockets = new Set();
        proxy.server = createServer({pauseOnConnect: true}, async (client) => {
            client.on('error', () => {});
            const server = await connection(target, patient, () => !client.destroyed && proxy.server.listening);
            if (client.destroyed || server.destroyed) return [client, server].forEach((socket) => socket.destroy());
            for (const [from, to] of [[client, server], [server, client]]) {
                proxy.sockets.add(from);
                from.on('error', () => to.destroy());
                from.on('close', () => { proxy.sockets.delete(from); to.destroy(); });
                from.pipe(to);
            }
        }).listen(0, '127.0.0.1');
        await once(proxy.server, 'listening');
        return proxy;
    }

    get wsUrl() { return `ws://127.0.0.1:${this.server.address().port}`; }

    cut() {
        for (const socket of this.sockets) socket.destroy();
    }

    stop() {
        this.server.close();
        this.cut();
    }
}
