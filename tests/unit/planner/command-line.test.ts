import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runCalc } from '../../../src/planner/command-line.ts';
import { CALCULATORS } from '../../../src/planner/registry.ts';

/** Splits at spaces; none of these lines needs quotes. */
const calc = (line: string) => runCalc(line.split(' ').filter((word) => word !== ''));

function json(line: string): Record<string, unknown> {
  const { stdout, exitCode, stderr } = calc(`${line} --json`);
  expect(stderr, line).toBe('');
  expect(exitCode, line).not.toBe(2);
  const parsed: unknown = JSON.parse(stdout);
  if (typeof parsed !== 'object' || parsed === null) throw new Error(`${line} printed no object`);
  return Object.fromEntries(Object.entries(parsed));
}

describe('answers', () => {
  test.each<[string, string, Record<string, unknown>]>([
    [
      'what a plan for 300 nodes needs',
      'kubenet-plan --nodes 300 --surge 1 --pod-cidr 10.244.0.0/16 --subnet 10.224.0.0/24 --custom-routes 3 --max-pods 110',
      {
        fits: false,
        peakNodes: 301,
        addressesNeeded: 301,
        smallestPrefix: 23,
        routesNeeded: 304,
        smallestPodCidrPrefix: 15,
        runsOutFirst: 'subnetAddresses',
        failsAtNode: 252,
      },
    ],
    [
      'the default surge of a tenth',
      'kubenet-plan --nodes 50',
      { surge: '10%', surgeNodes: 5, peakNodes: 55 },
    ],
    ['the aliases of real az flags', 'kubenet-plan --node-count 10 --max-surge 33%', { surgeNodes: 4 }],
    ['flags with an equals sign', 'kubenet-plan --nodes=10 --max-surge=33%', { surgeNodes: 4 }],
    ['names as in the JSON', 'kubenet-plan --nodes 10 --maxPods 30 --podCidr 10.244.0.0/18', { pods: 300 }],
    [
      'a subnet by its length alone',
      'kubenet-plan --nodes 10 --subnet /28 --surge 1',
      { fits: true, subnetPrefix: 28 },
    ],
    ['pools one by one', 'kubenet-plan --nodes 3,7 --surge 10%', { nodes: 10, surgeNodes: 2 }],
    ['pools as words', 'kubenet-plan --nodes 3 7 --surge 10%', { nodes: 10, surgeNodes: 2 }],
    [
      "the autoscaler's maximum, as AKS counts it",
      'kubenet-plan --nodes 3,7 --max-count 10,20 --surge 10%',
      { nodesAtFirst: 10, nodes: 30, surgeNodes: 3, peakNodes: 33 },
    ],
    [
      'the default service range under a node subnet, as a warning',
      'kubenet-plan --nodes 3 --subnet 10.0.0.0/16',
      {
        fits: true,
        warnings: expect.arrayContaining([expect.stringContaining('overlaps the Service CIDR')]) as unknown,
      },
    ],
    [
      'too few pods in one pool of several',
      'kubenet-plan --nodes 1,5 --max-pods 10',
      { warnings: expect.arrayContaining([expect.stringContaining('1 x 10 is 10')]) as unknown },
    ],
    [
      'one plugin by the word of az',
      'ip-plan --plugin azure --nodes 50 --max-surge 33%',
      { ipam: 'node-subnet', surgeNodes: 17 },
    ],
    [
      'a plugin and its mode, as az has them',
      'ip-plan --network-plugin azure --network-plugin-mode overlay --nodes 50',
      { ipam: 'overlay' },
    ],
    [
      'pools by their own flag',
      'ip-plan --pools system=3 user=10 --ipam overlay',
      { pools: [3, 10], poolNames: ['system', 'user'] },
    ],
    [
      'several plugins, each once and in one order',
      'ip-plan --ipam overlay,node-subnet --ipam overlay --nodes 3',
      { plans: [{ ipam: 'node-subnet' }, { ipam: 'overlay' }] },
    ],
    [
      'pools by name, in any order',
      'ip-plan --ipam node-subnet --nodes system=2 user=3 --max-pods user=110 system=30 --surge system=0 user=1',
      { pools: [2, 3], poolNames: ['system', 'user'], maxPods: [30, 110], addressesNeeded: 2 * 31 + 4 * 111 },
    ],
    [
      'growth where it costs most',
      'ip-plan --ipam node-subnet --nodes 2,3 --max-pods 30,110 --surge 0 --growth 2',
      { growth: { nodes: 7, addressesNeeded: 2 * 31 + 5 * 111 } },
    ],
    [
      'growth pool by pool',
      'ip-plan --ipam node-subnet --nodes 2,3 --max-pods 30,110 --surge 0 --growth 2,0',
      { growth: { nodes: 7, addressesNeeded: 4 * 31 + 3 * 111 } },
    ],
    [
      'a given node subnet that is too small',
      'ip-plan --ipam node-subnet --nodes 50 --subnet 10.0.0.0/24',
      { fits: false },
    ],
    ['every /24', 'subnet-split --prefix 10.224.0.0/16 --into 24', { subnetCount: 256, freeAddresses: 0 }],
    ['a length with its slash', 'subnet-split --prefix 10.224.0.0/16 --new-prefix /24', { subnetCount: 256 }],
    ['a bare prefix', 'subnet-split 10.224.0.0/24', { usableAddresses: 251, firstUsable: '10.224.0.4' }],
    [
      'three equal parts',
      'subnet-split --prefix 10.0.0.0/24 --count 3',
      { subnetCount: 3, free: ['10.0.0.192/26'] },
    ],
    [
      'overlaps, without failing',
      'subnet-split 10.0.0.0/8 --existing a=10.0.0.0/16,b=10.0.4.0/24',
      {
        fits: true,
        overlaps: [
          {
            first: { name: 'a', prefix: '10.0.0.0/16' },
            second: { name: 'b', prefix: '10.0.4.0/24' },
            shared: '10.0.4.0/24',
          },
        ],
      },
    ],
    [
      'a space with nothing left',
      'subnet-split 10.0.0.0/24 --into 26 --existing 10.0.0.0/24',
      { subnetCount: 0, warnings: ['No /26 is free.'] },
    ],
    [
      'host counts in words',
      'subnet-split 10.0.0.0/24 --hosts web=100 db=50',
      { subnetCount: 2, fits: true },
    ],
  ])('%s', (_, line, expected) => {
    expect(json(line)).toMatchObject(expected);
  });
});

