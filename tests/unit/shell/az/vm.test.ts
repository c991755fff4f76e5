import { beforeEach, describe, expect, test } from 'vitest';
import { azTerminal } from '../../../support/az.ts';
import type { AzTerminal } from '../../../support/az.ts';

const create = 'vm create -g rg -n vm1 --image Ubuntu2204 --generate-ssh-keys';
let az: AzTerminal;

beforeEach(async () => {
  az = azTerminal({
    inside: (place, argv) => ({
      stdout: `${place.kind} ran ${argv.at(-1) ?? ''}\n`,
      stderr: 'and complained\n',
      exitCode: 0,
    }),
  });
  await az.line('group create -n rg -l westeurope');
});

describe('az vm create', () => {
  test('makes everything around the machine, under the names of azure-cli', async () => {
    const made = await az.json(...create.split(' '));
    expect(made).toMatchObject({
      fqdns: '',
      location: 'westeurope',
      powerState: 'VM running',
      privateIpAddress: '10.0.0.4',
      resourceGroup: 'rg',
      zones: '',
    });
    expect(made).toHaveProperty('macAddress', expect.stringMatching(/^60-45-BD(-[0-9A-F]{2}){3}$/));
    expect(made).toHaveProperty(
      'publicIpAddress',
      expect.stringMatching(/^(203\.0\.113|198\.51\.100|192\.0\.2)\.\d+$/),
    );
    const names = Object.values(az.cloud().resources).map((one) => one.name);
    expect(names.sort()).toEqual(['vm1', 'vm1NSG', 'vm1PublicIP', 'vm1VMNic', 'vm1VNET']);
    expect(
      await az.json(
        'network',
        'nsg',
        'rule',
        'list',
        '-g',
        'rg',
        '--nsg-name',
        'vm1NSG',
        '--query',
        '[].[name, priority, destinationPortRange]',
      ),
    ).toEqual([['default-allow-ssh', 1000, '22']]);
  });

  test('is in the zone that was asked for, with its public address', async () => {
    const zones = (line: string): Promise<unknown> => az.json(...line.split(' '), '--query', 'zones');
    expect(await zones(`${create} --zone 2`)).toBe('2');
    expect(await zones('vm show -g rg -n vm1')).toEqual(['2']);
    expect(await zones('network public-ip show -g rg -n vm1PublicIP')).toEqual(['2']);
    expect((await az.line('vm list -o table')).stdout).toMatch(/vm1 +rg +westeurope +2\n/);
    const other = create.replace('vm1', 'vm2');
    expect(await az.line(`${other} --zone 4`)).toMatchObject({ exitCode: 2 });
    expect((await az.line(`${other} --zone 1 -l westus`)).stderr).toContain('which has no such zone');
  });

  test.each(['--size Standard_D4s_v5', '--zone 1', '--nics other'])(
    'again with %s is refused by name',
    async (option) => {
      await az.line(create);
      const ran = await az.line(`${create} ${option}`);
      expect(ran).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('by creating it again') as string,
      });
    },
  );

  test('does not take the NIC along when it goes, and says so', async () => {
    expect((await az.line(`${create} --nic-delete-option Delete`)).stderr).toContain('(NotSimulated)');
  });

  test('uses the first VNet of the group when none is named', async () => {
    await az.line('network vnet create -g rg -n own --subnet-name s --address-prefixes 10.7.0.0/16');
    expect(await az.json(...create.split(' '), '--query', 'privateIpAddress')).toBe('10.7.0.4');
  });

  test('makes no public address and no group when told so', async () => {
    await az.run(...create.split(' '), '--public-ip-address', '', '--nsg', '');
    expect(
      Object.values(az.cloud().resources)
        .map((one) => one.name)
        .sort(),
    ).toEqual(['vm1', 'vm1VMNic', 'vm1VNET']);
  });

  test('again changes nothing, and with another image is refused', async () => {
    await az.line(create);
    const before = az.cloud();
    expect((await az.line(create)).exitCode).toBe(0);
    expect(az.cloud()).toBe(before);
    expect((await az.line(create.replace('Ubuntu2204', 'Debian12'))).stderr).toContain(
      '(PropertyChangeNotAllowed)',
    );
  });

  test('runs what cloud-init would', async () => {
    const lines: string[] = [];
    const watched = azTerminal({
      cloud: az.cloud(),
      inside: (_place, argv) => {
        lines.push(argv.at(-1) ?? '');
        return { stdout: '', stderr: '', exitCode: 0 };
      },
    });
    watched.files.set('init.yaml', '#cloud-config\npackages: [nginx]\nruncmd:\n  - [echo, "it is up"]\n');
    await watched.line(`${create} --custom-data init.yaml`);
    expect(lines).toEqual(["apt-get install -y nginx\necho 'it is up'"]);
    expect(
      (
        await watched.run(
          ...create.replace('vm1', 'vm2').split(' '),
          '--custom-data',
          '#cloud-config\nusers: []',
        )
      ).stderr,
    ).toContain('The key users in --custom-data is not simulated');
  });

  const refusals: readonly (readonly [string, string, string])[] = [
    [
      'without a key',
      'vm create -g rg -n vm1 --image Ubuntu2204',
      'An RSA key file or key value must be supplied to SSH Key Value.',
    ],
    [
      'of a size that is none',
      'vm create -g rg -n vm1 --image Ubuntu2204 --generate-ssh-keys --size Standard_Nope',
      '(InvalidParameter) The value Standard_Nope provided for the VM size is not valid.',
    ],
    [
      'whose name is no host name',
      'vm create -g rg -n vm_1 --image Ubuntu2204 --generate-ssh-keys',
      '(InvalidParameter) Linux host name cannot',
    ],
    ['without an image', 'vm create -g rg -n vm1 --generate-ssh-keys', '--image'],
    [
      'from an image that is none',
      'vm create -g rg -n vm1 --image Ubuntu1 --generate-ssh-keys',
      'Invalid image "Ubuntu1".',
    ],
    [
      'from Windows',
      'vm create -g rg -n vm1 --image Win2022Datacenter --generate-ssh-keys',
      '(NotSimulated) The Windows image',
    ],
    [
      'in a subnet that is not there',
      `${create} --vnet-name v --subnet /subscriptions/x/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s`,
      'does not exist.',
    ],
    ['with a subnet name alone', `${create} --subnet s`, "incorrect '--subnet' usage"],
    [
      'with a reserved address',
      `${create} --private-ip-address 10.0.0.1`,
      '(PrivateIPAddressInReservedRange)',
    ],
    ['with a Basic address', `${create} --public-ip-sku Basic`, '(IPv4BasicSkuPublicIpCountLimitReached)'],
    [
      'for the user admin',
      `${create} --admin-username admin`,
      "This user name 'admin' meets the general requirements",
    ],
    [
      'with a weak password',
      `${create} --admin-password short --authentication-type password`,
      'The password length must be between 12 and 72',
    ],
    ['in a group that is not there', create.replace('-g rg', '-g nope'), '(ResourceGroupNotFound)'],
  ];

  test.each(refusals)('is refused %s, and leaves nothing behind', async (_case, line, message) => {
    const before = az.cloud();
    const ran = await az.line(line);
    expect(ran.stderr).toContain(message);
    expect(ran.exitCode).toBeGreaterThan(0);
    expect(az.cloud()).toBe(before);
  });
});

