// SPDX-License-Identifier: Apache-2.0
// A cloud and a hub as processes of their own, on a clock that runs faster than life; people in their lessons; and what
// cloud and ledger say of it in the end.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {randomBytes, randomUUID} from 'node:crypto';
import {once} from 'node:events';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {setTimeout as pause} from 'node:timers/promises';
import {binary, ended, freePort, keepLog, livekitKey} from './aula.mjs';

export class City {
    /** `shown` is what the clock shows at the beginning (ISO time), `speed` its seconds in a real one. */
    static async start({shown = '2026-09-07T05:30:00Z', speed = 60, bootSeconds = 60, policy = {}} = {}) {
        const city = new City();
        city.data = await mkdtemp(join(tmpdir(), 'aula-city-'));
        city.speed = speed;
        city.realOrigin = Math.floor(Date.now() / 1000);
        city.shownOrigin = Date.parse(shown) / 1000;
        city.clock = `${city.realOrigin},${city.shownOrigin},${speed}`;
        city.user = {id: randomUUID(), token: randomBytes(32).toString('hex')};
        city.adminToken = randomBytes(32).toString('hex');
        city.bootSeconds = bootSeconds;
        [city.cloudPort, city.hubPort, city.linkPort] = [await freePort(), await freePort(), await freePort()];
        await writeFile(city.#file('cloud.json'), JSON.stringify({user_id: city.user.id, token: city.user.token}), {mode: 0o600});
        await writeFile(city.#file('policy.json'), JSON.stringify({most_nodes: 12, ...policy}));
        city.log = [];
        await city.startCloud();
        await city.startHub();
        return city;
    }

    #file(name) { return join(this.data, name); }
    get url() { return `http://127.0.0.1:${this.hubPort}`; }
    get wsUrl() { return `ws://127.0.0.1:${this.hubPort}`; }
    get cloudUrl() { return `http://127.0.0.1:${this.cloudPort}`; }

    /** Now, by the city's clock, in seconds since 1970. */
    now() { return this.shownOrigin + (Date.now() / 1000 - this.realOrigin) * this.speed; }
    at(iso) { return Date.parse(iso) / 1000; }
    async until(second) {
        const left = (second - this.now()) / this.speed;
        if (left > 0) await pause(left * 1000);
    }

    /** Waits for a condition, at most so many shown minutes. */
    async eventually(what, condition, minutes = 60) {
        const end = this.now() + minutes * 60;
        while (!(await condition())) {
            assert.ok(this.now() < end, `${what}: not within ${minutes} minutes of the city\n${this.log.slice(-60).join('\n')}`);
            await pause(100);
        }
    }

    async #spawn(args, env, onLine = () => {}) {
        const child = spawn(binary, args, {stdio: ['ignore', 'pipe', 'pipe'], env: {...process.env, ...env}});
        keepLog(child, this.log);
        await new Promise((resolve, reject) => {
            createInterface({input: child.stdout}).on('line', (line) => {
                onLine(line);
                if (line.startsWith('ready ')) resolve();
            });
            child.once('exit', (code) => reject(new Error(`${args[0]} ended with ${code}:\n${this.log.slice(-40).join('\n')}`)));
        });
        return child;
    }

    async startCloud() {
        this.cloudProcess = await this.#spawn(
            ['cloud', '--listen', `127.0.0.1:${this.cloudPort}`, '--data', this.#file('cloud'), '--clock', this.clock,
                '--boot-median', `${this.bootSeconds}`, '--boot-tail', '1.5', '--rate-limit', '210'],
            {AULA_CLOUD_USER: `${this.user.id}:${this.user.token}`, AULA_CLOUD_ADMIN_TOKEN: this.adminToken});
    }

    async startHub() {
        this.hub = await this.#spawn(
            ['hub', '--listen', `127.0.0.1:${this.hubPort}`, '--node-link', `127.0.0.1:${this.linkPort}`, '--data', this.#file('hub'),
                '--livekit-key', `${livekitKey.id}:${livekitKey.secret}`, '--clock', this.clock,
                '--cloud', this.cloudUrl, '--cloud-credentials', this.#file('cloud.json'), '--policy', this.#file('policy.json')],
            {}, (line) => {
                const admin = /^admin\s+\S+#admin=(\S+)/.exec(line);
                const setup = /^setup\s+\S+#setup=(\S+)/.exec(line);
                if (admin) this.admin = admin[1];
                if (setup) this.setup = setup[1];
            });
    }

    async killHub() {
        const gone = once(this.hub, 'exit');
        this.hub.kill('SIGKILL');
        await gone;
        await this.startHub();
    }

