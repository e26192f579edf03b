// SPDX-License-Identifier: Apache-2.0
// Takes the pictures of README and docs: start page, entrance, lesson and operator's page, desktop and phone, English and German.
// node screenshots.mjs FOLDER, and then, that they weigh little: pngquant --ext .png --force --strip --quality 75-95 FOLDER/*.png
import {spawn} from 'node:child_process';
import {mkdir} from 'node:fs/promises';
import {join, resolve} from 'node:path';
import {Aula, binary, ended, livekitKey} from './lib/aula.mjs';
import {enterLesson, openChromium, press, waitFor} from './lib/browsers.mjs';

const folder = resolve(process.argv[2] ?? '../../docs/images');
await mkdir(folder, {recursive: true});
const desktop = {width: 1366, height: 768};
const phone = {width: 390, height: 844};
const open = [];

async function browser(options) {
    const opened = await openChromium({...options, args: ['--hide-scrollbars']});
    open.push(opened);
    return opened.page;
}

const shoot = (page, name) => page.screenshot({path: join(folder, `${name}.png`)});

async function say(page, text) {
    if (!(await page.$('[data-testid=chat-input]'))) await press(page, 'chat-button');
    await (await page.waitForSelector('[data-testid=chat-input]')).fill(text);
    await press(page, 'chat-send');
}

/** A school whose week has lessons in every slot, so that the operator's page has something to show. */
function exampleSchool() {
    const slots = [['07:45', '08:30'], ['08:35', '09:20'], ['09:40', '10:25'], ['10:30', '11:15'], ['11:35', '12:20'], ['12:25', '13:10']]
        .map(([from, to], index) => ({name: String(index + 1), from, to}));
    const courses = ['5a Deutsch', '5b Mathe', '7b Physik', '8c Englisch', '9a Biologie', '10c Geschichte'];
    const rows = [1, 2, 3, 4, 5].flatMap((day) => slots.flatMap(({name}, slot) =>
        courses.filter((_, course) => (day + slot * 2 + course) % 3 !== 0).map((course) => ({day, slot: name, course, size: 27}))));
    return {id: 'gymnasium-beispiel', name: 'Gymnasium Beispiel', zone: 'Europe/Berlin', slots, rows,
        days_off: [{first: '2026-12-23', last: '2027-01-06', name: 'Weihnachtsferien'}]};
}

/** Asks until the answer is good. */
async function until(question) {
    while (!(await question())) await new Promise((done) => setTimeout(done, 500));
}

/** A Monday before the first bell, twenty times as fast as life; no node is on yet. */
async function morning() {
    const shown = Date.parse('2026-09-07T07:20:00+02:00') / 1000;
    return Aula.start({args: ['--clock', `${Math.floor(Date.now() / 1000)},${shown},20`, '--nodes', '0', '--seats', '60',
        '--boot-median', '90', '--boot-tail', '1.5']});
}

async function operate() {
    const password = 'only for these pictures';
    const aula = await morning();
    const headers = {origin: aula.url, 'content-type': 'application/json'};
    const made = await fetch(`${aula.url}/api/operator/setup`, {method: 'POST', headers,
        body: JSON.stringify({token: aula.setupLink.split('=').at(-1), name: 'Frau Beispiel', password})});
    const cookie = made.headers.get('set-cookie').split(';')[0];
    const call = (path, rest) => fetch(`${aula.url}/api/operator${path}`, {...rest, headers: {...headers, cookie}});
    await call('/schools/gymnasium-beispiel', {method: 'PUT', body: JSON.stringify(exampleSchool())});
    await call('/budget', {method: 'PUT', body: JSON.stringify({day_eur: 4, month_eur: 60})});
    // The nodes that start for the first bell.
    await until(async () => (await (await call('/now')).json()).pool.ready >= 2);
    const classes = spawn(binary, ['bench', 'classes', '--hub', aula.url, '--livekit-key', `${livekitKey.id}:${livekitKey.secret}`,
        '--classes', '4', '--pupils', '20', '--cameras', '0', '--seconds', '120'], {stdio: 'ignore'});
    await until(async () => (await (await call('/now')).json()).seats.live >= 80);
    await new Promise((done) => setTimeout(done, 30_000));
    try {
        await operatorPictures(aula, password);
    } finally {
        await ended(classes);
        await aula.stop();
    }
}

