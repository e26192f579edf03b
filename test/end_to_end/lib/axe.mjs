// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What axe finds serious in a page as it stands; nothing may be wider than the screen. To be asked without motion: a
 * button on its way from dark to light has no contrast.
 */
export async function faultsOf(page, what) {
    if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(overflow <= 0, `${what} is ${overflow} px too wide`);
    const {violations} = await page.evaluate(() => window.axe.run());
    return violations.filter(({impact}) => ['serious', 'critical'].includes(impact))
        .map(({id, impact, nodes}) => `${what}: ${id} (${impact}) ${nodes.map((n) => n.target).join(' ')}`);
}
