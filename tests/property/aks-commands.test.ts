/** Lines that nobody meant to type: `az aks` neither crashes nor hangs, and an error changes nothing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aksAddOnCommands } from '../../src/shell/az/aks-addons.ts';
import { aksNodepoolCommands } from '../../src/shell/az/aks-nodepool.ts';
import { aksCommands } from '../../src/shell/az/aks.ts';
import { roleAssignmentCommands } from '../../src/shell/az/role-assignment.ts';
import { roleDefinitionCommands } from '../../src/shell/az/role-definition.ts';
import { vmssCommands } from '../../src/shell/az/vmss.ts';
import { createSession } from '../../src/shell/session.ts';
import type { ManagedClusterInput } from '../../src/model/aks/create-managed-cluster.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { cloudWithCluster } from '../support/kubenet-cluster.ts';

const commands = [
  ...aksCommands,
  ...aksAddOnCommands,
  ...aksNodepoolCommands,
  ...roleAssignmentCommands,
  ...roleDefinitionCommands,
  ...vmssCommands,
];

const value = fc.oneof(
  fc.constantFrom(
    'rg',
    'aks',
    'nodepool1',
    'pool2',
    'westeurope',
    'MC_rg_aks_westeurope',
    '0',
    '1',
    '3',
    '-1',
    '257',
    '1e9',
    '',
    'true',
    '10.244.0.0/16',
    '10.0.0.0/8',
    '10.0.0.10',
    '300.1.1.1',
    '10.244.0.0/33',
    'kubenet',
    'azure',
    'a=b',
    '=',
    'a=b:NoSchedule',
    '/subscriptions/x/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s',
    '1.27',
    '1.36.1',
    'json',
    'table',
    'Standard_B1s',
    'Standard_X99',
    '"',
    '[].name',
    'Ä',
    '--',
    'loadBalancer',
    'overlay',
    'cilium',
    'calico',
    'StaticBlock',
    '33%',
    'monitoring',
    'Reader',
    '{"Name":"r","AssignableScopes":["/subscriptions/x"]}',
    '$SUBNET',
    '$IDENTITY',
    'IPv4',
  ),
  fc.string({ maxLength: 12 }),
);

/** What a variable holds is read, everything else stands as it is. */
function quoted(word: string): string {
  if (word === '$SUBNET' || word === '$IDENTITY') return `"${word}"`;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

const line = fc
  .record({
    command: fc.constantFrom(...commands),
    usual: fc.constantFrom(true, true, true, false),
    options: fc.array(fc.record({ at: fc.nat(), value, bare: fc.boolean() }), { maxLength: 5 }),
    stray: fc.option(value, { nil: null, freq: 1 }),
  })
  .map(({ command, usual, options, stray }) => {
    const required = usual
      ? command.options
          .filter((option) => option.required === true)
          .flatMap((option) => [
            option.names[0] ?? '',
            option.dest === 'resourceGroup'
              ? 'rg'
              : option.dest === 'clusterName'
                ? 'aks'
                : option.dest === 'nodepoolName'
                  ? command.path.at(-1) === 'add'
                    ? 'another'
                    : 'nodepool1'
                  : option.dest === 'nodeCount'
                    ? '3'
                    : option.dest === 'role'
                      ? 'Reader'
                      : option.dest === 'addons'
                        ? 'monitoring'
                        : command.path.at(-1) === 'create' || command.path.at(-1) === 'add'
                          ? 'another'
                          : 'aks',
          ])
      : [];
    const chosen = options.flatMap(({ at, value: text, bare }) => {
      // Most options are refused whatever their value is; the others are where something can go wrong.
      const taken = command.options.filter((each) => each.notSimulated === undefined);
      const from = at % 4 === 0 ? command.options : taken;
      const option = from[at % Math.max(1, from.length)];
      if (option === undefined) return [];
      const name = option.names[at % option.names.length] ?? '';
      const { type } = option;
      if (bare || type.kind === 'flag') return [name];
      return [name, type.kind === 'enum' && at % 5 > 0 ? (type.values[at % type.values.length] ?? '') : text];
    });
    const words = [...command.path, ...required, ...chosen, ...(stray === null ? [] : [stray])];
    return `az ${words.map(quoted).join(' ')}`;
  });

const IDS = '/subscriptions/$(az account show --query id -o tsv)/resourceGroups/rg/providers';

/** A world with a cluster `aks`, a subnet and an identity, and variables that hold the ids of both. */
async function world(plugin: Partial<ManagedClusterInput>): Promise<Cloud> {
  const shell = createSession({ cloud: cloudWithCluster(plugin, { clock: 'frozen' }) });
  for (const line of [
    'az network vnet create -g rg -n v --subnet-name default -o none',
    'az identity create -g rg -n someone -o none',
  ]) {
    const { exitCode, stderr } = await shell.run(line);
    if (exitCode !== 0) throw new Error(stderr);
  }
  return shell.cloud;
}

describe.each([
  ['kubenet', { networkPlugin: 'kubenet' }],
  ['Node Subnet', { networkPlugin: 'azure' }],
  ['Overlay', { networkPlugin: 'azure', networkPluginMode: 'overlay' }],
] as const)('fuzzed az aks lines on a cluster with %s', (_, plugin) => {
  it('neither crash nor change anything on an error', async () => {
    const cloud = await world(plugin);
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(line, async (typed) => {
        const shell = createSession({ cloud, files: { '.ssh/id_rsa.pub': 'ssh-rsa AAAA learner\n' } });
        await shell.run(
          `SUBNET=${IDS}/Microsoft.Network/virtualNetworks/v/subnets/default IDENTITY=${IDS}/Microsoft.ManagedIdentity/userAssignedIdentities/someone`,
        );
        const before = shell.cloud;
        const result = await shell.run(typed);
        expect(shell.bugs).toEqual([]);
        if (result.exitCode === 0) accepted++;
        else {
          expect(shell.cloud).toBe(before);
          expect(result.stdout).toBe('');
          expect(result.stderr).toMatch(/\S/);
        }
        expect(result.stderr).not.toContain('undefined');
        expect(result.stdout).not.toContain('undefined');
      }),
      { numRuns: 250 },
    );
    // Lines that all fail at the first word would prove nothing.
    expect(accepted).toBeGreaterThan(10);
  }, 60_000);
});
