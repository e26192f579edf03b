// SPDX-License-Identifier: Apache-2.0
// Takes the pictures of README and docs: start page, entrance and lesson, desktop and phone, English and German.
// node screenshots.mjs FOLDER
import {mkdir} from 'node:fs/promises';
import {join, resolve} from 'node:path';
import {Aula} from './lib/aula.mjs';
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
} finally {
    for (const opened of open) await opened.close().catch(() => {});
    await aula.stop();
}
