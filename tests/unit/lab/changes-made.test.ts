import { expect, test } from 'vitest';
import { readLab } from '../../../src/cli/lab/folder.ts';
import { changesMade } from '../../../src/lab/changes-made.ts';
import { startLab, type RunningLab } from '../../../src/lab/run.ts';

const TASKS = ['mend', 'still-shut'];

async function after(...commands: readonly string[]): Promise<RunningLab> {
  const running = await startLab(await readLab('after-the-audit'), 'amber');
  for (const command of commands) await running.session.run(command);
  return running;
}

const RULE = 'az network nsg rule update -g rg-library --nsg-name nsg-apps -n a17-02 -o none';
const MEND = `${RULE} --source-address-prefixes 10.60.0.0/24 10.60.1.0/24 10.244.0.0/16`;
const SPOIL = `${RULE} --source-address-prefixes 10.60.1.0/24 10.244.0.0/16`;

test('looking changes nothing, not even with a debug pod or a call that fills a neighbour table', async () => {
  const running = await after(
    'netpath --from vm/vm-desk --to 10.60.2.10 --port 80',
    'kubectl debug $(kubectl get nodes -o name | head -n 1) --image=busybox -- ip route',
    'kubectl exec $(kubectl get pods -l app=catalogue -o name | head -n 1) -- curl -sm 3 http://10.60.2.10',
    'kubectl run probe --image=busybox -- sleep 60',
  );
  expect(changesMade(running, TASKS)).toEqual([]);
});

test('a repair is one change, and breaks nothing', async () => {
  const changes = changesMade(await after(MEND), TASKS);
  expect(changes).toMatchObject([{ effect: 'new', broke: [] }]);
  expect(changes[0]?.command).toContain('az network nsg rule update');
});

test('what opens too much broke what was shut, also if it is taken back', async () => {
  const open =
    'az network nsg rule update -g rg-library --nsg-name nsg-apps -n a17-07 --access Allow -o none';
  const shut = 'az network nsg rule update -g rg-library --nsg-name nsg-apps -n a17-07 --access Deny -o none';
  const [opened, closed] = changesMade(await after(open, shut), TASKS);
  expect(opened?.broke).toContain('a guest is denied the loans');
  expect(opened?.effect).toBe('new');
  expect(closed).toMatchObject({ effect: 'taken-back', broke: [] });
});

test('going back to the fault is taking back', async () => {
  expect(changesMade(await after(MEND, SPOIL), TASKS).map(({ effect }) => effect)).toEqual([
    'new',
    'taken-back',
  ]);
});
