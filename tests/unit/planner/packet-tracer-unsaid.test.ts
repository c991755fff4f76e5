import { expect, test } from 'vitest';
import { importCloud } from '../../../src/planner/import/import-cloud.ts';
import { traceFlow } from '../../../src/planner/packet-tracer.ts';
import type { TracerAnswer } from '../../../src/planner/packet-tracer.ts';

const ROOT = '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers';
const NETWORK = `${ROOT}/Microsoft.Network`;
const HOSTS = [
  { kind: 'internet', name: 'partner', address: '203.0.113.80', dnsNames: [], ports: [443] },
] as const;

const subnet = (vnet: string, name: string) => ({ id: `${NETWORK}/virtualNetworks/${vnet}/subnets/${name}` });
const pool = (name: string) => ({ id: `${NETWORK}/loadBalancers/${name}/backendAddressPools/pool` });

function vnet(
  name: string,
  prefix: string,
  subnets: readonly object[],
  peerings: readonly object[] = [],
): object {
  return {
    id: `${NETWORK}/virtualNetworks/${name}`,
    addressSpace: { addressPrefixes: [prefix] },
    subnets,
    virtualNetworkPeerings: peerings,
  };
}

function machine(
  name: string,
  privateIPAddress: string,
  where: object,
  more: object = {},
  nic: object = {},
): object[] {
  const id = `${ROOT}/Microsoft.Compute/virtualMachines/${name}`;
  const nicId = `${NETWORK}/networkInterfaces/nic-${name}`;
  return [
    { id, powerState: 'VM running', networkProfile: { networkInterfaces: [{ id: nicId }] } },
    {
      id: nicId,
      virtualMachine: { id },
      ipConfigurations: [{ name: 'ipconfig1', privateIPAddress, subnet: where, ...more }],
      ...nic,
    },
  ];
}

function balancer(rule: object, pools: object, frontend: object): object {
  const id = `${NETWORK}/loadBalancers/lb`;
  return {
    id,
    sku: { name: 'Standard' },
    frontendIPConfigurations: [{ id: `${id}/frontendIPConfigurations/front`, name: 'front', ...frontend }],
    backendAddressPools: [{ ...pool('lb'), name: 'pool', ...pools }],
    loadBalancingRules: [
      {
        id: `${id}/loadBalancingRules/web`,
        name: 'web',
        protocol: 'Tcp',
        frontendPort: 80,
        backendPort: 80,
        frontendIPConfiguration: { id: `${id}/frontendIPConfigurations/front` },
        backendAddressPool: pool('lb'),
        ...rule,
      },
    ],
  };
}

function asked(texts: readonly unknown[], from: string, to: string, port = 80): TracerAnswer {
  const read = importCloud([JSON.stringify(texts)], { outsideHosts: HOSTS });
  if (!read.ok) throw new Error(read.error[0]?.message);
  const traced = traceFlow(read.value, { from, to, port });
  if (!traced.ok) throw new Error(traced.error.message);
  return traced.value;
}

const APPS = [
  { id: subnet('v', 'apps').id, name: 'apps', addressPrefix: '10.0.0.0/24' },
  { id: subnet('v', 'nva').id, name: 'nva', addressPrefix: '10.0.1.0/24' },
];
const FRONT = { privateIPAddress: '10.0.0.100', subnet: subnet('v', 'apps') };
const MEMBER = { loadBalancerBackendAddressPools: [pool('lb')] };
const CLIENT = machine('client', '10.0.0.4', subnet('v', 'apps'));

test('whether a machine that forwards translates what it sends to the internet stands in no JSON', () => {
  const table = {
    id: `${NETWORK}/routeTables/rt`,
    routes: [
      {
        name: 'all',
        addressPrefix: '0.0.0.0/0',
        nextHopType: 'VirtualAppliance',
        nextHopIpAddress: '10.0.1.4',
      },
    ],
  };
  const routed = APPS.map((each) =>
    each.name === 'apps' ? { ...each, routeTable: { id: table.id } } : each,
  );
  const texts = [
    vnet('v', '10.0.0.0/16', routed),
    table,
    ...CLIENT,
    ...machine('nva', '10.0.1.4', subnet('v', 'nva'), {}, { enableIPForwarding: true }),
  ];
  const out = asked(texts, 'vm/client', '203.0.113.80', 443);
  expect(out).toMatchObject({ disposition: 'undetermined', otherwise: 'no-outbound-path' });
  expect(out.reason).toContain('vm/nva');
  expect(out.remarks.join(' ')).toContain('is assumed: no JSON says how it is set up');
});

