// SPDX-License-Identifier: Apache-2.0
// The pages that pupils and teachers see, as a screen reader's user and somebody with a phone meet them.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {Aula} from './lib/aula.mjs';
import {faultsOf} from './lib/axe.mjs';
import {enterLesson, openChromium} from './lib/browsers.mjs';

let aula;
let browser;
let page;

before(async () => {
    aula = await Aula.start();
    browser = await openChromium();
    page = browser.page;
});

after(async () => {
    await browser?.close().catch(() => {});
    await aula?.stop();
});

/** A button may be another one after the width has changed: a locator finds it again. */
const click = (testid) => page.getByTestId(testid).click();

/** Looks at what is there now in both themes, on a desktop and on a phone. */
async function look(what) {
    const faults = [];
    for (const [width, height] of [[1366, 768], [360, 740]]) {
        await page.setViewportSize({width, height});
        for (const colorScheme of ['light', 'dark']) {
            await page.emulateMedia({colorScheme, reducedMotion: 'reduce'});
            faults.push(...(await faultsOf(page, `${what}, ${colorScheme}, ${width}`)));
        }
    }
    assert.deepEqual(faults, []);
    await page.setViewportSize({width: 1366, height: 768});
}

test('the start page, for anybody and for who has the admin link', async () => {
    await page.goto(aula.url);
    await page.locator('h1').waitFor();
    await look('welcome');
    await page.goto(`${aula.url}/#admin=${aula.adminToken}`);
    await page.reload();
    await page.getByTestId('lesson-name').fill('Example: Physics 9a');
    await click('create-lesson');
    await page.getByTestId('created-lesson').waitFor();
    await look('lessons');
});

test('from the door to the end of a lesson', async () => {
    const lesson = await aula.createLesson('Example: Biology 7b');
    await page.goto(lesson.teacher_link);
    await page.getByTestId('join-button').waitFor();
    await look('the door');
    await enterLesson(page, lesson.teacher_link, 'Example Teacher');
    await look('the lesson');
    for (const panel of ['chat', 'people']) {
        await click(`${panel}-button`);
        await page.getByTestId(`${panel}-panel`).waitFor();
        await look(panel);
        await click(`${panel}-button`);
    }
    for (const dialog of ['more-button', 'leave-button']) {
        await click(dialog);
        await page.locator('dialog').waitFor();
        await look(dialog);
        if (dialog === 'more-button') await page.keyboard.press('Escape');
    }
    await click('end-lesson');
    await page.getByTestId('over').waitFor();
    await look('the end');
});

test('waiting for a node, and a lesson that is not there', async () => {
    await page.goto(`${aula.url}/l/no-such-lesson`);
    await page.getByTestId('over').waitFor();
    await look('no such lesson');
    const slow = await Aula.start({args: ['--nodes', '0', '--boot-median', '60']});
    try {
        const lesson = await slow.createLesson('Example: Biology 7b');
        await page.goto(lesson.pupil_link);
        await page.getByTestId('name-input').fill('Anna Example');
        await click('join-button');
        await page.getByText(/It opens in about \d+ seconds/).waitFor();
        await look('waiting');
    } finally {
        await slow.stop();
    }
});
