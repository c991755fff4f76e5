import { describe, expect, test } from 'vitest';
import { azTerminal } from '../../../support/az.ts';
import { newCloud } from '../../../../src/model/azure/subscription.ts';
import {
  createResourceGroup,
  deleteResourceGroup,
  findResourceGroup,
} from '../../../../src/model/azure/resource-group.ts';
import { unwrap } from '../../../../src/model/result.ts';

describe('a resource group', () => {
  const cloud = unwrap(createResourceGroup(newCloud(), { name: 'Rg', location: 'West Europe' }));

  test('has its location in short form and is found in any case', () => {
    expect(findResourceGroup(cloud, 'rg')).toMatchObject({ name: 'Rg', location: 'westeurope' });
  });

  test.each([
    [
      'in a place that does not exist',
      { name: 'x', location: 'atlantis' },
      'LocationNotAvailableForResourceGroup',
    ],
    ['again in another place', { name: 'rg', location: 'eastus' }, 'InvalidResourceGroupLocation'],
    ['with a bad character', { name: 'a/b', location: 'eastus' }, 'InvalidResourceGroupName'],
    ['with a dot at the end', { name: 'a.', location: 'eastus' }, 'InvalidResourceGroupName'],
    ['with 91 characters', { name: 'a'.repeat(91), location: 'eastus' }, 'InvalidResourceGroupName'],
  ])('is refused %s', (_case, input, code) => {
    expect(createResourceGroup(cloud, input)).toMatchObject({ ok: false, error: { code } });
  });

  test('loses its tags when it is created again without them', () => {
    const again = { name: 'rg', location: 'westeurope' };
    const tagged = unwrap(createResourceGroup(cloud, { ...again, tags: { env: 'dev' } }));
    expect(findResourceGroup(tagged, 'rg')?.tags).toEqual({ env: 'dev' });
    expect(findResourceGroup(unwrap(createResourceGroup(tagged, again)), 'rg')?.tags).toBeNull();
  });

  test('goes with everything in it', async () => {
    const az = azTerminal({ cloud: newCloud() });
    const empty = JSON.stringify(az.cloud());
    await az.line('group create -n rg -l westeurope');
    await az.line('vm create -g rg -n vm1 --image Ubuntu2204 --generate-ssh-keys');
    expect(Object.keys(az.cloud().resources)).toHaveLength(5);
    await az.line('group delete -n rg --yes');
    expect(JSON.stringify(az.cloud())).toBe(empty);
  });

  test('stays while another group still needs a resource in it', async () => {
    const az = azTerminal();
    await az.line('group create -n net -l westeurope');
    await az.line('group create -n app -l westeurope');
    await az.line('network vnet create -g net -n vnet1 --subnet-name s');
    const subnet = await az.json(
      'network',
      'vnet',
      'subnet',
      'show',
      '-g',
      'net',
      '--vnet-name',
      'vnet1',
      '-n',
      's',
      '--query',
      'id',
    );
    await az.run('network', 'nic', 'create', '-g', 'app', '-n', 'nic1', '--subnet', String(subnet));
    const refused = deleteResourceGroup(az.cloud(), 'net');
    expect(refused).toMatchObject({ ok: false, error: { code: 'ResourceGroupDeletionBlocked' } });
    expect(refused.ok ? '' : refused.error.message).toContain('Microsoft.Network/virtualNetworks/vnet1');
    expect(deleteResourceGroup(az.cloud(), 'app').ok).toBe(true);
  });
});
