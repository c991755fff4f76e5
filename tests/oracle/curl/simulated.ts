/** The world in the simulation, and what its curl and wget print. */
import { toPem } from '../../../src/model/certificates/pem.ts';
import { publicRoot } from '../../../src/model/certificates/public-authority.ts';
import { everyPath } from '../../../src/model/http-service.ts';
import type { ForwardProxy } from '../../../src/model/proxy/forward-proxy.ts';
import type { Cloud } from '../../../src/model/cloud.ts';
import { setListeners } from '../../../src/model/azure/virtual-machine.ts';
import {
  AUTHORITY,
  type Machine,
  forwardProxy,
  on,
  proxyListener,
  proxyMachine,
  withoutProxy,
} from '../../unit/shell/place/proxy-world.ts';
import { commandOf, PLAIN_PORT, PROXIES, SELF_SIGNED_PORT, type WitnessCase } from './cases.ts';
import { normal, type Ran } from './normal.ts';

const OPTIONS: Readonly<Record<keyof typeof PROXIES, Partial<ForwardProxy>>> = {
  plain: {},
  blocking: {
    blockList: [
      { filter: '~d other.example.org', status: 403 },
      { filter: '~u /kill', status: 444 },
      { filter: '~u /teapot', status: 418 },
    ],
  },
  asking: { proxyAuth: 'ann:secret' },
  ignoring: { ignoreHosts: ['^www\\.example\\.com'] },
  careless: { verifiesServers: 'no' },
};

async function world(): Promise<Cloud> {
  const cloud = await withoutProxy();
  const proxies = Object.entries(PROXIES).map(([name, { port }]) =>
    proxyListener(port, forwardProxy(OPTIONS[name as keyof typeof PROXIES])),
  );
  return setListeners(cloud, proxyMachine(cloud).id, [
    ...proxies,
    {
      protocol: 'tcp',
      port: SELF_SIGNED_PORT,
      program: 'web server',
      application: 'http',
      http: { ...everyPath(), transport: 'tls' },
    },
    { protocol: 'tcp', port: PLAIN_PORT, program: 'web server', application: 'http' },
  ]);
}

/** Returns what the programs of a machine print for each case. */
export async function runSimulated(
  cases: readonly WitnessCase[],
  machine: Machine = 'vm-debian',
): Promise<ReadonlyMap<string, Ran>> {
  const cloud = await world();
  const results = new Map<string, Ran>();
  for (const each of cases) {
    const { name, env } = each;
    const session = on(cloud, machine);
    await session.run(
      `cat > mitmproxy-ca-cert.pem <<'X'\n${AUTHORITY.certificate}X\ncat > root.pem <<'X'\n${toPem(publicRoot())}X`,
    );
    const variables = Object.entries(env ?? {}).map(([key, value]) => `${key}='${value}' `);
    const ran = await session.run(`${variables.join('')}${commandOf(each)}`);
    results.set(name, normal(ran));
  }
  return results;
}
