/**
 * A VNet with two clients and a proxy, the proxy with a way out, and two servers on the internet. The
 * proxy listens on 8080; its CA is what mitmproxy 8.1.1 makes.
 */
import type { Listener, VirtualMachine } from '../../../../src/model/azure/resources.ts';
import { listResources } from '../../../../src/model/azure/resource-store.ts';
import { newCloud } from '../../../../src/model/azure/subscription.ts';
import { setListeners } from '../../../../src/model/azure/virtual-machine.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import type { ForwardProxy } from '../../../../src/model/proxy/forward-proxy.ts';
import { newAuthority } from '../../../../src/model/proxy/mitmproxy-authority.ts';
import { createSession, type Session } from '../../../../src/shell/session.ts';

export const PROXY = '10.20.0.6';
export const WEB = { name: 'www.example.com', address: '203.0.113.80' };
export const OTHER = { name: 'other.example.org', address: '203.0.113.81' };
const NOW = Date.UTC(2026, 7, 20) / 1000;

export const AUTHORITY = newAuthority('8.1.1', 'proxy world', NOW);

export function forwardProxy(more: Partial<ForwardProxy> = {}): ForwardProxy {
  return {
    program: 'mitmdump',
    version: '8.1.1',
    mode: { kind: 'regular' },
    authority: AUTHORITY,
    certificates: [],
    ignoreHosts: [],
    allowHosts: [],
    blockGlobal: 'on',
    blockPrivate: 'off',
    blockList: [],
    verifiesServers: 'yes',
    log: { kind: 'none' },
    ...more,
  };
}

let world: Promise<Cloud> | null = null;

/** Returns the world without a proxy: nothing listens on 8080. */
export function withoutProxy(): Promise<Cloud> {
  return (world ??= build());
}

export async function proxyWorld(
  proxy: ForwardProxy = forwardProxy(),
  others: readonly Listener[] = [],
): Promise<Cloud> {
  const cloud = await withoutProxy();
  return setListeners(cloud, proxyMachine(cloud).id, [proxyListener(8080, proxy), ...others]);
}

export function proxyListener(port: number, proxy: ForwardProxy): Listener {
  return { protocol: 'tcp', port, program: proxy.program, application: 'http', proxy };
}

export function proxyMachine(cloud: Cloud): VirtualMachine {
  const found = listResources(cloud, 'Microsoft.Compute/virtualMachines').find(
    (vm) => vm.name === 'vm-proxy',
  );
  if (found === undefined) throw new Error('the world has no proxy');
  return found;
}

/** Ubuntu 22.04, Debian 12 and Ubuntu 24.04, and the proxy's own. */
export type Machine = 'vm-client' | 'vm-debian' | 'vm-noble' | 'vm-proxy';

/** Returns a session in which lines run on a machine. */
export function on(cloud: Cloud, machine: Machine): Session {
  const vm = listResources(cloud, 'Microsoft.Compute/virtualMachines').find((each) => each.name === machine);
  return createSession({ cloud, place: { kind: 'vm', id: vm?.id ?? '' } });
}

async function build(): Promise<Cloud> {
  const empty = newCloud({
    seed: 'proxy',
    now: NOW,
    outsideHosts: [
      { kind: 'internet', name: 'web', address: WEB.address, dnsNames: [WEB.name], ports: [80, 443] },
      { kind: 'internet', name: 'other', address: OTHER.address, dnsNames: [OTHER.name], ports: [80, 443] },
    ],
  });
  const session = createSession({ cloud: empty });
  const ran = await session.run(
    [
      'set -e',
      'az group create -n rg -l westeurope',
      'az network vnet create -g rg -n vnet --address-prefix 10.20.0.0/16 --subnet-name s --subnet-prefix 10.20.0.0/24',
      'az network vnet subnet update -g rg --vnet-name vnet -n s --default-outbound-access true',
      'az vm create -g rg -n vm-client --image Ubuntu2204 --vnet-name vnet --subnet s --public-ip-address "" --generate-ssh-keys',
      'az vm create -g rg -n vm-debian --image Debian12 --vnet-name vnet --subnet s --public-ip-address "" --generate-ssh-keys',
      'az vm create -g rg -n vm-proxy --image Ubuntu2204 --vnet-name vnet --subnet s --generate-ssh-keys',
      'az vm create -g rg -n vm-noble --image Ubuntu2404 --vnet-name vnet --subnet s --public-ip-address "" --generate-ssh-keys',
    ].join('\n'),
  );
  if (ran.exitCode !== 0) throw new Error(ran.stderr);
  return session.cloud;
}
