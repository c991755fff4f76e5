/**
 * A VNet whose node subnet leads everything to a firewall: `vnet` with `nodes` and the firewall at 10.42.2.4, peered
 * with `hub`, where another may stand at 10.43.2.4. The firewall itself is put in by each test.
 */
import { newCloud } from '../../src/model/azure/subscription.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { createSession } from '../../src/shell/session.ts';
import { HTTPS, putFirewall } from './firewall.ts';
import type { FirewallText } from './firewall.ts';

export const OWN = { vnet: 'vnet', privateIPAddress: '10.42.2.4' } as const;
export const IN_HUB = { vnet: 'hub', privateIPAddress: '10.43.2.4' } as const;

/** The names that a cluster in westeurope cannot do without, one rule each. */
export const REQUIRED = [
  'mcr.microsoft.com',
  '*.data.mcr.microsoft.com',
  '*.hcp.westeurope.azmk8s.io',
  'management.azure.com',
  'login.microsoftonline.com',
  'packages.microsoft.com',
  'packages.aks.azure.com',
] as const;

export const DOCKER_HUB = ['registry-1.docker.io', 'auth.docker.io', 'production.cloudflare.docker.com'];

/** Collections of a firewall that allows HTTPS to these names. */
export function names(...allowed: readonly string[]): NonNullable<FirewallText['application']> {
  return [
    {
      name: 'names',
      priority: 200,
      rules: allowed.map((each, at) => ({ name: `name${at}`, protocols: [HTTPS], targetFqdns: [each] })),
    },
  ];
}

let world: Promise<Cloud> | null = null;

function build(): Promise<Cloud> {
  return ran(
    newCloud({ seed: 'closed', pins: { 'public-ip/fw-ip': '192.0.2.10' } }),
    `
az group create -n rg -l westeurope -o none
az network vnet create -g rg -n vnet --address-prefixes 10.42.0.0/16 --subnet-name nodes --subnet-prefixes 10.42.1.0/24 -o none
az network vnet subnet create -g rg --vnet-name vnet -n AzureFirewallSubnet --address-prefixes 10.42.2.0/24 -o none
az network vnet create -g rg -n hub --address-prefixes 10.43.0.0/16 --subnet-name AzureFirewallSubnet --subnet-prefixes 10.43.2.0/24 -o none
az network public-ip create -g rg -n fw-ip --sku Standard -o none
az network route-table create -g rg -n rt -o none
az network route-table create -g rg -n rt-firewall -o none
az network route-table route create -g rg --route-table-name rt-firewall -n internet --address-prefix 0.0.0.0/0 --next-hop-type Internet -o none
az network route-table route create -g rg --route-table-name rt -n out --address-prefix 0.0.0.0/0 --next-hop-type VirtualAppliance --next-hop-ip-address 10.42.2.4 -o none
az network vnet subnet update -g rg --vnet-name vnet -n nodes --route-table rt -o none
`,
  );
}

/** Returns the cloud after a script, every command of which must succeed. */
export async function ran(cloud: Cloud, script: string): Promise<Cloud> {
  const session = createSession({ cloud });
  const done = await session.run(`set -e\n${script}`);
  if (done.exitCode !== 0) throw new Error(`exit ${done.exitCode}: ${done.stderr}`);
  return session.cloud;
}

/** Returns the world with a firewall, and after a script. */
export async function behind(text: FirewallText | null, script = ''): Promise<Cloud> {
  world ??= build();
  const cloud = text === null ? await world : putFirewall(await world, text);
  return script === '' ? cloud : ran(cloud, script);
}

export const CREATE =
  'az aks create -g rg -n aks --node-count 1 --network-plugin azure --outbound-type userDefinedRouting --vnet-subnet-id $(az network vnet subnet show -g rg --vnet-name vnet -n nodes --query id -o tsv) --generate-ssh-keys --only-show-errors -o none';

/** Returns what `az aks create` writes to stderr: nothing if the cluster is made. */
export async function create(cloud: Cloud, options = ''): Promise<string> {
  const session = createSession({ cloud });
  const done = await session.run(`${CREATE} ${options}`);
  const made = Object.keys(session.cloud.kubernetes).length;
  if ((done.exitCode === 0) !== (made === 1)) throw new Error(`exit ${done.exitCode} and ${made} clusters`);
  return done.stderr;
}
