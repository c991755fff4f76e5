import { beforeAll, describe, expect, test } from 'vitest';
import { listResources } from '../../../../src/model/azure/resource-store.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { effectiveOutboundMethod } from '../../../../src/model/compile/effective-outbound.ts';
import type { Trace } from '../../../../src/model/trace/trace.ts';
import { places, stepsAt } from '../../../support/trace-expectations.ts';
import { after, nodeAddress, pluginWorld, seenSource, traced } from './plugin-world.ts';
import type { Plugin } from './plugin-world.ts';

const gateway = (subnet: string, name: string): string => `
az network public-ip create -g rg -n pip-${name} -o none
az network nat gateway create -g rg -n ${name} --public-ip-addresses pip-${name} -o none
az network vnet subnet update -g rg --vnet-name vnet -n ${subnet} --nat-gateway ${name} -o none`;

const addressOf = (cloud: Cloud, name: string): string =>
  listResources(cloud, 'Microsoft.Network/publicIPAddresses').find((each) => each.name === name)?.ipAddress ??
  'none';

/** The place where the source became public. */
const wayOut = (trace: Trace): string | undefined =>
  places(trace).find((each) => /^(natgw|lb)\/|^edge\/(?!internet)/.test(each));

describe('who leaves by whose gateway', () => {
  // A gateway serves the subnet that an address is of: https://learn.microsoft.com/azure/nat-gateway/nat-overview
  // and, for pods of a pod subnet, https://github.com/Azure/AKS/blob/master/CHANGELOG.md (userAssignedNATGateway
  // asks for one on the pod subnet too).
  test.each<[Plugin, string, string]>([
    ['kubenet', 'natgw/nodes', 'lb/kubernetes'],
    ['node-subnet', 'natgw/nodes', 'lb/kubernetes'],
    ['node-subnet-cilium', 'natgw/nodes', 'lb/kubernetes'],
    ['overlay', 'natgw/nodes', 'lb/kubernetes'],
    ['overlay-cilium', 'natgw/nodes', 'lb/kubernetes'],
    ['pod-subnet', 'lb/kubernetes', 'natgw/pods'],
    ['pod-subnet-static', 'lb/kubernetes', 'natgw/pods'],
    ['pod-subnet-cilium', 'lb/kubernetes', 'natgw/pods'],
  ])('pods of %s: with one on the nodes’ subnet %s, on the pods’ subnet %s', async (plugin, nodes, pods) => {
    const world = await pluginWorld(plugin);
    const onNodes = await after(world, gateway('nodes', 'nodes'));
    const onPods = await after(world, gateway('pods', 'pods'));
    for (const [cloud, pod, node] of [
      [world, 'lb/kubernetes', 'lb/kubernetes'],
      [onNodes, nodes, 'natgw/nodes'],
      [onPods, pods, 'lb/kubernetes'],
    ] as const) {
      for (const [from, by] of [
        ['pod/client', pod],
        ['pod/far', pod],
        ['node0', node],
      ] as const) {
        const trace = traced(cloud, from, 'internet');
        expect([trace.disposition, wayOut(trace), from]).toEqual(['delivered', by, from]);
        if (by.startsWith('natgw/')) {
          expect(seenSource(trace)).toBe(addressOf(cloud, `pip-${by.slice('natgw/'.length)}`));
        }
        expect(trace.reverse === null ? [] : places(trace.reverse)).toContain(by);
      }
    }
  });
});

describe('beside a gateway', () => {
  let cloud: Cloud;
  beforeAll(async () => {
    cloud = await after(
      await pluginWorld('overlay'),
      `${gateway('nodes', 'nodes')}
${gateway('tools', 'tools')}
az network public-ip create -g rg -n own -o none
az network nic ip-config update -g rg --nic-name vm-toolsVMNic -n ipconfigvm-tools --public-ip-address own -o none
az network nsg create -g rg -n web -o none
az network nsg rule create -g rg --nsg-name web -n web --priority 100 --destination-port-ranges 80 --access Allow --protocol Tcp -o none
az network vnet subnet update -g rg --vnet-name vnet -n tools --network-security-group web -o none
kubectl expose pod client --name=web --port=80 --type=LoadBalancer > /dev/null`,
    );
  });

  test('an address of the machine’s own takes connections in, and answers them, but none leaves by it', () => {
    const out = traced(cloud, 'vm/vm-tools', 'internet');
    expect([out.disposition, seenSource(out)]).toEqual(['delivered', addressOf(cloud, 'pip-tools')]);
    const back = traced(cloud, 'internet', addressOf(cloud, 'own'), { port: 80 });
    expect([back.disposition, places(back).includes('edge/vnet')]).toEqual(['delivered', true]);
    expect(back.reverse === null ? [] : places(back.reverse)).toEqual(
      expect.arrayContaining(['fabric/vnet', 'edge/vnet']),
    );
  });

  test('a load balancer answers what it brought in', () => {
    const [state] = Object.values(cloud.kubernetes);
    const address = state?.services['default/web']?.status.loadBalancer.ingress?.[0]?.ip ?? 'none';
    const trace = traced(cloud, 'internet', address, { port: 80 });
    expect(trace.disposition).toBe('delivered');
    expect(trace.reverse === null ? [] : places(trace.reverse)).toContain('lb/kubernetes');
    expect(places(traced(cloud, 'pod/client', 'internet'))).not.toContain('lb/kubernetes');
  });

  test('nobody comes in by the gateway', () => {
    const trace = traced(cloud, 'internet', addressOf(cloud, 'pip-nodes'), { port: 80 });
    expect([trace.disposition, trace.hops.at(-1)?.place]).toEqual(['denied-inbound', 'natgw/nodes']);
  });

  test('a peered VNet has its own way out', () => {
    expect(wayOut(traced(cloud, 'vm/vm-data', 'internet'))).toBe('edge/data');
  });

  test('a NIC is found by its id', () => {
    const nic = listResources(cloud, 'Microsoft.Network/networkInterfaces').find(({ name }) =>
      name.startsWith('vm-tools'),
    );
    expect(effectiveOutboundMethod(cloud, nic?.id.toUpperCase() ?? '')).toMatchObject({
      kind: 'nat-gateway',
      gateway: { name: 'tools', host: 'natgw/tools' },
    });
    expect(effectiveOutboundMethod(cloud, '/nobody')).toBeNull();
  });
});

