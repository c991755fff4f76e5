/**
 * A hub with a firewall, two spokes whose default route leads to it, an office behind the hub's gateway and
 * the internet. VMs: `tool` in the hub, `one` and `two` in the spokes; all serve HTTP on port 80.
 */
import { newCloud } from '../../../../src/model/azure/subscription.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { ask } from '../../../../src/model/compile/ask.ts';
import type { Question } from '../../../../src/model/compile/ask.ts';
import { unwrap } from '../../../../src/model/result.ts';
import type { Trace } from '../../../../src/model/trace/trace.ts';
import { createSession } from '../../../../src/shell/session.ts';
import { putFirewall } from '../../../support/firewall.ts';
import type { FirewallText } from '../../../support/firewall.ts';

/** Public addresses of the world, fixed so that rows can name them. */
export const ADDRESSES = { firewall: '192.0.2.10', second: '192.0.2.11', web: '203.0.113.80' };

export const NAMES = { web: 'www.example.com', other: 'other.example.org' };

let world: Promise<Cloud> | null = null;

/** Returns the world without the firewall itself; its addresses and the routes to it are there. */
export function hubAndSpokes(): Promise<Cloud> {
  return (world ??= build());
}

/** Returns the world with the firewall. */
export async function behindFirewall(text: FirewallText = {}, script = ''): Promise<Cloud> {
  const cloud = putFirewall(await hubAndSpokes(), text);
  return script === '' ? cloud : run(cloud, script);
}

export function traced(
  cloud: Cloud,
  from: string,
  to: string,
  more: Omit<Question, 'from' | 'to'> = {},
): Trace {
  return unwrap(ask(cloud, { from, to, ...more })).trace;
}

/** Returns the cloud after commands, all of which must succeed. */
export async function run(cloud: Cloud, script: string): Promise<Cloud> {
  const session = createSession({ cloud });
  const ran = await session.run(`set -e\n${script}\n`);
  if (ran.exitCode !== 0) throw new Error(`exit ${ran.exitCode}: ${ran.stderr}`);
  return session.cloud;
}

function build(): Promise<Cloud> {
  const empty = newCloud({
    seed: 'firewall',
    pins: { 'public-ip/fw-ip': ADDRESSES.firewall, 'public-ip/fw-ip2': ADDRESSES.second },
    outsideHosts: [
      {
        kind: 'internet',
        name: 'internet',
        address: ADDRESSES.web,
        dnsNames: [NAMES.web],
        ports: [80, 443, 22],
      },
      {
        kind: 'internet',
        name: 'other',
        address: '203.0.113.81',
        dnsNames: [NAMES.other],
        ports: [80, 443],
      },
      {
        kind: 'on-premises',
        name: 'office',
        address: '192.168.7.5',
        prefix: '192.168.0.0/16',
        virtualNetwork: 'hub',
        ports: [80],
      },
    ],
  });
  const vm = (name: string, vnet: string): string => `
az vm create -g rg -n ${name} --image Ubuntu2204 --vnet-name ${vnet} --subnet work --public-ip-address '' --nsg '' --generate-ssh-keys -o none
az vm run-command invoke -g rg -n ${name} --command-id RunShellScript --scripts 'apt-get install -y nginx' -o none`;
  return run(
    empty,
    `
az group create -n rg -l westeurope -o none
az network vnet create -g rg -n hub --address-prefixes 10.0.0.0/16 -o none
az network vnet subnet create -g rg --vnet-name hub -n AzureFirewallSubnet --address-prefixes 10.0.0.0/26 -o none
az network vnet subnet create -g rg --vnet-name hub -n GatewaySubnet --address-prefixes 10.0.2.0/27 -o none
az network vnet subnet create -g rg --vnet-name hub -n work --address-prefixes 10.0.1.0/24 --default-outbound-access true -o none
az network vnet create -g rg -n spoke1 --address-prefixes 10.1.0.0/16 -o none
az network vnet subnet create -g rg --vnet-name spoke1 -n work --address-prefixes 10.1.1.0/24 --default-outbound-access true -o none
az network vnet create -g rg -n spoke2 --address-prefixes 10.2.0.0/16 -o none
az network vnet subnet create -g rg --vnet-name spoke2 -n work --address-prefixes 10.2.1.0/24 --default-outbound-access true -o none
for spoke in spoke1 spoke2; do
  az network vnet peering create -g rg --vnet-name hub -n to-$spoke --remote-vnet $spoke --allow-vnet-access --allow-forwarded-traffic --allow-gateway-transit -o none
  az network vnet peering create -g rg --vnet-name $spoke -n to-hub --remote-vnet hub --allow-vnet-access --allow-forwarded-traffic -o none
done
${vm('tool', 'hub')}
${vm('one', 'spoke1')}
${vm('two', 'spoke2')}
az network route-table create -g rg -n rt -o none
az network route-table route create -g rg --route-table-name rt -n all --address-prefix 0.0.0.0/0 --next-hop-type VirtualAppliance --next-hop-ip-address 10.0.0.4 -o none
az network vnet subnet update -g rg --vnet-name spoke1 -n work --route-table rt -o none
az network vnet subnet update -g rg --vnet-name spoke2 -n work --route-table rt -o none
az network public-ip create -g rg -n fw-ip -o none
az network public-ip create -g rg -n fw-ip2 -o none
`,
  );
}
