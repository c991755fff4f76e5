/**
 * What security groups do to packets, row by row from
 * https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview (2025-07-15) and
 * https://learn.microsoft.com/azure/virtual-network/network-security-group-how-it-works (2025-07-15).
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { newCloud } from '../../../../src/model/azure/subscription.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { ask } from '../../../../src/model/compile/ask.ts';
import { findResource } from '../../../../src/model/azure/resource-store.ts';
import { effectiveView } from '../../../../src/model/compile/effective-view.ts';
import { unwrap } from '../../../../src/model/result.ts';
import { createSession } from '../../../../src/shell/session.ts';

const START = `set -e
az group create -n rg -l westeurope -o none
az network vnet create -g rg -n v --address-prefixes 10.0.0.0/16 10.7.0.0/16 --subnet-name s --subnet-prefixes 10.0.1.0/24 -o none
az network vnet create -g rg -n peer --address-prefixes 10.2.0.0/16 --subnet-name s --subnet-prefixes 10.2.1.0/24 -o none
az network vnet create -g rg -n beyond --address-prefixes 10.3.0.0/16 --subnet-name s --subnet-prefixes 10.3.1.0/24 -o none
for n in on-subnet on-a on-b; do az network nsg create -g rg -n $n -o none; done
for n in web db; do az network asg create -g rg -n $n -o none; done
az network vnet subnet update -g rg --vnet-name v -n s --network-security-group on-subnet -o none
az vm create -g rg -n a --image Ubuntu2204 --vnet-name v --subnet s --nsg on-a --asgs web --public-ip-address "" --generate-ssh-keys --only-show-errors -o none
az vm create -g rg -n b --image Ubuntu2204 --vnet-name v --subnet s --nsg on-b --asgs db --generate-ssh-keys --only-show-errors -o none
az vm create -g rg -n open --image Ubuntu2204 --vnet-name peer --subnet s --nsg "" --generate-ssh-keys --only-show-errors -o none
`;
const RULE = 'az network nsg rule create -g rg -o none --nsg-name';
let start: Cloud;

beforeAll(async () => {
  start = await after('', newCloud({ seed: 'security-groups' }), START);
});

async function after(script: string, cloud: Cloud = start, before = 'set -e\n'): Promise<Cloud> {
  const session = createSession({ cloud });
  const ran = await session.run(`${before}${script}`);
  expect(ran.stderr).toBe('');
  return session.cloud;
}

interface Row {
  readonly name: string;
  readonly rules?: string;
  readonly from: string;
  readonly to: string;
  readonly port?: number;
  readonly disposition: string;
  /** The start of the reason. */
  readonly by?: string;
}

