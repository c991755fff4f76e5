import { describe, expect, test } from 'vitest';
import { runCalc } from '../../../src/planner/command-line.ts';
import { newCloud } from '../../../src/model/azure/subscription.ts';
import { createSession } from '../../../src/shell/session.ts';

interface Answer {
  readonly verdict: string;
  readonly nextHopType: string | null;
  readonly route: string | null;
  readonly answers: readonly {
    readonly table: string;
    readonly to: string;
    readonly outcome: string;
    readonly winner: { readonly nextHopType: string; readonly addressPrefix: string } | null;
    readonly losers: readonly {
      readonly addressPrefix: string;
      readonly reason: string;
      readonly state: string;
    }[];
    readonly dependsOn: readonly string[];
  }[];
  readonly tables: readonly {
    readonly name: string;
    readonly space: readonly { readonly from: string; readonly nextHopType: string }[];
  }[];
  readonly warnings: readonly string[];
  readonly assumptions: readonly string[];
}

/** Runs the calculator with these texts as files, and the words of a line. */
function ask(line: string, ...files: readonly string[]): Answer {
  const output = run(line, ...files);
  if (output.exitCode === 2) throw new Error(output.stderr);
  return JSON.parse(output.stdout) as Answer;
}

function run(line: string, ...files: readonly string[]) {
  const names = files.map((_, at) => `f${at}`);
  const flags = names.length === 0 ? [] : ['--file', ...names];
  return runCalc(
    ['effective-routes', ...flags, ...line.split(' '), '--json'],
    (path) => files[names.indexOf(path)] ?? null,
  );
}

const hops = (answer: Answer): readonly string[] =>
  answer.answers.map(({ to, outcome, winner }) =>
    `${to} ${outcome} ${winner?.nextHopType ?? '-'} ${winner?.addressPrefix ?? ''}`.trim(),
  );

const effective = (
  ...routes: readonly (readonly [source: string, state: string, at: string, type: string, hop?: string])[]
): string =>
  JSON.stringify({
    nextLink: null,
    value: routes.map(([source, state, at, nextHopType, hop]) => ({
      source,
      state,
      addressPrefix: at.split(' '),
      nextHopType,
      nextHopIpAddress: hop === undefined ? [] : [hop],
      name: null,
    })),
  });

describe('a list of effective routes', () => {
  const NIC = effective(
    ['Default', 'Active', '10.1.0.0/16', 'VnetLocal'],
    ['Default', 'Active', '10.0.0.0/16', 'VNetPeering'],
    ['VirtualNetworkGateway', 'Invalid', '10.0.7.0/24', 'VirtualNetworkGateway', '203.0.113.5'],
    ['Default', 'Invalid', '0.0.0.0/0', 'Internet'],
    ['Default', 'Active', '20.60.0.0/16 20.61.0.0/16', 'VirtualNetworkServiceEndpoint'],
    ['User', 'Active', '0.0.0.0/0', 'VirtualAppliance', '10.0.1.4'],
  );

  test.each([
    ['10.1.2.3', '10.1.2.3 routed VnetLocal 10.1.0.0/16'],
    ['10.0.7.7', '10.0.7.7 routed VNetPeering 10.0.0.0/16'],
    ['20.61.1.1', '20.61.1.1 routed VirtualNetworkServiceEndpoint 20.61.0.0/16'],
    ['8.8.8.8', '8.8.8.8 routed VirtualAppliance 0.0.0.0/0'],
  ])('to %s', (to, expected) => expect(hops(ask(`--to ${to}`, NIC))).toEqual([expected]));

  test('says of each loser why, also where the table of Azure says Invalid only', () => {
    expect(ask('--to 10.0.7.7', NIC).answers[0]?.losers).toMatchObject([
      { addressPrefix: '10.0.7.0/24', state: 'Invalid', reason: 'learned-inside-system' },
      { addressPrefix: '0.0.0.0/0', state: 'Invalid', reason: 'same-prefix' },
      { addressPrefix: '0.0.0.0/0', state: 'Active', reason: 'shorter' },
    ]);
    const odd = effective(
      ['Default', 'Active', '0.0.0.0/0', 'Internet'],
      ['User', 'Invalid', '10.0.0.0/8', 'None'],
    );
    expect(hops(ask('--to 10.0.0.1', odd))).toEqual(['10.0.0.1 routed Internet 0.0.0.0/0']);
    expect(ask('--to 10.0.0.1', odd).answers[0]?.losers).toMatchObject([{ reason: 'listed-invalid' }]);
  });

  test('believes Azure where it calls a route active that the documentation would not', () => {
    const list = effective(
      ['Default', 'Active', '10.0.0.0/16', 'VnetLocal'],
      ['VirtualNetworkGateway', 'Active', '10.0.1.0/24', 'VirtualNetworkGateway'],
    );
    expect(hops(ask('--to 10.0.1.1', list))).toEqual(['10.0.1.1 routed VirtualNetworkGateway 10.0.1.0/24']);
  });

  test('of two NICs, tells where the way back leaves out the appliance', () => {
    const other = effective(
      ['Default', 'Active', '10.0.0.0/16', 'VnetLocal'],
      ['Default', 'Active', '10.1.0.0/16', 'VNetPeering'],
      ['Default', 'Active', '0.0.0.0/0', 'Internet'],
    );
    const steal = effective(
      ['Default', 'Active', '10.1.0.0/16', 'VnetLocal'],
      ['Default', 'Invalid', '10.0.0.0/16', 'VNetPeering'],
      ['User', 'Active', '10.0.0.0/16', 'VirtualAppliance', '10.0.1.4'],
    );
    expect(ask('--to 10.0.9.9', steal, other).warnings).toContain(
      'Asymmetric: NIC 1 reaches NIC 2 through 10.0.1.4, and the way back is VNetPeering. A stateful appliance sees one direction only and drops the rest.',
    );
    expect(ask('--to 10.0.9.9', NIC, other).warnings.filter((each) => each.startsWith('Asymmetric'))).toEqual(
      [],
    );
  });
});

