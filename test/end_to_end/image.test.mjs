// SPDX-License-Identifier: Apache-2.0
// packaging/cloud-init/make-node-image against a cloud of our own: a template is made, and nothing else is left.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {randomBytes, randomUUID} from 'node:crypto';
import {once} from 'node:events';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {createInterface} from 'node:readline';
import test from 'node:test';
import {setTimeout as pause} from 'node:timers/promises';
import {binary} from './lib/aula.mjs';

const script = resolve(import.meta.dirname, '../../packaging/cloud-init/make-node-image');

test('a call that fails ends it: a server of which nothing is known is not taken for an installed one', async () => {
    await withCloud(async ({ask, order, make}) => {
        await order({fault: 'error_answer', method: 'GET', path: '/power', count: 1});
        const making = make(await debian(ask));
        const [code] = await making.ended;
        assert.notEqual(code, 0);
        assert.ok(making.said.some((line) => line.includes('/power: 503')), making.said.join('\n'));
        assert.ok(!Object.values((await ask('/objects/templates')).templates).some(({name}) => name === 'aula-node'));
        for (const kind of ['servers', 'ips', 'storages']) {
            assert.deepEqual(Object.keys((await ask(`/objects/${kind}`))[kind]), [], kind);
        }
    });
});

test('the node image is made', async () => {
    await withCloud(async ({ask, make}) => {
        const making = make(await debian(ask));
        // The guest has nothing to install here: it switches itself off as soon as it is on.
        let userData = '';
        while (making.child.exitCode === null && !userData) {
            const on = Object.values((await ask('/objects/servers')).servers).find((server) => server.power);
            if (on) {
                userData = Buffer.from(on.user_data, 'base64').toString();
                assert.equal(on.relations.storages.length, 1);
                assert.equal(on.relations.public_ips.length, 1);
                await ask(`/objects/servers/${on.object_uuid}/shutdown`, 'PATCH', '{}');
            }
            await pause(50);
        }
        assert.deepEqual(await making.ended, [0, null], making.said.join('\n'));
        assert.match(userData, /^#cloud-config\n/);
        assert.ok(userData.includes("'https://aula.example/aula.deb?a=1&b=2'"), userData);
        const {template} = await ask(`/objects/templates/${making.printed().trim()}`);
        assert.equal(template.name, 'aula-node');
        assert.deepEqual(Object.keys((await ask('/objects/servers')).servers), []);
        assert.deepEqual(Object.keys((await ask('/objects/ips')).ips), []);
    });
});

/** A cloud of our own: calls of it, faults to order, and make-node-image against it. */
async function withCloud(work) {
    const data = await mkdtemp(join(tmpdir(), 'aula-image-'));
    const user = {id: randomUUID(), token: randomBytes(32).toString('hex')};
    const admin = randomBytes(16).toString('hex');
    const cloud = spawn(binary, ['cloud', '--listen', '127.0.0.1:0', '--data', data], {
        stdio: ['ignore', 'pipe', 'ignore'],
        env: {...process.env, AULA_CLOUD_USER: `${user.id}:${user.token}`, AULA_CLOUD_ADMIN_TOKEN: admin}});
    try {
        const [line] = await once(createInterface({input: cloud.stdout}), 'line');
        const url = line.replace(/^ready /, '');
        const ask = async (path, method = 'GET', body) => {
            const answer = await fetch(url + path, {method, body, headers: {
                'X-Auth-UserId': user.id, 'X-Auth-Token': user.token, ...(body && {'content-type': 'application/json'})}});
            return answer.status === 204 ? {} : answer.json();
        };
        const order = async (fault) => {
            const answer = await fetch(`${url}/aula/faults`, {method: 'POST', body: JSON.stringify(fault), headers: {
                authorization: `Bearer ${admin}`, 'content-type': 'application/json'}});
            assert.equal(answer.status, 201);
        };
        const make = (base) => {
            const child = spawn(script, ['--api', url, '--package-url', 'https://aula.example/aula.deb?a=1&b=2',
                '--package-sha256', 'f'.repeat(64), '--base', base],
                {stdio: ['ignore', 'pipe', 'pipe'], env: {...process.env, GRIDSCALE_UUID: user.id, GRIDSCALE_TOKEN: user.token}});
            const said = [];
            let printed = '';
            createInterface({input: child.stderr}).on('line', (text) => said.push(text));
            child.stdout.on('data', (text) => { printed += text; });
            return {child, said, printed: () => printed, ended: once(child, 'exit')};
        };
        await work({ask, order, make});
    } finally {
        const gone = once(cloud, 'exit');
        cloud.kill('SIGTERM');
        await gone;
        await rm(data, {recursive: true, force: true});
    }
}

async function debian(ask) {
    const names = Object.values((await ask('/objects/templates')).templates).map(({name}) => name);
    const name = names.find((one) => one.includes('Debian 12'));
    assert.ok(name, `a Debian 12 among ${names}`);
    return name;
}
