// SPDX-License-Identifier: Apache-2.0
// Real browsers with fake cameras, and a person in a lesson as the tests need one.
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {chromium} from 'playwright-core';
import puppeteer from 'puppeteer-core';

const chromiumArguments = [
    '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync',
    '--use-fake-device-for-media-stream=fps=30,device-count=1', '--use-fake-ui-for-media-stream',
    '--auto-select-desktop-capture-source=Entire screen', '--autoplay-policy=no-user-gesture-required',
    '--disable-background-timer-throttling', '--disable-renderer-backgrounding', '--disable-backgrounding-occluded-windows',
];

/** A Chromium with a profile of its own. `early` runs in each page before its own scripts. */
export async function openChromium({width = 1366, height = 768, locale = 'en-GB', colorScheme = 'light', args = [],
    bypassCSP = false, early = []} = {}) {
    const profile = await mkdtemp(join(tmpdir(), 'aula-chromium-'));
    const context = await chromium.launchPersistentContext(profile, {
        executablePath: '/usr/bin/chromium',
        headless: false,
        ignoreDefaultArgs: ['--mute-audio'],
        args: [...chromiumArguments, ...args],
        viewport: {width, height},
        locale,
        colorScheme,
        bypassCSP,
    });
    for (const script of early) await context.addInitScript(script);
    const page = context.pages()[0] ?? (await context.newPage());
    return {
        page,
        async close() {
            await context.close();
            await rm(profile, {recursive: true, force: true});
        },
    };
}

/** A Firefox with fake devices; its page has puppeteer's interface. */
export async function openFirefox() {
    const browser = await puppeteer.launch({
        browser: 'firefox',
        executablePath: '/usr/bin/firefox-esr',
        headless: true,
        extraPrefsFirefox: {
            'media.navigator.streams.fake': true,
            'media.navigator.permission.disabled': true,
            'media.autoplay.default': 0,
            'media.gmp-manager.updateEnabled': false,
        },
    });
    return {page: (await browser.pages())[0] ?? (await browser.newPage()), close: () => browser.close()};
}

/** Walks a page into the lesson behind the link, under this name. */
export async function enterLesson(page, link, name) {
    await page.goto(link);
    await page.waitForSelector('[data-testid=name-input]', {timeout: 20_000});
    const input = await page.$('[data-testid=name-input]');
    await input.click({clickCount: 3});
    await input.type(name);
    await (await page.$('[data-testid=join-button]')).click();
    await page.waitForSelector('[data-testid=leave-button]', {timeout: 30_000});
    await waitFor(page, () => window.aula?.room?.state === 'connected', 'the media connection', 30_000);
}

export async function press(page, testid) {
    const button = await page.waitForSelector(`[data-testid=${testid}]`, {timeout: 10_000});
    await button.click();
}

/** Waits until the function, run in the page, is true. Works with both drivers. */
export async function waitFor(page, question, what, timeout = 15_000, argument = undefined) {
    try {
        // playwright: (function, argument, options); puppeteer: (function, options, ...arguments)
        if (page.context && page.video !== undefined) await page.waitForFunction(question, argument, {timeout, polling: 100});
        else await page.waitForFunction(question, {timeout, polling: 100}, argument);
    } catch (error) {
        const state = await page.evaluate(() => ({
            url: location.pathname, room: window.aula?.room?.state, text: document.body.innerText.slice(0, 600),
        })).catch(() => ({}));
        throw new Error(`waited in vain for ${what}: ${error.message}\npage: ${JSON.stringify(state)}`);
    }
}

/** What this page receives now: for each remote track its identity, source, decoded frames and audio energy. */
export function received(page) {
    return page.evaluate(async () => {
        const found = [];
        for (const participant of window.aula.room.remoteParticipants.values()) {
            for (const publication of participant.trackPublications.values()) {
                const report = await publication.track?.getRTCStatsReport?.();
                for (const stats of report?.values() ?? []) {
                    if (stats.type !== 'inbound-rtp') continue;
                    found.push({
                        identity: participant.identity,
                        name: participant.name,
                        source: publication.source,
                        kind: stats.kind,
                        frames: stats.framesDecoded ?? 0,
                        width: stats.frameWidth ?? 0,
                        height: stats.frameHeight ?? 0,
                        freezes: stats.freezeCount ?? 0,
                        energy: stats.totalAudioEnergy ?? 0,
                        packets: stats.packetsReceived ?? 0,
                        lost: stats.packetsLost ?? 0,
                        concealed: stats.concealedSamples ?? 0,
                        silentConcealed: stats.silentConcealedSamples ?? 0,
                        concealmentEvents: stats.concealmentEvents ?? 0,
                        samples: stats.totalSamplesReceived ?? 0,
                        keyFrames: stats.keyFramesDecoded ?? 0,
                        codec: report.get(stats.codecId)?.mimeType,
                    });
                }
            }
        }
        return found;
    });
}
