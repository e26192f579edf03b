// SPDX-License-Identifier: Apache-2.0
// Servers that are switched off and deleted in the cloud's panel while no hub is there to see it.
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {test} from 'node:test';
import {City} from './lib/city.mjs';

const minutesOn = (server, now) => Math.floor(
    server.intervals.reduce((sum, {from, to}) => sum + (to ?? now) - from, 0) / 60_000);

test('the ledger knows when a server went off while the hub was dead', async () => {
    const city = await City.start({policy: {least_nodes: 2}});
    try {
        await city.eventually('two servers are on', async () => (await city.serversOn()).length === 2);
        await city.until(city.now() + 600);
        const gone = once(city.hub, 'exit');
        city.hub.kill('SIGKILL');
        await gone;
        const [off, deleted] = (await city.serversOn()).map((server) => `/objects/servers/${server.object_uuid}`);
        await city.until(city.now() + 240);
        await city.change('PATCH', `${off}/power`, {power: false});
        await city.change('PATCH', `${deleted}/power`, {power: false});
        await city.until(city.now() + 240);
        await city.change('DELETE', deleted);
        await city.until(city.now() + 240);
        await city.startHub();

        const line = async (path) => (await city.operator('/meter')).servers.find((one) => path.endsWith(one.server));
        await city.eventually('the ledger knows of both', async () => await line(off) && await line(deleted));
        // The exact times, which only this cloud tells; one may be started again by now.
        const exact = await city.exactMeters();
        for (const path of [off, deleted]) {
            const ours = await line(path);
            const clouds = exact.servers.find((server) => path.endsWith(server.object_uuid));
            assert.ok(Math.abs(ours.core_minutes / 4 - minutesOn(clouds, exact.now)) <= 1,
                `${JSON.stringify(ours)} and ${JSON.stringify(clouds)}`);
        }
    } finally {
        await city.stop();
    }
});