describe('exit codes', () => {
  test.each([
    ['a plan that does not fit is still an answer', 'kubenet-plan --nodes 300 --subnet /24', 0],
    ['unless --check asks for a verdict', 'kubenet-plan --nodes 300 --subnet /24 --check', 1],
    ['--check passes when the plan fits', 'kubenet-plan --nodes 100 --subnet /24 --check', 0],
    ['--check looks at the grown plan too', 'kubenet-plan --nodes 100 --growth 200% --subnet /24 --check', 1],
    ['a subnet that cannot be placed', 'subnet-split 10.0.0.0/24 --hosts 500', 1],
    [
      'a collision that was asked for',
      'subnet-split 10.0.0.0/8 --existing 10.0.0.0/16 --check 10.0.1.0/24',
      1,
    ],
    ['a check without collision', 'subnet-split 10.0.0.0/8 --existing 10.0.0.0/16 --check 10.1.0.0/24', 0],
    ['a check of what exists', 'subnet-split 10.0.0.0/8 --existing 10.0.0.0/16,10.0.0.0/24 --check', 1],
    ['a prefix outside the space', 'subnet-split 10.0.0.0/8 --check 192.168.0.0/24', 1],
    ['help', 'kubenet-plan --help', 0],
    ['list', 'list', 0],
    ['nothing at all', '', 2],
    ['an unknown calculator', 'nat-ports --nodes 3', 2],
    ['a missing required flag', 'kubenet-plan', 2],
    ['an unknown flag', 'kubenet-plan --nodes 3 --color red', 2],
  ])('%s', (_, line, exitCode) => {
    expect(calc(line).exitCode).toBe(exitCode);
  });
});

