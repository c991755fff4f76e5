import { describe, expect, test } from 'vitest';
import { resourceId } from '../../../src/model/azure/resource-store.ts';
import { createPeering } from '../../../src/model/azure/virtual-network-peering.ts';
import { createVirtualNetwork } from '../../../src/model/azure/virtual-network.ts';
import { compile } from '../../../src/model/compile/compile.ts';
import { unwrap } from '../../../src/model/result.ts';
import { askedPath } from '../../../src/ui/packet-path/asked-path.ts';
import type { AskedPath } from '../../../src/ui/packet-path/asked-path.ts';
import { layOut, NARROW, WIDE } from '../../../src/ui/packet-path/layout.ts';
import { drawWay } from '../../../src/ui/packet-path/way.ts';
import { stopsThrough } from '../../../src/ui/packet-path/scene.ts';
import { journeysBetween } from '../../../src/ui/home/journeys.ts';
import { balancedCloud, FRONTEND, INTERNAL_FRONTEND } from '../model/compile/balanced-cloud.ts';
import { addMachine, GROUP, kubenetCloud, NETWORK } from '../model/compile/kubenet-cloud.ts';
import { ADDRESSES, behindFirewall } from '../model/compile/firewall-world.ts';
import { after, pluginWorld } from '../model/compile/plugin-world.ts';
import type { Plugin } from '../model/compile/plugin-world.ts';

const cloud = kubenetCloud({
  nodes: 3,
  outsideHosts: [
    { kind: 'internet', name: 'web', address: '203.0.113.80', dnsNames: ['example.com'], ports: [80] },
    {
      kind: 'on-premises',
      name: 'datacenter',
      address: '10.1.2.3',
      prefix: '10.1.0.0/16',
      virtualNetwork: '*',
      ports: [80],
    },
  ],
});

const ENDS = [
  'pod/web-0-0',
  'pod/web-0-1',
  'pod/web-1-0',
  'vm/neighbour',
  'vm/peer',
  '10.1.2.3',
  '203.0.113.80',
];
const PAIRS = ENDS.flatMap((from) => ENDS.filter((to) => to !== from).map((to) => [from, to] as const));

describe('askedPath', () => {
  test.each(PAIRS)('%s to %s: every hop of both ways has a box, on wide and on narrow paper', (from, to) => {
    const answer = askedPath(cloud, { from, to });
    if (!answer.ok) throw new Error(answer.error.message);
    const { path, scene } = answer.value;
    for (const way of path.ways) {
      const stops = stopsThrough(
        scene,
        way.hops.map((hop) => hop.place),
      );
      for (const paper of [WIDE, NARROW]) {
        expect(drawWay(layOut(scene, paper), stops).stops).toHaveLength(way.hops.length);
      }
    }
  });

  test.each<Plugin>(['node-subnet', 'pod-subnet', 'overlay', 'overlay-cilium'])(
    '%s, which has no bridge: a pod stands in its node, and so does its neighbour',
    async (plugin) => {
      const answer = askedPath(await pluginWorld(plugin), { from: 'pod/client', to: 'pod/neighbour' });
      if (!answer.ok) throw new Error(answer.error.message);
      const homes = answer.value.scene.networks
        .flatMap((network) => network.subnets.flatMap((subnet) => subnet.machines))
        .map(({ bridge, pods }) => ({ bridge, pods: pods.map((pod) => pod.label) }))
        .filter(({ pods }) => pods.length > 0);
      expect(homes).toEqual([{ bridge: null, pods: ['client', 'neighbour'] }]);
    },
  );

  test('two nodes are shown where one would hide that there are more, and no third', () => {
    const answer = askedPath(cloud, { from: 'pod/web-0-0', to: 'pod/web-0-1' });
    if (!answer.ok) throw new Error(answer.error.message);
    const machines = answer.value.scene.networks.flatMap((network) =>
      network.subnets.flatMap((subnet) => subnet.machines),
    );
    expect(machines.map((machine) => machine.kind)).toEqual(['node', 'node']);
    expect(machines.map((machine) => machine.pods.length)).toEqual([2, 0]);
  });

  test('what the answer leaves unsaid is said beside it, in a sentence', async () => {
    const world = await pluginWorld('overlay');
    const ends = { from: 'pod/far', to: 'pod/client' };
    const policy = await after(
      world,
      `kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: deny-all
spec:
  podSelector: {}
  policyTypes: [Ingress]
YAML`,
    );
    const remarks = [world, policy].map((each) => {
      const answer = askedPath(each, ends);
      if (!answer.ok) throw new Error(answer.error.message);
      expect(answer.value.path.disposition).toBe('delivered');
      return answer.value.remarks;
    });
    expect(remarks).toEqual([
      [],
      [
        'NetworkPolicy default/deny-all selects pod/default/client for ingress, but it is stored and does nothing: cluster aks has no network policy engine (networkPolicy none), so nothing enforces it.',
      ],
    ]);
  });

  test('an end that does not exist is said to', () => {
    const answer = askedPath(cloud, { from: 'pod/nobody', to: 'pod/web-0-0' });
    expect(answer.ok).toBe(false);
  });
});

