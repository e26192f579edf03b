// SPDX-License-Identifier: Apache-2.0
// An `aula cloud` with a folder of its own, which can be killed and started again.
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {binary, ended, freePort, keepLog} from './aula.mjs';

export class LocalCloud {
    /** users: [{id, token}] */
    static async start({users, options = []}) {
        const cloud = new LocalCloud();
        cloud.users = users;
        cloud.options = options;
        cloud.data = await mkdtemp(join(tmpdir(), 'aula-cloud-'));
        cloud.port = await freePort();
        cloud.log = [];
        await cloud.run();
        return cloud;
    }

    async run() {
        const users = this.users.flatMap(({id, token}) => ['--user', `${id}:${token}`]);
        this.process = spawn(
            binary, ['cloud', '--listen', `127.0.0.1:${this.port}`, '--data', this.data, '--rate-limit', '0', ...users, ...this.options],
            {stdio: ['ignore', 'pipe', 'pipe']});
        keepLog(this.process, this.log);
        const gone = once(this.process, 'exit').then(([code]) => {
            throw new Error(`aula cloud ended with ${code}:\n${this.log.join('\n')}`);
        });
        gone.catch(() => {});
        await Promise.race([once(createInterface({input: this.process.stdout}), 'line'), gone]);
    }

    kill() { return ended(this.process, () => this.process.kill('SIGKILL')); }

    async stop() {
        await ended(this.process);
        await rm(this.data, {recursive: true, force: true});
    }

    /** {status, body, request}; throws when there is no answer. */
    async call(user, method, path, body) {
        const answer = await fetch(`http://127.0.0.1:${this.port}${path}`, {
            method, body: body && JSON.stringify(body),
            headers: {'X-Auth-UserId': user.id, 'X-Auth-Token': user.token, 'Content-Type': 'application/json'}});
        const text = await answer.text();
        return {status: answer.status, body: text && JSON.parse(text), request: answer.headers.get('x-request-id')};
    }
}
