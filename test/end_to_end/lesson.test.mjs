// SPDX-License-Identifier: Apache-2.0
// A lesson in real browsers: people see and hear each other, share a screen, chat, and find back after faults.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {Aula} from './lib/aula.mjs';
import {enterLesson, openChromium, press, waitFor} from './lib/browsers.mjs';
import {reads, say, seesAndHears} from './lib/classroom.mjs';

let aula;
let lesson;
const open = [];

async function person(link, name, options) {
    const browser = await openChromium(options);
    open.push(browser);
    await enterLesson(browser.page, link, name);
    return browser;
}

before(async () => {
    aula = await Aula.start();
    lesson = await aula.createLesson('Example: biology 7b');
});

after(async () => {
    for (const browser of open) await browser.close().catch(() => {});
    await aula?.stop();
});

let teacher;
let anna;
let ben;

test('three browsers see and hear each other', async () => {
    teacher = await person(lesson.teacher_link, 'Example Teacher');
    anna = await person(lesson.pupil_link, 'Anna Example');
    ben = await person(lesson.pupil_link, 'Ben Example');
    for (const {page} of [teacher, anna, ben]) {
        await press(page, 'mic-button');
        await press(page, 'camera-button');
    }
    for (const {page} of [teacher, anna, ben]) await seesAndHears(page, 2);
});

test('a shared screen arrives', async () => {
    await press(teacher.page, 'share-button');
    await waitFor(anna.page, async () => {
        for (const participant of window.aula.room.remoteParticipants.values()) {
            for (const publication of participant.trackPublications.values()) {
                if (publication.source !== 'screen_share') continue;
                const report = await publication.track?.getRTCStatsReport?.();
                for (const stats of report?.values() ?? []) {
                    if (stats.type === 'inbound-rtp' && stats.framesDecoded > 2) return true;
                }
            }
        }
        return false;
    }, 'the shared screen', 30_000);
    await press(teacher.page, 'share-button');
});

test('chat arrives, also for a latecomer', async () => {
    await say(anna.page, 'What is photosynthesis?');
    await reads(ben.page, 'What is photosynthesis?');
    const late = await person(lesson.pupil_link, 'Clara Example');
    await reads(late.page, 'What is photosynthesis?');
    await late.close();
});

test('the teacher mutes a pupil', async () => {
    await press(teacher.page, 'people-button');
    const row = await teacher.page.waitForSelector('[data-testid=person-row]:has-text("Anna Example")');
    await (await row.waitForSelector('[data-testid=mute-person]')).click();
    await waitFor(anna.page, () => !window.aula.room.localParticipant.isMicrophoneEnabled, 'the microphone being off');
    await waitFor(ben.page, () => [...window.aula.room.remoteParticipants.values()]
        .filter((p) => p.name === 'Anna Example').every((p) => !p.isMicrophoneEnabled), 'Ben seeing it');
});

test('a node that is killed is replaced, and all are back with the chat intact', async () => {
    const [node] = await aula.nodePids();
    process.kill(node, 'SIGKILL');
    await waitFor(anna.page, () => window.aula.room.state !== 'connected', 'the connection to break', 30_000);
    for (const {page} of [teacher, anna, ben]) {
        await waitFor(page, () => window.aula.room.state === 'connected', 'the media to be back', 60_000);
    }
    await seesAndHears(teacher.page, 1);
    await say(ben.page, 'Here again');
    await reads(anna.page, 'Here again');
    await reads(anna.page, 'What is photosynthesis?');
});

test('a killed browser disappears for the others within 15 s', async () => {
    const pid = ben.page.context().browser()?.process?.()?.pid;
    await ben.page.context().close({reason: 'killed'}).catch(() => {});
    assert.ok(pid === undefined || pid > 0);
    await waitFor(teacher.page, () => ![...window.aula.room.remoteParticipants.values()].some((p) => p.name === 'Ben Example'),
        'Ben to be gone', 15_000);
});
