import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ALL_MIGRATION_TYPES, outboundMigration } from '../../../src/model/aks/outbound-migration.ts';
import type { MigrationType } from '../../../src/model/aks/outbound-migration.ts';
import { runCalc } from '../../../src/planner/command-line.ts';
import { readClusterJson } from '../../../src/planner/outbound-cluster-json.ts';
import { migrationTable, planMigration } from '../../../src/planner/outbound-migration.ts';

const calc = (line: string, file?: string) =>
  runCalc(['outbound-migration', ...line.split(' ').filter((word) => word !== '')], (path) =>
    path === 'cluster.json' ? (file ?? null) : null,
  );
const json = (line: string, file?: string): unknown => JSON.parse(calc(`${line} --json`, file).stdout);

describe('verdicts', () => {
  test.each<[string, string, unknown, 0 | 1]>([
    [
      'to a NAT gateway of the user, the VNet told by the type',
      '--from loadBalancer --to userAssignedNATGateway',
      { vnet: 'brought', supported: 'yes', possible: true },
      0,
    ],
    [
      'back from a managed NAT gateway: contested, decided by the table',
      '--from managedNATGateway --to loadBalancer',
      {
        supported: 'contested',
        decided: 'no',
        detours: [
          ['managedNATGateway', 'none', 'loadBalancer'],
          ['managedNATGateway', 'block', 'loadBalancer'],
        ],
      },
      1,
    ],
    [
      'from StandardV2 to none: contested, decided by the release notes',
      '--from managedNATGatewayV2 --to none',
      { supported: 'contested', decided: 'yes' },
      0,
    ],
    [
      'a SKU alone is a migration of the gateway',
      '--from managedNATGateway --outbound-type-sku StandardV2',
      { to: 'managedNATGatewayV2', decided: 'yes' },
      0,
    ],
    ['StandardV2 to Standard', '--from managedNATGatewayV2 --to managedNATGateway', { decided: 'no' }, 1],
    [
      'to userDefinedRouting in a managed VNet',
      '--from lb --to udr --vnet managed',
      { decided: 'no', detours: [] },
      1,
    ],
    [
      'to a managed gateway in a brought VNet',
      '--from lb --to managedNATGateway --vnet byo',
      { decided: 'no' },
      1,
    ],
    ['to block in a brought VNet', '--from none --to block --vnet brought', { decided: 'no' }, 1],
    ['to the same', '--from udr --to userDefinedRouting', { supported: 'same', steps: [] }, 0],
  ])('%s', (_, line, expected, exitCode) => {
    const answer = calc(`${line} --json`);
    expect(answer.stderr).toBe('');
    expect(JSON.parse(answer.stdout)).toMatchObject(expected as object);
    expect(answer.exitCode).toBe(exitCode);
  });

  test('the same table whose VNet it is, where the types do not tell it', () => {
    for (const from of ['loadBalancer', 'none'] as const)
      for (const to of ['loadBalancer', 'none'] as const)
        expect(outboundMigration(from, to, 'managed').decided).toBe(
          outboundMigration(from, to, 'brought').decided,
        );
  });

  test('without types both tables are printed, and each cell has its source', () => {
    const { table } = json('') as { table: { vnet: string; source: { date: string } }[] };
    expect(table.filter((each) => each.vnet === 'managed')).toHaveLength(25);
    expect(table.filter((each) => each.vnet === 'brought')).toHaveLength(16);
    for (const { source } of table) expect(source.date).toMatch(/^2026-/);
    expect(calc('').stdout).toContain(
      'managedNATGateway to managedNATGatewayV2, none, block; not to loadBalancer (contested)',
    );
  });
});

