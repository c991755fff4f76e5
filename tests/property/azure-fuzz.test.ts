/**
 * 200 garbled command lines per family of `az` commands: none crashes or hangs, each says what is wrong
 * when it fails, and a failure leaves the cloud as it was.
 */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { newCloud } from '../../src/model/azure/subscription.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import type { AzCommand, AzOption } from '../../src/shell/az/command.ts';
import { allOptions } from '../../src/shell/az/option.ts';
import { azCommands } from '../../src/shell/az/registry.ts';
import { azTerminal } from '../support/az.ts';

const LINES_PER_FAMILY = 200;

const familyOf = (command: AzCommand): string => command.path.slice(0, -1).join(' ') || 'top level';
const families = [...new Set(azCommands.map(familyOf))];

const junk = fc.oneof(
  fc.constantFrom(
    ...[
      '',
      ' ',
      '-',
      '--',
      '---',
      '=',
      '@',
      '@/none',
      '[',
      ']',
      '{}',
      '[]',
      'null',
      '-1',
      '0',
      '1e9',
      '*',
      '\u0000',
    ],
    ...['rg', 'vnet1', 's1', 'nsg1', 'rt1', 'nic1', 'vm1', 'pip1', 'id1', 'westeurope', 'atlantis', 'RG'],
    ...['10.0.0.0/16', '10.0.0.0/24', '10.0.0.4', '999.0.0.1', '10.0.0.1/33', 'fd00::/64', '0.0.0.0/0'],
    ...[
      'true',
      'false',
      'Allow',
      'Inbound',
      'VirtualAppliance',
      'Tcp',
      'Ubuntu2204',
      'a=b',
      'routeTable',
      'tags.x=1',
    ],
    ...[
      'subnets[0].routeTable=null',
      '__proto__.x=1',
      'constructor=1',
      'toString',
      'hasOwnProperty',
      '__proto__',
    ],
    ...[
      '/subscriptions/x/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/vnet1',
      '../../etc/passwd',
    ],
  ),
  fc.string({ maxLength: 12 }),
  fc.integer().map(String),
);

let furnished: Cloud;

beforeAll(async () => {
  const az = azTerminal({ cloud: newCloud() });
  for (const line of [
    'group create -n rg -l westeurope',
    'network vnet create -g rg -n vnet1 --subnet-name s1',
    'network nsg create -g rg -n nsg1',
    'network nsg rule create -g rg --nsg-name nsg1 -n r1 --priority 100',
    'network route-table create -g rg -n rt1',
    'network route-table route create -g rg --route-table-name rt1 -n r1 --address-prefix 0.0.0.0/0 --next-hop-type None',
    'network public-ip create -g rg -n pip1',
    'network nic create -g rg -n nic1 --vnet-name vnet1 --subnet s1',
    'identity create -g rg -n id1',
    'vm create -g rg -n vm1 --image Ubuntu2204 --generate-ssh-keys --vnet-name vnet1 --subnet s1',
  ]) {
    const ran = await az.line(line);
    if (ran.exitCode !== 0) throw new Error(`az ${line}: ${ran.stderr}`);
  }
  furnished = az.cloud();
});

type Words = fc.Arbitrary<readonly string[]>;

