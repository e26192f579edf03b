// SPDX-License-Identifier: Apache-2.0
// The local cloud is killed while several users change things: what it acknowledged is there, and nothing else but what was
// under way at that moment.
import assert from 'node:assert/strict';
import {randomBytes, randomUUID} from 'node:crypto';
import {test} from 'node:test';
import {setTimeout as pause} from 'node:timers/promises';
import {LocalCloud} from './lib/local_cloud.mjs';

const kills = 12;

/** Makes, labels, switches and deletes until the cloud dies; remembers what was answered. */
async function work(cloud, user, known) {
    for (;;) {
        const name = randomUUID();
        known.under_way = name;
        const made = await cloud.call(user, 'POST', '/objects/servers', {name, cores: 1, memory: 1});
        assert.equal(made.status, 202);
        const id = made.body.object_uuid;
        const server = {name, power: false, labels: []};
        known.servers.set(id, server);
        known.requests.push(made.request);
        const change = async (path, body, then, method = 'PATCH') => {
            server.in_doubt = true;
            const answer = await cloud.call(user, method, `/objects/servers/${id}${path}`, body);
            assert.equal(answer.status, 204);
            known.requests.push(answer.request);
            then();
            server.in_doubt = false;
        };
        await change('', {labels: [name]}, () => { server.labels = [name]; });
        await change('/power', {power: true}, () => { server.power = true; });
        if (known.servers.size % 2 === 0) continue;
        await change('/power', {power: false}, () => { server.power = false; });
        if (known.servers.size % 3 !== 0) continue;
        await change('', undefined, () => known.servers.delete(id), 'DELETE');
    }
}

function compare(shown, known) {
    for (const [id, server] of known.servers) {
        if (server.in_doubt) {
            // Whatever of the change was done: the next round knows what is there.
            if (!shown[id]) known.servers.delete(id);
            else Object.assign(server, {power: shown[id].power, labels: shown[id].labels, in_doubt: false});
            continue;
        }
        assert.ok(shown[id], `${id} was acknowledged and is gone`);
        const {name, power, labels} = shown[id];
        assert.deepEqual({name, power, labels}, {name: server.name, power: server.power, labels: server.labels});
    }
    const strangers = Object.entries(shown).filter(([id]) => !known.servers.has(id));
    assert.ok(strangers.length <= 1 && strangers.every(([, server]) => server.name === known.under_way),
        `made by nobody: ${JSON.stringify(strangers.map(([, {name}]) => name))}`);
    for (const [id, {name, power, labels}] of strangers) known.servers.set(id, {name, power, labels});
}

test(`killed ${kills} times in the middle of writes, the cloud forgets nothing`, async () => {
    const users = Array.from({length: 3}, () => ({id: randomUUID(), token: randomBytes(16).toString('hex')}));
    const cloud = await LocalCloud.start({users});
    try {
        const known = new Map(users.map((user) => [user, {servers: new Map(), requests: []}]));
        for (let round = 0; round < kills; round += 1) {
            const workers = users.map((user) => work(cloud, user, known.get(user)).catch((error) => {
                if (error instanceof assert.AssertionError) throw error;
            }));
            await pause(20 + Math.random() * 200);
            await cloud.kill();
            await Promise.all(workers);
            await cloud.run();
            for (const user of users) {
                const {body} = await cloud.call(user, 'GET', '/objects/servers');
                compare(body.servers, known.get(user));
                for (const request of known.get(user).requests.splice(0)) {
                    const state = await cloud.call(user, 'GET', `/requests/${request}`);
                    assert.equal(state.body[request]?.status, 'done', `request ${request}: ${JSON.stringify(state)}`);
                }
            }
        }
        const all = users.reduce((sum, user) => sum + known.get(user).servers.size, 0);
        assert.ok(all > kills, `${all} servers were made`);
    } finally {
        await cloud.stop();
    }
});
