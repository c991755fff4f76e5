/** Route tables, service endpoints and what is in force, as `az` says it. */
import { beforeAll, describe, expect, test } from 'vitest';
import { ask } from '../../../../src/model/compile/ask.ts';
import { SERVICE_TAG_ROUTES_PER_ROUTE_TABLE } from '../../../../src/model/limits/azure-network.ts';
import { azTerminal } from '../../../support/az.ts';
import type { AzTerminal } from '../../../support/az.ts';

async function prepared(lines: readonly string[]): Promise<AzTerminal> {
  const az = azTerminal({
    cloud: {
      outsideHosts: [
        { kind: 'internet', name: 'example', address: '192.0.2.80', dnsNames: ['example.com'], ports: [443] },
        {
          kind: 'internet',
          name: 'storage',
          address: '192.0.2.90',
          dnsNames: ['data.blob.core.windows.net'],
          ports: [443],
        },
      ],
    },
  });
  for (const line of lines) expect((await az.line(line)).exitCode, line).toBe(0);
  return az;
}

const NETWORK = [
  'group create -n rg -l westeurope',
  'network vnet create -g rg -n v --address-prefixes 10.0.0.0/16 --subnet-name s --subnet-prefixes 10.0.1.0/24',
  'network route-table create -g rg -n rt',
];
const MACHINE = 'vm create -g rg -n vm --image Ubuntu2204 --generate-ssh-keys --vnet-name v --subnet s';
const route = (name: string, at: string, hop: string): string =>
  `network route-table route create -g rg --route-table-name rt -n ${name} --address-prefix ${at} --next-hop-type ${hop}`;

