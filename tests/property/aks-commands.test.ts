/** Lines that nobody meant to type: `az aks` neither crashes nor hangs, and an error changes nothing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aksNodepoolCommands } from '../../src/shell/az/aks-nodepool.ts';
import { aksCommands } from '../../src/shell/az/aks.ts';
import { vmssCommands } from '../../src/shell/az/vmss.ts';
import { createSession } from '../../src/shell/session.ts';
import { cloudWithCluster } from '../support/kubenet-cluster.ts';
import { freshSeed } from '../support/fresh-seed.ts';

const commands = [...aksCommands, ...aksNodepoolCommands, ...vmssCommands];

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
  ),
  fc.string({ maxLength: 12 }),
);

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

const line = fc
  .record({
    command: fc.constantFrom(...commands),
    usual: fc.constantFrom(true, true, true, false),
    options: fc.array(fc.record({ at: fc.nat(), value, bare: fc.boolean() }), { maxLength: 3 }),
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
              : option.dest === 'nodepoolName'
                ? 'nodepool1'
                : option.dest === 'nodeCount'
                  ? '3'
                  : 'aks',
          ])
      : [];
    const chosen = options.flatMap(({ at, value: text, bare }) => {
      const option = command.options[at % Math.max(1, command.options.length)];
      if (option === undefined) return [];
      const name = option.names[at % option.names.length] ?? '';
      return bare || option.type.kind === 'flag' ? [name] : [name, text];
    });
    const words = [...command.path, ...required, ...chosen, ...(stray === null ? [] : [stray])];
    return `az ${words.map(quoted).join(' ')}`;
  });

describe('fuzzed az aks lines', () => {
  it('neither crash nor change anything on an error', async () => {
    const cloud = cloudWithCluster({}, { clock: 'frozen' });
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(line, async (typed) => {
        const shell = createSession({ cloud, files: { '.ssh/id_rsa.pub': 'ssh-rsa AAAA learner\n' } });
        const result = await shell.run(typed);
        expect(shell.bugs).toEqual([]);
        if (result.exitCode === 0) accepted++;
        else {
          expect(shell.cloud).toBe(cloud);
          expect(result.stdout).toBe('');
          expect(result.stderr).toMatch(/\S/);
        }
        expect(result.stderr).not.toContain('undefined');
        expect(result.stdout).not.toContain('undefined');
      }),
      { numRuns: 250, ...freshSeed('az aks lines') },
    );
    // Lines that all fail at the first word would prove nothing.
    expect(accepted).toBeGreaterThan(10);
  }, 60_000);
});