describe('the order', () => {
  const commandsOf = (line: string): readonly string[] => {
    const { steps } = json(line) as { steps: { phase: string; commands: string[] }[] };
    return steps.flatMap(({ phase, commands }) => commands.map((each) => `${phase}: ${each}`));
  };

  test('addresses that can be known are told before anything changes', () => {
    for (const to of ['loadBalancer', 'userAssignedNATGateway', 'userDefinedRouting']) {
      for (const from of ['loadBalancer', 'userAssignedNATGateway', 'userDefinedRouting']) {
        if (from === to) continue;
        const { steps } = json(`--from ${from} --to ${to} --vnet brought`) as { steps: { phase: string }[] };
        const phases = steps.map(({ phase }) => phase);
        expect(phases.lastIndexOf('tell')).toBeLessThan(phases.indexOf('change'));
        expect(phases.indexOf('tell')).toBeGreaterThan(phases.indexOf('before'));
      }
    }
  });

  test('a Standard gateway of AKS has addresses that nobody can be told before', () => {
    const { steps, addressesKnown } = json(
      '--from loadBalancer --to managedNATGateway --to-sku Standard',
    ) as {
      steps: { phase: string }[];
      addressesKnown: string;
    };
    const phases = steps.map(({ phase }) => phase);
    expect(phases.indexOf('tell')).toBeGreaterThan(phases.indexOf('change'));
    expect(addressesKnown).toBe('after');
  });

  test('what stands on the subnet is put there before az aks update, and taken away after it', () => {
    const changes = commandsOf('--from userAssignedNATGateway --to userDefinedRouting').filter((each) =>
      each.startsWith('change'),
    );
    expect(changes.map((each) => /--route-table rt|aks update|natGateway$/.exec(each)?.[0])).toEqual([
      '--route-table rt',
      'aks update',
      'natGateway',
    ]);
  });

  test('every supported migration ends with the new type, every other has no steps', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ALL_MIGRATION_TYPES),
        fc.constantFrom(...ALL_MIGRATION_TYPES),
        fc.constantFrom('managed' as const, 'brought' as const),
        (from, to, vnet) => {
          const plan = planMigration(from, to, vnet, null);
          const updates = plan.steps.flatMap(({ commands }) =>
            commands.filter((each) => each.includes('--outbound-type ')),
          );
          const isPossible = plan.migration.decided === 'yes';
          expect(updates).toHaveLength(isPossible ? 1 : 0);
          expect(plan.switches === null).toBe(!isPossible);
          for (const way of plan.detours) {
            expect(way.at(0)).toBe(from);
            expect(way.at(-1)).toBe(to);
            way.slice(1).forEach((next, at) => {
              expect(outboundMigration(way[at] as MigrationType, next, vnet).decided).toBe('yes');
            });
          }
        },
      ),
    );
  });
});

