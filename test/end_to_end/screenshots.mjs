// SPDX-License-Identifier: Apache-2.0
// Takes the pictures of README and docs: start page, entrance, lesson and operator's page, desktop and phone, English and German.
// node screenshots.mjs FOLDER
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdir} from 'node:fs/promises';
import {join, resolve} from 'node:path';
import {Aula, binary, livekitKey} from './lib/aula.mjs';
import {enterLesson, openChromium, press, waitFor} from './lib/browsers.mjs';

const folder = resolve(process.argv[2] ?? '../../docs/images');
await mkdir(folder, {recursive: true});
const desktop = {width: 1366, height: 768};
const phone = {width: 390, height: 844};
const aula = await Aula.start();
const open = [];

async function browser(options) {
    const opened = await openChromium(options);
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

async function operate() {
    const password = 'only for these pictures';
    const headers = {origin: aula.url, 'content-type': 'application/json'};
    const made = await fetch(`${aula.url}/api/operator/setup`, {method: 'POST', headers,
        body: JSON.stringify({token: aula.setupLink.split('=').at(-1), name: 'Frau Beispiel', password})});
    const cookie = made.headers.get('set-cookie').split(';')[0];
    await fetch(`${aula.url}/api/operator/schools/gymnasium-beispiel`, {method: 'PUT', headers: {...headers, cookie}, body: JSON.stringify(exampleSchool())});
    const classes = spawn(binary, ['bench', 'classes', '--hub', aula.url, '--livekit-key', `${livekitKey.id}:${livekitKey.secret}`,
        '--classes', '4', '--pupils', '22', '--cameras', '0', '--seconds', '50'], {stdio: 'ignore'});
    const gone = once(classes, 'exit');
    await new Promise((done) => setTimeout(done, 40_000));
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
            await page.evaluate(() => scrollTo(0, 0));
            await shoot(page, `operator-${tab}-${locale.slice(0, 2)}${colorScheme === 'dark' ? '-dark' : ''}`);
        }
        await open.pop().close();
    }
    classes.kill();
    await gone;
}

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
    await shoot(ben, 'lesson-people-desktop-de');
    await press(teacher, 'share-button');
    await ben.waitForTimeout(4000);
    await shoot(ben, 'lesson-screen-desktop-de');
    await operate();
} finally {
    for (const opened of open) await opened.close().catch(() => {});
    await aula.stop();
}