describe('refusals say what, where and what instead', () => {
  test.each([
    ['host bits', 'subnet-split --prefix 10.224.0.1/16', '--prefix: "10.224.0.1/16"', 'Try 10.224.0.0/16'],
    ['a count given as a length', 'subnet-split --prefix 10.0.0.0/16 --into 4', '--into: a /4', '--count 4'],
    [
      'a subnet that Azure has not',
      'subnet-split --prefix 10.0.0.0/24 --into 30',
      'a /30 has 4 addresses',
      'Try /29',
    ],
    ['too many parts', 'subnet-split --prefix 10.0.0.0/28 --count 3', 'would be /30', '2 or fewer'],
    [
      'a flag without dashes behind the nodes',
      'ip-plan --nodes 3 max-pods=30',
      '"max-pods" names no node pool',
      '--max-pods 30 if a flag is meant',
    ],
    [
      'a pool with a name beside one without',
      'ip-plan --nodes 3 surge=1',
      '"3" has no pool',
      'a name for each',
    ],
    ['JSON with a value', 'ip-plan --nodes 3 --json=true', '--json: takes no value', 'Try --json'],
    [
      'two modes at once',
      'subnet-split 10.0.0.0/16 --into 24 --hosts 5',
      '--into: cannot be combined',
      '--hosts',
    ],
    [
      'a name used twice',
      'subnet-split 10.0.0.0/16 --hosts a=5,A=6',
      'two subnets are called "A"',
      'name of its own',
    ],
    ['a percentage above 100', 'kubenet-plan --nodes 3 --surge 200%', '--surge: 200', 'Try 100%'],
    ['words for numbers', 'kubenet-plan --nodes three', '--nodes: "three" is no whole number', ''],
    ['a negative number', 'kubenet-plan --nodes -3', '--nodes: -3 is outside 1', 'Try 1'],
    [
      'a pod range without room',
      'kubenet-plan --nodes 3 --pod-cidr 10.244.0.0/25',
      'no room for one node',
      '/24 or larger',
    ],
    [
      'a pod range inside the subnet',
      'kubenet-plan --nodes 3 --pod-cidr 10.224.0.0/20 --subnet 10.224.0.0/16',
      'overlaps the node subnet 10.224.0.0/16',
      '10.244.0.0/16',
    ],
    [
      'a pod range AKS keeps',
      'kubenet-plan --nodes 3 --pod-cidr 172.16.0.0/12',
      'overlaps 172.30.0.0/16',
      '10.244.0.0/16',
    ],
    [
      'max pods below ten',
      'kubenet-plan --nodes 3 --max-pods 5',
      '--max-pods: 5 is outside 10 to 250',
      'Try 10',
    ],
    ['a typing error in a flag', 'kubenet-plan --nodse 3', '--nodse: there is no such flag', '--nodes'],
    [
      'a typing error in the name',
      'kubnet-plan --nodes 3',
      'no calculator "kubnet-plan"',
      'Did you mean kubenet-plan?',
    ],
    ['pools said twice', 'ip-plan --pools 2 --nodes 5', '--pools: says the same as --nodes', '--nodes 3,10'],
    [
      'a pool that nobody named',
      'ip-plan --nodes a=3 b=4 --max-pods a=30 c=30',
      '"c" is no pool',
      'one of a, b',
    ],
    ['a pool without a value', 'ip-plan --nodes a=3 b=4 --surge a=1', 'no value for the pool b', ''],
    ['names for some pools only', 'ip-plan --nodes a=3 b=4 --surge a=1 2', '"2" has no pool', ''],
    ['two pools of one name', 'ip-plan --nodes a=3 a=4', 'two pools are called "a"', 'name of its own'],
    ['two surges for three pools', 'ip-plan --nodes 1,2,3 --surge 1,2', '--surge: has 2 for 3 pools', ''],
    [
      'a mode without its plugin',
      'ip-plan --nodes 3 --network-plugin kubenet --network-plugin-mode overlay',
      '--network-plugin-mode: goes with',
      '',
    ],
    [
      'a plugin that does not exist',
      'ip-plan --nodes 3 --ipam flannel,overlay',
      '"flannel" is no way',
      'overlay',
    ],
    ['a hole between two pools', 'kubenet-plan --nodes 3,,4', '"3,,4" has a comma with no number', ''],
    ['thousands with a comma', 'kubenet-plan --nodes 1,000', 'never thousands', 'Try digits without a comma'],
    ['a broken percentage', 'kubenet-plan --nodes 3 --surge 33.3%', '"33.3%" is no whole number', 'as in 1%'],
    [
      'an autoscaler that starts above its maximum',
      'kubenet-plan --nodes 3 --max-count 2',
      '--max-count: 2 is less than the 3 nodes there are',
      'Try 3',
    ],
    [
      'one maximum for two pools',
      'kubenet-plan --nodes 3,4 --max-count 10',
      'has 1 for 2 pools',
      'one for each pool',
    ],
    [
      'a service range on top of the nodes',
      'kubenet-plan --nodes 3 --subnet 10.0.0.0/16 --service-cidr 10.0.4.0/22',
      '--service-cidr: 10.0.4.0/22 overlaps the node subnet 10.0.0.0/16',
      '',
    ],
    [
      'a node subnet that AKS keeps',
      'kubenet-plan --nodes 3 --subnet 172.31.4.0/24',
      '--subnet: 172.31.4.0/24 overlaps 172.31.0.0/16',
      '',
    ],
    ['a flag without its value', 'kubenet-plan --nodes 3 --subnet', '--subnet: needs a value', ''],
    ['one value too many', 'subnet-split 10.0.0.0/16 10.1.0.0/16', '--prefix: takes one value', ''],
    ['a value of no flag', 'pod-subnet 250', 'calc pod-subnet: "250" belongs to no flag', '--help'],
    ['a comma in a number', 'nat-gateway --connections 100,000', '"100,000" has a comma', 'Try 100000'],
    ['a length that no prefix has', 'subnet-split 10.0.0.0/16 --into 33', '--into: 33 is outside', 'Try 29'],
    ['nor a subnet', 'ip-plan --nodes 3 --subnet /33', '--subnet: 33 is outside', 'Try 29'],
    ['nor a pod range', 'overlay-capacity --pod-cidr /33', '--pod-cidr: 33 is outside', 'Try 24'],
    [
      'two routes of one table that Azure would not take',
      'effective-routes --routes a:10.2.0.0/16:None b:10.2.0.0/16:Internet --vnet 10.0.0.0/16 --to 10.2.0.4',
      '"b:10.2.0.0/16:Internet": the same destination as "a:10.2.0.0/16:None"',
      'RouteConflict',
    ],
    [
      'two routes of one name',
      'effective-routes --routes a:10.2.0.0/16:None A:10.3.0.0/16:None --vnet 10.0.0.0/16 --to 10.2.0.4',
      'the same name as "a:10.2.0.0/16:None"',
      'RouteConflict',
    ],
    [
      'a Service CIDR without a tenth address for DNS',
      'overlap-check --vnet 10.1.0.0/16 --service-cidr 192.168.0.0/29',
      '--dns-service-ip: is needed: the Service CIDR 192.168.0.0/29 has no tenth address',
      'Try 192.168.0.2',
    ],
    ['an unknown output', 'kubenet-plan --nodes 3 -o yaml', '"yaml" is no output format', 'json'],
  ])('%s', (_, line, what, instead) => {
    const { stdout, stderr, exitCode } = calc(line);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(what);
    expect(stderr).toContain(instead);
  });

  test('all mistakes come at once, also as JSON', () => {
    const { stdout, exitCode } = calc('kubenet-plan --nodes x --surge y --pod-cidr z --bogus 1 --json');
    expect(exitCode).toBe(2);
    const parsed: unknown = JSON.parse(stdout);
    expect(parsed).toMatchObject({
      errors: [{ flag: 'bogus' }, { flag: 'nodes' }, { flag: 'surge' }, { flag: 'pod-cidr' }],
    });
  });
});

