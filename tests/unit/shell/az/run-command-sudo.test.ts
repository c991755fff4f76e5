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