describe('a cluster as az aks show prints it', () => {
  const cluster = (changes: object = {}) => ({
    name: 'aks-shop',
    resourceGroup: 'rg-shop',
    agentPoolProfiles: [{ name: 'nodepool1', vnetSubnetId: null }],
    apiServerAccessProfile: null,
    networkProfile: {
      outboundType: 'loadBalancer',
      loadBalancerProfile: { effectiveOutboundIPs: [{ id: '/ip' }] },
    },
    ...changes,
  });
  const SUBNET =
    '/subscriptions/s/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/v/subnets/nodes';

  test.each<[string, object, object]>([
    [
      'no subnet named: AKS made the VNet',
      cluster(),
      { vnet: 'managed', outboundType: 'loadBalancer', apiServer: 'public', authorizedRanges: [] },
    ],
    [
      'a subnet named: brought',
      cluster({
        agentPoolProfiles: [{ vnetSubnetId: SUBNET }, { vnetSubnetID: SUBNET, podSubnetId: '/pods' }],
      }),
      { vnet: 'brought', subnets: [SUBNET, '/pods'] },
    ],
    [
      'a managed gateway of SKU StandardV2',
      cluster({
        networkProfile: { outboundType: 'managedNATGateway', natGatewayProfile: { sku: 'StandardV2' } },
      }),
      { outboundType: 'managedNATGatewayV2' },
    ],
    [
      'a private cluster with ranges',
      cluster({
        apiServerAccessProfile: { enablePrivateCluster: true, authorizedIpRanges: ['198.51.100.0/24'] },
      }),
      { apiServer: 'private', authorizedRanges: ['198.51.100.0/24'] },
    ],
    [
      'the ARM resource',
      {
        id: '/subscriptions/s/resourceGroups/rg-arm/providers/x',
        properties: { networkProfile: { outboundType: 'none' }, agentPoolProfiles: [{}] },
      },
      { outboundType: 'none', resourceGroup: 'rg-arm', vnet: 'managed' },
    ],
    [
      'its network profile alone says nothing of the VNet',
      { outboundType: 'userDefinedRouting' },
      { outboundType: 'userDefinedRouting', vnet: null, apiServer: null },
    ],
  ])('%s', (_, text, expected) => {
    const read = readClusterJson(JSON.stringify(text));
    expect(read).toMatchObject({ ok: true, value: expected });
  });

  test('its names stand in the commands, and its ranges are kept', () => {
    const file = JSON.stringify(
      cluster({
        agentPoolProfiles: [{ vnetSubnetId: SUBNET }],
        apiServerAccessProfile: { authorizedIpRanges: ['198.51.100.0/24'] },
      }),
    );
    const { stdout, exitCode } = calc('--to userAssignedNATGateway --file cluster.json', file);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`subnet update --ids ${SUBNET} --nat-gateway`);
    expect(stdout).toContain('-g rg-shop -n aks-shop --outbound-type userAssignedNATGateway');
    expect(stdout).toContain('--api-server-authorized-ip-ranges 198.51.100.0/24,$NEW_ADDRESS/32');
  });

  test.each([
    ['no JSON', 'loadBalancer', 'no JSON'],
    ['half a file', '{\n  "name": "x",\n  "sku": {', 'line 3: is no JSON: the text ends, and 2 brackets'],
    ['several clusters', '[{},{}]', '2 clusters'],
    ['no outbound type', '{"name":"x"}', 'no networkProfile.outboundType'],
    ['a type that AKS does not have', '{"outboundType":"carrierPigeon"}', 'carrierPigeon'],
  ])('refuses %s', (_, text, message) => {
    const { stderr, exitCode } = calc('--to none --file cluster.json', text);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });

  test('contradictions between the text and the flags are named', () => {
    const { stderr } = calc(
      '--from none --to block --vnet brought --file cluster.json',
      JSON.stringify(cluster()),
    );
    expect(stderr).toContain('--from: the cluster has outbound type loadBalancer');
    expect(stderr).toContain('--vnet: the cluster is in another kind of VNet');
  });
});

describe('wrong inputs', () => {
  test.each([
    ['--from natgateway --to none', '--from: "natgateway" does not say whose NAT gateway it is'],
    ['--from lb --to internet', '"internet" is no outbound type of AKS'],
    ['--from lb --to none --vnet mine', '"mine" is no kind of VNet'],
    ['--from lb --to none --to-sku StandardV2', 'only a NAT gateway that AKS makes has a SKU'],
    ['--from managedNATGatewayV2 --from-sku Standard --to none', 'managedNATGatewayV2 is the SKU StandardV2'],
    ['--to none', 'from which type?'],
  ])('%s', (line, message) => {
    const { stderr, stdout, exitCode } = calc(line);
    expect(stderr).toContain(message);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
  });
});

test('the tables of both VNets are complete', () => {
  for (const vnet of ['managed', 'brought'] as const)
    for (const { from, to, migration } of migrationTable(vnet))
      expect(migration).toEqual(outboundMigration(from, to, vnet));
});

test('names go into commands so that a shell takes them as they are', () => {
  const cluster = JSON.stringify({
    name: 'aks',
    resourceGroup: 'rg(prod)',
    networkProfile: { outboundType: 'loadBalancer' },
  });
  const { stdout } = calc('--file cluster.json --to none', cluster);
  expect(stdout).toContain("az aks update -g 'rg(prod)' -n aks --outbound-type none");
});