describe('what az prints', () => {
  const session = createSession({ cloud: newCloud({ seed: 'explorer' }) });
  const az = async (line: string): Promise<string> => {
    const { stdout, stderr, exitCode } = await session.run(`az ${line}`);
    if (exitCode !== 0) throw new Error(stderr);
    return stdout;
  };

  test('a route table with its VNet answers as the effective routes of a NIC in it do', async () => {
    await az('group create -g rg -l westeurope -o none');
    await az(
      'network vnet create -g rg -n hub --address-prefixes 10.0.0.0/16 --subnet-name fw --subnet-prefixes 10.0.1.0/24',
    );
    await az(
      'network vnet create -g rg -n spoke --address-prefixes 10.1.0.0/16 --subnet-name app --subnet-prefixes 10.1.0.0/24',
    );
    await az(
      'network vnet peering create -g rg -n to-hub --vnet-name spoke --remote-vnet hub --allow-vnet-access',
    );
    await az(
      'network vnet peering create -g rg -n to-spoke --vnet-name hub --remote-vnet spoke --allow-vnet-access',
    );
    await az('network route-table create -g rg -n rt');
    await az(
      'network route-table route create -g rg --route-table-name rt -n fw --address-prefix 0.0.0.0/0 --next-hop-type VirtualAppliance --next-hop-ip-address 10.0.1.4',
    );
    await az(
      'network route-table route create -g rg --route-table-name rt -n stop --address-prefix 10.0.7.0/24 --next-hop-type None',
    );
    await az(
      'network vnet subnet update -g rg --vnet-name spoke -n app --route-table rt --service-endpoints Microsoft.Storage',
    );
    await az(
      'vm create -g rg -n vm --image Ubuntu2204 --generate-ssh-keys --vnet-name spoke --subnet app --public-ip-address ""',
    );
    const listed = await az('network nic show-effective-route-table -g rg -n vmVMNic');
    const vnet = await az('network vnet show -g rg -n spoke');
    const table = await az('network route-table show -g rg -n rt');
    const routes = await az('network route-table route list -g rg --route-table-name rt');
    const line = '--to 10.1.9.9 10.0.2.2 10.0.7.7 192.168.0.1 8.8.8.8';
    const expected = [
      '10.1.9.9 routed VnetLocal 10.1.0.0/16',
      '10.0.2.2 routed VNetPeering 10.0.0.0/16',
      '10.0.7.7 dropped None 10.0.7.0/24',
      '192.168.0.1 routed VirtualAppliance 0.0.0.0/0',
      '8.8.8.8 undetermined VirtualAppliance 0.0.0.0/0',
    ];
    expect(hops(ask(line, listed))).toEqual(expected);
    expect(hops(ask(line, vnet, table))).toEqual(expected);
    expect(hops(ask(line, vnet + routes))).toEqual(expected);
    expect(ask(line, vnet, table).tables.map(({ name }) => name)).toEqual(['subnet app of VNet spoke']);
    expect(ask(line, listed).answers[4]?.dependsOn).toEqual(['Storage']);
    expect(hops(ask('--to 8.8.8.8 20.60.1.1 --tag Storage=20.60.0.0/16', listed))).toEqual([
      '8.8.8.8 routed VirtualAppliance 0.0.0.0/0',
      '20.60.1.1 routed VirtualNetworkServiceEndpoint 20.60.0.0/16',
    ]);
  });

  test('a table that a subnet has and nobody gave is asked for', async () => {
    const vnet = await az('network vnet show -g rg -n spoke');
    const { exitCode, stderr } = run('--to 8.8.8.8', vnet);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('has the route table rt, which is not among what was given');
  });

  test.each([
    ['a security group', 'network nsg show -g rg -n vmNSG', 'this is a resource of the type'],
    [
      'a list of VMs',
      'vm list -g rg',
      'holds no route: a list of 1, of which the first: this is a resource of the type Microsoft.Compute/virtualMachines',
    ],
  ])('%s is no list of routes, and is called what it is', async (_what, line, message) => {
    const { exitCode, stderr } = run('--to 8.8.8.8', await az(line));
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('what cannot be read is said where it is', () => {
  test.each([
    ['JSON that breaks off', '{"value": [', '--to 1.1.1.1', 'the text ends, and 2 brackets are still open'],
    ['an empty list', '{"value": []}', '--to 1.1.1.1', 'holds no route: an object with value'],
    [
      'no destination',
      '{"value":[{"addressPrefix":["0.0.0.0/0"],"nextHopType":"Internet"}]}',
      '--vnet 10.0.0.0/8',
      '--to: is missing',
    ],
    [
      'a type that is not known',
      '{"value":[{"addressPrefix":["0.0.0.0/0"],"nextHopType":"Elsewhere"}]}',
      '--to 1.1.1.1',
      'next hop type "Elsewhere" is not known',
    ],
  ])('%s', (_what, text, line, message) => {
    const { exitCode, stderr } = run(line, text);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });

  test.each([
    ['--routes a:0.0.0.0/0 --vnet 10.0.0.0/16 --to 1.1.1.1', 'is no route in one word'],
    [
      '--routes a:0.0.0.0/0:VirtualAppliance --vnet 10.0.0.0/16 --to 1.1.1.1',
      'a virtual appliance needs its address',
    ],
    ['--routes a:0.0.0.0/0:Internet:10.0.0.4 --vnet 10.0.0.0/16 --to 1.1.1.1', 'Internet takes no address'],
    [
      '--routes a:10.0.0.1/8:None --vnet 10.0.0.0/16 --to 1.1.1.1',
      'neither a prefix nor a service tag. Try 10.0.0.0/8',
    ],
    ['--routes a:0.0.0.0/0:None --to 1.1.1.1', "the system's routes are missing"],
    ['--routes a:0.0.0.0/0:None --vnet 10.0.0.0/16 --to host', '--to:'],
  ])('%s', (line, message) => {
    const { exitCode, stderr } = run(line);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('warnings', () => {
  test.each([
    [
      'everything dropped',
      '--routes all:0.0.0.0/0:None --vnet 10.0.0.0/16',
      'to None drops everything that no longer prefix holds',
    ],
    [
      'a peer’s range taken',
      '--routes x:10.1.0.0/16:VirtualAppliance:10.0.1.4 --vnet 10.0.0.0/16 --peer b=10.1.0.0/16',
      'takes 10.1.0.0/16 away from the peering with b',
    ],
    [
      'a peer passed by',
      '--routes x:0.0.0.0/0:VirtualAppliance:10.0.1.4 --vnet 10.0.0.0/16 --peer b=10.1.0.0/16',
      'does not catch the peered range b 10.1.0.0/16',
    ],
    [
      'an appliance in its own subnet',
      '--routes x:0.0.0.0/0:VirtualAppliance:10.0.1.4 --vnet 10.0.0.0/16 --subnet 10.0.1.0/24',
      'in a loop',
    ],
    [
      'an appliance nowhere near',
      '--routes x:0.0.0.0/0:VirtualAppliance:10.9.1.4 --vnet 10.0.0.0/16',
      'neither in the VNet nor in a peered one',
    ],
    [
      'forced tunnelling',
      '--routes x:10.0.9.0/24:None --vnet 10.0.0.0/16 --on-premises 0.0.0.0/0',
      'forced tunnelling',
    ],
    [
      'propagation off',
      '--routes x:10.0.9.0/24:None --vnet 10.0.0.0/16 --on-premises 10.7.0.0/16 --no-propagation',
      'Propagation of gateway routes is off',
    ],
  ])('%s', (_what, line, message) => {
    expect(ask(`${line} --to 10.0.0.4`).warnings.join('\n')).toContain(message);
    // The same VNet without the route has nothing to warn of.
    expect(ask('--routes quiet:203.0.113.0/24:Internet --vnet 10.0.0.0/16 --to 10.0.0.4').warnings).toEqual(
      [],
    );
  });
});

test('the address space is told from its first address to its last', () => {
  const { tables } = ask(
    '--routes fw:0.0.0.0/0:VirtualAppliance:10.1.0.4 --vnet 10.0.0.0/16 --peer 10.1.0.0/16 --to 10.0.0.4',
  );
  expect(tables[0]?.space).toMatchObject([
    { from: '0.0.0.0', nextHopType: 'VirtualAppliance' },
    { from: '10.0.0.0', to: '10.0.255.255', nextHopType: 'VnetLocal' },
    { from: '10.1.0.0', to: '10.1.255.255', nextHopType: 'VNetPeering' },
    { from: '10.2.0.0', to: '255.255.255.255', nextHopType: 'VirtualAppliance' },
  ]);
});
