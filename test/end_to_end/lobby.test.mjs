// SPDX-License-Identifier: Apache-2.0
// A learning platform's meeting in real browsers: a guest waits at the door, a teacher decides, locks hold, and all hear
// why the lesson ended. The platform is the client library that BigBlueButton's integrations use.
import assert from 'node:assert/strict';
import {createRequire} from 'node:module';
import {after, before, test} from 'node:test';
import {Aula, bbbSecret} from './lib/aula.mjs';
import {openChromium, press, waitFor} from './lib/browsers.mjs';
import {openChat} from './lib/classroom.mjs';

const bbb = createRequire(import.meta.url)('bigbluebutton-js');
const pictures = process.env.AULA_PICTURES; // a folder: pictures of the lobby go there

let aula;
let api;
let http;
const open = [];

async function browser(options) {
    const opened = await openChromium(options);
    open.push(opened);
    return opened.page;
}

/** A join link as the platform makes it; `how` adds parameters. */
const joinLink = (meeting, name, role, how = {}) => api.administration.join(name, meeting, undefined, {role, ...how});

async function enter(page, link) {
    await page.goto(link);
    await page.waitForSelector('[data-testid=leave-button]', {timeout: 30_000});
    await waitFor(page, () => window.aula?.room?.state === 'connected', 'the media connection', 30_000);
}

async function shoot(page, name) {
    if (pictures) await page.screenshot({path: `${pictures}/${name}.png`});
}

const isOver = (page, reason) =>
    waitFor(page, (wanted) => document.querySelector('[data-testid=over]')?.dataset.reason === wanted, `the end: ${reason}`, 20_000, reason);

before(async () => {
    aula = await Aula.start();
    api = bbb.api(`${aula.url}/bigbluebutton/`, bbbSecret);
    http = bbb.http;
});

after(async () => {
    for (const opened of open) await opened.close().catch(() => {});
    await aula?.stop();
});

test('the library creates, asks about and ends a meeting', async () => {
    const made = await http(api.administration.create('Example: art', 'art', {attendeePW: 'pupils', moderatorPW: 'teachers'}));
    assert.equal(made.returncode, 'SUCCESS');
    assert.equal(made.meetingID, 'art');
    const joined = await http(api.administration.join('Anna Example', 'art', 'pupils', {redirect: false}));
    assert.equal(joined.messageKey, 'successfullyJoined');
    const info = await http(api.monitoring.getMeetingInfo('art'));
    assert.equal(info.meetingName, 'Example: art');
    assert.equal(String(info.participantCount), '0', 'only who has come counts');
    assert.equal(String((await http(api.monitoring.isMeetingRunning('art'))).running), 'false');
    assert.equal((await http(api.administration.end('art', 'teachers'))).messageKey, 'sentEndMeetingRequest');
    assert.equal((await http(api.monitoring.getMeetingInfo('art'))).messageKey, 'notFound');
});

let teacher;
let guest;

test('a guest waits at the door and a teacher lets them in', async () => {
    await http(api.administration.create('Example: music', 'music', {
        guestPolicy: 'ASK_MODERATOR', muteOnStart: true, lockSettingsDisableCam: true, duration: 3,
        welcome: 'Welcome to <b>%%CONFNAME%%</b>!<br>Plan: <a href="https://example.org/plan">here</a>', moderatorOnlyMessage: 'Room 12',
    }));
    teacher = await browser();
    await enter(teacher, joinLink('music', 'Example Teacher', 'MODERATOR'));
    guest = await browser({width: 390, height: 844, locale: 'de-DE'});
    await guest.goto(joinLink('music', 'Gina Example', 'VIEWER', {guest: true}));
    await guest.waitForSelector('[data-testid=lobby]', {timeout: 30_000});
    await waitFor(guest, () => document.querySelector('[data-testid=lobby-place]')?.dataset.place === '1', 'the place in the queue');
    assert.match(await guest.innerText('[data-testid=lobby]'), /Die Lehrkraft lässt dich gleich herein/);
    assert.equal(await guest.evaluate(() => window.aula.room), null, 'no media for who waits');
    await teacher.waitForSelector('[data-testid=door-notice]');
    await shoot(guest, 'lobby-phone-de');
    await shoot(teacher, 'lobby-teacher-desktop-en');
    await press(teacher, 'admit');
    await guest.waitForSelector('[data-testid=leave-button]', {timeout: 30_000});
    await waitFor(guest, () => window.aula?.room?.state === 'connected', 'the media after being let in', 30_000);
    await waitFor(teacher, () => !document.querySelector('[data-testid=door-notice]'), 'the notice to go');
    const info = await http(api.monitoring.getMeetingInfo('music'));
    assert.equal(String(info.participantCount), '2');
});

