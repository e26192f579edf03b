// SPDX-License-Identifier: Apache-2.0
// A UDP relay in front of a node's media port that delays, drops, reorders and throttles each peer's packets,
// since a kernel may lack netem. It passes TCP on the same port through unchanged.
import {createSocket} from 'node:dgram';
import {once} from 'node:events';
import {createServer, connect} from 'node:net';

/** A seeded generator (mulberry32), so that a run can be repeated. */
function generator(seed) {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let t = state;
        t = Math.imul(t ^ (t >>> 15), t | 1);
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
}

export const clear = {loss: 0, delayMs: 0, jitterMs: 0, kbps: Infinity, queueMs: 300, block: false};

/** One direction of one peer's path: a token bucket, a delay line, and dice. */
class Path {
    #freeAt = 0;

    constructor(random, deliver) {
        this.random = random;
        this.deliver = deliver;
    }

    pass(packet, profile) {
        if (profile.block || this.random() < profile.loss) return;
        const now = performance.now();
        const transmitMs = (packet.length + 28) * 8 / profile.kbps;
        const start = Math.max(now, this.#freeAt);
        if (start - now > profile.queueMs) return;
        this.#freeAt = start + transmitMs;
        // Jitter reorders: each packet is delayed on its own.
        const delay = this.#freeAt - now + profile.delayMs + this.random() * profile.jitterMs;
        if (delay < 0.5) this.deliver(packet);
        else setTimeout(() => this.deliver(packet), delay);
    }
}

export class Relay {
    /** Relays 127.0.0.1:port to 127.0.0.1:target. Profiles apply to new and running flows alike. */
    static async start({port, target, seed = 1}) {
        const relay = new Relay();
        relay.target = target;
        relay.random = generator(seed);
        relay.flows = new Map();
        relay.clear();
        relay.sockets = new Set();
        relay.socket = createSocket({type: 'udp4', recvBufferSize: 4 << 20, sendBufferSize: 4 << 20});
        relay.socket.on('message', (packet, from) => relay.#flow(from).up.pass(packet, relay.#profile(from.port, 'up')));
        relay.socket.bind(port, '127.0.0.1');
        await once(relay.socket, 'listening');
        relay.server = createServer((client) => relay.#passThrough(client));
        relay.server.listen(port, '127.0.0.1');
        await once(relay.server, 'listening');
        return relay;
    }

    /** Everybody's packets pass unhindered from now on. */
    clear() {
        this.up = {...clear};
        this.down = {...clear};
        this.shaped = new Map();
    }

    /** Gives one peer, known by its local port, a profile of its own. */
    shape(port, {up = {}, down = {}}) {
        this.shaped.set(port, {up: {...clear, ...up}, down: {...clear, ...down}});
    }

    #profile(port, direction) {
        return this.shaped.get(port)?.[direction] ?? this[direction];
    }

    #flow(from) {
        let flow = this.flows.get(from.port);
        if (flow) return flow;
        const socket = createSocket({type: 'udp4', recvBufferSize: 4 << 20});
        flow = {
            socket,
            up: new Path(this.random, (packet) => { if (!this.closed) socket.send(packet, this.target, '127.0.0.1'); }),
            down: new Path(this.random, (packet) => {
                if (!this.closed) this.socket.send(packet, from.port, from.address);
            }),
        };
        socket.on('message', (packet) => flow.down.pass(packet, this.#profile(from.port, 'down')));
        socket.on('error', () => {});
        this.flows.set(from.port, flow);
        return flow;
    }

    #passThrough(client) {
        const server = connect(this.target, '127.0.0.1');
        for (const [a, b] of [[client, server], [server, client]]) {
            this.sockets.add(a);
            a.setNoDelay(true);
            a.pipe(b);
            a.on('error', () => b.destroy());
            a.on('close', () => this.sockets.delete(a));
        }
    }

    stop() {
        this.closed = true;
        this.socket.close();
        this.server.close();
        for (const socket of this.sockets) socket.destroy();
        for (const flow of this.flows.values()) flow.socket.close();
    }
}
