import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MigrationType } from '../../../src/model/aks/outbound-migration.ts';
import { runCalc } from '../../../src/planner/command-line.ts';
import { firewallSize, loadBalancerSize, natGatewaySize } from '../../../src/planner/outbound-size.ts';
import type { EgressLoad } from '../../../src/planner/outbound-size.ts';
import { chooseOutboundType, OUTBOUND_OPTIONS } from '../../../src/planner/outbound-type.ts';
import type { OutboundNeeds } from '../../../src/planner/outbound-type.ts';

const LOAD: EgressLoad = {
  nodes: 3,
  mostNodes: 4,
  connections: null,
  busiestNode: null,
  mostAddresses: null,
};
const choose = (needs: Partial<OutboundNeeds>) =>
  chooseOutboundType({
    ...LOAD,
    features: [],
    vnet: null,
    vnetKnownBy: 'vnet',
    region: null,
    existing: null,
    inPlace: 'not-required',
    ...needs,
  });
const remaining = (needs: Partial<OutboundNeeds>) =>
  choose(needs)
    .ranking.filter((each) => each.standing !== 'ruled-out')
    .map((each) => each.option);

describe('what remains, the best first', () => {
  test.each<[string, Partial<OutboundNeeds>, readonly MigrationType[]]>([
    [
      'for a cluster that asks for nothing',
      {},
      ['loadBalancer', 'managedNATGateway', 'userAssignedNATGateway', 'userDefinedRouting', 'none'],
    ],
    ['in a VNet of AKS', { vnet: 'managed' }, ['loadBalancer', 'managedNATGateway']],
    [
      'in a VNet of its own',
      { vnet: 'brought' },
      ['loadBalancer', 'userAssignedNATGateway', 'userDefinedRouting', 'none'],
    ],
    ['for egress by name', { features: ['fqdn-filter'] }, ['userDefinedRouting', 'none']],
    ['for an appliance in a VNet of AKS', { features: ['inspection'], vnet: 'managed' }, []],
    ['for no internet in a VNet of AKS', { features: ['isolated'], vnet: 'managed' }, ['none', 'block']],
    ['for no internet in a VNet of its own', { features: ['isolated'], vnet: 'brought' }, ['none']],
    ['for no internet and a partner', { features: ['isolated', 'fixed-address'] }, []],
    ['for no internet and a filter', { features: ['isolated', 'fqdn-filter'] }, []],
    [
      'for zones in a region without StandardV2',
      { features: ['zone-redundant'], region: 'qatarcentral', vnet: 'managed' },
      ['loadBalancer'],
    ],
    [
      'for many connections in a VNet of AKS: ports on demand before ports kept',
      { vnet: 'managed', nodes: 10, mostNodes: 11, connections: 40_000 },
      ['managedNATGateway', 'loadBalancer'],
    ],
    ['for ping in a VNet of AKS', { features: ['ping'], vnet: 'managed' }, ['managedNATGateway']],
    [
      'for a managed gateway that may not become a new cluster',
      { existing: 'managedNATGateway', inPlace: 'required', vnet: 'managed' },
      ['managedNATGateway'],
    ],
  ])('%s', (_, needs, expected) => {
    expect(remaining(needs)).toEqual(expected);
  });

  test('the name of the preview is ruled out by what replaced it', () => {
    const found = choose({}).ranking.find((each) => each.option === 'managedNATGatewayV2');
    expect(found?.standing).toBe('ruled-out');
    expect(found?.decidedBy.join()).toContain('--outbound-type-sku StandardV2');
  });
});

