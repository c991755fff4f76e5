import { expect, test } from 'vitest';
import { meantToDrop } from '../../../src/lab/meant-to-drop.ts';
import { newCloud } from '../../../src/model/azure/subscription.ts';
import { createSession } from '../../../src/shell/session.ts';

test('a rule that denies is told from one that allows, and from what is no rule', async () => {
  const session = createSession({ cloud: newCloud() });
  await session.run(`az group create -n rg -l westeurope && az network nsg create -g rg -n nsg &&
    az network nsg rule create -g rg --nsg-name nsg -n nobody --priority 300 --access Deny &&
    az network nsg rule create -g rg --nsg-name nsg -n somebody --priority 200 --access Allow`);
  const cloud = session.cloud;
  expect(meantToDrop(cloud, 'nobody')).toContain('nobody drops what nothing before it allows');
  expect(meantToDrop(cloud, 'denyallinbound')).toContain('DenyAllInBound drops');
  expect(meantToDrop(cloud, 'somebody')).toBeNull();
  expect(meantToDrop(cloud, 'nsg')).toBeNull();
});