test('with floating IP it is not known whether a machine has the address of the frontend', () => {
  const lb = balancer({ enableFloatingIP: true }, {}, FRONT);
  const texts = [
    vnet('v', '10.0.0.0/16', APPS),
    lb,
    ...CLIENT,
    ...machine('web', '10.0.1.4', subnet('v', 'nva'), MEMBER),
  ];
  const answer = asked(texts, 'vm/client', 'lb/lb');
  expect(answer).toMatchObject({ disposition: 'undetermined', otherwise: 'next-hop-unreachable' });
  expect(answer.reason).toContain('whether vm/web has this address');
});

test('a pool whose members nobody pasted, or that has them by address, leads nobody knows where', () => {
  const nic = `${NETWORK}/networkInterfaces/nic-other/ipConfigurations/ipconfig1`;
  const listed = balancer({}, { backendIPConfigurations: [{ id: nic }] }, FRONT);
  const base = [vnet('v', '10.0.0.0/16', APPS), ...CLIENT];
  const answer = asked([...base, listed], 'vm/client', 'lb/lb');
  expect(answer.disposition).toBe('undetermined');
  expect(answer.reason).toContain('az network nic list');

  const addresses = [{ name: 'a', ipAddress: '10.0.1.9' }];
  const byAddress = balancer({}, { loadBalancerBackendAddresses: addresses }, FRONT);
  expect(asked([...base, byAddress], 'vm/client', '10.0.0.100').disposition).toBe('undetermined');

  // One that is there is enough to say what becomes of a connection.
  const web = nic.replace('nic-other', 'nic-web');
  const both = balancer({}, { backendIPConfigurations: [{ id: nic }, { id: web }] }, FRONT);
  const some = asked(
    [...base, both, ...machine('web', '10.0.1.4', subnet('v', 'nva'), MEMBER)],
    'vm/client',
    'lb/lb',
  );
  expect(some.disposition).toBe('delivered');
});

test('a NIC in a pool of a load balancer that nobody pasted goes out nobody knows how', () => {
  const texts = [
    vnet('v', '10.0.0.0/16', APPS),
    ...machine('web', '10.0.1.4', subnet('v', 'nva'), MEMBER),
    ...CLIENT,
  ];
  expect(asked(texts, 'vm/web', '203.0.113.80', 443)).toMatchObject({
    disposition: 'undetermined',
    otherwise: 'no-outbound-path',
  });
  expect(asked(texts, 'vm/client', 'vm/web').disposition).toBe('delivered');
});

const GATEWAY = {
  id: `${NETWORK}/virtualNetworkGateways/gw`,
  gatewayType: 'Vpn',
  vpnType: 'RouteBased',
  ipConfigurations: [{ name: 'default', subnet: subnet('v', 'GatewaySubnet') }],
};
const SITE = {
  id: `${NETWORK}/localNetworkGateways/site`,
  gatewayIpAddress: '198.51.100.9',
  localNetworkAddressSpace: { addressPrefixes: ['192.168.0.0/16'] },
};
const TUNNEL = {
  id: `${NETWORK}/connections/to-site`,
  connectionType: 'IPsec',
  connectionStatus: 'Connected',
  virtualNetworkGateway1: { id: GATEWAY.id },
  localNetworkGateway2: { id: SITE.id },
};
const WITH_GATEWAY = [
  vnet('v', '10.0.0.0/16', [
    ...APPS,
    { id: subnet('v', 'GatewaySubnet').id, name: 'GatewaySubnet', addressPrefix: '10.0.255.0/27' },
  ]),
  ...CLIENT,
  ...machine('web', '10.0.1.4', subnet('v', 'nva')),
];

test('behind a tunnel, other hosts than the made-up one are not known', () => {
  const texts = [...WITH_GATEWAY, GATEWAY, SITE, TUNNEL];
  expect(asked(texts, 'vm/client', 'host/site').disposition).toBe('delivered');
  const other = asked(texts, 'vm/client', '192.168.7.7');
  expect(other).toMatchObject({ disposition: 'undetermined', otherwise: 'next-hop-unreachable' });
  const down = asked(
    [...WITH_GATEWAY, GATEWAY, SITE, { ...TUNNEL, connectionStatus: 'NotConnected' }],
    'vm/client',
    'host/site',
  );
  expect(down.disposition).toBe('undetermined');
});

