/** The chapter's lines in the simulation, on a machine of Debian 12, whose package is 8.1.1. */
import { listResources } from '../../../src/model/azure/resource-store.ts';
import { setListeners } from '../../../src/model/azure/virtual-machine.ts';
import { everyPath } from '../../../src/model/http-service.ts';
import { on, withoutProxy } from '../../unit/shell/place/proxy-world.ts';
import type { MitmCase } from './cases.ts';
import { normal, type Said } from './normal.ts';

/** Where a server listens whose certificate nobody trusts. */
export const UNTRUSTED_PORT = 9443;

export async function runSimulated(cases: readonly MitmCase[]): Promise<ReadonlyMap<string, Said>> {
  const installing = on(await withoutProxy(), 'vm-debian');
  await installing.run('apt-get install -y mitmproxy');
  const { cloud: installed } = installing;
  const vm = listResources(installed, 'Microsoft.Compute/virtualMachines').find(
    ({ name }) => name === 'vm-debian',
  );
  if (vm === undefined) throw new Error('the world has no vm-debian');
  const cloud = setListeners(installed, vm.id, [
    ...vm.simulation.listeners,
    {
      protocol: 'tcp',
      port: UNTRUSTED_PORT,
      program: 'web server',
      application: 'http',
      http: { ...everyPath(), transport: 'tls' },
    },
  ]);
  const results = new Map<string, Said>();
  for (const { name, lines } of cases) {
    const session = on(cloud, 'vm-debian');
    const ran = await session.run(lines.join('\n'));
    results.set(name, normal(ran));
  }
  return results;
}
