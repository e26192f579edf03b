// SPDX-License-Identifier: Apache-2.0
// What a person does and perceives in a lesson, in either browser.
import assert from 'node:assert/strict';
import {setTimeout as pause} from 'node:timers/promises';
import {press, received, waitFor} from './browsers.mjs';

/** Waits until the page decodes growing video and hears growing audio of so many others. */
export async function seesAndHears(page, others, seconds = 40) {
    const deadline = Date.now() + seconds * 1000;
    let last;
    while (Date.now() < deadline) {
        const first = await received(page);
        await pause(2000);
        const second = await received(page);
        const grown = (key, takes) => second.filter((track) => {
            const old = first.find((e) => e.identity === track.identity && e.source === track.source);
            return takes(track) && old && track[key] > old[key];
        }).length;
        last = {
            frames: grown('frames', (t) => t.kind === 'video' && t.source === 'camera'),
            energy: grown('energy', (t) => t.kind === 'audio'),
        };
        if (last.frames >= others && last.energy >= others) return;
    }
    assert.fail(`expected ${others} moving pictures and voices, saw ${JSON.stringify(last)}: ${JSON.stringify(await received(page))}`);
}

export async function openChat(page) {
    if (!(await page.$('[data-testid=chat-input]'))) await press(page, 'chat-button');
    return page.waitForSelector('[data-testid=chat-input]');
}

export async function say(page, text) {
    const input = await openChat(page);
    await input.click();
    await page.keyboard.type(text);
    await press(page, 'chat-send');
}

export async function reads(page, text) {
    await openChat(page);
    await waitFor(page, (wanted) => [...document.querySelectorAll('[data-testid=chat-message]')]
        .some((message) => message.innerText.includes(wanted)), `the chat message "${text}"`, 15_000, text);
}