test('what is taken is spoken of where something is', () => {
  const few = 'subnet-split 10.0.0.0/24 --into 29 --count 33';
  expect(calc(few).stdout).toContain('Only 32 of 33 subnets fit.');
  expect(calc(`${few} --existing 10.0.0.0/25`).stdout).toContain(
    '16 of 33 subnets fit beside what is taken.',
  );
});

test.each(CALCULATORS.map((each) => [each.name, each] as const))(
  '%s: a comma, a blank or an empty word is no value, and stands for no default',
  (name, { flags, examples }) => {
    const [example = ''] = examples.map(({ line }) => line);
    const fields = flags.filter((flag) => flag.takes !== 'switch' && flag.lines === undefined);
    for (const { name: field, aliases } of fields.filter(({ fileFor }) => fileFor === undefined)) {
      const others = example
        .split(/ (?=--)/)
        .filter((part) => ![field, ...aliases].includes(part.split(' ')[0]?.slice(2) ?? ''));
      for (const nothing of [',', ' ; ', ' ', '']) {
        const line = [name, ...others.join(' ').split(' '), `--${field}`, nothing];
        const { stderr, exitCode } = runCalc(
          line.filter((word, at) => word !== '' || at === line.length - 1),
        );
        expect([exitCode, stderr.includes(`--${field}: `)], line.join(' ')).toEqual([2, true]);
      }
    }
  },
);