    /** Asks the cloud as its user. */
    async cloud(path) {
        const answer = await fetch(this.cloudUrl + path, {headers: {'X-Auth-UserId': this.user.id, 'X-Auth-Token': this.user.token}});
        assert.equal(answer.status, 200, `${path}: ${await answer.clone().text()}`);
        return answer.json();
    }
    /** Changes something in the cloud behind the hub's back, as in its panel. */
    async change(method, path, body) {
        const answer = await fetch(this.cloudUrl + path, {
            method, body: body && JSON.stringify(body),
            headers: {'X-Auth-UserId': this.user.id, 'X-Auth-Token': this.user.token, 'content-type': 'application/json'}});
        assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${await answer.clone().text()}`);
    }

    /** Every server's intervals of power, to the millisecond. */
    async exactMeters() {
        const answer = await fetch(`${this.cloudUrl}/aula/meters`, {headers: {authorization: `Bearer ${this.adminToken}`}});
        assert.equal(answer.status, 200);
        return answer.json();
    }

    async servers() { return Object.values((await this.cloud('/objects/servers')).servers); }
    async serversOn() { return (await this.servers()).filter((server) => server.power); }

    /** Orders a fault of the cloud. */
    async fault(fault) {
        const answer = await fetch(`${this.cloudUrl}/aula/faults`, {
            method: 'POST', body: JSON.stringify(fault),
            headers: {authorization: `Bearer ${this.adminToken}`, 'content-type': 'application/json'}});
        assert.ok(answer.ok, `fault ${JSON.stringify(fault)}: ${answer.status} ${await answer.text()}`);
    }

    async book({name, start, end, seats}) {
        const answer = await fetch(`${this.url}/api/lessons`, {
            method: 'POST', headers: {authorization: `Bearer ${this.admin}`, 'content-type': 'application/json'},
            body: JSON.stringify({name, start: new Date(start * 1000).toISOString(), end: new Date(end * 1000).toISOString(), seats})});
        assert.equal(answer.status, 201, await answer.clone().text());
        return answer.json();
    }

    /** The teacher ends the lesson for everybody. Asked again while the hub is away, as a page would. */
    async endLesson(id) {
        for (;;) {
            const answer = await fetch(`${this.url}/api/lessons/${id}`,
                {method: 'DELETE', headers: {authorization: `Bearer ${this.admin}`}}).catch(() => undefined);
            if (answer?.ok || answer?.status === 404) return;
            await pause(200);
        }
    }

    /** The operator's API, signed in. */
    async operator(path) {
        if (!this.cookie) {
            const answer = await fetch(`${this.url}/api/operator/setup`, {
                method: 'POST', headers: {origin: this.url, 'content-type': 'application/json'},
                body: JSON.stringify({token: this.setup, name: 'anna', password: 'example-password-1'})});
            assert.equal(answer.status, 201, await answer.clone().text());
            this.cookie = answer.headers.get('set-cookie').split(';')[0];
        }
        const answer = await fetch(`${this.url}/api/operator${path}`, {headers: {cookie: this.cookie}});
        assert.equal(answer.status, 200, `${path}: ${await answer.clone().text()}`);
        return answer.json();
    }

    async stop() {
        for (const child of [this.hub, this.cloudProcess]) await ended(child);
        await rm(this.data, {recursive: true, force: true});
    }
}

/** People in lessons: native participants in one process, who come and go as they are told. */
export class People {
    constructor(city) {
        this.city = city;
        this.called = new Map();   // by "ROOM IDENTITY": when
        this.waited = new Map();   // seconds of the city until he was in
        this.putOut = [];          // who was in and had to go
        this.refusals = [];
        this.process = spawn(binary, ['bench', 'people', '--hub', city.url, '--livekit-key', `${livekitKey.id}:${livekitKey.secret}`],
            {stdio: ['pipe', 'pipe', 'pipe']});
        createInterface({input: this.process.stderr}).on('line', (line) => city.log.push(line));
        createInterface({input: this.process.stdout}).on('line', (line) => this.#hear(line));
        this.process.stdin.on('error', () => {});
    }

    #hear(line) {
        if (process.env.AULA_TEST_LOG) console.error(`${new Date().toISOString()} ${line}`);
        const [, what, who, why] = /^(\w+) (\S+ \S+) ?(.*)$/.exec(line);
        if (what === 'in') this.waited.set(who, this.city.now() - this.called.get(who));
        if (what === 'out') this.putOut.push(`${who}: ${why}`);
        if (what === 'refused') this.refusals.push(`${who}: ${why}`);
    }

    join(room, identity) {
        this.called.set(`${room} ${identity}`, this.city.now());
        this.process.stdin.write(`join ${room} ${identity}\n`);
    }

    leave(room, identity) { this.process.stdin.write(`leave ${room} ${identity}\n`); }

    get outside() { return [...this.called.keys()].filter((who) => !this.waited.has(who)); }

    stop() { return ended(this.process, () => this.process.stdin.end()); }
}
