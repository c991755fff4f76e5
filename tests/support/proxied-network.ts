/**
 * A VNet for nodes, `vnet` with the subnet `nodes` 10.42.1.0/24, and one with a proxy, `vnet-proxy` with the VM
 * `vm-proxy` at 10.20.0.4 that has a public address, peered in both directions. mitmdump listens there on port 8080.
 */
import { newCloud } from '../../src/model/azure/subscription.ts';
import { listResources } from '../../src/model/azure/resource-store.ts';
import { setListeners } from '../../src/model/azure/virtual-machine.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import type { ForwardProxy } from '../../src/model/proxy/forward-proxy.ts';
import { createSession } from '../../src/shell/session.ts';
import type { Session } from '../../src/shell/session.ts';
import { authority } from './authority.ts';

export const PROXY_ADDRESS = '10.20.0.4';
export const PROXY_URL = `http://${PROXY_ADDRESS}:8080`;
const REGISTRIES = [
  'mcr.microsoft.com',
  'westeurope.data.mcr.microsoft.com',
  'registry-1.docker.io',
  'auth.docker.io',
  'production.cloudflare.docker.com',
];

/** The CA of the proxy. */
export const PROXY_CA = authority('mitmproxy', newCloud().now);

/** mitmdump as it is without options. */
export const MITMDUMP: ForwardProxy = {
  program: 'mitmdump',
  version: '8.1.1',
  mode: { kind: 'regular' },
  authority: PROXY_CA,
  certificates: [],
  ignoreHosts: [],
  allowHosts: [],
  blockGlobal: 'on',
  blockPrivate: 'off',
  blockList: [],
  verifiesServers: 'yes',
  log: { kind: 'none' },
};

const SCRIPT = `
az group create -n rg -l westeurope -o none
az network vnet create -g rg -n vnet --address-prefixes 10.42.0.0/16 --subnet-name nodes --subnet-prefixes 10.42.1.0/24 -o none
az network vnet create -g rg -n vnet-proxy --address-prefixes 10.20.0.0/16 --subnet-name proxy --subnet-prefixes 10.20.0.0/24 -o none
az network vnet peering create -g rg -n to-proxy --vnet-name vnet --remote-vnet vnet-proxy --allow-vnet-access -o none
az network vnet peering create -g rg -n to-nodes --vnet-name vnet-proxy --remote-vnet vnet --allow-vnet-access -o none
az network nsg create -g rg -n nsg-proxy -o none
az vm create -g rg -n vm-proxy --image Ubuntu2204 --vnet-name vnet-proxy --subnet proxy --nsg nsg-proxy --public-ip-sku Standard --admin-username azureuser --generate-ssh-keys -o none
`;

let world: Promise<Cloud> | null = null;

async function build(): Promise<Cloud> {
  const cloud = newCloud({ seed: 'proxied' });
  const start: Cloud = {
    ...cloud,
    outsideHosts: [
      ...cloud.outsideHosts,
      { kind: 'internet', name: 'registries', address: '203.0.113.50', dnsNames: REGISTRIES, ports: [443] },
    ],
  };
  const session = createSession({ cloud: start });
  await run(session, SCRIPT);
  return withProxy(session.cloud, MITMDUMP);
}

/** Returns the cloud in which this proxy listens on the VM; null for none. */
export function withProxy(cloud: Cloud, proxy: ForwardProxy | null, port = 8080): Cloud {
  const vm = listResources(cloud, 'Microsoft.Compute/virtualMachines').find(
    (each) => each.name === 'vm-proxy',
  );
  if (vm === undefined) throw new Error('no vm-proxy');
  const others = vm.simulation.listeners.filter((each) => each.proxy === undefined);
  return setListeners(cloud, vm.id, [
    ...others,
    ...(proxy === null
      ? []
      : [{ protocol: 'tcp' as const, port, program: proxy.program, application: 'opaque' as const, proxy }]),
  ]);
}

/** Returns the network; the same one for all who ask. */
export function proxiedNetwork(): Promise<Cloud> {
  return (world ??= build());
}

/** Runs a script, every command of which must succeed; returns what it prints. */
export async function run(session: Session, script: string): Promise<string> {
  const ran = await session.run(`set -e\n${script}\nset +e`);
  if (ran.exitCode !== 0) throw new Error(`${script}\n${ran.stdout}${ran.stderr}`);
  return ran.stdout;
}

/** Returns a session on the network, with a file `proxy.json` that has this configuration. */
export async function proxiedSession(config: object | null, cloud?: Cloud): Promise<Session> {
  const session = createSession({ cloud: cloud ?? (await proxiedNetwork()) });
  if (config !== null) await run(session, `cat > proxy.json <<'J'\n${JSON.stringify(config)}\nJ`);
  return session;
}

/** The line that makes a cluster in the subnet for nodes. */
export const CREATE = `az aks create -g rg -n aks --node-count 2 --no-ssh-key --network-plugin azure --network-plugin-mode overlay --vnet-subnet-id $(az network vnet subnet show -g rg --vnet-name vnet -n nodes --query id -o tsv) -o none`;