test('help offers no spelling that means something else in a terminal', () => {
  for (const { name } of CALCULATORS) expect(calc(`${name} --help`).stdout).not.toMatch(/Also:.*--json\b/);
});

test('an unknown calculator is refused as JSON to a program', () => {
  const { stdout, exitCode } = calc('nat-ports --nodes 3 --json');
  expect(exitCode).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ errors: [{ value: 'nat-ports' }] });
});

describe('what is declared', () => {
  test.each(CALCULATORS.flatMap((each) => each.examples.map((example) => [each.name, example.line])))(
    'the example of %s runs: %s',
    (name, line) => {
      expect(calc(`${name} ${line}`)).toMatchObject({ stderr: '' });
    },
  );

  test.each(CALCULATORS.map((each) => [each.name, each] as const))(
    'no two flags of %s share a spelling, and help names every one',
    (name, { flags }) => {
      const spellings = flags.flatMap((flag) => [flag.name, ...flag.aliases]);
      expect(new Set(spellings).size).toBe(spellings.length);
      const help = calc(`${name} --help`).stdout;
      const listed = flags.filter(({ unlisted }) => unlisted === undefined);
      for (const flag of listed) expect(help).toContain(`--${flag.name}`);
    },
  );
});

test('no command line makes it crash, and every refusal says something', () => {
  const spellings = CALCULATORS.flatMap((each) => each.flags.flatMap((flag) => [flag.name, ...flag.aliases]));
  const word = fc.oneof(
    fc.constantFrom(...spellings).map((spelling) => `--${spelling}`),
    fc.constantFrom(
      '--json',
      '-o',
      '--output',
      'json',
      '--',
      '-',
      '=',
      '--=',
      '10.0.0.0/8',
      '0.0.0.0/0',
      '/29',
      '24',
      '33%',
      '-1',
      'a=5',
      ',',
      '',
    ),
    fc.ipV4(),
    fc.string(),
    fc.integer().map(String),
  );
  const line = fc.tuple(
    fc.constantFrom('list', 'help', ...CALCULATORS.map((each) => each.name)),
    fc.array(word, { maxLength: 10 }),
  );
  fc.assert(
    fc.property(line, ([name, words]) => {
      const { exitCode, stdout, stderr } = runCalc([name, ...words]);
      expect([0, 1, 2]).toContain(exitCode);
      if (exitCode === 2) expect(stderr).not.toBe('');
      else expect(stdout).not.toBe('');
    }),
    { numRuns: 2_000 },
  );
});

test.each(CALCULATORS.map((each) => [each.name, each] as const))(
  'the help of %s names its JSON keys',
  (name, each) => {
    const { stdout } = runCalc([name, '--help']);
    for (const { line } of each.examples) {
      const keys = Object.keys(JSON.parse(runCalc([name, ...line.split(' '), '--json']).stdout) as object);
      for (const key of keys) expect(stdout, `${line}: ${key}`).toMatch(new RegExp(`\\b${key}\\b`));
    }
  },
);
