import { describe, expect, test } from 'vitest';
import { updateNetworkInterface } from '../../../../src/model/azure/network-interface.ts';
import { createNetworkSecurityGroup } from '../../../../src/model/azure/network-security-group.ts';
import { createResourceGroup } from '../../../../src/model/azure/resource-group.ts';
import { findResource, putResource, resourceId } from '../../../../src/model/azure/resource-store.ts';
import { changeRoutes, createRouteTable } from '../../../../src/model/azure/route-table.ts';
import { createSecurityRule, SECURITY_RULE_DEFAULTS } from '../../../../src/model/azure/security-rule.ts';
import { newCloud } from '../../../../src/model/azure/subscription.ts';
import { createSubnet, updateSubnet } from '../../../../src/model/azure/subnet.ts';
import {
  createPeering,
  deletePeering,
  syncPeering,
  updatePeering,
} from '../../../../src/model/azure/virtual-network-peering.ts';
import type { PeeringFlags } from '../../../../src/model/azure/virtual-network-peering.ts';
import { createVirtualNetwork, updateVirtualNetwork } from '../../../../src/model/azure/virtual-network.ts';
import type { Cloud, OutsideHost } from '../../../../src/model/cloud.ts';
import { ask } from '../../../../src/model/compile/ask.ts';
import { compile } from '../../../../src/model/compile/compile.ts';
import { effectiveView } from '../../../../src/model/compile/effective-view.ts';
import { formatPrefix } from '../../../../src/model/ip/prefix.ts';
import type { Protocol } from '../../../../src/model/network/network.ts';
import { unwrap } from '../../../../src/model/result.ts';
import type { Disposition } from '../../../../src/model/trace/disposition.ts';
import type { Trace } from '../../../../src/model/trace/trace.ts';
import { lastStep, mustEnd, places, seenAddress, stepsAt } from '../../../support/trace-expectations.ts';
import { addMachine } from './kubenet-cloud.ts';

const OPEN: PeeringFlags = {
  allowVirtualNetworkAccess: true,
  allowForwardedTraffic: false,
  allowGatewayTransit: false,
  useRemoteGateways: false,
};

const OFFICE: OutsideHost = {
  kind: 'on-premises',
  name: 'office',
  address: '192.168.1.10',
  prefix: '192.168.0.0/16',
  virtualNetwork: 'hub',
  ports: [80],
};

const SPACES = { hub: '10.0.0.0/16', blue: '10.1.0.0/16', red: '10.2.0.0/16' } as const;
type Name = keyof typeof SPACES;

const idOf = (cloud: Cloud, name: string): string =>
  resourceId(cloud, 'rg', 'Microsoft.Network/virtualNetworks', name);
const link = (from: string, to: string) => ({
  resourceGroup: 'rg',
  virtualNetwork: from,
  name: `${from}-to-${to}`,
});

/** Hub and two spokes, each with a VM that serves HTTP at .4: no peering, no security group. */
function apart({
  redIn = 'westeurope',
  outsideHosts = [],
}: { readonly redIn?: string; readonly outsideHosts?: readonly OutsideHost[] } = {}): Cloud {
  let cloud = unwrap(createResourceGroup(newCloud({ outsideHosts }), { name: 'rg', location: 'westeurope' }));
  for (const [name, space] of Object.entries(SPACES)) {
    cloud = unwrap(
      createVirtualNetwork(cloud, {
        resourceGroup: 'rg',
        name,
        location: name === 'red' ? redIn : 'westeurope',
        addressPrefixes: [space],
        subnets: [{ name: 'default', addressPrefix: space.replace('/16', '/24') }],
      }),
    );
    if (name === 'red' && redIn !== 'westeurope') continue;
    cloud = addMachine(
      cloud,
      `vm-${name}`,
      `${idOf(cloud, name)}/subnets/default`,
      space.replace('0.0/16', '0.4'),
    );
  }
  return cloud;
}

function one(cloud: Cloud, from: Name, to: Name, flags: Partial<PeeringFlags> = {}): Cloud {
  return unwrap(createPeering(cloud, link(from, to), idOf(cloud, to), { ...OPEN, ...flags }));
}

const both = (cloud: Cloud, from: Name, to: Name, flags: Partial<PeeringFlags> = {}): Cloud =>
  one(one(cloud, from, to, flags), to, from, flags);