describe('service endpoints', () => {
  test.each([
    ['Microsoft.Storage', ['westeurope', 'northeurope']],
    ['microsoft.sql', ['westeurope']],
    ['Microsoft.KeyVault', ['*']],
  ])('%s covers %j', async (service, locations) => {
    const az = await prepared(NETWORK);
    const subnet = await az.json(
      ...`network vnet subnet update -g rg --vnet-name v -n s --service-endpoints ${service}`.split(' '),
    );
    expect(subnet).toMatchObject({ serviceEndpoints: [{ locations, provisioningState: 'Succeeded' }] });
    const without = await az.json(
      ...'network vnet subnet update -g rg --vnet-name v -n s --service-endpoints'.split(' '),
      '',
    );
    expect(without).not.toHaveProperty('serviceEndpoints');
  });

  test.each([
    ['--service-endpoints Microsoft.Nothing', '(InvalidServiceEndpoint) Microsoft.Nothing is not a service'],
    ['--service-endpoint-policy p', '(NotSimulated) The option --service-endpoint-policy'],
  ])('%s is refused, and nothing changes', async (options, message) => {
    const az = await prepared(NETWORK);
    const before = az.cloud();
    const { exitCode, stderr } = await az.line(
      `network vnet subnet update -g rg --vnet-name v -n s ${options}`,
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain(message);
    expect(az.cloud().resources).toBe(before.resources);
  });
});

describe('a route table on a subnet of Azure’s own', () => {
  const DEFAULT = route('all', '0.0.0.0/0', 'None');
  test.each([
    [
      'GatewaySubnet',
      [DEFAULT],
      '(VirtualNetworkGatewaySubnetRouteTableCannotHaveDefaultRoute) Route Table rt on subnet GatewaySubnet',
    ],
    ['GatewaySubnet', [], null],
    ['AzureBastionSubnet', [], '(RouteTableCannotBeAttachedForAzureBastionSubnet)'],
    [
      'AzureFirewallSubnet',
      [],
      '(AzureFirewallSubnetRouteTableMustHaveDefaultRouteToInternet) Route Table rt on firewall subnet AzureFirewallSubnet must have 0.0.0.0/0 route with next hop Internet.',
    ],
    ['AzureFirewallSubnet', [DEFAULT], '(AzureFirewallSubnetRouteTableMustHaveDefaultRouteToInternet)'],
    ['AzureFirewallSubnet', [route('out', '0.0.0.0/0', 'Internet')], null],
    [
      'AzureFirewallSubnet',
      [
        DEFAULT,
        'network vnet subnet create -g rg --vnet-name v -n AzureFirewallManagementSubnet --address-prefixes 10.0.8.0/26',
      ],
      null,
    ],
    ['other', [DEFAULT], null],
  ])('%s with %j', async (name, lines, refusal) => {
    const az = await prepared([...NETWORK, ...lines]);
    const made = await az.line(
      `network vnet subnet create -g rg --vnet-name v -n ${name} --address-prefixes 10.0.9.0/26 --route-table rt`,
    );
    if (refusal === null) expect(made.exitCode, made.stderr).toBe(0);
    else expect(made.stderr).toContain(refusal);
  });

  test('takes no route afterwards that it would not have taken before', async () => {
    const az = await prepared([
      ...NETWORK,
      'network vnet subnet create -g rg --vnet-name v -n GatewaySubnet --address-prefixes 10.0.9.0/26 --route-table rt',
    ]);
    expect((await az.line(DEFAULT)).stderr).toContain(
      'VirtualNetworkGatewaySubnetRouteTableCannotHaveDefaultRoute',
    );
    expect((await az.line(route('half', '0.0.0.0/1', 'None'))).exitCode).toBe(0);
  });
});

describe('routes to service tags', () => {
  test('one tag is one destination, however its letters are', async () => {
    const az = await prepared([...NETWORK, route('a', 'AzureCloud.WestEurope', 'Internet')]);
    expect((await az.line(route('b', 'azurecloud.westeurope', 'None'))).stderr).toContain(
      '(RouteConflict) Route: b conflicts with Route: a.',
    );
  });

  test('no more of them than a table holds', async () => {
    const tags = ['Storage', 'Sql', 'AzureKeyVault', 'EventHub', 'ServiceBus'];
    const regions = ['westeurope', 'northeurope', 'eastus', 'westus', 'uksouth'];
    const routes = tags.flatMap((tag) => regions.map((region) => `${tag}.${region}`));
    expect(routes).toHaveLength(SERVICE_TAG_ROUTES_PER_ROUTE_TABLE.value);
    const az = await prepared([...NETWORK, ...routes.map((tag, at) => route(`r${at}`, tag, 'Internet'))]);
    expect((await az.line(route('more', 'AzureCloud', 'Internet'))).stderr).toContain(
      'Cannot create more than 25 routes with service tags',
    );
    expect((await az.line(route('more', '10.9.0.0/16', 'None'))).exitCode).toBe(0);
  });
});

describe('routes that name a service', () => {
  let az: AzTerminal;
  beforeAll(async () => {
    az = await prepared([
      ...NETWORK,
      route('all', '0.0.0.0/0', 'None'),
      route('azure', 'AzureCloud.westeurope', 'Internet'),
      route('host', '192.0.2.91/32', 'None'),
      MACHINE,
      'network public-ip create -g rg -n held --sku Standard',
      'network vnet subnet update -g rg --vnet-name v -n s --route-table rt --service-endpoints Microsoft.Storage',
    ]);
  });
  const held = async (): Promise<string> =>
    String(await az.json(...'network public-ip show -g rg -n held --query ipAddress'.split(' ')));
  const nextHop = (to: string) =>
    az.line(
      `network watcher show-next-hop -g rg --vm vm --source-ip 10.0.1.4 --dest-ip ${to} --query nextHopType -o tsv`,
    );

  test('are listed by their tags', async () => {
    expect((await az.line('network nic show-effective-route-table -g rg -n vmVMNic -o table')).stdout).toBe(
      [
        'Source    State    Address Prefix         Next Hop Type                  Next Hop IP',
        '--------  -------  ---------------------  -----------------------------  -------------',
        'Default   Active   10.0.0.0/16            VnetLocal',
        'Default   Invalid  0.0.0.0/0              Internet',
        'Default   Active   Storage                VirtualNetworkServiceEndpoint',
        'User      Active   0.0.0.0/0              None',
        'User      Active   192.0.2.91/32          None',
        'User      Active   AzureCloud.westeurope  Internet',
        '',
      ].join('\n'),
    );
  });

  test('lose to an endpoint of the same service', async () => {
    const own = await prepared([
      ...NETWORK,
      route('all', 'Storage', 'None'),
      route('region', 'Storage.WestEurope', 'None'),
      route('sql', 'Sql', 'None'),
      MACHINE,
      'network vnet subnet update -g rg --vnet-name v -n s --route-table rt --service-endpoints Microsoft.Storage',
    ]);
    const shown = await own.line('network nic show-effective-route-table -g rg -n vmVMNic -o table');
    expect(shown.stdout.match(/^User +\w+ +\S+/gm)?.map((line) => line.replaceAll(/ +/g, ' '))).toEqual([
      'User Invalid Storage',
      'User Invalid Storage.WestEurope',
      'User Active Sql',
    ]);
  });

  test('decide about addresses that are known', async () => {
    expect((await nextHop(await held())).stdout).toBe('Internet\n');
    expect((await nextHop('192.0.2.90')).stdout).toBe('VirtualNetworkServiceEndpoint\n');
    // A host that the cloud calls example.com is none of Azure's.
    expect((await nextHop('192.0.2.80')).stdout).toBe('None\n');
    expect((await nextHop('10.0.1.9')).stdout).toBe('VirtualNetwork\n');
    expect((await nextHop('172.16.0.1')).stdout).toBe('None\n');
  });

  test('leave it open for the others, and say of what it depends', async () => {
    const { exitCode, stderr } = await nextHop('8.8.8.8');
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      'The next hop to 8.8.8.8 is not known: which route is taken depends on the addresses of Storage and AzureCloud.westeurope, which are not simulated',
    );
    expect(ask(az.cloud(), { from: 'vm/vm', to: '8.8.8.8', port: 443 })).toMatchObject({
      ok: true,
      value: { trace: { disposition: 'undetermined' } },
    });
  });

  test('an address that is written out wins over a tag, but not over a service endpoint', async () => {
    const { stderr } = await nextHop('192.0.2.91');
    expect(stderr).toContain('depends on the addresses of Storage, which');
    const plain = await prepared([
      ...NETWORK,
      route('all', '0.0.0.0/0', 'Internet'),
      route('azure', 'AzureCloud', 'None'),
      route('host', '192.0.2.91/32', 'Internet'),
      MACHINE,
      'network vnet subnet update -g rg --vnet-name v -n s --route-table rt',
    ]);
    const hop = await plain.line(
      'network watcher show-next-hop -g rg --vm vm --source-ip 10.0.1.4 --dest-ip 192.0.2.91 --query nextHopType -o tsv',
    );
    expect(hop.stdout).toBe('Internet\n');
  });

  test('nothing is open where both routes lead to the same hop', async () => {
    const same = await prepared([
      ...NETWORK,
      route('all', '0.0.0.0/0', 'None'),
      route('azure', 'AzureCloud', 'None'),
      MACHINE,
      'network vnet subnet update -g rg --vnet-name v -n s --route-table rt',
    ]);
    const hop = await same.line(
      'network watcher show-next-hop -g rg --vm vm --source-ip 10.0.1.4 --dest-ip 8.8.8.8 --query nextHopType -o tsv',
    );
    expect(hop.stdout).toBe('None\n');
  });
});

describe('a user-defined route leads where nobody is', () => {
  test.each([
    ['VirtualNetworkGateway', 'dropped-by-route', 'a gateway that VNet v neither has nor uses'],
    ['None', 'dropped-by-route', '0.0.0.0/0 (None)'],
    ['VirtualAppliance --next-hop-ip-address 10.0.1.99', 'next-hop-unreachable', '10.0.1.99'],
    ['VirtualAppliance --next-hop-ip-address 10.7.7.7', 'next-hop-unreachable', '10.7.7.7'],
    ['VnetLocal', 'next-hop-unreachable', '0.0.0.0/0 (VnetLocal)'],
  ])('%s', async (hop, disposition, why) => {
    const az = await prepared([
      ...NETWORK,
      route('all', '0.0.0.0/0', hop),
      MACHINE,
      'network vnet subnet update -g rg --vnet-name v -n s --route-table rt',
    ]);
    const asked = ask(az.cloud(), { from: 'vm/vm', to: '192.0.2.80', port: 443 });
    if (!asked.ok) throw new Error('no answer');
    expect(asked.value.trace.disposition).toBe(disposition);
    expect(JSON.stringify(asked.value.trace.hops)).toContain(why);
  });
});
