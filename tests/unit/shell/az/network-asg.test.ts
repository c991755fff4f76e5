import { beforeEach, describe, expect, test } from 'vitest';
import { azTerminal } from '../../../support/az.ts';
import type { AzTerminal } from '../../../support/az.ts';

let az: AzTerminal;
const RULE = 'network nsg rule create -g rg --nsg-name n -n r --priority 100';

beforeEach(async () => {
  az = azTerminal();
  for (const line of [
    'group create -n rg -l westeurope',
    'network vnet create -g rg -n v --address-prefix 10.0.0.0/16 --subnet-name s --subnet-prefix 10.0.1.0/24',
    'network vnet create -g rg -n w --address-prefix 10.1.0.0/16 --subnet-name s --subnet-prefix 10.1.1.0/24',
    'network nsg create -g rg -n n',
    'network asg create -g rg -n web',
    'network asg create -g rg -n db',
    'network asg create -g rg -n far -l northeurope',
    'network nic create -g rg -n nic1 --vnet-name v --subnet s --asgs web',
  ]) {
    expect((await az.line(line)).stderr, line).toBe('');
  }
});

async function query(line: string, expression: string): Promise<unknown> {
  return az.json(...line.split(' '), '--query', expression);
}

describe('application security groups', () => {
  test('are shown, listed, tagged and deleted', async () => {
    expect(await query('network asg list -g rg', '[].name')).toEqual(['web', 'db', 'far']);
    expect(await query('network asg update -g rg -n db --set tags.tier=data', 'tags')).toEqual({
      tier: 'data',
    });
    expect(await query('network asg show -g rg -n db', 'type')).toBe(
      'Microsoft.Network/applicationSecurityGroups',
    );
    await az.line('network asg delete -g rg -n db');
    expect((await az.line('network asg show -g rg -n db')).exitCode).toBe(3);
  });

  test('are in the JSON of their members', async () => {
    expect(
      await query(
        'network nic show -g rg -n nic1',
        'ipConfigurations[].applicationSecurityGroups[].id | [0]',
      ),
    ).toMatch(/\/applicationSecurityGroups\/web$/);
  });

  test('of a NIC are one set for all its IP configurations', async () => {
    const alone = await az.line('network nic ip-config create -g rg --nic-name nic1 -n two');
    expect(alone.stderr).toContain('(AllIpConfigurationsOnANicMustBelongToTheSameApplicationSecurityGroups)');
    await az.line('network nic ip-config create -g rg --nic-name nic1 -n two --asgs web');
    await az.line('network nic ip-config update -g rg --nic-name nic1 -n two --asgs web db');
    expect(
      await query('network nic show -g rg -n nic1', 'ipConfigurations[].length(applicationSecurityGroups)'),
    ).toEqual([2, 2]);
    await az.run(...'network nic ip-config update -g rg --nic-name nic1 -n two --asgs'.split(' '), '');
    expect(
      await query('network nic show -g rg -n nic1', 'ipConfigurations[].applicationSecurityGroups'),
    ).toEqual([]);
  });

  test.each([
    [
      'a group that a NIC names cannot go',
      'network asg delete -g rg -n web',
      '(InUseApplicationSecurityGroupCannotBeDeleted) Application Security Group web cannot be deleted because it is referenced by IpConfiguration(s) ipconfig1.',
    ],
    [
      'a NIC of another VNet cannot join',
      'network nic create -g rg -n nic2 --vnet-name w --subnet s --asgs web',
      '(AllNetworkInterfacesInApplicationSecurityGroupMustBeFromSameVnet)',
    ],
    [
      'a group of another region is none',
      'network nic create -g rg -n nic2 --vnet-name v --subnet s --asgs far',
      '(InvalidResourceReference)',
    ],
    ['a group that is not there is none', `${RULE} --source-asgs nobody`, '(InvalidResourceReference)'],
    [
      'a side with a group and a prefix',
      `${RULE} --source-asgs web --source-address-prefixes 10.0.0.0/8`,
      'must specify a non empty value for exactly one of: SourceAddressPrefixes, SourceAddressPrefix, SourceApplicationSecurityGroups.',
    ],
    [
      'more groups on one side than a rule may have',
      `${RULE} --source-asgs ${Array.from({ length: 11 }, (_, at) => `g${at}`).join(' ')}`,
      '(NumberOfApplicationSecurityGroupsReferencedInSecurityRuleLimitReached)',
    ],
  ])('%s', async (_case, line, message) => {
    const before = az.cloud();
    const ran = await az.line(line);
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toContain(message);
    expect(az.cloud()).toBe(before);
  });
});

describe('rules that name groups', () => {
  test('have no prefix on that side, and the default on the other', async () => {
    expect(
      await query(
        `${RULE} --source-asgs web`,
        '[sourceAddressPrefix, length(sourceApplicationSecurityGroups), destinationAddressPrefix]',
      ),
    ).toEqual([null, 1, '*']);
  });

  test('keep their group from going', async () => {
    await az.line(`${RULE} --destination-asgs db`);
    expect((await az.line('network asg delete -g rg -n db')).stderr).toContain(
      'referenced by SecurityRule(s) r.',
    );
    await az.line('network nsg rule delete -g rg --nsg-name n -n r');
    expect((await az.line('network asg delete -g rg -n db')).exitCode).toBe(0);
  });

  test('get a group in place of prefixes only when those go', async () => {
    await az.line(RULE);
    const update = 'network nsg rule update -g rg --nsg-name n -n r --source-asgs web';
    expect((await az.line(update)).stderr).toContain('for exactly one of');
    const ran = await az.run(...update.split(' '), '--source-address-prefixes', '');
    expect(ran.stderr).toBe('');
    expect(JSON.parse(ran.stdout)).toMatchObject({
      sourceApplicationSecurityGroups: [{ resourceGroup: 'rg' }],
    });
  });

  test('are of one VNet, whether the rule or the member comes last', async () => {
    await az.line('network nic create -g rg -n nic2 --vnet-name w --subnet s --asgs db');
    const code = '(AllApplicationSecurityGroupsInSecurityRuleMustBeFromSameVnet)';
    expect((await az.line(`${RULE} --source-asgs web --destination-asgs db`)).stderr).toContain(code);
    await az.line('network asg create -g rg -n empty');
    expect((await az.line(`${RULE} --source-asgs web --destination-asgs empty`)).exitCode).toBe(0);
    expect(
      (await az.line('network nic create -g rg -n nic3 --vnet-name w --subnet s --asgs empty')).stderr,
    ).toContain(code);
  });
});
