import { expect, test } from 'vitest';
import type { CommandCheck } from '../../../src/lab/lab.ts';
import { checkScript } from '../../../src/lab/run.ts';
import type { LabSource } from '../../../src/lab/source.ts';
import { labProblems } from '../../../src/lab/validate.ts';
import { listResources } from '../../../src/model/azure/resource-store.ts';
import { TOY } from './toy-lab.ts';

const START = `
az group create -n rg -l westeurope -o none
az network vnet create -g rg -n vnet --address-prefixes 10.0.0.0/16 --subnet-name a --subnet-prefixes 10.0.0.0/24 -o none
for VM in one two; do
  az vm create -g rg -n $VM --image Ubuntu2204 --vnet-name vnet --subnet a --public-ip-address "" --nsg "" --generate-ssh-keys -o none
done
`;

const READS: CommandCheck = {
  kind: 'command',
  id: 'reads',
  evidence: 'each machine reads what the first serves',
  at: (cloud) => {
    const machines = listResources(cloud, 'Microsoft.Compute/virtualMachines');
    return machines.length < 2
      ? { missing: 'There are too few machines.' }
      : machines.map(({ id }) => ({ kind: 'vm', id }));
  },
  run: 'curl -sS http://10.0.0.4:8080',
  expect: { exitCode: 0, stdout: /python3/ },
};

const source = (check: CommandCheck): LabSource => ({
  start: START,
  template: '',
  solutions: [],
  lab: {
    ...TOY,
    module: '01-network-plugins',
    tasks: [
      {
        id: 'serve',
        title: 'Serve',
        text: '',
        hints: ['a', 'b', 'c'],
        checks: [check],
      },
    ],
  },
});

const invoke = (script: string): string =>
  `az vm run-command invoke -g rg -n one --command-id RunShellScript --scripts '${script}' -o none`;
const SERVE = invoke('nohup python3 -m http.server 8080 > /dev/null 2>&1 &');

test.each<[string, string, CommandCheck, readonly RegExp[]]>([
  ['it does what is expected in each place', SERVE, READS, []],
  [
    'it fails in a place: its exit code and last words are told',
    'true',
    READS,
    [/^In vm\/one: curl -sS/, /exit code 7; it must end with 0/, /\| curl: \(7\) Failed to connect/],
  ],
  [
    'it prints something else',
    SERVE,
    { ...READS, expect: { exitCode: 0, stdout: /nginx/ } },
    [/^In vm\/one/, /prints something else/],
  ],
  [
    'a failure is expected, and it succeeds',
    SERVE,
    { ...READS, expect: { exitCode: 7 } },
    [/^In vm\/one/, /exit code 0; it must end with 7/],
  ],
  ['there is no place', 'az vm delete -g rg -n two --yes', READS, [/^There are too few machines\.$/]],
  ['the list of places is empty', SERVE, { ...READS, at: () => [] }, [/^There is no place to run it in/]],
])('when %s', async (_, script, check, details) => {
  const report = await checkScript(source(check), 'one', script);
  const [result] = report.tasks[0]?.checks ?? [];
  expect(result?.passed).toBe(details.length === 0);
  details.forEach((detail, at) => {
    expect(result?.detail[at]).toMatch(detail);
  });
});

test('it changes nothing in the world that is graded', async () => {
  const deletes: CommandCheck = {
    ...READS,
    id: 'deletes',
    at: () => [{ kind: 'workstation' }],
    run: 'az vm delete -g rg -n two --yes',
    expect: { exitCode: 0 },
  };
  const lab = source(deletes);
  const both = {
    ...lab,
    lab: {
      ...lab.lab,
      tasks: [{ ...lab.lab.tasks[0], checks: [deletes, READS] as const }] as const,
    },
  };
  const report = await checkScript(both, 'one', SERVE);
  expect(report.tasks[0]?.checks.map(({ id, passed, detail }) => [id, passed ? 'passed' : detail])).toEqual([
    ['deletes', 'passed'],
    ['reads', 'passed'],
  ]);
});

test('`check` at the prompt runs the lines too', async () => {
  const { runScript, startLab } = await import('../../../src/lab/run.ts');
  const running = await startLab(source(READS), 'one');
  const before = await runScript(running, 'check');
  expect([before.exitCode, before.stdout]).toEqual([1, expect.stringContaining('exit code 7')]);
  const after = await runScript(running, `${SERVE}\ncheck`);
  expect([after.exitCode, after.stdout]).toEqual([0, expect.stringContaining('pass reads')]);
});

test('a pattern that keeps state is the author’s mistake', () => {
  const { lab } = source({ ...READS, expect: { exitCode: 0, stdout: /a/g } });
  expect(labProblems(lab, 'toy')).toEqual(["check 'reads': its pattern keeps state (flag g or y)"]);
});
