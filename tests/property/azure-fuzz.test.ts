/**
 * 200 garbled command lines per family of `az` commands: none crashes or hangs, each says what is wrong
 * when it fails, and a failure leaves the cloud as it was.
 */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { newCloud } from '../../src/model/azure/subscription.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { allOptions } from '../../src/shell/az/option.ts';
import { azCommands } from '../../src/shell/az/registry.ts';
import { azTerminal } from '../support/az.ts';

const LINES_PER_FAMILY = 200;

const families = [
  ...new Set(azCommands.map((command) => command.path.slice(0, -1).join(' ') || 'top level')),
];

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

/** Words that look like a command of the family: real and invented options with values that mostly make no sense. */
function lineOf(family: string): fc.Arbitrary<readonly string[]> {
  const members = azCommands.filter(
    (command) => (command.path.slice(0, -1).join(' ') || 'top level') === family,
  );
  return fc.constantFrom(...members).chain((command) => {
    const names = allOptions(command.options).flatMap((option) => option.names);
    const sound = fc.constantFrom(
      ...[
        ['-g', 'rg'],
        ['-n', 'vnet1'],
        ['-n', 's1'],
        ['--vnet-name', 'vnet1'],
        ['--nsg-name', 'nsg1'],
      ],
      ...[['--route-table-name', 'rt1'], ['--nic-name', 'nic1'], ['-n', 'r1'], ['-n', 'vm1'], ['--yes']],
    );
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
        fc.array(sound, { maxLength: 4 }),
        fc.array(garbled, { maxLength: 5 }),
        fc.boolean(),
        fc.option(fc.tuple(fc.nat({ max: 3 }), junk), { freq: 8 }),
      )
      .map(([first, then, joined, slip]) => {
        const path: string[] = [...command.path];
        if (slip !== null) path[Math.min(slip[0], path.length - 1)] = slip[1];
        return [
          ...path,
          ...first.flat(),
          ...then.flatMap(([name, values]) => (joined ? [`${name}=${values.join(' ')}`] : [name, ...values])),
        ];
      });
  });
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
