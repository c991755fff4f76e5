import { beforeEach, describe, expect, test } from 'vitest';
import { isAllowed } from '../../../../src/model/azure/permissions.ts';
import { azTerminal } from '../../../support/az.ts';
import type { AzTerminal } from '../../../support/az.ts';

const JOIN = 'Microsoft.Network/virtualNetworks/subnets/join/action';

describe('az role', () => {
  let az: AzTerminal;
  let principal = '';
  let subnet = '';
  let subscription = '';
  beforeEach(async () => {
    az = azTerminal();
    await az.line('group create -n rg -l westeurope');
    await az.line('network vnet create -g rg -n v --subnet-name s');
    await az.line('identity create -g rg -n id1');
    const text = async (...words: readonly string[]): Promise<string> =>
      (await az.run(...words, '-o', 'tsv')).stdout.trim();
    principal = await text('identity', 'show', '-g', 'rg', '-n', 'id1', '--query', 'principalId');
    subnet = await text(
      'network',
      'vnet',
      'subnet',
      'show',
      '-g',
      'rg',
      '--vnet-name',
      'v',
      '-n',
      's',
      '--query',
      'id',
    );
    subscription = await text('account', 'show', '--query', 'id');
  });

  const assign = (...words: readonly string[]): ReturnType<AzTerminal['run']> =>
    az.run('role', 'assignment', 'create', ...words);

  const refusals: readonly [string, () => readonly string[], string][] = [
    [
      'someone who is not there',
      () => ['--assignee', 'ann@example.com', '--role', 'Reader', '--scope', subnet],
      'Cannot find user or service principal in graph database for',
    ],
    [
      'a misspelt role',
      () => ['--assignee', principal, '--role', 'Network Contributer', '--scope', subnet],
      "Role 'Network Contributer' doesn't exist.",
    ],
    [
      'a role that is not known here',
      () => ['--assignee', principal, '--role', 'Key Vault Administrator', '--scope', subnet],
      '(NotSimulated)',
    ],
    [
      'a role id of nothing',
      () => ['--assignee', principal, '--role', '11111111-2222-3333-4444-555555555555', '--scope', subnet],
      '(RoleDefinitionDoesNotExist)',
    ],
    [
      'a scope that is not there',
      () => ['--assignee', principal, '--role', 'Reader', '--scope', `${subnet}x`],
      '(ResourceNotFound)',
    ],
    [
      'a scope of no form',
      () => ['--assignee', principal, '--role', 'Reader', '--scope', 'rg'],
      '(MissingSubscription)',
    ],
    [
      'a group as well as a scope',
      () => ['--assignee', principal, '--role', 'Reader', '--scope', subnet, '-g', 'rg'],
      'Resource group "rg" is redundant because scope is supplied',
    ],
    [
      'a type without an object id',
      () => [
        '--assignee',
        principal,
        '--assignee-principal-type',
        'User',
        '--role',
        'Reader',
        '--scope',
        subnet,
      ],
      'usage error: --assignee-object-id GUID --assignee-principal-type TYPE',
    ],
    [
      'the wrong type',
      () => [
        '--assignee-object-id',
        principal,
        '--assignee-principal-type',
        'User',
        '--role',
        'Reader',
        '--scope',
        subnet,
      ],
      '(UnmatchedPrincipalType)',
    ],
    [
      'an object id of nobody',
      () => [
        '--assignee-object-id',
        '11111111-2222-3333-4444-555555555555',
        '--role',
        'Reader',
        '--scope',
        subnet,
      ],
      '(PrincipalNotFound)',
    ],
    [
      'an empty role',
      () => ['--assignee', principal, '--role', '', '--scope', subnet],
      "usage error: --role can't be an empty string",
    ],
  ];
  test.each(refusals)('refuses %s and assigns nothing', async (_, words, said) => {
    const before = az.cloud();
    const ran = await assign(...words());
    expect(ran.stderr).toContain(said);
    expect(ran.exitCode).not.toBe(0);
    expect(az.cloud()).toBe(before);
  });

  test('a role on a subnet allows its actions there, and nowhere else', async () => {
    const [network] = subnet.split('/subnets/');
    expect(isAllowed(az.cloud(), principal, JOIN, subnet)).toBe(false);
    await assign('--assignee', principal, '--role', 'Network Contributor', '--scope', subnet);
    expect(isAllowed(az.cloud(), principal, JOIN, subnet.toUpperCase())).toBe(true);
    expect(isAllowed(az.cloud(), principal, JOIN, network ?? '')).toBe(false);
    expect(isAllowed(az.cloud(), principal, 'Microsoft.Authorization/roleAssignments/write', subnet)).toBe(
      false,
    );
  });

  test('Contributor may do everything but assign roles', async () => {
    await assign('--assignee', principal, '--role', 'Contributor', '-g', 'rg');
    expect(isAllowed(az.cloud(), principal, JOIN, subnet)).toBe(true);
    expect(isAllowed(az.cloud(), principal, 'Microsoft.Authorization/roleAssignments/write', subnet)).toBe(
      false,
    );
  });

  test('a custom role holds only its own actions, within its assignable scopes, and cannot go while assigned', async () => {
    const role = JSON.stringify({
      Name: 'Subnet joiner',
      Description: 'Joins subnets',
      Actions: [JOIN],
      AssignableScopes: [`/subscriptions/${subscription}/resourceGroups/rg`],
    });
    az.files.set('role.json', role);
    const made = await az.run('role', 'definition', 'create', '--role-definition', '@role.json');
    expect(made.stderr).toBe('');
    expect(JSON.parse(made.stdout)).toMatchObject({
      roleName: 'Subnet joiner',
      roleType: 'CustomRole',
      permissions: [{ actions: [JOIN], notActions: [], dataActions: [], notDataActions: [] }],
    });
    expect(
      (
        await assign(
          '--assignee',
          principal,
          '--role',
          'Subnet joiner',
          '--scope',
          `/subscriptions/${subscription}`,
        )
      ).stderr,
    ).toContain("Role 'Subnet joiner' doesn't exist.");
    expect(
      (await assign('--assignee', principal, '--role', 'Subnet joiner', '--scope', subnet)).exitCode,
    ).toBe(0);
    expect(isAllowed(az.cloud(), principal, JOIN, subnet)).toBe(true);
    expect(isAllowed(az.cloud(), principal, 'Microsoft.Network/virtualNetworks/subnets/read', subnet)).toBe(
      false,
    );
    const remove = ['role', 'definition', 'delete', '-n', 'Subnet joiner', '-g', 'rg'];
    expect((await az.run(...remove)).stderr).toContain('(RoleDefinitionHasAssignments)');
    await az.run('role', 'assignment', 'delete', '--assignee', principal, '--scope', subnet);
    expect((await az.run(...remove)).exitCode).toBe(0);
    expect(await az.json('role', 'definition', 'list', '-g', 'rg', '--custom-role-only')).toEqual([]);
  });

  test('the definition of a built-in role is shown with its id', async () => {
    expect(
      await az.json(
        'role',
        'definition',
        'list',
        '--name',
        'Network Contributor',
        '--query',
        '[].[name,roleType]',
      ),
    ).toEqual([['4d97b98b-1d4f-4787-a291-c67834d212e7', 'BuiltInRole']]);
  });
});