test.each([
  ['ExpressRoute', [{ ...GATEWAY, gatewayType: 'ExpressRoute' }]],
  ['BGP', [{ ...GATEWAY, enableBgp: true }, SITE, { ...TUNNEL, enableBgp: true }]],
] as const)('what %s announces may be a better route than the system has', (kind, gateway) => {
  const texts = [...WITH_GATEWAY, ...gateway];
  expect(asked(texts, 'vm/client', '172.20.1.1').disposition).toBe('undetermined');
  expect(asked(texts, 'vm/client', '203.0.113.80', 443).disposition).toBe('undetermined');
  expect(asked(texts, 'vm/client', 'vm/web').disposition).toBe('delivered');
  if (kind === 'BGP') expect(asked(texts, 'vm/client', 'host/site').disposition).toBe('delivered');
  // A route table without propagation learns nothing of it.
  const table = { id: `${NETWORK}/routeTables/rt`, disableBgpRoutePropagation: true, routes: [] };
  const apart = JSON.parse(
    JSON.stringify(texts).replace('"name":"apps",', `"name":"apps","routeTable":{"id":"${table.id}"},`),
  ) as unknown[];
  expect(asked([...apart, table], 'vm/client', '172.20.1.1').disposition).toBe('dropped-by-route');
});

test('the default site of a gateway takes all that has no better route', () => {
  const texts = [...WITH_GATEWAY, { ...GATEWAY, gatewayDefaultSite: { id: SITE.id } }, SITE, TUNNEL];
  const answer = asked(texts, 'vm/client', '203.0.113.80', 443);
  expect(answer.answer.trace.hops.map(({ place }) => place)).toContain('gateway/v');
  expect(answer.disposition).toBe('undetermined');
});

test('a gateway that nobody pasted may announce a better route', () => {
  const users = [{ id: `${GATEWAY.id}/ipConfigurations/default` }];
  const own = JSON.parse(
    JSON.stringify(WITH_GATEWAY).replace(
      '"name":"GatewaySubnet",',
      `"name":"GatewaySubnet","ipConfigurations":${JSON.stringify(users)},`,
    ),
  ) as unknown[];
  expect(asked(own, 'vm/client', '172.20.1.1').disposition).toBe('undetermined');
  expect(asked(own, 'vm/client', 'vm/web').disposition).toBe('delivered');
  const peering = {
    name: 'to-hub',
    peeringState: 'Connected',
    allowVirtualNetworkAccess: true,
    useRemoteGateways: true,
    remoteVirtualNetwork: { id: `${NETWORK}/virtualNetworks/HV_hub` },
    remoteAddressSpace: { addressPrefixes: ['10.100.0.0/23'] },
  };
  const remote = [vnet('v', '10.0.0.0/16', APPS, [peering]), ...WITH_GATEWAY.slice(1)];
  expect(asked(remote, 'vm/client', '203.0.113.80', 443).disposition).toBe('undetermined');
  expect(asked(remote, 'vm/client', 'vm/web').disposition).toBe('delivered');
});

test('what has the address of a next hop may be among what nobody pasted', () => {
  const table = {
    id: `${NETWORK}/routeTables/rt`,
    routes: [
      {
        name: 'all',
        addressPrefix: '0.0.0.0/0',
        nextHopType: 'VirtualAppliance',
        nextHopIpAddress: '10.0.1.4',
      },
    ],
  };
  const users = [{ id: `${NETWORK}/azureFirewalls/fw/azureFirewallIpConfigurations/main` }];
  const subnets = APPS.map((each) =>
    each.name === 'apps' ? { ...each, routeTable: { id: table.id } } : { ...each, ipConfigurations: users },
  );
  const answer = asked(
    [vnet('v', '10.0.0.0/16', subnets), table, ...CLIENT],
    'vm/client',
    '203.0.113.80',
    443,
  );
  expect(answer).toMatchObject({ disposition: 'undetermined', otherwise: 'next-hop-unreachable' });
  expect(answer.reason).toContain('az network firewall list');
});

