/** Security groups in every shape in which azure-cli and ARM print them, and what is said of broken ones. */
import { stringify } from 'yaml';
import { describe, expect, test } from 'vitest';
import { runCalc } from '../../../src/planner/command-line.ts';
import { tableOf, withCell, withNewRule, withoutRule } from '../../../src/planner/nsg-table.ts';

const ID = '/subscriptions/s/resourceGroups/rg-net/providers/Microsoft.Network/networkSecurityGroups/nsg-web';
const flat = {
  access: 'Allow',
  description: 'kept',
  destinationAddressPrefix: '*',
  destinationAddressPrefixes: [],
  destinationPortRange: null,
  destinationPortRanges: ['80', '443'],
  direction: 'Inbound',
  id: `${ID}/securityRules/AllowWeb`,
  name: 'AllowWeb',
  priority: 100,
  protocol: 'Tcp',
  provisioningState: 'Succeeded',
  sourceAddressPrefix: 'Internet',
  sourceAddressPrefixes: [],
  sourcePortRange: '*',
  sourcePortRanges: [],
};
const { id: _, name, ...properties } = flat;
const nsg = {
  id: ID,
  name: 'nsg-web',
  resourceGroup: 'rg-net',
  securityRules: [flat],
  defaultSecurityRules: [],
};
const effective = {
  association: { networkInterface: null, subnet: { id: '/v/subnets/s' } },
  effectiveSecurityRules: [
    {
      ...properties,
      name: 'securityRules/AllowWeb',
      protocol: 'All',
      destinationAddressPrefix: '0.0.0.0/0',
      destinationAddressPrefixes: ['0.0.0.0/0'],
      destinationPortRange: '80-80',
      destinationPortRanges: ['80-80', '443-443'],
      sourceAddressPrefix: 'Storage',
      expandedSourceAddressPrefix: ['203.0.113.0/24', '2603:1000::/40'],
      sourcePortRange: '0-65535',
      sourcePortRanges: ['0-65535'],
    },
  ],
  networkSecurityGroup: { id: ID },
};

function answerTo(text: string, more = ''): { readonly [key: string]: unknown } {
  const line = `--from 203.0.113.9:50000 --to 10.0.1.4:443 ${more}`.trim().split(' ');
  const { stdout, stderr } = runCalc(['nsg-evaluator', '--file', 'f', ...line, '--json'], () => text);
  expect(stderr).toBe('');
  const json: unknown = JSON.parse(stdout);
  return json as { readonly [key: string]: unknown };
}

test.each([
  ['nsg show', nsg],
  ['nsg list', [nsg]],
  ['rule list', [flat]],
  ['rule show', flat],
  ["ARM's nested form", { id: ID, name: 'nsg-web', properties: { securityRules: [{ name, properties }] } }],
  [
    'a REST list',
    { value: [{ id: ID, name: 'nsg-web', properties: { securityRules: [{ name, properties }] } }] },
  ],
  [
    'a template',
    {
      resources: [
        {
          type: 'Microsoft.Network/networkSecurityGroups',
          name: 'nsg-web',
          properties: { securityRules: [{ name, properties }] },
        },
      ],
    },
  ],
  ['nsg create, which wraps it', { NewNSG: nsg }],
  ['list-effective-nsg', { nextLink: null, value: [effective] }],
] as const)('reads %s', (_name, data) => {
  const answer = answerTo(JSON.stringify(data, null, 2));
  expect(answer).toMatchObject({ access: 'Allow', rule: 'AllowWeb', group: 'nsg-web' });
  expect(answerTo(stringify(data))).toMatchObject({ access: 'Allow', rule: 'AllowWeb' });
});

test('what Azure printed as the content of a tag holds', () => {
  const text = JSON.stringify({ value: [effective] });
  expect(answerTo(text)).toMatchObject({ access: 'Allow', groups: [{ place: 'subnet', doubtful: [] }] });
  const other = runCalc(
    ['nsg-evaluator', '--file', 'f', '--from', '198.51.100.1', '--to', '10.0.1.4:443', '--json'],
    () => text,
  );
  expect(JSON.parse(other.stdout)).toMatchObject({ access: 'Deny', rule: 'DenyAllInBound' });
});

test('several answers one behind the other, and where each group sits', () => {
  const nic = {
    ...nsg,
    name: 'nsg-nic',
    id: `${ID}-nic`,
    networkInterfaces: [{ id: '/nic' }],
    securityRules: [],
  };
  const subnet = { ...nsg, subnets: [{ id: '/subnet' }] };
  const answer = answerTo(`${JSON.stringify(nic)}\n${JSON.stringify(subnet, null, 2)}`);
  expect(answer).toMatchObject({
    access: 'Deny',
    group: 'nsg-nic',
    assumptions: [],
    groups: [
      { name: 'nsg-web', place: 'subnet', access: 'Allow' },
      { name: 'nsg-nic', place: 'nic', access: 'Deny' },
    ],
  });
});