/** Hub and spokes, peered. */
const star = (flags: Partial<PeeringFlags> = {}, options: Parameters<typeof apart>[0] = {}): Cloud =>
  both(both(apart(options), 'hub', 'blue', flags), 'hub', 'red', flags);

/** A route table on a spoke's subnet with one route to an appliance. */
function routed(cloud: Cloud, name: Name, addressPrefix: string, nextHopIpAddress: string): Cloud {
  let next = unwrap(createRouteTable(cloud, { resourceGroup: 'rg', name: `rt-${name}` }));
  const table = resourceId(next, 'rg', 'Microsoft.Network/routeTables', `rt-${name}`);
  next = unwrap(
    changeRoutes(
      next,
      table,
      [{ name: 'over-hub', addressPrefix, nextHopType: 'VirtualAppliance', nextHopIpAddress }],
      [],
    ),
  );
  return unwrap(
    updateSubnet(next, { resourceGroup: 'rg', virtualNetwork: name, name: 'default' }, { routeTable: table }),
  );
}

/** The hub's VM forwards: in Azure and in the machine. */
function forwarding(cloud: Cloud): Cloud {
  const next = unwrap(updateNetworkInterface(cloud, 'rg', 'vm-hubVMNic', { enableIPForwarding: true }));
  const vm = findResource(next, 'Microsoft.Compute/virtualMachines', 'rg', 'vm-hub');
  if (vm === null) throw new Error('no appliance');
  return putResource(next, { ...vm, simulation: { ...vm.simulation, forwarding: 'on' } });
}

const overHub = (cloud: Cloud): Cloud =>
  forwarding(routed(routed(cloud, 'blue', SPACES.red, '10.0.0.4'), 'red', SPACES.blue, '10.0.0.4'));

/** Puts an empty security group, with its default rules, on the subnet of a VNet. */
function guarded(cloud: Cloud, name: Name): Cloud {
  const next = unwrap(createNetworkSecurityGroup(cloud, { resourceGroup: 'rg', name: `nsg-${name}` }));
  return unwrap(
    updateSubnet(
      next,
      { resourceGroup: 'rg', virtualNetwork: name, name: 'default' },
      {
        networkSecurityGroup: resourceId(
          next,
          'rg',
          'Microsoft.Network/networkSecurityGroups',
          `nsg-${name}`,
        ),
      },
    ),
  );
}

function flow(cloud: Cloud, from: string, to: string, protocol: Protocol = 'tcp'): Trace {
  return unwrap(ask(cloud, { from, to, protocol })).trace;
}

function mustAll(cloud: Cloud, rows: readonly (readonly [string, string, Disposition])[]): void {
  for (const [from, to, disposition] of rows) mustEnd(flow(cloud, from, to), disposition);
}

