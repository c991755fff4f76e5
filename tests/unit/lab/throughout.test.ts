import { expect, test } from 'vitest';
import { gradeNow, runScript, startLab } from '../../../src/lab/run.ts';
import { deliveredThroughout } from '../../../src/lab/throughout.ts';
import type { LabSource } from '../../../src/lab/source.ts';

const START = `
set -eu
az group create -n rg -l westeurope -o none
az network vnet create -g rg -n vnet --address-prefixes 10.0.0.0/16 --subnet-name a --subnet-prefixes 10.0.0.0/24 -o none
for VM in one two; do
  az vm create -g rg -n $VM --image Ubuntu2204 --vnet-name vnet --subnet a --public-ip-address "" --nsg "" --generate-ssh-keys -o none
done
az network nsg create -g rg -n closed -o none
az network nsg rule create -g rg --nsg-name closed -n no --priority 100 --access Deny --protocol '*' --source-address-prefixes '*' --destination-address-prefixes '*' --destination-port-ranges '*' -o none
`;

const source: LabSource = {
  start: START,
  template: '',
  solutions: [],
  lab: {
    id: 'toy',
    title: 'Toy',
    minutes: 1,
    module: '01-network-plugins',
    order: 1,
    objectives: ['see'],
    seeds: ['one'],
    brief: '',
    tasks: [
      {
        id: 'keep',
        title: 'Keep it up',
        text: '',
        hints: ['a', 'b', 'c'],
        checks: [
          {
            kind: 'invariant',
            id: 'never-cut',
            evidence: 'ssh is never cut',
            holds: deliveredThroughout({ from: 'vm/one', to: 'vm/two', protocol: 'tcp', port: 22 }),
          },
        ],
      },
    ],
  },
};

const CLOSE =
  'az network vnet subnet update -g rg --vnet-name vnet -n a --network-security-group closed -o none';
const OPEN = 'az network vnet subnet update -g rg --vnet-name vnet -n a --network-security-group "" -o none';

test.each([
  ['nothing was done', 'true', true],
  ['something else was done', 'az network nsg create -g rg -n other -o none', true],
  ['it is cut', CLOSE, false],
  ['it was cut for a moment', `${CLOSE}\n${OPEN}`, false],
])('when %s', async (_, script, passed) => {
  const running = await startLab(source, 'one');
  const report = await gradeNow(running, await runScript(running, script));
  expect(report.passed).toBe(passed);
  const [found] = report.tasks[0]?.checks[0]?.detail ?? [];
  if (!passed) {
    expect(found).toContain("After 'az network vnet subnet update");
    expect(found).toContain('denied-inbound: no (priority 100) of NSG closed on subnet a');
  }
});

test('lines at the prompt count as those of a script do', async () => {
  const running = await startLab(source, 'one');
  await running.session.run('sleep 5');
  await running.session.run('az network vnet show -g rg -n vnet -o none');
  expect(running.since).toEqual([]);
  await running.session.run(CLOSE);
  await running.session.run(OPEN);
  expect(running.since.map(({ command }) => command.slice(0, 29))).toEqual([
    'az network vnet subnet update',
    'az network vnet subnet update',
  ]);
  expect((await running.session.run('check')).exitCode).toBe(1);
});