describe('routes come before a gateway', () => {
  const route = (hop: string): string => `${gateway('tools', 'tools')}
az network route-table create -g rg -n rt -o none
az network route-table route create -g rg --route-table-name rt -n all --address-prefix 0.0.0.0/0 ${hop} -o none
az network vnet subnet update -g rg --vnet-name vnet -n tools --route-table rt -o none`;

  // https://learn.microsoft.com/azure/nat-gateway/nat-overview, traffic routes
  test.each([
    ['--next-hop-type Internet', 'delivered', 'natgw/tools'],
    ['--next-hop-type None', 'dropped-by-route', undefined],
    ['--next-hop-type VirtualNetworkGateway', 'no-route', undefined],
  ])('%s', async (hop, disposition, by) => {
    const trace = traced(await after(await pluginWorld('overlay'), route(hop)), 'vm/vm-tools', 'internet');
    expect([trace.disposition, wayOut(trace)]).toEqual([disposition, by]);
  });

  test('to an appliance, which leaves by its own way out', async () => {
    const world = await pluginWorld('overlay');
    const cloud = await after(
      world,
      `${route(`--next-hop-type VirtualAppliance --next-hop-ip-address ${nodeAddress(world, 0)}`)}`,
    );
    const trace = traced(cloud, 'vm/vm-tools', 'internet');
    expect(places(trace)).not.toContain('natgw/tools');
  });
});

describe('what a gateway translates', () => {
  const world = (more: string): Promise<Cloud> =>
    pluginWorld('overlay').then((cloud) =>
      after(
        cloud,
        `${more}
az network vnet subnet update -g rg --vnet-name vnet -n tools --nat-gateway out -o none`,
      ),
    );
  const standard =
    'az network nat gateway create -g rg -n out --public-ip-addresses a b --public-ip-prefixes p -o none';
  const many = `for name in a b; do az network public-ip create -g rg -n $name -o none; done
az network public-ip prefix create -g rg -n p --length 30 -o none
${standard}`;
  const second = many
    .replaceAll(' -n $name', ' -n $name --sku StandardV2')
    .replace('--length 30', '--length 30 --sku StandardV2')
    .replace('-n out', '-n out --sku StandardV2');

  // https://learn.microsoft.com/azure/nat-gateway/nat-sku, 2026-07-27
  test.each([
    ['Standard', many, 'no-outbound-path'],
    ['StandardV2', second, 'delivered'],
  ])('%s: TCP, UDP and, as StandardV2, echo requests', async (_, script, ping) => {
    const cloud = await world(script);
    const of = (protocol: 'tcp' | 'udp' | 'icmp'): string =>
      traced(cloud, 'vm/vm-tools', 'internet', protocol === 'icmp' ? { protocol } : { protocol, port: 80 })
        .disposition;
    expect([of('tcp'), of('udp'), of('icmp')]).toEqual(['delivered', 'refused', ping]);
  });

  test('to each of its addresses, those of prefixes with the others, by connection', async () => {
    const cloud = await world(many);
    const block = listResources(cloud, 'Microsoft.Network/publicIPPrefixes')[0]?.ipPrefix ?? '';
    const [first = '', last = ''] = [block.replace(/\.\d+\/30$/, ''), /\.(\d+)\/30$/.exec(block)?.[1]];
    const all = [
      addressOf(cloud, 'a'),
      addressOf(cloud, 'b'),
      ...[0, 1, 2, 3].map((more) => `${first}.${Number(last) + more}`),
    ];
    const seen = new Set<string | null>();
    for (let sourcePort = 40_000; sourcePort < 40_200; sourcePort++) {
      const trace = traced(cloud, 'vm/vm-tools', 'internet', { port: 80, sourcePort });
      seen.add(seenSource(trace));
      expect(seenSource(trace)).toBe(
        seenSource(traced(cloud, 'vm/vm-tools', 'internet', { port: 80, sourcePort })),
      );
    }
    expect([...seen].sort()).toEqual(all.sort());
  });

  test('nothing, while it has no address', async () => {
    const trace = traced(
      await world('az network nat gateway create -g rg -n out -o none'),
      'vm/vm-tools',
      'internet',
    );
    expect([trace.disposition, trace.reason]).toEqual([
      'no-outbound-path',
      expect.stringContaining('NAT gateway out of subnet tools has no public IP address or prefix'),
    ]);
  });
});

test('a private subnet says what would give a way out', async () => {
  const cloud = await after(
    await pluginWorld('overlay'),
    'az network vnet subnet update -g rg --vnet-name vnet -n tools --default-outbound-access false -o none',
  );
  const trace = traced(cloud, 'vm/vm-tools', 'internet');
  expect(trace.disposition).toBe('no-outbound-path');
  for (const way of ['NAT gateway', 'public IP address', 'outbound rule', 'route to an appliance']) {
    expect(trace.reason).toContain(way);
  }
  expect(stepsAt(trace, 'fabric/vnet', 'drop')).toHaveLength(1);
});