describe('two VNets', () => {
  test.each([
    ['without a peering', apart()],
    ['with a link on one side', one(apart(), 'hub', 'blue')],
    ['with a link on the other side', one(apart(), 'blue', 'hub')],
    [
      'with a link that lost its other side',
      unwrap(deletePeering(both(apart(), 'hub', 'blue'), link('blue', 'hub'))),
    ],
  ])('%s drop what is for the other, by the system route to None', (_, cloud) => {
    for (const [from, to] of [
      ['vm/vm-hub', 'vm/vm-blue'],
      ['vm/vm-blue', 'vm/vm-hub'],
    ] as const) {
      const trace = flow(cloud, from, to);
      mustEnd(trace, 'dropped-by-route');
      expect(lastStep(trace).by).toBe('system route 10.0.0.0/8 (None)');
    }
  });

  test('that are peered reach each other by the fabrics of both, with the sender’s own address', () => {
    const cloud = both(apart(), 'hub', 'blue');
    for (const protocol of ['tcp', 'icmp'] as const) {
      const there = flow(cloud, 'vm/vm-hub', 'vm/vm-blue', protocol);
      mustEnd(there, 'delivered');
      expect(places(there)).toEqual(['vm/vm-hub', 'fabric/hub', 'fabric/blue', 'vm/vm-blue']);
      expect(there.reverse === null ? [] : places(there.reverse)).toEqual([
        'vm/vm-blue',
        'fabric/blue',
        'fabric/hub',
        'vm/vm-hub',
      ]);
      expect(seenAddress(there)).toBe('10.0.0.4');
      mustEnd(flow(cloud, 'vm/vm-blue', 'vm/vm-hub', protocol), 'delivered');
    }
  });

  test('that are peered do not carry names, addresses that nobody has, or the internet for each other', () => {
    const cloud = both(apart(), 'hub', 'blue');
    const lost = flow(cloud, 'vm/vm-hub', '10.1.0.200');
    mustEnd(lost, 'next-hop-unreachable');
    expect(places(lost)).toEqual(['vm/vm-hub', 'fabric/hub', 'fabric/blue']);
    expect(ask(cloud, { from: 'vm/vm-hub', to: 'http://vm-blue' }).ok).toBe(false);
    expect(places(flow(cloud, 'vm/vm-hub', 'internet'))).not.toContain('fabric/blue');
  });

  test('an address that two VNets have means the one that is peered with the sender', () => {
    let cloud = unwrap(
      createVirtualNetwork(apart(), {
        resourceGroup: 'rg',
        name: 'twin',
        addressPrefixes: [SPACES.blue],
        subnets: [{ name: 'default', addressPrefix: '10.1.0.0/24' }],
      }),
    );
    cloud = addMachine(cloud, 'vm-twin', `${idOf(cloud, 'twin')}/subnets/default`, '10.1.0.4');
    const ends: readonly [string, string][] = [
      ['hub', 'twin'],
      ['twin', 'hub'],
    ];
    for (const [from, to] of ends)
      cloud = unwrap(createPeering(cloud, link(from, to), idOf(cloud, to), OPEN));
    const answer = unwrap(ask(cloud, { from: 'vm/vm-hub', to: '10.1.0.4' }));
    expect(answer.to.place?.label).toBe('vm/vm-twin');
    expect(answer.remarks).toEqual([]);
    expect(places(answer.trace).at(-1)).toBe('vm/vm-twin');
  });

  test('of different regions are peered globally', () => {
    let cloud = both(apart({ redIn: 'eastus' }), 'hub', 'red');
    const nic = findResource(cloud, 'Microsoft.Network/networkInterfaces', 'rg', 'vm-hubVMNic');
    if (nic === null) throw new Error('no NIC');
    const routes = effectiveView(cloud, nic.id)?.routes.filter((each) => each.peer !== undefined);
    expect(routes?.map((each) => [formatPrefix(each.prefix), each.nextHopType, each.source])).toEqual([
      ['10.2.0.0/16', 'VNetGlobalPeering', 'Default'],
    ]);
    cloud = unwrap(deletePeering(cloud, link('hub', 'red')));
    expect(effectiveView(cloud, nic.id)?.routes.some((each) => each.peer !== undefined)).toBe(false);
  });
});