describe('addresses and ports', () => {
  test.each<[string, Partial<EgressLoad>, object]>([
    [
      'by the table',
      { mostNodes: 50, connections: 3_000, nodes: 3 },
      { addresses: 1, ports: 1_024, outboundPorts: null },
    ],
    // Configure a public standard load balancer: 4,000 ports for 100 nodes and 7 addresses.
    [
      'the example of the AKS page',
      { nodes: 100, mostNodes: 112, busiestNode: 4_000 },
      { addresses: 7, ports: 4_000 },
    ],
    // 3400 ports and one address carry 18 nodes, not the 19 that the page rounds to.
    [
      'a node more than one address carries',
      { nodes: 19, mostNodes: 19, busiestNode: 3_400 },
      { addresses: 2, outboundPorts: 3_400 },
    ],
    [
      'a need that is no multiple of 8',
      { nodes: 1, mostNodes: 1, connections: 1_025 },
      { outboundPorts: 1_032 },
    ],
    ['more nodes than the table knows', { mostNodes: 1_001 }, { ports: null, effect: 'unknown' }],
    [
      'more ports than a node can have',
      { nodes: 1, mostNodes: 1, connections: 64_001 },
      { effect: 'rules-out', because: 'connections' },
    ],
    [
      'more than a hundred addresses',
      { nodes: 1_000, mostNodes: 1_000, busiestNode: 6_408 },
      { addresses: 101, effect: 'rules-out' },
    ],
    [
      'more addresses than a partner allows',
      { nodes: 19, mostNodes: 19, busiestNode: 3_400, mostAddresses: 1 },
      { effect: 'rules-out', because: 'addresses' },
    ],
  ])('of a load balancer: %s', (_, load, expected) => {
    expect(loadBalancerSize({ ...LOAD, ...load })).toMatchObject(expected);
  });

  test.each<[number, number]>([
    [1, 1],
    [50_000, 1],
    [50_001, 2],
    [800_000, 16],
  ])('of a NAT gateway: %i connections to one destination take %i addresses', (connections, addresses) => {
    expect(natGatewaySize({ ...LOAD, connections })).toMatchObject({ addresses, effect: 'supports' });
  });

  test('one more than 16 addresses carry is too many for a NAT gateway', () => {
    expect(natGatewaySize({ ...LOAD, connections: 800_001 }).effect).toBe('rules-out');
  });

  test('an Azure Firewall that may show few addresses borrows those of a NAT gateway', () => {
    expect(firewallSize({ ...LOAD, connections: 30_000 })).toMatchObject({
      addresses: 7,
      effect: 'supports',
    });
    expect(firewallSize({ ...LOAD, connections: 30_000, mostAddresses: 2 })).toMatchObject({
      addresses: 1,
      effect: 'condition',
    });
  });

  test('a load balancer never promises more ports than its addresses have', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5_000 }),
        fc.integer({ min: 0, max: 500 }),
        fc.integer({ min: 1, max: 80_000 }),
        (nodes, more, busiestNode) => {
          const size = loadBalancerSize({ ...LOAD, nodes, mostNodes: nodes + more, busiestNode });
          if (size.ports === null || size.effect === 'rules-out') return;
          expect(size.ports * (nodes + more)).toBeLessThanOrEqual(size.addresses * 64_000);
          expect(size.ports).toBeGreaterThanOrEqual(busiestNode);
        },
      ),
    );
  });
});

test('every type has a reason with a source and a date', () => {
  for (const { reasons } of choose({ features: ['zone-redundant', 'windows', 'ipv6'], connections: 9 })
    .ranking)
    for (const { text, source, read } of reasons) {
      expect(text).toMatch(/\.$/);
      expect(source).toContain('https://');
      expect(read).toMatch(/^20\d\d-\d\d-\d\d$/);
    }
});

test('what contradicts is a smallest set: without any part of it a type remains', () => {
  const needs = { features: ['inspection', 'windows'], vnet: 'managed' } as const;
  const { contradictions, without } = choose(needs);
  expect(contradictions).toEqual([{ requirements: ['inspection', 'vnet'] }]);
  for (const { best } of without) expect(OUTBOUND_OPTIONS).toContain(best);
});

describe('in the terminal', () => {
  const calc = (line: string) => runCalc(['outbound-type', ...line.split(' ').filter((word) => word !== '')]);

  test('the lines make what the sums say', () => {
    const { stdout, exitCode } = calc(
      '--fixed-address --nodes 12 --max-nodes 40 --connections 30000 --vnet managed --json',
    );
    expect(exitCode).toBe(0);
    const { ranking } = JSON.parse(stdout) as {
      ranking: { type: string; commands: string[]; objects: object[] }[];
    };
    const balancer = ranking.find(({ type }) => type === 'loadBalancer');
    expect(balancer?.commands.join('\n')).toMatch(
      /--length 31 --sku Standard .*\n.*--load-balancer-outbound-ports 2504/,
    );
    expect(balancer?.objects).toContainEqual({ count: 2, type: 'publicIPAddresses', by: 'you' });
  });

  test('a cluster that exists is updated, and its VNet is nobody’s wish', () => {
    const moved = calc('--existing loadBalancer --vnet brought --fqdn-filter');
    expect(moved.stdout).toContain('az aks update -g $GROUP -n $CLUSTER --outbound-type userDefinedRouting');
    expect(moved.stdout).not.toContain('az aks create -g');
    const stuck = calc('--existing managedNATGateway --in-place --inspection --json');
    const { contradictions } = JSON.parse(stuck.stdout) as { contradictions: { requirements: string[] }[] };
    expect(contradictions.flatMap(({ requirements }) => requirements)).not.toContain('vnet');
    expect(stuck.exitCode).toBe(1);
  });

  test.each([
    ['--vnet mine', 'no kind of VNet'],
    ['--ipv6 maybe', 'neither yes nor no'],
    ['--nodes 5 --max-nodes 3', 'fewer than the 5 nodes'],
    ['--connections 10 --busiest-node 11', 'more than the 10 of the cluster'],
    ['--nodes 5 --connections 100 --busiest-node 3', 'less than an even share'],
    ['--region atlantis', 'no region that this workbook knows'],
    ['--in-place', 'which type does the cluster have?'],
    ['--existing block --vnet brought', 'another kind of VNet'],
    ['--nodes many', 'no whole number'],
    ['--conections 5', 'there is no such flag'],
  ])('refuses %s', (line, message) => {
    const { stdout, stderr, exitCode } = calc(line);
    expect(stderr).toContain(message);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
  });

  test('a wish that nothing meets ends with 1 and names what contradicts', () => {
    const { stdout, exitCode } = calc('--vnet managed --inspection');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('without "The kind of VNet", userDefinedRouting remains');
    expect(calc('--fixed-address --vnet brought --isolated').stdout).toContain('type none remains');
  });
});