describe('journeysBetween', () => {
  const ends = ENDS.slice(0, 4).map((end) => ({ id: end, end, label: end }));

  test('every ordered pair has its journey, over one diagram', () => {
    const journeys = journeysBetween(cloud, ends, `${ENDS[0] ?? ''}>${ENDS[2] ?? ''}`);
    expect(Object.keys(journeys.pairs)).toHaveLength(ends.length * (ends.length - 1));
    for (const journey of Object.values(journeys.pairs)) {
      expect(journey.wide).toMatch(/^M[\d.]+ [\d.]+(L[\d.]+ [\d.]+)*$/);
      expect(journey.hops.every((hop) => hop.action !== '')).toBe(true);
    }
    expect(journeys.ends.map((end) => end.range)).toEqual(['P', 'P', 'P', 'N']);
  });

  test('a first pair that is not offered is a mistake', () => {
    expect(() => journeysBetween(cloud, ends, 'a>b')).toThrow('No pair is called a>b');
  });
});

describe('two VNets that are peered', () => {
  const PEERED = ['pod/web-0-0', 'vm/neighbour', 'vm/far', '10.99.0.200', '10.1.2.3'];
  const world = (() => {
    let next = unwrap(
      createVirtualNetwork(cloud, {
        resourceGroup: 'rg',
        name: 'far',
        location: 'westeurope',
        addressPrefixes: ['10.99.0.0/16'],
        subnets: [{ name: 'default', addressPrefix: '10.99.0.0/24' }],
      }),
    );
    const idOf = (group: string, name: string): string =>
      resourceId(next, group, 'Microsoft.Network/virtualNetworks', name);
    const near = idOf(GROUP, NETWORK);
    const far = idOf('rg', 'far');
    next = addMachine(next, 'far', `${far}/subnets/default`, '10.99.0.4');
    const flags = { allowVirtualNetworkAccess: true, allowForwardedTraffic: true };
    next = unwrap(
      createPeering(next, { resourceGroup: GROUP, virtualNetwork: NETWORK, name: 'to-far' }, far, {
        ...flags,
        allowGatewayTransit: true,
        useRemoteGateways: false,
      }),
    );
    return unwrap(
      createPeering(next, { resourceGroup: 'rg', virtualNetwork: 'far', name: 'back' }, near, {
        ...flags,
        allowGatewayTransit: false,
        useRemoteGateways: true,
      }),
    );
  })();

  test.each(
    PEERED.flatMap((from) =>
      PEERED.filter((to) => to !== from && from !== '10.99.0.200').map((to) => [from, to] as const),
    ),
  )('%s to %s: every hop has a box, and no box lies on another', (from, to) => {
    const answer = askedPath(world, { from, to });
    if (!answer.ok) throw new Error(answer.error.message);
    const { path, scene } = answer.value;
    for (const paper of [WIDE, NARROW]) {
      const diagram = layOut(scene, paper);
      for (const way of path.ways) {
        const stops = stopsThrough(
          scene,
          way.hops.map((hop) => hop.place),
        );
        expect(drawWay(diagram, stops).stops).toHaveLength(way.hops.length);
      }
      const leaves = diagram.boxes.filter((each) => each.shape === 'leaf' || each.shape === 'network');
      for (const one of leaves) {
        for (const other of leaves) {
          if (one === other || one.shape !== other.shape) continue;
          const apart =
            one.x + one.width <= other.x ||
            other.x + other.width <= one.x ||
            one.y + one.height <= other.y ||
            other.y + other.height <= one.y;
          expect(apart, `${one.id} and ${other.id}`).toBe(true);
        }
      }
    }
  });

  test('both are drawn, the one with the gateway next to it', () => {
    const answer = askedPath(world, { from: 'vm/far', to: '10.1.2.3' });
    if (!answer.ok) throw new Error(answer.error.message);
    expect(answer.value.scene.networks.map((network) => network.label)).toEqual([
      'VNet far',
      `VNet ${NETWORK}`,
    ]);
    expect(answer.value.path.verdict).toBe('delivered');
  });
});