/** Values that a furnished cloud knows, by the key of the option. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  resourceGroup: ['rg'],
  location: ['westeurope', 'northeurope'],
  vnetName: ['vnet1'],
  subnet: ['s1', 's2'],
  nsgName: ['nsg1'],
  networkSecurityGroup: ['nsg1', ''],
  routeTableName: ['rt1'],
  routeTable: ['rt1', ''],
  nicName: ['nic1'],
  name: ['vnet1', 's1', 'nsg1', 'rt1', 'r1', 'nic1', 'ipconfig1', 'pip1', 'vm1', 'id1', 'rg', 'new'],
  set: [
    'tags.a=b',
    'addressPrefix=10.0.9.0/24',
    'routeTable.id=x',
    'priority=5',
    'a.b.c=1',
    'subnets[0].name=x',
  ],
  add: ['tags', 'addressSpace.addressPrefixes'],
  remove: ['tags', 'routeTable', 'addressSpace.addressPrefixes', 'nothing'],
};

/** One option with as many values as it takes; most values make some sense. */
function option(one: AzOption): Words {
  const known = KNOWN[one.dest];
  const value =
    one.type.kind === 'enum'
      ? fc.oneof(
          { weight: 6, arbitrary: fc.constantFrom(...one.type.values) },
          { weight: 1, arbitrary: junk },
        )
      : known === undefined
        ? junk
        : fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: junk });
  if (one.names.length === 0) return fc.array(value, { maxLength: 2 });
  const name = fc.constantFrom(...one.names);
  switch (one.type.kind) {
    case 'flag':
      return name.map((text) => [text]);
    case 'boolean':
      return fc.tuple(name, fc.constantFrom([], ['true'], ['false'])).map(([text, rest]) => [text, ...rest]);
    case 'integer':
      return fc
        .tuple(name, fc.integer({ min: -5, max: 70_000 }))
        .map(([text, number]) => [text, String(number)]);
    case 'string':
    case 'enum':
      return fc.tuple(name, value).map(([text, rest]) => [text, rest]);
    case 'list':
    case 'lists':
    case 'pairs':
      return fc
        .tuple(name, fc.array(value, { minLength: 1, maxLength: 3 }))
        .map(([text, rest]) => [text, ...rest]);
  }
}

/** A line that parses, as a rule: what the command needs, and a few more options of its own. */
function sensibleLine(command: AzCommand): Words {
  const own = allOptions(command.options).filter((one) => one.dest !== 'help' && one.dest !== 'ids');
  const needed = own.filter((one) => one.required === true || one.idPart !== undefined || one.dest === 'yes');
  const others = own.filter((one) => !needed.includes(one) && one.notSimulated === undefined);
  const more =
    others.length === 0
      ? fc.constant([])
      : fc.array(fc.constantFrom(...others).chain(option), { maxLength: 4 });
  return fc
    .tuple(fc.tuple(...needed.map(option)), more)
    .map(([first, then]) => [...command.path, ...first.flat(), ...then.flat()]);
}

/** Options real, cut short and invented, with values that make no sense, under a name that may be wrong. */
function garbledLine(command: AzCommand): Words {
  const names = allOptions(command.options).flatMap((one) => one.names);
  const garbled = fc.tuple(
    fc.oneof(
      fc.constantFrom(...names),
      fc
        .constantFrom(...names)
        .chain((name) => fc.nat({ max: name.length }).map((end) => name.slice(0, end))),
      fc.string({ maxLength: 6 }).map((text) => `--${text}`),
    ),
    fc.array(junk, { maxLength: 3 }),
  );
  return fc
    .tuple(
      fc.array(garbled, { maxLength: 5 }),
      fc.boolean(),
      fc.option(fc.tuple(fc.nat({ max: 3 }), junk), { freq: 4 }),
    )
    .map(([options, joined, slip]) => {
      const path: string[] = [...command.path];
      if (slip !== null) path[Math.min(slip[0], path.length - 1)] = slip[1];
      return [
        ...path,
        ...options.flatMap(([name, values]) =>
          joined ? [`${name}=${values.join(' ')}`] : [name, ...values],
        ),
      ];
    });
}

function lineOf(family: string): Words {
  const members = azCommands.filter((command) => familyOf(command) === family);
  return fc
    .constantFrom(...members)
    .chain((command) =>
      fc.oneof(
        { weight: 3, arbitrary: sensibleLine(command) },
        { weight: 1, arbitrary: garbledLine(command) },
      ),
    );
}

describe('garbled lines', () => {
  test.each(families)('az %s', { timeout: 60_000 }, async (family) => {
    await fc.assert(
      fc.asyncProperty(lineOf(family), async (words) => {
        const az = azTerminal({ cloud: furnished });
        const before = JSON.stringify(furnished);
        const ran = await az.run(...words);
        expect(JSON.stringify(furnished)).toBe(before);
        expect([0, 1, 2, 3]).toContain(ran.exitCode);
        if (ran.exitCode !== 0) {
          expect(ran.stderr).toMatch(/ERROR: ./);
          expect(az.cloud()).toBe(furnished);
        } else {
          expect(JSON.parse(JSON.stringify(az.cloud()))).toEqual(az.cloud());
        }
        expect(ran.stderr).not.toMatch(/undefined|\[object Object\]|TypeError|at .*\.ts:\d/);
      }),
      { numRuns: LINES_PER_FAMILY },
    );
  });
});
