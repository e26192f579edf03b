// SPDX-License-Identifier: Apache-2.0
// A school morning on the clock of the city: 40 lessons on 6 nodes, from no server to none, and the same again under
// every fault. A minute of the city takes a second.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {setTimeout as pause} from 'node:timers/promises';
import {City, People} from './lib/city.mjs';

const lessons = 40;
const seats = 28;         // seven lessons to a node of 200
const begin = '2026-09-07T05:45:00Z';
const minutes = 30;

/** The whole morning; `trouble(city)` runs beside it and is told to end by its signal. */
async function morning({trouble, cityOptions = {}} = {}) {
    const city = await City.start({shown: '2026-09-07T05:30:00Z', policy: {seats_per_node: 200}, ...cityOptions});
    const stop = new AbortController();
    const people = new People(city);
    try {
        const start = city.at(begin);
        const booked = [];
        for (let i = 0; i < lessons; ++i)
            booked.push(await city.book({name: `Class ${i + 1}`, start, end: start + minutes * 60, seats}));
        const troubles = trouble?.(city, stop.signal) ?? Promise.resolve();
        troubles.catch(() => {});

        let mostOn = 0;
        const watch = (async () => {
            while (!stop.signal.aborted) {
                const on = await city.serversOn().catch(() => []);
                mostOn = Math.max(mostOn, on.length);
                await pause(1000);
            }
        })();

        // Two to a lesson come from five minutes before the bell to two after it.
        const seated = booked.flatMap((lesson, i) => [[lesson.id, `teacher-${i}`], [lesson.id, `pupil-${i}`]]);
        for (const [i, [room, identity]] of seated.entries()) {
            await city.until(start - 300 + 420 * (i / seated.length));
            people.join(room, identity);
        }
        await city.until(start + minutes * 60);
        assert.deepEqual(people.putOut, [], 'nobody is put out of a lesson');
        assert.deepEqual(people.outside, [], `everybody got in; refused: ${people.refusals.slice(-5)}`);
        for (const [room, identity] of seated) people.leave(room, identity);
        await Promise.all(booked.map((lesson) => city.endLesson(lesson.id)));
        stop.abort();
        await Promise.all([troubles, watch]);

        await city.eventually('all servers are off', async () => (await city.serversOn()).length === 0);
        await people.stop();
        return {city, people, mostOn, servers: await city.servers()};
    } catch (error) {
        stop.abort();
        await people.stop();
        await city.stop();
        throw error;
    }
}

/** The ledger's core minutes are the cloud's, server by server; and nothing is left that costs and belongs to nobody. */
async function agrees(city) {
    // The hub has seen the last one go off when no figure grows any more: two shown minutes are two more for one that is on.
    const figures = async () => (await city.operator('/meter')).servers;
    let meter = await figures();
    await city.eventually('the ledger stands still', async () => {
        const before = meter;
        await city.until(city.now() + 120);
        meter = await figures();
        return JSON.stringify(meter) === JSON.stringify(before);
    });
    const ours = new Map(meter.map((line) => [line.server, line]));
    for (const server of await city.servers()) {
        const line = ours.get(server.object_uuid);
        assert.ok(server.usage_in_minutes_cores === 0 || line, `${server.name} is in the ledger`);
        if (line) assert.ok(Math.abs(line.core_minutes - server.usage_in_minutes_cores) <= server.cores,
            `${server.name}: ${line.core_minutes} in the ledger, ${server.usage_in_minutes_cores} on the meter`);
    }
    const names = (await city.servers()).map((server) => server.name);
    assert.equal(new Set(names).size, names.length, 'no server was made twice');
    const storages = Object.values((await city.cloud('/objects/storages')).storages);
    assert.deepEqual(storages.filter((storage) => storage.relations.servers.length === 0), [], 'no disk is left over');
    const addresses = Object.values((await city.cloud('/objects/ips')).ips);
    assert.deepEqual(addresses.filter((address) => address.relations.servers.length === 0), [], 'no address is left over');
}

const longest = (people) => Math.max(...people.waited.values());

const faults = {
    'boots that are slow and boots that fail': async (city) => {
        await city.fault({fault: 'slow_boot', count: 2, delay: 240});
        await city.fault({fault: 'failed_boot', count: 2});
    },
    'jobs that hang or fail, a shutdown nobody hears': async (city) => {
        await city.fault({fault: 'failed_job', count: 3, delay: 2});
        await city.fault({fault: 'hung_job', count: 1, method: 'PATCH', path: '/power'});
        await city.fault({fault: 'ignored_shutdown', count: 3});
    },
    'answers that are lost after the act': async (city) => {
        await city.fault({fault: 'lost_answer', count: 12, probability: 0.5});
    },
    'bursts of 429 and 5xx': async (city) => {
        for (const status of [429, 500, 503, 424])
            await city.fault({fault: 'error_answer', status, probability: 0.2, duration: 1500});
    },
    'servers that are on and silent': async (city) => {
        await city.fault({fault: 'silent_boot', count: 1});
        await city.fault({fault: 'frozen_boot', count: 1});
    },
    'no network to the cloud at the worst minute': async (city) => {
        await city.until(city.at(begin) - 240);
        await city.fault({fault: 'outage', duration: 360});
    },
    'a hub that is killed at 30 moments': async (city, signal) => {
        for (let kills = 0; kills < 30 && !signal.aborted; ++kills) {
            await pause(200 + Math.random() * 1500);
            await city.killHub();
        }
    },
};

// Cities of their own; most of the time everybody there waits for the clock.
describe('a school morning', {concurrency: 4}, () => {
    test('40 lessons on 6 nodes, from zero and back to zero', async () => {
        const {city, people, mostOn, servers} = await morning();
        try {
            assert.ok(mostOn >= 6 && mostOn <= 8, `${mostOn} servers were on at once`);
            assert.ok(servers.length <= 8, `${servers.length} servers were made`);
            assert.ok(longest(people) < 120, `somebody waited ${longest(people)} s of the city`);
            await agrees(city);
        } finally {
            await city.stop();
        }
    });

    for (const [name, trouble] of Object.entries(faults)) {
        test(`the same with ${name}`, async () => {
            const {city} = await morning({trouble});
            try {
                await agrees(city);
            } finally {
                await city.stop();
            }
        });
    }
});
