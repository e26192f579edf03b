// SPDX-License-Identifier: Apache-2.0
// The operator's page in a real browser: from the one-time link to a held fleet, and what a screen reader's user meets.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {Aula} from './lib/aula.mjs';
import {faultsOf} from './lib/axe.mjs';
import {openChromium, press, waitFor} from './lib/browsers.mjs';

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

test('a file that cannot be read is refused in the language of the page', async () => {
    await press(page, 'account-menu');
    await field('language-select').selectOption('de');
    await page.keyboard.press('Escape');
    await press(page, 'tab-timetable');
    await press(page, 'import');
    await page.getByTestId('import-dialog').locator('summary').click();
    await field('import-text').fill('tag;stunde;kurs;anzahl\nMondag;2;8a Latein;21\n');
    await press(page, 'import-look');
    await waitFor(page, () => /Zeile 2: der Wochentag „Mondag“ ist nicht lesbar/.test(document.querySelector('[data-testid=trouble]')?.textContent ?? ''), 'the refusal');
    await page.keyboard.press('Escape');
    await press(page, 'account-menu');
    await field('language-select').selectOption('en');
    await page.keyboard.press('Escape');
});

test('what is not saved yet is still there after a look at another tab', async () => {
    await open('timetable');
    await press(page, 'cell-3-2');
    await field('lesson-course').fill('9c Art');
    await press(page, 'lessons-done');
    await isThere('save-school');
    await open('now');
    await open('timetable');
    await isThere('save-school');
    assert.match(await field('cell-3-2').innerText(), /9c Art/);
    await page.getByRole('button', {name: 'Discard'}).click();
    await isThere('save-school', 'detached');
    assert.doesNotMatch(await field('cell-3-2').innerText(), /9c Art/);
});

test('a budget is kept, and Now measures the day by it', async () => {
    await open('money');
    await field('budget-day').fill('12.5');
    await press(page, 'save-budget');
    await page.getByText(/so far .* of €12\.50/).waitFor();
    await page.reload();
    await isThere('budget-day');
    assert.equal(await field('budget-day').inputValue(), '12.5');
    await open('now');
    await page.getByText(/of a budget of €12\.50/).waitFor();
});

test('a hub that is away is missed once, and found again by each tab', async () => {
    await page.route('**/api/operator/**', (route) => route.abort());
    await isThere('trouble');
    await press(page, 'tab-money');
    await page.waitForTimeout(500);
    assert.equal(await field('trouble').count(), 1);
    await page.unroute('**/api/operator/**');
    await isThere('trouble', 'detached');
    await isThere('bill-total');
});

test('the keyboard alone reaches everything, and the focus comes back', async () => {
    await open('now');
    await page.reload();
    await isThere('node');
    const reached = new Set();
    const focused = () => page.evaluate(() => document.activeElement?.dataset.testid ?? document.activeElement?.className);
    for (let presses = 0; presses < 40 && !reached.has('node-open'); ++presses) {
        await page.keyboard.press('Tab');
        reached.add(await focused());
    }
    for (const wanted of ['account-menu', ...tabs.map((tab) => `tab-${tab}`), 'start-node', 'hold-scaling', 'node-open'])
        assert.ok(reached.has(wanted), `${wanted} among ${[...reached].join(' ')}`);
    await page.keyboard.press('Enter');
    await isThere('node-dialog');
    await page.keyboard.press('Escape');
    await isThere('node-dialog', 'detached');
    assert.equal(await focused(), 'node-open');
    await open('timetable');
    await press(page, 'cell-1-1');
    await page.getByRole('button', {name: /^Remove: /}).first().click();
    assert.equal(await focused(), 'lesson-add', 'what removed the line is gone with it');
    await page.keyboard.press('Escape');
});

test('nothing moves for those who want it still', async () => {
    await page.emulateMedia({reducedMotion: 'reduce'});
    const moving = await page.evaluate(() => [...document.querySelectorAll('*')].filter((element) =>
        [getComputedStyle(element).transitionDuration, getComputedStyle(element).animationDuration].some((text) => /[1-9]/.test(text))).length);
    assert.equal(moving, 0);
    await page.emulateMedia({reducedMotion: null});
});

/** The buttons that open a dialog. */
const dialogs = {now: ['start-node', 'hold-scaling'], timetable: ['cell-1-1', 'add-school', 'import'], accounts: ['add-account']};

test('no tab and no dialog has a serious fault for assistive technology, light or dark, wide or narrow', async () => {
    const faults = [];
    for (const [width, height] of [[1366, 768], [820, 1180], [360, 740]]) {
        await page.setViewportSize({width, height});
        for (const colorScheme of ['light', 'dark']) {
            await page.emulateMedia({colorScheme, reducedMotion: 'reduce'});
            for (const tab of tabs) {
                await open(tab);
                faults.push(...(await faultsOf(page, `${tab} ${colorScheme} ${width}`)));
                for (const button of dialogs[tab] ?? []) {
                    await press(page, button);
                    faults.push(...(await faultsOf(page, `${button} ${colorScheme} ${width}`)));
                    await page.keyboard.press('Escape');
                    await page.locator('dialog').waitFor({state: 'detached'});
                }
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
    for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({colorScheme, reducedMotion: 'reduce'});
        assert.deepEqual(await faultsOf(page, `signing in, ${colorScheme}`), []);
    }
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