describe('routes and the VirtualNetwork tag', () => {
  const view = (cloud: Cloud, name: Name) => {
    const nic = resourceId(cloud, 'rg', 'Microsoft.Network/networkInterfaces', `vm-${name}VMNic`);
    const found = effectiveView(cloud, nic);
    if (found === null) throw new Error('no view');
    return found;
  };
  const routesOf = (cloud: Cloud, name: Name): string[] =>
    view(cloud, name).routes.map(
      (each) => `${each.source} ${each.state} ${formatPrefix(each.prefix)} ${each.nextHopType}`,
    );

  test('every prefix of a peer is a route of its own and part of the tag', () => {
    const cloud = both(
      unwrap(
        updateVirtualNetwork(apart(), 'rg', 'blue', { addressPrefixes: ['10.1.0.0/16', '10.51.0.0/16'] }),
      ),
      'hub',
      'blue',
    );
    expect(routesOf(cloud, 'hub').slice(0, 3)).toEqual([
      'Default Active 10.0.0.0/16 VnetLocal',
      'Default Active 10.1.0.0/16 VNetPeering',
      'Default Active 10.51.0.0/16 VNetPeering',
    ]);
    expect(view(cloud, 'hub').expandTag('VirtualNetwork')).toEqual([
      '10.0.0.0/15',
      '10.51.0.0/16',
      '168.63.129.16/32',
    ]);
  });

  test('a route table beats a peering at equal length, and says so', () => {
    const cloud = routed(both(apart(), 'hub', 'blue'), 'blue', SPACES.hub, '10.0.0.4');
    expect(routesOf(cloud, 'blue')).toContain('Default Invalid 10.0.0.0/16 VNetPeering');
    expect(routesOf(cloud, 'blue')).toContain('User Active 10.0.0.0/16 VirtualAppliance');
  });

  test('a route of a peering stays when the default route is overridden', () => {
    const cloud = forwarding(routed(both(apart(), 'hub', 'blue'), 'blue', '0.0.0.0/0', '10.0.0.4'));
    expect(routesOf(cloud, 'blue')).toContain('Default Active 10.0.0.0/16 VNetPeering');
    mustEnd(flow(cloud, 'vm/vm-blue', 'vm/vm-hub'), 'delivered');
  });

  test('a peer’s new range is reached once the link is synced, and a range it gave up is lost in its fabric', () => {
    let cloud = both(apart(), 'hub', 'blue');
    const grown = { addressPrefixes: [SPACES.blue, '10.51.0.0/16'] };
    cloud = unwrap(updateVirtualNetwork(cloud, 'rg', 'blue', grown));
    cloud = unwrap(
      createSubnet(
        cloud,
        { resourceGroup: 'rg', virtualNetwork: 'blue', name: 'new' },
        { addressPrefix: '10.51.0.0/24' },
      ),
    );
    cloud = addMachine(cloud, 'late', `${idOf(cloud, 'blue')}/subnets/new`, '10.51.0.4');
    mustEnd(flow(cloud, 'vm/vm-hub', 'vm/late'), 'dropped-by-route');
    // The other way the packet finds its way, but not the reply.
    expect(flow(cloud, 'vm/late', 'vm/vm-hub').disposition).not.toBe('delivered');
    mustEnd(flow(cloud, 'vm/vm-hub', 'vm/vm-blue'), 'delivered');
    cloud = unwrap(syncPeering(cloud, link('hub', 'blue')));
    mustEnd(flow(cloud, 'vm/vm-hub', 'vm/late'), 'delivered');
    mustEnd(flow(cloud, 'vm/late', 'vm/vm-hub'), 'delivered');
  });

  test('the default rules of a security group admit a peer', () => {
    const cloud = guarded(guarded(both(apart(), 'hub', 'blue'), 'hub'), 'blue');
    const trace = flow(cloud, 'vm/vm-hub', 'vm/vm-blue');
    mustEnd(trace, 'delivered');
    expect(stepsAt(trace, 'fabric/hub', 'filter').map((step) => step.by)).toEqual([
      'AllowVnetOutBound (priority 65000) of NSG nsg-hub on subnet default',
    ]);
    expect(stepsAt(trace, 'fabric/blue', 'filter').map((step) => step.by)).toEqual([
      'AllowVnetInBound (priority 65000) of NSG nsg-blue on subnet default',
    ]);
  });
});

describe('allowVirtualNetworkAccess false', () => {
  const closed = (cloud: Cloud, from: Name, to: Name): Cloud =>
    unwrap(updatePeering(cloud, link(from, to), { allowVirtualNetworkAccess: false }));

  test('leaves the routes as they are, and where no security group is, the traffic too', () => {
    const cloud = closed(closed(both(apart(), 'hub', 'blue'), 'hub', 'blue'), 'blue', 'hub');
    mustAll(cloud, [
      ['vm/vm-hub', 'vm/vm-blue', 'delivered'],
      ['vm/vm-blue', 'vm/vm-hub', 'delivered'],
    ]);
    expect(stepsAt(flow(cloud, 'vm/vm-hub', 'vm/vm-blue'), 'fabric/hub', 'route')[0]?.by).toBe(
      'system route 10.1.0.0/16 (VNetPeering) of peering hub-to-blue to VNet blue, whose allowVirtualNetworkAccess false keeps it out of the VirtualNetwork tag',
    );
  });

  test('takes the peer out of the tag of the VNet whose link it is, so that its default rules deny', () => {
    const cloud = closed(guarded(guarded(both(apart(), 'hub', 'blue'), 'hub'), 'blue'), 'blue', 'hub');
    const inwards = flow(cloud, 'vm/vm-hub', 'vm/vm-blue');
    mustEnd(inwards, 'denied-inbound');
    expect(lastStep(inwards).by).toBe('DenyAllInBound (priority 65500) of NSG nsg-blue on subnet default');
    const outwards = flow(cloud, 'vm/vm-blue', 'vm/vm-hub');
    mustEnd(outwards, 'denied-outbound');
    expect(lastStep(outwards).by).toBe('DenyAllOutBound (priority 65500) of NSG nsg-blue on subnet default');
  });

  test('is overruled by a rule that names the addresses', () => {
    const cloud = unwrap(
      createSecurityRule(
        closed(guarded(both(apart(), 'hub', 'blue'), 'blue'), 'blue', 'hub'),
        { resourceGroup: 'rg', networkSecurityGroup: 'nsg-blue', name: 'FromHub' },
        {
          ...SECURITY_RULE_DEFAULTS,
          priority: 100,
          direction: 'Inbound',
          access: 'Allow',
          protocol: 'Tcp',
          sourceAddressPrefixes: [SPACES.hub],
          destinationPortRanges: ['80'],
        },
      ),
    );
    mustAll(cloud, [
      ['vm/vm-hub', 'vm/vm-blue', 'delivered'],
      ['vm/vm-blue', 'vm/vm-hub', 'denied-outbound'],
    ]);
  });
});

