// SPDX-License-Identifier: Apache-2.0
// Firefox and Chromium on the machine on which `aula up` runs with its defaults: each sees and hears the other.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {Aula} from './lib/aula.mjs';
import {enterLesson, openChromium, openFirefox, press, received} from './lib/browsers.mjs';
import {reads, say, seesAndHears} from './lib/classroom.mjs';
import {enterOwnNetwork, ownAddress} from './lib/own_network.mjs';

enterOwnNetwork(import.meta.filename);

let aula;
let lesson;
const open = [];

async function person(opened, link, name) {
    const browser = await opened;
    open.push(browser);
    await enterLesson(browser.page, link, name);
    return browser.page;
}

before(async () => {
    aula = await Aula.start({media: null});
    lesson = await aula.createLesson('Example: French 8a');
});

after(async () => {
    for (const browser of open) await browser.close().catch(() => {});
    await aula?.stop();
});

let teacher;
let pupil;

test('Chromium and Firefox see and hear each other', async () => {
    teacher = await person(openChromium(), lesson.teacher_link, 'Example Teacher');
    pupil = await person(openFirefox(), lesson.pupil_link, 'Felix Example');
    for (const page of [teacher, pupil]) {
        await press(page, 'mic-button');
        await press(page, 'camera-button');
    }
    for (const page of [teacher, pupil]) await seesAndHears(page, 1);
});

test('chat goes both ways', async () => {
    await say(teacher, 'Bonjour');
    await reads(pupil, 'Bonjour');
    await say(pupil, 'Bonjour, Madame');
    await reads(teacher, 'Bonjour, Madame');
});

test('a shared screen of Chromium arrives in Firefox', async () => {
    await press(teacher, 'share-button');
    const deadline = Date.now() + 30_000;
    const screen = async () => (await received(pupil)).find((t) => t.source === 'screen_share' && t.frames > 2);
    while (!(await screen())) assert.ok(Date.now() < deadline, JSON.stringify(await received(pupil)));
});