const ROWS: readonly Row[] = [
  {
    name: 'machines of one subnet reach each other by the default rules',
    from: 'vm/a',
    to: 'vm/b',
    port: 22,
    disposition: 'delivered',
  },
  {
    name: 'the group of a subnet filters packets inside the subnet too',
    rules: `${RULE} on-subnet -n no --priority 100 --access Deny --destination-port-ranges 22`,
    from: 'vm/a',
    to: 'vm/b',
    port: 22,
    disposition: 'denied-inbound',
    by: 'no (priority 100) of NSG on-subnet on subnet s drops',
  },
  {
    name: 'outwards the NIC is asked before the subnet',
    rules: `${RULE} on-a -n nic --priority 4000 --direction Outbound --access Deny --destination-port-ranges 22
${RULE} on-subnet -n net --priority 100 --direction Outbound --access Deny --destination-port-ranges 22`,
    from: 'vm/a',
    to: 'vm/b',
    port: 22,
    disposition: 'denied-outbound',
    by: 'nic (priority 4000) of NSG on-a on the NIC drops',
  },
  {
    name: 'inwards the subnet is asked before the NIC',
    rules: `${RULE} on-b -n nic --priority 100 --access Deny --destination-port-ranges 22
${RULE} on-subnet -n net --priority 4000 --access Deny --destination-port-ranges 22`,
    from: 'vm/a',
    to: 'vm/b',
    port: 22,
    disposition: 'denied-inbound',
    by: 'net (priority 4000) of NSG on-subnet on subnet s drops',
  },
  {
    name: 'an allow on the NIC does not make up for a deny on the subnet',
    rules: `${RULE} on-b -n yes --priority 100 --destination-port-ranges 22`,
    from: 'internet',
    to: 'vm/b',
    port: 22,
    disposition: 'denied-inbound',
    by: 'DenyAllInBound (priority 65500) of NSG on-subnet on subnet s drops',
  },
  {
    name: 'both levels have to allow what comes from the internet',
    rules: `${RULE} on-b -n yes --priority 100 --source-address-prefixes Internet --destination-port-ranges 22
${RULE} on-subnet -n yes --priority 100 --source-address-prefixes Internet --destination-port-ranges 22`,
    from: 'internet',
    to: 'vm/b',
    port: 22,
    disposition: 'delivered',
  },
  {
    name: 'the reply needs no rule: outbound all is denied at the one who answers',
    rules: `${RULE} on-b -n none --priority 100 --direction Outbound --access Deny --destination-port-ranges '*'`,
    from: 'vm/a',
    to: 'vm/b',
    port: 22,
    disposition: 'delivered',
  },
  {
    name: 'what answers may not open connections of its own by that',
    rules: `${RULE} on-b -n none --priority 100 --direction Outbound --access Deny --destination-port-ranges '*'`,
    from: 'vm/b',
    to: 'vm/a',
    port: 22,
    disposition: 'denied-outbound',
    by: 'none (priority 100) of NSG on-b on the NIC drops',
  },
  {
    name: 'a lower number wins, whatever comes later',
    rules: `${RULE} on-b -n late --priority 300 --access Deny --destination-port-ranges '*'
${RULE} on-b -n early --priority 200 --destination-port-ranges 22`,
    from: 'vm/a',
    to: 'vm/b',
    port: 22,
    disposition: 'delivered',
  },
  {
    name: 'a Standard public address without any group is closed',
    from: 'internet',
    to: 'vm/open',
    port: 22,
    disposition: 'denied-inbound',
    by: 'Standard public IP openPublicIP (closed until an NSG on the NIC or subnet allows the traffic) drops',
  },
  {
    name: 'rules see the private destination, after the public address was translated',
    rules: `${RULE} on-subnet -n in --priority 100 --source-address-prefixes Internet --destination-address-prefixes 10.0.1.5 --destination-port-ranges 22
${RULE} on-b -n in --priority 100 --source-address-prefixes Internet --destination-address-prefixes 10.0.1.5 --destination-port-ranges 22`,
    from: 'internet',
    to: 'vm/b',
    port: 22,
    disposition: 'delivered',
  },
  {
    name: 'a rule for the group of the sender lets it pass',
    rules: `${RULE} on-subnet -n web-db --priority 110 --source-asgs web --destination-asgs db --destination-port-ranges 22
${RULE} on-subnet -n no-db --priority 120 --access Deny --destination-asgs db --destination-port-ranges '*'`,
    from: 'vm/a',
    to: 'vm/b',
    port: 22,
    disposition: 'delivered',
  },
  {
    name: 'and nobody else: the machine that left the group',
    rules: `${RULE} on-subnet -n web-db --priority 110 --source-asgs web --destination-asgs db --destination-port-ranges 22
${RULE} on-subnet -n no-db --priority 120 --access Deny --destination-asgs db --destination-port-ranges '*'
az network nic ip-config update -g rg --nic-name aVMNic -n ipconfiga --asgs "" -o none`,
    from: 'vm/a',
    to: 'vm/b',
    port: 22,
    disposition: 'denied-inbound',
    by: 'no-db (priority 120) of NSG on-subnet on subnet s drops',
  },
  {
    name: 'a rule for ESP says nothing about TCP',
    rules: `${RULE} on-b -n esp --priority 100 --access Deny --protocol Esp --destination-port-ranges '*'`,
    from: 'vm/a',
    to: 'vm/b',
    port: 22,
    disposition: 'delivered',
  },
  {
    name: 'a list of ports and prefixes in one rule is one rule for each pair of them',
    rules: `${RULE} on-b -n many --priority 100 --access Deny --source-address-prefixes 10.9.0.0/16 10.0.1.0/24 --destination-port-ranges 80 20-25`,
    from: 'vm/a',
    to: 'vm/b',
    port: 22,
    disposition: 'denied-inbound',
    by: 'many (priority 100) of NSG on-b on the NIC drops',
  },
];

describe('packets', () => {
  test.each(ROWS)('$name', async ({ rules, from, to, port, disposition, by }) => {
    const cloud = rules === undefined ? start : await after(rules);
    const aim = from === 'internet' ? publicAddressOf(cloud, to.slice('vm/'.length)) : to;
    const { trace } = unwrap(ask(cloud, { from, to: aim, ...(port === undefined ? {} : { port }) }));
    expect(trace.disposition, trace.reason).toBe(disposition);
    if (by === undefined) expect(trace.reverse?.disposition).toBe('delivered');
    else expect(trace.reason.startsWith(by), trace.reason).toBe(true);
  });
});

function publicAddressOf(cloud: Cloud, vm: string): string {
  const address = findResource(cloud, 'Microsoft.Network/publicIPAddresses', 'rg', `${vm}PublicIP`);
  return address?.ipAddress ?? '';
}