test('the scene names hosts as the network does', () => {
  const answer = askedPath(cloud, { from: 'pod/web-1-0', to: '203.0.113.80' });
  if (!answer.ok) throw new Error(answer.error.message);
  const { scene } = answer.value;
  const known = compile(cloud).network.hosts;
  for (const box of [...scene.edges, ...scene.outside]) expect(known.has(box.id), box.id).toBe(true);
});

describe('load balancers', () => {
  const asked = (kind: 'public' | 'internal', from: string, to: string): AskedPath => {
    const answer = askedPath(balancedCloud({ kind }), { from, to });
    if (!answer.ok) throw new Error(answer.error.message);
    expect(answer.value.path.verdict).toBe('delivered');
    for (const way of answer.value.path.ways) {
      const stops = stopsThrough(
        answer.value.scene,
        way.hops.map((hop) => hop.place),
      );
      for (const paper of [WIDE, NARROW]) {
        expect(drawWay(layOut(answer.value.scene, paper), stops).stops).toHaveLength(way.hops.length);
      }
    }
    return answer.value;
  };

  test('a public one stands between the VNet and the internet, with the frontend that was asked for', () => {
    const { scene } = asked('public', 'internet', FRONTEND);
    expect(scene.edges.map(({ id, label, detail }) => [id, label, detail])).toEqual([
      ['lb/lb', 'LB lb', FRONTEND],
    ]);
  });

  test.each(['vm/client', 'vm/peer'])(
    'an internal one stands in the subnet of its frontend, seen from %s',
    (from) => {
      const { scene } = asked('internal', from, INTERNAL_FRONTEND);
      const subnets = scene.networks.flatMap((network) => network.subnets);
      const web = subnets.find(({ label }) => label === 'Subnet web');
      expect(web?.machines.at(-1)).toMatchObject({ label: 'LB lb', detail: INTERNAL_FRONTEND });
      expect(scene.edges).toEqual([]);
    },
  );
});

test('a NAT gateway stands between the VNet and the internet, with the address that the internet sees', async () => {
  const world = await after(
    await pluginWorld('overlay'),
    `for name in one two three; do az network public-ip create -g rg -n $name -o none; done
az network nat gateway create -g rg -n egress --public-ip-addresses one two three -o none
az network vnet subnet update -g rg --vnet-name vnet -n nodes --nat-gateway egress -o none`,
  );
  for (let sourcePort = 40_000; sourcePort < 40_020; sourcePort++) {
    const answer = askedPath(world, { from: 'pod/client', to: 'internet', sourcePort });
    if (!answer.ok) throw new Error(answer.error.message);
    const { path, scene } = answer.value;
    expect(scene.edges).toMatchObject([{ id: 'natgw/egress', label: 'NAT gateway' }]);
    expect(scene.edges[0]?.detail).toBe(path.seenSource);
  }
});