test('the welcome stands in the chat, as text, and the teachers\' note for teachers only', async () => {
    await openChat(guest);
    const welcome = await guest.waitForSelector('[data-testid=chat-welcome]');
    assert.equal(await welcome.innerText(), 'Welcome to Example: music!\nPlan: here (https://example.org/plan)');
    assert.equal(await guest.$('[data-testid=chat-for-teachers]'), null);
    await openChat(teacher);
    assert.match(await (await teacher.waitForSelector('[data-testid=chat-for-teachers]')).innerText(), /Room 12/);
    await shoot(guest, 'welcome-phone-de');
    await shoot(teacher, 'welcome-desktop-en');
    await press(guest, 'chat-button');
});

test('a lock holds in the page and on the server', async () => {
    assert.equal(await guest.getAttribute('[data-testid=camera-button]', 'data-locked'), 'true');
    await press(guest, 'camera-button');
    await guest.waitForSelector('[data-notice="notice.cameraLocked"]');
    await shoot(guest, 'locked-phone-de');
    const published = await guest.evaluate(() => Promise.race([
        window.aula.room.localParticipant.setCameraEnabled(true).then(() => 'published', () => 'refused'),
        new Promise((done) => setTimeout(() => done('nothing'), 4000)),
    ]));
    assert.notEqual(published, 'published', 'whatever the page does');
    await press(teacher, 'camera-button');
    await waitFor(teacher, () => window.aula.room.localParticipant.isCameraEnabled, 'the teacher\'s camera');
});

test('several at the door: a list, one refused, the others let in at once', async () => {
    const pages = [];
    for (const name of ['Hugo Example', 'Ida Example', 'Jan Example']) {
        const page = await browser({width: 390, height: 844});
        await page.goto(joinLink('music', name, 'VIEWER', {guest: true}));
        await page.waitForSelector('[data-testid=lobby]', {timeout: 30_000});
        pages.push(page);
    }
    await waitFor(teacher, () => document.querySelector('[data-testid=door-notice]')?.dataset.count === '3', 'three at the door');
    await press(teacher, 'door-show');
    const row = await teacher.waitForSelector('[data-testid=door-list] li:has-text("Ida Example")');
    await shoot(teacher, 'lobby-list-desktop-en');
    await teacher.setViewportSize({width: 390, height: 844});
    await shoot(teacher, 'lobby-list-phone-en');
    await teacher.setViewportSize({width: 1366, height: 768});
    await (await row.waitForSelector('[data-testid=turn-away]')).click();
    await isOver(pages[1], 'turnedAway');
    await shoot(pages[1], 'turned-away-phone-en');
    await press(teacher, 'admit-all');
    for (const page of [pages[0], pages[2]]) await page.waitForSelector('[data-testid=leave-button]', {timeout: 30_000});
    for (const opened of open.splice(2)) await opened.close();
});

test('people see the end coming, and that the platform ended the lesson', async () => {
    const notice = await guest.waitForSelector('[data-testid=end-notice]');
    assert.equal(await notice.getAttribute('data-why'), 'time');
    await shoot(guest, 'ends-phone-de');
    await http(api.administration.end('music', ''));
    for (const page of [teacher, guest]) await isOver(page, 'endedByPlatform');
    await shoot(guest, 'ended-phone-de');
    const again = await http(api.administration.join('Gina Example', 'music', undefined, {role: 'VIEWER', redirect: false}));
    assert.equal(again.messageKey, 'meetingForciblyEnded');
});