/** The prefixes of VirtualNetwork that the rules of machine a see. */
function virtualNetwork(cloud: Cloud): readonly string[] | null {
  const nic = findResource(cloud, 'Microsoft.Network/networkInterfaces', 'rg', 'aVMNic');
  return (nic === null ? null : effectiveView(cloud, nic.id))?.expandTag('VirtualNetwork') ?? null;
}

const OWN = ['10.0.0.0/16', '10.7.0.0/16', '168.63.129.16/32'];
const peering = (from: string, to: string, flags: string): string =>
  `az network vnet peering create -g rg -n to-${to} --vnet-name ${from} --remote-vnet ${to} ${flags} -o none\n`;
const ACCESS = '--allow-vnet-access';
const both = (one: string, other: string, flags = ACCESS): string =>
  peering(one, other, flags) + peering(other, one, ACCESS);
const routes = (prefix: string, hop: string): string => `az network route-table create -g rg -n rt -o none
az network route-table route create -g rg --route-table-name rt -n r --address-prefix ${prefix} --next-hop-type ${hop} -o none
az network vnet subnet update -g rg --vnet-name v -n s --route-table rt -o none`;

/** https://learn.microsoft.com/azure/virtual-network/service-tags-overview, the row of VirtualNetwork. */
describe('the tag VirtualNetwork holds', () => {
  test.each([
    ['the whole address space and the address of the host', '', OWN],
    ['a peer that is connected', both('v', 'peer'), ['10.0.0.0/16', '10.2.0.0/16', ...OWN.slice(1)]],
    ['no peer whose link has no access to it', both('v', 'peer', '--allow-vnet-access false'), OWN],
    ['no peer that has no link back', peering('v', 'peer', ACCESS), OWN],
    [
      'not what lies behind a peer, even where it forwards',
      both('v', 'peer', `${ACCESS} --allow-forwarded-traffic`) + both('peer', 'beyond'),
      ['10.0.0.0/16', '10.2.0.0/16', ...OWN.slice(1)],
    ],
    [
      'the prefix of a route of one’s own',
      routes('192.168.4.0/22', 'VirtualAppliance --next-hop-ip-address 10.0.1.9'),
      [...OWN.slice(0, 2), '168.63.129.16/32', '192.168.4.0/22'],
    ],
    [
      'everything, where that route is the default one',
      routes('0.0.0.0/0', 'VirtualAppliance --next-hop-ip-address 10.0.1.9'),
      ['0.0.0.0/0'],
    ],
    ['no prefix of a route to the internet', routes('198.51.100.0/24', 'Internet'), OWN],
  ])('%s', async (_case, script, prefixes) => {
    expect(virtualNetwork(script === '' ? start : await after(script))).toEqual(prefixes);
  });
});

/** https://learn.microsoft.com/azure/virtual-network/service-tags-overview: AzureCloud is "all datacenter public IP addresses". */
describe('tags of public addresses', () => {
  const deny = (tag: string): string =>
    `${RULE} on-a -n tag --priority 100 --direction Outbound --access Deny --destination-address-prefixes ${tag} --destination-port-ranges '*'`;

  test.each([
    ['AzureCloud holds the public address of a machine', 'AzureCloud', 'denied-outbound'],
    ['and so does its region’s part', 'AzureCloud.WestEurope', 'denied-outbound'],
    ['no other region’s part holds it', 'AzureCloud.NorthEurope', 'passes'],
    ['no service’s own tag holds it', 'Storage', 'passes'],
    ['the internet holds it', 'Internet', 'denied-outbound'],
    ['probes come from elsewhere', 'AzureLoadBalancer', 'passes'],
  ])('%s', async (_case, tag, expected) => {
    const cloud = await after(deny(tag));
    const { trace } = unwrap(ask(cloud, { from: 'vm/a', to: publicAddressOf(cloud, 'open'), port: 443 }));
    const asked = trace.hops
      .flatMap(({ steps }) => steps)
      .find(({ kind, by }) => kind === 'filter' && by.includes('NSG on-a'));
    expect(asked?.by).toMatch(expected === 'passes' ? /^AllowInternetOutBound/ : /^tag /);
    expect(trace.disposition === 'denied-outbound').toBe(expected === 'denied-outbound');
  });

  test('an address of which nobody knows whose it is may be in Storage', async () => {
    const cloud = await after(deny('Storage'));
    const { trace } = unwrap(ask(cloud, { from: 'vm/a', to: '203.0.113.9', port: 443 }));
    expect(trace.disposition).toBe('undetermined');
    expect(trace.reason).toContain('the service tag Storage');
  });
});