test("Azure's own services are no host of somebody's, and have no VNet's name", async () => {
  const world = await pluginWorld('overlay');
  const { path, scene } = unwrap(
    askedPath(world, { from: 'pod/client', to: '168.63.129.16', protocol: 'udp', port: 53 }),
  );
  expect(path.disposition).toBe('delivered');
  expect(scene.outside).toMatchObject([{ label: 'Azure platform', detail: '168.63.129.16' }]);
});

describe('a firewall', () => {
  const ANY = {
    network: [{ name: 'net', priority: 200, rules: [{ name: 'any', destinationAddresses: ['*'] }] }],
  };

  test.each([
    ['vm/one', 'vm/two', 80, '10.0.0.4'],
    ['vm/one', ADDRESSES.web, 443, ADDRESSES.firewall],
    ['internet', ADDRESSES.firewall, 8080, ADDRESSES.firewall],
  ])('%s to %s:%s: stands in its subnet, and every hop has a box', async (from, to, port, address) => {
    const cloud = await behindFirewall({
      ...ANY,
      nat: [
        {
          name: 'in',
          priority: 100,
          rules: [
            {
              name: 'one',
              destinationAddresses: [ADDRESSES.firewall],
              destinationPorts: ['8080'],
              translatedAddress: '10.1.1.4',
            },
          ],
        },
      ],
    });
    const { path, scene } = unwrap(askedPath(cloud, { from, to, port }));
    expect(path.disposition).toBe('delivered');
    const hub = scene.networks.find(({ id }) => id === 'network/hub');
    expect(
      hub?.subnets.map(({ label, machines }) => [label, machines.map((each) => [each.label, each.detail])]),
    ).toEqual([['Subnet AzureFirewallSubnet', [['Firewall fw', address]]]]);
    expect(scene.edges).toEqual([]);
    for (const way of path.ways) {
      const stops = stopsThrough(
        scene,
        way.hops.map((hop) => hop.place),
      );
      for (const paper of [WIDE, NARROW]) {
        expect(drawWay(layOut(scene, paper), stops).stops).toHaveLength(way.hops.length);
      }
    }
  });

  test('what comes in from the internet and goes to a spoke crosses nothing: the hub stands next to the internet', async () => {
    const BALANCED = `az network lb create -g rg -n lb --sku Standard --vnet-name spoke1 --subnet work \
  --private-ip-address 10.1.1.100 --frontend-ip-name in --backend-pool-name pool -o none
az network lb probe create -g rg --lb-name lb -n up --protocol Tcp --port 80 -o none
az network lb rule create -g rg --lb-name lb -n web --protocol Tcp --frontend-port 8080 --backend-port 80 \
  --frontend-ip-name in --backend-pool-name pool --probe-name up -o none
az network nic ip-config address-pool add -g rg --nic-name oneVMNic --ip-config-name ipconfigone \
  --lb-name lb --address-pool pool -o none`;
    const cloud = await behindFirewall(
      {
        nat: [
          {
            name: 'in',
            priority: 100,
            rules: [
              {
                name: 'one',
                destinationAddresses: [ADDRESSES.firewall],
                destinationPorts: ['8080'],
                translatedAddress: '10.1.1.100',
              },
            ],
          },
        ],
      },
      BALANCED,
    );
    const { scene } = unwrap(askedPath(cloud, { from: 'internet', to: ADDRESSES.firewall, port: 8080 }));
    expect(scene.networks.at(-1)?.id).toBe('network/hub');
  });
});