test('machines and VNets of one name and group in two subscriptions are kept apart', () => {
  const texts = [
    vnet('v', '10.0.0.0/16', APPS),
    ...CLIENT,
    ...machine('web', '10.0.1.4', subnet('v', 'nva')),
  ];
  const other = '99999999-2222-3333-4444-555555555555';
  const second = JSON.parse(
    JSON.stringify(texts)
      .replaceAll('11111111-2222-3333-4444-555555555555', other)
      .replaceAll('"10.0.', '"10.7.'),
  ) as unknown[];
  const all = [...texts, ...second];
  expect(asked(all, '10.0.0.4', '10.0.1.4').seenSource).toMatch(/^10\.0\.0\.4:/);
  expect(asked(all, '10.7.0.4', `vm/${other}/rg/web`).seenSource).toMatch(/^10\.7\.0\.4:/);
  expect(asked(all, '10.7.0.4', '10.0.1.4').disposition).toBe('dropped-by-route');
});

test('a group of rules that a firewall policy lists, and nobody pasted, decides', () => {
  const table = {
    id: `${NETWORK}/routeTables/rt`,
    routes: [
      {
        name: 'all',
        addressPrefix: '0.0.0.0/0',
        nextHopType: 'VirtualAppliance',
        nextHopIpAddress: '10.0.254.4',
      },
    ],
  };
  const policy = `${NETWORK}/firewallPolicies/policy`;
  const groups = [{ id: `${policy}/ruleCollectionGroups/main` }];
  const own = subnet('v', 'AzureFirewallSubnet');
  const publicAddress = {
    id: `${NETWORK}/publicIPAddresses/pip`,
    ipAddress: '198.51.100.40',
    sku: { name: 'Standard' },
  };
  const firewall = {
    id: `${NETWORK}/azureFirewalls/fw`,
    sku: { name: 'AZFW_VNet', tier: 'Standard' },
    firewallPolicy: { id: policy },
    ipConfigurations: [
      {
        name: 'main',
        privateIPAddress: '10.0.254.4',
        subnet: own,
        publicIPAddress: { id: publicAddress.id },
      },
    ],
  };
  const subnets = [
    ...APPS.map((each) => (each.name === 'apps' ? { ...each, routeTable: { id: table.id } } : each)),
    { ...own, name: 'AzureFirewallSubnet', addressPrefix: '10.0.254.0/26' },
  ];
  const texts = [vnet('v', '10.0.0.0/16', subnets), table, publicAddress, firewall, ...CLIENT];
  const named = { id: policy, sku: { tier: 'Standard' }, ruleCollectionGroups: groups };
  const answer = asked([...texts, named], 'vm/client', '203.0.113.80', 443);
  expect(answer).toMatchObject({ disposition: 'undetermined', otherwise: 'denied-outbound' });
  expect(answer.reason).toContain('rule-collection-group list -g rg --policy-name policy');
  const empty = { id: policy, sku: { tier: 'Standard' }, ruleCollectionGroups: [] };
  expect(asked([...texts, empty], 'vm/client', '203.0.113.80', 443).disposition).toBe('denied-outbound');
});

test('a public address that Azure has not given yet, or a NAT gateway that nobody pasted, decides what leaves alone', () => {
  const pip = { id: `${NETWORK}/publicIPAddresses/pip`, ipAddress: null, sku: { name: 'Standard' } };
  const web = machine('web', '10.0.1.4', subnet('v', 'nva'));
  const addressed = machine('client', '10.0.0.4', subnet('v', 'apps'), { publicIPAddress: { id: pip.id } });
  const natGateway = { id: `${NETWORK}/natGateways/nat` };
  const behind = APPS.map((each) => (each.name === 'apps' ? { ...each, natGateway } : each));
  for (const texts of [
    [vnet('v', '10.0.0.0/16', APPS), pip, ...addressed, ...web],
    [vnet('v', '10.0.0.0/16', behind), ...CLIENT, ...web],
  ]) {
    expect(asked(texts, 'vm/client', '203.0.113.80', 443).disposition).toBe('undetermined');
    expect(asked(texts, 'vm/client', 'vm/web').disposition).toBe('delivered');
  }
});

test('a machine whose NIC or VNet nobody pasted is not said to have none', () => {
  const network = vnet('v', '10.0.0.0/16', APPS);
  const [vm, nic] = CLIENT;
  for (const [texts, command] of [
    [[network, vm], 'az network nic list'],
    [[vm, nic], 'az network vnet list'],
  ] as const) {
    const read = importCloud([JSON.stringify(texts)]);
    if (!read.ok) throw new Error(read.error[0]?.message);
    const traced = traceFlow(read.value, { from: 'vm/client', to: '10.0.0.9' });
    expect(traced.ok ? '' : traced.error.message).toContain(command);
  }
});
