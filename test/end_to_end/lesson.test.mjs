// SPDX-License-Identifier: Apache-2.0
// A lesson in real browsers: people see and hear each other, share a screen, chat, and find back after faults.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {Aula} from './lib/aula.mjs';
import {enterLesson, openChromium, press, received, waitFor} from './lib/browsers.mjs';

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

/** Waits until the page decodes growing video and hears growing audio of so many others. */
async function seesAndHears(page, others) {
    const media = async () => {
        const all = await received(page);
        return {
            video: all.filter((t) => t.kind === 'video' && t.source === 'camera'),
            audio: all.filter((t) => t.kind === 'audio'),
        };
    };
    const deadline = Date.now() + 30_000;
    let last;
    while (Date.now() < deadline) {
        const first = await media();
        await page.waitForTimeout(2000);
        const second = await media();
        const grown = (key, list, earlier) => list.filter((t) => {
            const old = earlier.find((e) => e.identity === t.identity && e.source === t.source);
            return old && t[key] > old[key];
        }).length;
        last = {frames: grown('frames', second.video, first.video), energy: grown('energy', second.audio, first.audio)};
        if (last.frames >= others && last.energy >= others) return;
    }
    assert.fail(`expected ${others} moving pictures and voices, saw ${JSON.stringify(last)}: ${JSON.stringify(await received(page))}`);
}

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

async function say(page, text) {
    if (!(await page.$('[data-testid=chat-input]'))) await press(page, 'chat-button');
    const input = await page.waitForSelector('[data-testid=chat-input]');
    await input.fill(text);
    await press(page, 'chat-send');
}

const chatHas = (text) => [...document.querySelectorAll('[data-testid=chat-message]')].some((m) => m.innerText.includes(text));

async function reads(page, text) {
    if (!(await page.$('[data-testid=chat-input]'))) await press(page, 'chat-button');
    await waitFor(page, chatHas, `the chat message "${text}"`, 15_000, text);
}

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
