// SPDX-License-Identifier: Apache-2.0
// Starts `aula up` on free ports with a data folder of its own, and stops it again.
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, rm, readFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {createInterface} from 'node:readline';
import {createServer} from 'node:net';

const root = resolve(import.meta.dirname, '../../..');
export const binary = process.env.AULA_BINARY ?? join(root, 'build/release/aula');
export const livekitKey = {id: 'testkey', secret: 'a-secret-only-for-tests-0123456789abcdef'};
export const bbbSecret = 'a-bbb-secret-only-for-tests';

/** A TCP port that is free now. */
export async function freePort() {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const {port} = server.address();
    server.close();
    await once(server, 'close');
    return port;
}

/** What a process says goes into the log, and to the console if that is wished. */
export function keepLog(child, log) {
    createInterface({input: child.stderr}).on('line', (line) => {
        log.push(line);
        if (process.env.AULA_TEST_LOG) console.error(line);
    });
}

/** Ends a process that may have ended already: it is asked, and has some seconds. */
export async function ended(child, ask = () => child.kill('SIGTERM')) {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    ask();
    const timer = setTimeout(() => child.kill('SIGKILL'), 8000);
    await gone;
    clearTimeout(timer);
}

/** A running installation: url, admin token, the link to the first account, log lines, and how to stop it. */
export class Aula {
    /** Media stays on loopback, unless media is given or null, which leaves it to `aula up`. */
    static async start({data, listen, media = '127.0.0.1', args = []} = {}) {
        const aula = new Aula();
        aula.ownsData = data === undefined;
        aula.data = data ?? (await mkdtemp(join(tmpdir(), 'aula-test-')));
        aula.listen = listen ?? `127.0.0.1:${await freePort()}`;
        aula.log = [];
        aula.process = spawn(
            binary,
            ['up', '--listen', aula.listen, '--data', aula.data, '--bbb-secret', bbbSecret,
                '--livekit-key', `${livekitKey.id}:${livekitKey.secret}`,
                ...(media === null ? [] : ['--media', media]), ...args],
            {stdio: ['ignore', 'pipe', 'pipe']});
        keepLog(aula.process, aula.log);
        const exited = once(aula.process, 'exit').then(([code]) => {
            throw new Error(`aula up ended with ${code} before it was ready:\n${aula.log.join('\n')}`);
        });
        exited.catch(() => {});
        await Promise.race([aula.#ready(), exited]);
        return aula;
    }

    async #ready() {
        for await (const line of createInterface({input: this.process.stdout})) {
            const admin = /^admin\s+(\S+#admin=(\S+))/.exec(line);
            if (admin) this.adminToken = admin[2];
            const setup = /^setup\s+(\S+)/.exec(line);
            if (setup) this.setupLink = setup[1];
            const ready = /^ready\s+(\S+)/.exec(line);
            if (ready) {
                this.url = ready[1];
                return;
            }
        }
        throw new Error('no ready line');
    }

    get wsUrl() {
        return this.url.replace(/^http/, 'ws');
    }

    /** Creates a lesson as the start page does. */
    async createLesson(name) {
        const answer = await fetch(`${this.url}/api/lessons`, {
            method: 'POST',
            headers: {authorization: `Bearer ${this.adminToken}`, 'content-type': 'application/json'},
            body: JSON.stringify({name}),
        });
        if (!answer.ok) throw new Error(`create lesson: ${answer.status} ${await answer.text()}`);
        return answer.json();
    }

    /** The process ids of this installation's conference nodes. */
    async nodePids() {
        return (await descendants(this.process.pid)).filter((p) => p.command.includes('\0node\0')).map((p) => p.pid);
    }

    async stop() {
        if (this.process.exitCode === null && this.process.signalCode === null) {
            const exit = once(this.process, 'exit');
            this.process.kill('SIGTERM');
            await exit;
        }
        // A sanitizer's build ends the process that it finds a fault in; a replaced node must not hide that.
        const report = this.log.findIndex((line) => /(ERROR|WARNING): \w+Sanitizer|runtime error:/.test(line));
        if (report >= 0) throw new Error(`a sanitizer reports:\n${this.log.slice(report, report + 40).join('\n')}`);
        if (this.ownsData) await rm(this.data, {recursive: true, force: true});
    }
}

async function descendants(pid) {
    const found = [];
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
    for (const child of children.trim().split(' ').filter(Boolean).map(Number)) {
        const command = await readFile(`/proc/${child}/cmdline`, 'utf8').catch(() => '');
        found.push({pid: child, command}, ...(await descendants(child)));
    }
    return found;
}