describe('a machine', () => {
  beforeEach(async () => {
    await az.line(create);
  });

  test('is listed with its addresses', async () => {
    expect(await az.json('vm', 'list', '-d', '--query', '[].[name, powerState, privateIps]')).toEqual([
      ['vm1', 'VM running', '10.0.0.4'],
    ]);
    expect((await az.line('vm list-ip-addresses -g rg -n vm1 -o table')).stdout).toMatch(
      /^VirtualMachine    PublicIPAddresses    PrivateIPAddresses\n/,
    );
    expect(
      await az.json(
        'vm',
        'show',
        '-g',
        'rg',
        '-n',
        'vm1',
        '--query',
        'storageProfile.imageReference.publisher',
      ),
    ).toBe('Canonical');
  });

  test('runs scripts and reports both streams in one message', async () => {
    const message = await az.json(
      'vm',
      'run-command',
      'invoke',
      '-g',
      'rg',
      '-n',
      'vm1',
      '--command-id',
      'runshellscript',
      '--scripts',
      'hostname',
      'id',
      '--query',
      'value[0].message',
    );
    expect(message).toBe('Enable succeeded: \n[stdout]\nvm ran hostname\nid\n\n[stderr]\nand complained\n');
  });

  test('passes parameters to the script', async () => {
    const message = await az.json(
      'vm',
      'run-command',
      'invoke',
      '-g',
      'rg',
      '-n',
      'vm1',
      '--command-id',
      'RunShellScript',
      '--scripts',
      'echo $who $1',
      '--parameters',
      'who=me',
      'x y',
      '--query',
      'value[0].message',
    );
    expect(message).toContain("export who=me arg1='x y'\nset -- me 'x y'\necho $who $1");
  });

  test('stops, and then runs no scripts', async () => {
    expect((await az.line('vm stop -g rg -n vm1')).stderr).toContain(
      'About to power off the specified VM...',
    );
    const invoke = 'vm run-command invoke -g rg -n vm1 --command-id RunShellScript --scripts id';
    expect((await az.line(invoke)).stderr).toContain('(OperationNotAllowed)');
    await az.line('vm start -g rg -n vm1');
    expect((await az.line(invoke)).exitCode).toBe(0);
  });

  test('leaves its NIC behind when deleted, which then can go too', async () => {
    expect((await az.line('network nic delete -g rg -n vm1VMNic')).stderr).toContain('(NicInUse)');
    expect((await az.line('vm delete -g rg -n vm1')).stderr).toContain('Operation cancelled.');
    await az.line('vm delete -g rg -n vm1 --yes');
    expect((await az.line('network nic delete -g rg -n vm1VMNic')).exitCode).toBe(0);
  });

  test('opens a port in its group', async () => {
    await az.line('vm open-port -g rg -n vm1 --port 80,443');
    expect(
      await az.json(
        'network',
        'nsg',
        'rule',
        'show',
        '-g',
        'rg',
        '--nsg-name',
        'vm1NSG',
        '-n',
        'open-port-80_443',
        '--query',
        '[priority, destinationPortRanges]',
      ),
    ).toEqual([900, ['80', '443']]);
  });

  test('without a group gets one when a port is opened', async () => {
    await az.line('network nic update -g rg -n vm1VMNic --network-security-group null');
    expect((await az.line('vm open-port -g rg -n vm1 --port 8080 --nsg-name made')).exitCode).toBe(0);
    expect(
      (await az.line('network nic show -g rg -n vm1VMNic --query networkSecurityGroup.id -o tsv')).stdout,
    ).toMatch(/\/networkSecurityGroups\/made\n$/);
    expect((await az.line('network nsg rule list -g rg --nsg-name made --query [].name -o tsv')).stdout).toBe(
      'open-port-8080\n',
    );
  });

  test('is listed with its addresses by id', async () => {
    const id = (await az.line('vm show -g rg -n vm1 --query id -o tsv')).stdout.trim();
    expect(
      (await az.line(`vm list-ip-addresses --ids ${id} --query [].virtualMachine.name -o tsv`)).stdout,
    ).toBe('vm1\n');
  });
});