describe('hub and spoke', () => {
  test('a peering is not transitive: spokes reach the hub, and not each other', () => {
    mustAll(star(), [
      ['vm/vm-blue', 'vm/vm-hub', 'delivered'],
      ['vm/vm-hub', 'vm/vm-red', 'delivered'],
      ['vm/vm-red', 'vm/vm-hub', 'delivered'],
      ['vm/vm-blue', 'vm/vm-red', 'dropped-by-route'],
      ['vm/vm-red', 'vm/vm-blue', 'dropped-by-route'],
    ]);
  });

  test('a direct peering of the spokes needs no hub', () => {
    const trace = flow(both(star(), 'blue', 'red'), 'vm/vm-blue', 'vm/vm-red');
    mustEnd(trace, 'delivered');
    expect(places(trace)).toEqual(['vm/vm-blue', 'fabric/blue', 'fabric/red', 'vm/vm-red']);
  });

  test('an appliance in the hub carries the spokes’ traffic, whose source stays', () => {
    const trace = flow(overHub(star({ allowForwardedTraffic: true })), 'vm/vm-blue', 'vm/vm-red');
    mustEnd(trace, 'delivered');
    expect(places(trace)).toEqual([
      'vm/vm-blue',
      'fabric/blue',
      'fabric/hub',
      'vm/vm-hub',
      'fabric/hub',
      'fabric/red',
      'vm/vm-red',
    ]);
    expect(seenAddress(trace)).toBe('10.1.0.4');
  });

  test.each([
    [
      'its NIC does not forward',
      (cloud: Cloud) =>
        unwrap(updateNetworkInterface(cloud, 'rg', 'vm-hubVMNic', { enableIPForwarding: false })),
      'next-hop-unreachable',
    ],
    [
      'the route names an address that nobody has',
      (cloud: Cloud) => routed(cloud, 'blue', SPACES.red, '10.0.0.99'),
      'next-hop-unreachable',
    ],
    [
      'the route names an appliance in a VNet that is no peer',
      (cloud: Cloud) => routed(cloud, 'blue', SPACES.red, '10.2.0.4'),
      'next-hop-unreachable',
    ],
    [
      'the peering to the hub is cut',
      (cloud: Cloud) => unwrap(deletePeering(cloud, link('blue', 'hub'))),
      'next-hop-unreachable',
    ],
  ] as const)('the appliance gets nothing through when %s', (_, breakIt, disposition) => {
    const cloud = breakIt(overHub(star({ allowForwardedTraffic: true })));
    mustEnd(flow(cloud, 'vm/vm-blue', 'vm/vm-red'), disposition);
  });

  test('without the way back the reply is lost', () => {
    const cloud = forwarding(routed(star({ allowForwardedTraffic: true }), 'blue', SPACES.red, '10.0.0.4'));
    const trace = flow(cloud, 'vm/vm-blue', 'vm/vm-red');
    mustEnd(trace, 'dropped-by-route');
    expect(trace.reverse?.disposition).toBe('dropped-by-route');
  });
});