describe('what is wrong is said with its place', () => {
  const broken = (change: object): string =>
    JSON.stringify({ ...nsg, securityRules: [{ ...flat, ...change }] }, null, 2);
  test.each([
    [
      'a priority',
      broken({ priority: 99 }),
      /line \d+: rule AllowWeb of nsg-web, priority: 99 is outside 100 to 4096/,
    ],
    ['an access', broken({ access: 'Permit' }), /rule AllowWeb of nsg-web, access: "Permit" is none/],
    [
      'a prefix',
      broken({ sourceAddressPrefix: '10.0.0.1/24' }),
      /sourceAddressPrefix: .*Try 10\.0\.0\.0\/24/,
    ],
    ['a tag', broken({ sourceAddressPrefix: 'Intrenet' }), /sourceAddressPrefix: .*Try Internet/],
    ['a port', broken({ destinationPortRanges: ['443-80'] }), /destinationPortRange: "443-80" .*Try 80-443/],
    ['no source', broken({ sourceAddressPrefix: null }), /sourceAddressPrefix: is missing/],
    [
      'a priority twice',
      JSON.stringify({ ...nsg, securityRules: [flat, { ...flat, name: 'Second' }] }, null, 2),
      /rule Second of nsg-web, priority: 100 is that of AllowWeb too \(line \d+\).*SecurityRuleConflict.*Try 101/,
    ],
    ['half a file', JSON.stringify(nsg, null, 2).slice(0, 200), /line \d+: is no JSON: .*still open/],
    ['a comma twice', '[{"name": "a",, "priority": 1}]', /line 1: is no JSON: /],
    ['something else', '{"kind": "Pod"}', /line 1: holds no security group and no rule: an object with kind/],
    ['an empty list', '[]', /the list is empty/],
    ['too few fields', 'AllowWeb:100:Inbound', /"AllowWeb:100:Inbound" has 3 fields/],
  ])('%s', (_name, text, message) => {
    const { stderr, stdout, exitCode } = runCalc(
      ['nsg-evaluator', '--file', 'f', '--from', '203.0.113.9', '--to', '10.0.1.4:80'],
      () => text,
    );
    expect(stderr).toMatch(message);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
  });
});

describe('a table writes into the text', () => {
  const WORDS =
    '# mine\nsubnet:A:100:Inbound:Allow:Tcp:Internet:any:10.0.1.4:80\nnic:B:200:Inbound:Deny:any:any:any:any:any\n';

  test('words', () => {
    const [subnet, nic] = tableOf(WORDS);
    const [a] = subnet?.rules ?? [];
    const [b] = nic?.rules ?? [];
    if (subnet === undefined || nic === undefined || a === undefined || b === undefined)
      throw new Error('two rules');
    expect(withCell(WORDS, subnet, a, 'source', '10.0.0.0/8, 192.168.0.0/16')).toBe(
      WORDS.replace(':Internet:', ':10.0.0.0/8,192.168.0.0/16:'),
    );
    expect(withoutRule(WORDS, nic, b)).toBe(WORDS.replace(/nic:B.*/, 'nic:'));
    const more = withNewRule(WORDS, nic, 'Inbound');
    expect(tableOf(more)[1]?.rules[1]?.cells).toMatchObject({ priority: '210', direction: 'Inbound' });
    const [, again] = tableOf(more);
    const added = again?.rules[1];
    if (again === undefined || added === undefined) throw new Error('one more');
    expect(withoutRule(more, again, added)).toBe(WORDS);
  });

  test.each([
    ['flat', nsg],
    ['nested', { name: 'nsg-web', properties: { securityRules: [{ name, properties }] } }],
  ])('%s JSON, and what it does not show stays', (_name, data) => {
    const text = JSON.stringify(data, null, 2);
    const [group] = tableOf(text);
    const rule = group?.rules[0];
    if (group === undefined || rule === undefined) throw new Error('one rule');
    const changed = withCell(text, group, rule, 'source', '10.0.0.0/8, asg/web');
    expect(tableOf(changed)[0]?.rules[0]?.cells.source).toBe('10.0.0.0/8,asg/web');
    expect(changed).toContain('"description": "kept"');
    expect(withCell(changed, group, rule, 'priority', '200')).toContain('"priority": 200');
    const more = withNewRule(text, group, 'Outbound');
    expect(tableOf(more)[0]?.rules.map(({ cells }) => cells.name)).toEqual(['AllowWeb', 'Rule1']);
    const [grown] = tableOf(more);
    const first = grown?.rules[0];
    if (grown === undefined || first === undefined) throw new Error('two rules');
    expect(tableOf(withoutRule(more, grown, first))[0]?.rules.map(({ cells }) => cells.name)).toEqual([
      'Rule1',
    ]);
    expect(answerTo(changed)).toMatchObject({ access: 'Deny' });
  });

  test('a group without a rule gets its first one', () => {
    const text = JSON.stringify({ name: 'n', type: 'Microsoft.Network/networkSecurityGroups' });
    const [group] = tableOf(text);
    if (group === undefined) throw new Error('a group');
    expect(tableOf(withNewRule(text, group, 'Inbound'))[0]?.rules).toHaveLength(1);
    expect(tableOf(withNewRule('', null, 'Inbound'))[0]?.rules).toHaveLength(1);
  });
});

test.each([
  ['*', 53, 'Deny'],
  ['*', 80, 'Allow'],
  ['443', 53, 'Allow'],
])(
  'AzurePlatformDNS is port 53, also where Azure lists its addresses: ports %s, asked %i',
  (ports, port, access) => {
    const rule = {
      ...properties,
      name: 'securityRules/NoDns',
      access: 'Deny',
      direction: 'Outbound',
      protocol: 'All',
      sourceAddressPrefix: '*',
      destinationAddressPrefix: 'AzurePlatformDNS',
      expandedDestinationAddressPrefix: ['168.63.129.16/32'],
      destinationPortRange: ports,
      destinationPortRanges: [ports],
    };
    const text = JSON.stringify({ value: [{ ...effective, effectiveSecurityRules: [rule] }] });
    const { stdout } = runCalc(
      [
        'nsg-evaluator',
        '--file',
        'f',
        '--direction',
        'Outbound',
        '--json',
        '--from',
        '10.0.1.4',
        '--to',
        `168.63.129.16:${port}`,
      ],
      () => text,
    );
    expect(JSON.parse(stdout)).toMatchObject({ access });
  },
);
