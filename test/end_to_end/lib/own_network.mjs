// SPDX-License-Identifier: Apache-2.0
// A network for one test file: loopback, and one interface with a default route behind which nobody is.
import {execFileSync, spawnSync} from 'node:child_process';

export const ownAddress = '10.77.0.1';
const inside = 'AULA_TEST_OWN_NETWORK';

/**
 * Runs the calling test file again in a network namespace of its own, with all that it starts, and ends with its
 * code; inside it returns. The namespace goes with its last process. Firefox needs this: it gathers no candidates
 * but those of its default route, and no test may use the machine's own network.
 */
export function enterOwnNetwork(file) {
    if (process.env[inside]) return prepare();
    const asRoot = process.getuid() === 0 ? [] : ['--map-root-user'];
    // Whatever ends this process ends the other, too.
    const run = spawnSync('unshare', ['--net', ...asRoot, 'setpriv', '--pdeathsig', 'TERM', process.execPath, file],
        {stdio: 'inherit', env: {...process.env, [inside]: '1'}});
    process.exit(run.status ?? 1);
}

function prepare() {
    const ip = (command) => execFileSync('ip', command.split(' '));
    ip('link set lo up');
    ip('link add house type veth peer name street');
    ip('link set street up');
    ip(`addr add ${ownAddress}/24 dev house`);
    ip('link set house up');
    ip('route add default via 10.77.0.254');
}