describe('identities and roles', () => {
  test('a role is assigned to an identity by any of its ids, once', async () => {
    await az.line('identity create -g rg -n id1');
    const [principalId, clientId] = (
      await az.line('identity show -g rg -n id1 --query [principalId,clientId] -o tsv')
    ).stdout
      .trim()
      .split('\n');
    const assign = [
      'role',
      'assignment',
      'create',
      '--role',
      'network contributor',
      '-g',
      'rg',
      '--assignee',
    ];
    const first = await az.json(...assign, principalId ?? '', '--query', 'name');
    expect(await az.json(...assign, clientId ?? '', '--query', 'name')).toBe(first);
    expect(await az.json('role', 'assignment', 'list', '--all', '--query', '[].roleDefinitionName')).toEqual([
      'Network Contributor',
    ]);
    // Without a scope azure-cli looks at the subscription itself only.
    const away = ['role', 'assignment', 'delete', '--assignee', principalId ?? ''];
    expect((await az.run(...away)).stderr).toContain('No matched assignments were found to delete');
    await az.run(...away, '-g', 'rg');
    expect(await az.json('role', 'assignment', 'list', '--all')).toEqual([]);
  });

  test('nobody unknown gets a role, and no unknown role is given', async () => {
    expect((await az.line('role assignment create --role Reader -g rg --assignee nobody')).stderr).toContain(
      "Cannot find user or service principal in graph database for 'nobody'.",
    );
    await az.line('identity create -g rg -n id1');
    const id = await az.json('identity', 'show', '-g', 'rg', '-n', 'id1', '--query', 'principalId');
    expect(
      (
        await az.run(
          'role',
          'assignment',
          'create',
          '--role',
          'Emperor',
          '-g',
          'rg',
          '--assignee',
          String(id),
        )
      ).stderr,
    ).toContain("The role 'Emperor'");
  });
});