describe('allowForwardedTraffic false', () => {
  test.each([
    ['blue', 'the reply', true],
    ['red', 'the packet', false],
  ] as const)('on the link of %s nobody can say what becomes of %s', (spoke, _, delivered) => {
    const cloud = unwrap(
      updatePeering(overHub(star({ allowForwardedTraffic: true })), link(spoke, 'hub'), {
        allowForwardedTraffic: false,
      }),
    );
    const trace = flow(cloud, 'vm/vm-blue', 'vm/vm-red');
    mustEnd(trace, 'undetermined');
    expect(trace.reason).toContain(
      `peering ${spoke}-to-hub of VNet ${spoke} has allowForwardedTraffic false`,
    );
    expect(trace.seenSource !== null).toBe(delivered);
  });

  test('on the links of the hub is no matter, since only the spokes receive what is forwarded', () => {
    let cloud = overHub(star({ allowForwardedTraffic: true }));
    for (const spoke of ['blue', 'red']) {
      cloud = unwrap(updatePeering(cloud, link('hub', spoke), { allowForwardedTraffic: false }));
    }
    mustEnd(flow(cloud, 'vm/vm-blue', 'vm/vm-red'), 'delivered');
  });

  test('does not touch what comes from the peer itself', () => {
    mustEnd(flow(star(), 'vm/vm-hub', 'vm/vm-blue'), 'delivered');
  });

  test('leaves a security group’s refusal certain', () => {
    const cloud = unwrap(
      createSecurityRule(
        guarded(overHub(star()), 'red'),
        { resourceGroup: 'rg', networkSecurityGroup: 'nsg-red', name: 'DenyBlue' },
        {
          ...SECURITY_RULE_DEFAULTS,
          priority: 100,
          direction: 'Inbound',
          access: 'Deny',
          protocol: '*',
          sourceAddressPrefixes: [SPACES.blue],
        },
      ),
    );
    mustEnd(flow(cloud, 'vm/vm-blue', 'vm/vm-red'), 'denied-inbound');
  });
});

describe('the gateway of a hub', () => {
  const behind = (hub: Partial<PeeringFlags>, blue: Partial<PeeringFlags>): Cloud =>
    one(one(apart({ outsideHosts: [OFFICE] }), 'hub', 'blue', hub), 'blue', 'hub', blue);

  test('serves a spoke that uses it, both ways', () => {
    const cloud = behind({ allowGatewayTransit: true }, { useRemoteGateways: true });
    const out = flow(cloud, 'vm/vm-blue', 'host/office');
    mustEnd(out, 'delivered');
    expect(places(out)).toEqual(['vm/vm-blue', 'fabric/blue', 'fabric/hub', 'gateway/hub', 'host/office']);
    mustEnd(flow(cloud, 'host/office', 'vm/vm-blue'), 'delivered');
    mustEnd(flow(cloud, 'host/office', 'vm/vm-hub'), 'delivered');
  });

  test.each([
    ['lent and not used', { allowGatewayTransit: true }, {}],
    ['neither lent nor used', {}, {}],
  ])('serves no spoke where it is %s', (_, hub, blue) => {
    const cloud = behind(hub, blue);
    mustEnd(flow(cloud, 'vm/vm-blue', 'host/office'), 'dropped-by-route');
    mustEnd(flow(cloud, 'host/office', 'vm/vm-blue'), 'no-route');
    mustEnd(flow(cloud, 'vm/vm-hub', 'host/office'), 'delivered');
  });

  test('announces its routes to the spoke, less where propagation is off', () => {
    const cloud = behind({ allowGatewayTransit: true }, { useRemoteGateways: true });
    const nic = resourceId(cloud, 'rg', 'Microsoft.Network/networkInterfaces', 'vm-blueVMNic');
    const learned = (of: Cloud): readonly string[] =>
      (effectiveView(of, nic)?.routes ?? [])
        .filter((each) => each.source === 'VirtualNetworkGateway')
        .map((each) => formatPrefix(each.prefix));
    expect(learned(cloud)).toEqual(['192.168.0.0/16']);
    let off = unwrap(
      createRouteTable(cloud, { resourceGroup: 'rg', name: 'rt', disableBgpRoutePropagation: true }),
    );
    off = unwrap(
      updateSubnet(
        off,
        { resourceGroup: 'rg', virtualNetwork: 'blue', name: 'default' },
        { routeTable: resourceId(off, 'rg', 'Microsoft.Network/routeTables', 'rt') },
      ),
    );
    expect(learned(off)).toEqual([]);
    mustEnd(flow(off, 'vm/vm-blue', 'host/office'), 'dropped-by-route');
  });
});

test('every segment of peered fabrics has two ends that exist', () => {
  const { hosts, segments } = compile(overHub(star())).network;
  for (const segment of segments.values()) {
    for (const member of segment.members) {
      expect(
        hosts.get(member.host)?.interfaces.some((each) => each.name === member.interface),
        `${segment.id}: ${member.host} ${member.interface}`,
      ).toBe(true);
    }
  }
  const cables = [...segments.values()].filter((each) => each.id.startsWith('peering '));
  expect(cables.map((each) => each.members.length)).toEqual(cables.map(() => 2));
  expect(cables).toHaveLength(4);
});
