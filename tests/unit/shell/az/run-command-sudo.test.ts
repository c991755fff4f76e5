import { expect, test } from 'vitest';
import { newCloud } from '../../../../src/model/azure/subscription.ts';
import { createSession } from '../../../../src/shell/session.ts';

test('a script inside a machine may say sudo, as the documentation of az vm run-command does', async () => {
  const session = createSession({ cloud: newCloud() });
  await session.run('az group create -n rg -l westeurope -o none');
  await session.run('az vm create -g rg -n vm1 --image Ubuntu2204 --generate-ssh-keys -o none');
  const ran = await session.run(
    'az vm run-command invoke -g rg -n vm1 --command-id RunShellScript --scripts "sudo apt-get update && sudo apt-get install -y nginx" "curl -s localhost" --query "value[0].message" -o tsv',
  );
  expect(ran.stdout).toContain('Setting up nginx');
  expect(ran.stdout).toContain('client address: 127.0.0.1');
  expect(ran.stdout).not.toContain('not found');
});

test.each([
  ['variables for the command', "sudo A=1 B='x y' sh -c 'echo $A $B'", '1 x y', ''],
  ['an option that is none here', 'sudo -l', '', 'sudo: the option -l is not simulated in this workbook'],
  ['variables and no command', 'sudo A=1', '', 'sudo: a shell of root is not simulated'],
])('sudo with %s', async (_, line, stdout, stderr) => {
  const session = createSession({ cloud: newCloud() });
  await session.run('az group create -n rg -l westeurope -o none');
  await session.run('az vm create -g rg -n vm1 --image Ubuntu2204 --generate-ssh-keys -o none');
  await session.writeFile('try.sh', line);
  const ran = await session.run(
    'az vm run-command invoke -g rg -n vm1 --command-id RunShellScript --scripts @try.sh --query "value[0].message" -o tsv',
  );
  expect(ran.stdout).toContain(`[stdout]\n${stdout}`);
  expect(ran.stdout).toContain(`[stderr]\n${stderr}`);
});