async function operatorPictures(aula, password) {
    for (const [size, locale, colorScheme, tabs] of [
        [desktop, 'en-GB', 'light', ['now', 'timetable', 'tomorrow', 'what-if']],
        [phone, 'de-DE', 'dark', ['now', 'why', 'money']],
    ]) {
        const page = await browser({...size, locale, colorScheme});
        await page.goto(`${aula.url}/operator`);
        await page.getByTestId('account-name').fill('Frau Beispiel');
        await page.getByTestId('account-password').fill(password);
        await press(page, 'enter');
        await page.waitForSelector('[data-testid=node]');
        for (const tab of tabs) {
            await press(page, `tab-${tab}`);
            if (tab === 'what-if') {
                await page.getByTestId('knob-bell_spares').fill('2');
                await press(page, 'compare');
                await page.waitForSelector('[data-testid=comparison]');
            }
            await page.waitForTimeout(1500);
            await page.evaluate(() => { document.activeElement?.blur(); scrollTo(0, 0); });
            await shoot(page, `operator-${tab}-${locale.slice(0, 2)}${colorScheme === 'dark' ? '-dark' : ''}`);
        }
        await open.pop().close();
    }
}

/** Somebody comes before a node is on. */
async function wait() {
    const aula = await Aula.start({args: ['--nodes', '0', '--boot-median', '60']});
    try {
        const lesson = await aula.createLesson('Beispiel: Biologie 7b');
        const page = await browser({...phone, locale: 'de-DE'});
        await page.goto(lesson.pupil_link);
        await page.waitForSelector('[data-testid=join-button]');
        await page.getByTestId('name-input').fill('Anna Beispiel');
        await press(page, 'join-button');
        await page.getByText(/Noch etwa \d+ Sekunden/).waitFor();
        await shoot(page, 'waiting-phone-de');
        await open.pop().close();
    } finally {
        await aula.stop();
    }
}

const aula = await Aula.start();
try {
    const lesson = await aula.createLesson('Beispiel: Biologie 7b');
    await aula.createLesson('Example: Physics 9a');
    for (const [name, locale, size] of [['start-desktop-en', 'en-GB', desktop], ['start-phone-de', 'de-DE', phone]]) {
        const page = await browser({...size, locale});
        await page.goto(`${aula.url}/#admin=${aula.adminToken}`);
        await page.getByText('Physics 9a').first().waitFor();
        await shoot(page, name);
        await open.pop().close();
    }
    const entrance = await browser({...phone, locale: 'de-DE'});
    await entrance.goto(lesson.pupil_link);
    await entrance.waitForSelector('[data-testid=join-button]');
    await shoot(entrance, 'entrance-phone-de');
    await open.pop().close();

    const teacher = await browser({...desktop, locale: 'en-GB'});
    await enterLesson(teacher, lesson.teacher_link, 'Frau Beispiel');
    const anna = await browser({...phone, locale: 'de-DE', colorScheme: 'dark'});
    await enterLesson(anna, lesson.pupil_link, 'Anna Beispiel');
    const ben = await browser({...desktop, locale: 'de-DE'});
    await enterLesson(ben, lesson.pupil_link, 'Ben Beispiel');
    for (const page of [teacher, anna, ben]) {
        await press(page, 'camera-button');
        await press(page, 'mic-button');
    }
    await say(teacher, 'Good morning! Please open page 42.');
    await say(ben, 'Guten Morgen, Frau Beispiel');
    await press(anna, 'hand-button');
    await waitFor(teacher, () => document.querySelectorAll('[data-testid=tile] video').length >= 2, 'the pictures', 30_000);
    await teacher.waitForTimeout(4000);
    await shoot(teacher, 'lesson-desktop-en');
    await shoot(anna, 'lesson-phone-de-dark');
    await press(ben, 'people-button');
    await ben.waitForTimeout(500);
    await press(teacher, 'share-button');
    await ben.waitForTimeout(4000);
    await shoot(ben, 'lesson-screen-desktop-de');
} finally {
    for (const opened of open.splice(0)) await opened.close().catch(() => {});
    await aula.stop();
}
try {
    await wait();
    await operate();
} finally {
    for (const opened of open) await opened.close().catch(() => {});
}
