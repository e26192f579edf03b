// SPDX-License-Identifier: Apache-2.0
// The operator's page in a real browser: from the one-time link to a held fleet, and what a screen reader's user meets.
import assert from 'node:assert/strict';
import {createRequire} from 'node:module';
import {readFileSync} from 'node:fs';
import {after, before, test} from 'node:test';
import {Aula} from './lib/aula.mjs';
import {openChromium, press, waitFor} from './lib/browsers.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tabs = ['now', 'why', 'tomorrow', 'what-if', 'timetable', 'money', 'accounts'];
const password = 'a few words in a row';
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

const field = (testid) => page.getByTestId(testid);
const isThere = (testid, state = 'visible') => field(testid).first().waitFor({state, timeout: 15_000});

async function signIn(name, secret) {
    await field('account-name').fill(name);
    await field('account-password').fill(secret);
    await press(page, 'enter');
}

/** Opens a tab and waits until it shows what it has. */
async function open(tab) {
    await press(page, `tab-${tab}`);
    await waitFor(page, (name) => document.querySelector(`[data-testid=tab-${name}]`)?.getAttribute('aria-current') === 'page', tab, 5000, tab);
    const wait = page.getByText(/^(Loading|Working it out) …$/);
    await wait.waitFor({state: 'detached', timeout: 30_000});
}

test('the one-time link makes the first account and is gone from the address', async () => {
    assert.match(aula.setupLink, /\/operator#setup=\w{32}$/);
    await page.goto(aula.setupLink);
    await isThere('setup-form');
    assert.equal(new URL(page.url()).hash, '');
    await signIn('Anna', password);
    await isThere('operator');
    const again = await fetch(`${aula.url}/api/operator/setup`, {
        method: 'POST',
        headers: {origin: aula.url, 'content-type': 'application/json'},
        body: JSON.stringify({token: aula.setupLink.split('=').at(-1), name: 'Eve', password}),
    });
    assert.equal(again.status, 410);
});

test('Now shows the node that is ready, and says more of it', async () => {
    await page.locator('[data-testid=node][data-state=ready]').first().waitFor({timeout: 15_000});
    const name = await page.locator('[data-testid=node][data-state=ready]').first().getAttribute('data-name');
    await page.locator(`[data-testid=node][data-name="${name}"] button`).click();
    await isThere('node-dialog');
    assert.match(await field('node-dialog').innerText(), new RegExp(name));
    await page.keyboard.press('Escape');
    await isThere('node-dialog', 'detached');
});

test('a lesson written into the timetable is there after a reload and expected', async () => {
    await open('timetable');
    await press(page, 'add-school');
    await field('school-name').fill('Example School Süd');
    await press(page, 'school-save');
    await isThere('school-editor');
    // Every weekday: one of them is tomorrow or the day after.
    for (const day of [1, 2, 3, 4, 5]) {
        await press(page, `cell-${day}-1`);
        await field('lesson-course').fill('7b Physics');
        await field('lesson-size').fill('28');
        await press(page, 'lessons-done');
    }
    await press(page, 'save-school');
    await isThere('save-school', 'detached');
    await page.reload();
    await isThere('school-editor');
    assert.match(await field('cell-1-1').innerText(), /7b Physics/);
});

test('a table is shown as it was understood before it replaces anything', async () => {
    await press(page, 'import');
    await page.getByTestId('import-dialog').locator('summary').click();
    await field('import-text').fill('day;slot;course;size\nMonday;2;8a Latin;21\nTuesday;2;8a Latin;21\n');
    await press(page, 'import-look');
    await isThere('import-seen');
    assert.match(await field('import-seen').innerText(), /2 rows/);
    await press(page, 'import-add');
    await isThere('import-dialog', 'detached');
    await waitFor(page, () => /8a Latin/.test(document.querySelector('[data-testid=cell-1-2]')?.textContent ?? ''), 'the new row');
});

test('holding the fleet asks first, and the log says who and why', async () => {
    await open('now');
    await press(page, 'hold-scaling');
    await isThere('act-dialog');
    await field('act-why').fill('The cloud is being repaired');
    await press(page, 'act-confirm');
    await isThere('act-dialog', 'detached');
    await isThere('scaling-held');
    await open('why');
    await waitFor(page, () => /Anna/.test(document.querySelector('[data-testid=log] [data-kind=hold]')?.textContent ?? ''), 'the log');
    assert.match(await field('deeds').innerText(), /The cloud is being repaired/);
    await open('now');
    await press(page, 'hold-scaling');
    await press(page, 'act-confirm');
    await isThere('scaling-held', 'detached');
});

test('other rules are compared with the present ones on last week', async () => {
    await open('what-if');
    await field('knob-bell_spares').fill('2');
    await press(page, 'compare');
    await isThere('comparison');
    const lines = await field('comparison').innerText();
    assert.match(lines, /Cost of servers/);
    await open('tomorrow');
});

test('no tab has a serious fault for assistive technology, light or dark, wide or narrow', async () => {
    await page.evaluate(axe);
    const faults = [];
    for (const [width, height] of [[1366, 768], [360, 740]]) {
        await page.setViewportSize({width, height});
        for (const colorScheme of ['light', 'dark']) {
            await page.emulateMedia({colorScheme});
            for (const tab of tabs) {
                await open(tab);
                const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
                assert.ok(overflow <= 0, `${tab} is ${overflow} px too wide for ${width}`);
                const {violations} = await page.evaluate(() => window.axe.run());
                for (const {id, impact, nodes} of violations.filter((v) => ['serious', 'critical'].includes(v.impact)))
                    faults.push(`${tab} ${colorScheme} ${width}: ${id} (${impact}) ${nodes.map((n) => n.target).join(' ')}`);
            }
        }
    }
    assert.deepEqual(faults, []);
    await page.setViewportSize({width: 1366, height: 768});
});

test('a viewer sees the same and may change nothing', async () => {
    await open('accounts');
    await press(page, 'add-account');
    await field('field-name').fill('Ben');
    await field('field-password').fill('looks at everything');
    await press(page, 'account-save');
    await page.locator('[data-testid=account][data-name=Ben]').waitFor();
    await press(page, 'account-menu');
    await press(page, 'sign-out');
    await isThere('sign-in-form');
    await signIn('Ben', 'not the password');
    await isThere('trouble');
    await signIn('Ben', 'looks at everything');
    await isThere('operator');
    await page.locator('[data-testid=node]').first().waitFor();
    assert.equal(await field('hold-scaling').count(), 0);
    assert.equal(await field('tab-accounts').count(), 0);
    const refused = await page.evaluate(async () =>
        (await fetch('/api/operator/actions', {method: 'POST', headers: {'content-type': 'application/json'}, body: '{"act":"hold_scaling"}'})).status);
    assert.equal(refused, 403);
});
