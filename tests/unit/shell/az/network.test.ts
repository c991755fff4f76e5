import { beforeEach, describe, expect, test } from 'vitest';
import { azTerminal } from '../../../support/az.ts';
import type { AzTerminal } from '../../../support/az.ts';

let az: AzTerminal;

beforeEach(async () => {
  az = azTerminal();
  await az.line('group create -n rg -l westeurope');
  await az.line(
    'network vnet create -g rg -n vnet1 --address-prefix 10.0.0.0/16 --subnet-name s1 --subnet-prefix 10.0.1.0/24',
  );
});

/** Runs a line that must succeed and returns what a query finds in its output. */
async function query(line: string, expression: string): Promise<unknown> {
  return az.json(...line.split(' '), '--query', expression);
}

describe('creation answers in the wrapper of azure-cli', () => {
  test.each([
    ['network vnet create -g rg -n v2', 'newVNet.name', 'v2'],
    ['network nsg create -g rg -n n1', 'NewNSG.name', 'n1'],
    [
      'network nic create -g rg -n nic1 --vnet-name vnet1 --subnet s1',
      'NewNIC.ipConfigurations[0].privateIPAddress',
      '10.0.1.4',
    ],
    ['network public-ip create -g rg -n p1', 'publicIp.publicIPAllocationMethod', 'Static'],
    ['network route-table create -g rg -n rt1', 'name', 'rt1'],
    ['identity create -g rg -n id1', 'type', 'Microsoft.ManagedIdentity/userAssignedIdentities'],
  ])('az %s: %s', async (line, expression, value) => {
    expect(await query(line, expression)).toBe(value);
  });

  test('a VNet without prefixes is 10.0.0.0/16, and its first subnet the first /24', async () => {
    expect(
      await query(
        'network vnet create -g rg -n v2 --subnet-name x',
        'newVNet.[addressSpace.addressPrefixes[0], subnets[0].addressPrefix]',
      ),
    ).toEqual(['10.0.0.0/16', '10.0.0.0/24']);
  });

  test('creating a VNet again keeps its subnets', async () => {
    expect(
      await query(
        'network vnet create -g rg -n vnet1 --address-prefixes 10.0.0.0/15',
        'newVNet.subnets[].name',
      ),
    ).toEqual(['s1']);
  });
});

describe('a subnet’s route table and security group', () => {
  const subnet = 'network vnet subnet update -g rg --vnet-name vnet1 -n s1';

  beforeEach(async () => {
    await az.line('network route-table create -g rg -n rt1');
    await az.line('network nsg create -g rg -n nsg1');
    await az.line(`${subnet} --route-table rt1 --network-security-group nsg1`);
  });

  test('show on both sides', async () => {
    expect(
      await query(
        'network vnet subnet show -g rg --vnet-name vnet1 -n s1',
        '[routeTable.id, networkSecurityGroup.id][?contains(@, `1`)] | length(@)',
      ),
    ).toBe(2);
    expect(await query('network route-table show -g rg -n rt1', 'subnets[0].id')).toMatch(/\/subnets\/s1$/);
    expect(await query('network nsg show -g rg -n nsg1', 'subnets[0].id')).toMatch(/\/subnets\/s1$/);
  });

  test.each([
    ['--route-table with an empty name', ['--route-table', '']],
    ['--remove routeTable', ['--remove', 'routeTable']],
    ['--set routeTable=null', ['--set', 'routeTable=null']],
  ])('%s detaches the table and leaves the group', async (_case, words) => {
    const ran = await az.run(
      ...subnet.split(' '),
      ...words,
      '--query',
      '[routeTable, networkSecurityGroup.resourceGroup]',
    );
    expect(JSON.parse(ran.stdout)).toEqual([null, 'rg']);
  });

  test('hold them in place until they are detached', async () => {
    expect((await az.line('network route-table delete -g rg -n rt1')).stderr).toContain(
      '(InUseRouteTableCannotBeDeleted) Route table rt1 is in use and cannot be deleted.',
    );
    expect((await az.line('network nsg delete -g rg -n nsg1')).stderr).toContain(
      '(InUseNetworkSecurityGroupCannotBeDeleted)',
    );
    await az.line(`${subnet} --remove routeTable --remove networkSecurityGroup`);
    expect(await az.line('network route-table delete -g rg -n rt1')).toMatchObject({
      exitCode: 0,
      stdout: '',
    });
    expect((await az.line('network nsg delete -g rg -n nsg1')).exitCode).toBe(0);
  });

  test('must exist', async () => {
    const ran = await az.line(`${subnet} --route-table nope`);
    expect(ran).toMatchObject({ exitCode: 1 });
    expect(ran.stderr).toMatch(
      /\(InvalidResourceReference\) Resource .*\/routeTables\/nope referenced by resource .*\/subnets\/s1 was not found\./,
    );
  });
});

describe('generic updates', () => {
  const refusals: readonly (readonly [string, string, string])[] = [
    [
      'a property that we do not model',
      '--set flowTimeoutInMinutes=5',
      '(NotSimulated) Changing the property flowTimeoutInMinutes',
    ],
    ['a name', '--set name=other', '(NotSimulated) Changing the property name'],
    ['tags that are no pairs', '--set tags=test', '(InvalidRequestFormat)'],
    ['a text for a switch', '--set enableDdosProtection=maybe', '(InvalidRequestFormat)'],
    ['a text for a list', '--set dhcpOptions.dnsServers=10.0.1.9', '(InvalidRequestFormat)'],
    ['a switch that is taken away', '--remove enableDdosProtection', '(InvalidRequestFormat)'],
    ['something that is not there', '--remove nothing', "Couldn't find 'nothing'"],
    ['a pair without a value', '--set name', 'invalid syntax: --set KEY=VALUE'],
    ['an index beyond the list', '--remove addressSpace.addressPrefixes 7', "index 7 doesn't exist"],
    [
      'a list item that does not fit',
      '--add addressSpace.addressPrefixes 10.0.5.0/24',
      '(AddressPrefixesOverlap)',
    ],
  ];

  test.each(refusals)('refuse %s', async (_case, words, message) => {
    const before = az.cloud();
    const ran = await az.line(`network vnet update -g rg -n vnet1 ${words}`);
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toContain(message);
    expect(az.cloud()).toBe(before);
  });

  test.each([
    [
      'add to a list',
      '--add addressSpace.addressPrefixes 10.9.0.0/16',
      'addressSpace.addressPrefixes',
      ['10.0.0.0/16', '10.9.0.0/16'],
    ],
    ['set a tag', '--set tags.env=test', 'tags', { env: 'test' }],
    [
      'set a list as JSON',
      '--set dhcpOptions.dnsServers=["10.0.1.9"]',
      'dhcpOptions.dnsServers',
      ['10.0.1.9'],
    ],
    [
      'take snake_case',
      '--set dhcp_options.dns_servers=["10.0.1.9"]',
      'dhcpOptions.dnsServers',
      ['10.0.1.9'],
    ],
  ])('%s', async (_case, words, expression, value) => {
    expect(await query(`network vnet update -g rg -n vnet1 ${words}`, expression)).toEqual(value);
  });
});

test('removing a tag takes its key away, and removing the tags all of them', async () => {
  for (const [update, show] of [
    ['group update -n rg', 'group show -n rg'],
    ['network vnet update -g rg -n vnet1', 'network vnet show -g rg -n vnet1'],
  ] as const) {
    await az.line(`${update} --set tags.a=1 tags.b=2`);
    await az.line(`${update} --remove tags.a`);
    expect(await query(show, 'tags')).toEqual({ b: '2' });
    await az.line(`${update} --remove tags`);
    expect(await query(show, 'tags')).toBeNull();
  }
});

test('an id of another subscription is refused', async () => {
  const before = az.cloud();
  const ran = await az.line(
    'network vnet delete --ids /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/vnet1',
  );
  expect(ran.exitCode).toBe(1);
  expect(ran.stderr).toContain("The subscription of '00000000-0000-0000-0000-000000000000' doesn't exist");
  expect(az.cloud()).toBe(before);
});

describe('the delegations of a subnet', () => {
  const subnet = 'network vnet subnet update -g rg --vnet-name vnet1 -n s1';
  const delegated = (...words: readonly string[]): ReturnType<typeof az.run> =>
    az.run(
      ...subnet.split(' '),
      '--query',
      'delegations[].serviceName',
      '-o',
      'tsv',
      '--delegations',
      ...words,
    );

  test.each([
    ['Microsoft.Web/serverFarms', 'Microsoft.Web/serverFarms'],
    ['microsoft.containerservice/managedclusters', 'Microsoft.ContainerService/managedClusters'],
    ['Microsoft.DBforPostgreSQL.flexibleServers', 'Microsoft.DBforPostgreSQL/flexibleServers'],
  ])('%s is %s', async (given, service) => {
    expect(await delegated(given)).toMatchObject({ exitCode: 0, stdout: `${service}\n` });
    expect(await delegated('null')).toMatchObject({ exitCode: 0, stdout: '' });
  });

  test.each([
    'Microsoft.Foo/bar',
    'Microsoft.Web',
    '[{"name":"d","serviceName":"Microsoft.Web/serverFarms"}]',
  ])('cannot be to %s', async (given) => {
    const ran = await delegated(given);
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toContain(`(InvalidServiceNameOnDelegation) The service name ${given} specified`);
    expect(ran.stderr).toContain('Microsoft.ContainerInstance/containerGroups');
  });
});

describe('routes', () => {
  beforeEach(async () => {
    await az.line('network route-table create -g rg -n rt1');
  });
  const create = 'network route-table route create -g rg --route-table-name rt1 -n r1';

  test('print the columns that azure-cli derives', async () => {
    await az.line(
      `${create} --address-prefix 10.244.0.0/24 --next-hop-type VirtualAppliance --next-hop-ip-address 10.0.1.4`,
    );
    expect(
      (await az.line('network route-table route list -g rg --route-table-name rt1 -o table')).stdout,
    ).toBe(
      [
        'AddressPrefix    HasBgpOverride    Name    NextHopIpAddress    NextHopType       ProvisioningState    ResourceGroup',
        '---------------  ----------------  ------  ------------------  ----------------  -------------------  ---------------',
        '10.244.0.0/24    False             r1      10.0.1.4            VirtualAppliance  Succeeded            rg',
        '',
      ].join('\n'),
    );
  });

  test('are gone when their table is created again', async () => {
    await az.line(`${create} --address-prefix 10.244.0.0/24 --next-hop-type None`);
    const again = 'network route-table create -g rg -n rt1 --query routes';
    expect(await az.json(...again.split(' '))).toEqual([]);
  });

  test('change their hop, whose address goes only when told to', async () => {
    await az.line(
      `${create} --address-prefix 0.0.0.0/0 --next-hop-type VirtualAppliance --next-hop-ip-address 10.0.1.4`,
    );
    const update = 'network route-table route update -g rg --route-table-name rt1 -n r1';
    expect(await query(`${update} --next-hop-ip-address 10.0.1.5`, 'nextHopIpAddress')).toBe('10.0.1.5');
    expect((await az.line(`${update} --next-hop-type Internet`)).stderr).toContain(
      '(NextHopIpAddressNotAllowed)',
    );
    const both = [...update.split(' '), '--next-hop-type', 'Internet', '--next-hop-ip-address', ''];
    expect(await az.json(...both, '--query', '[nextHopType, nextHopIpAddress]')).toEqual(['Internet', null]);
  });
});

describe('security rules', () => {
  test('have the defaults of azure-cli', async () => {
    await az.line('network nsg create -g rg -n nsg1');
    expect(
      await query(
        'network nsg rule create -g rg --nsg-name nsg1 -n r1 --priority 100',
        '[access, direction, protocol, sourceAddressPrefix, sourcePortRange, destinationAddressPrefix, destinationPortRange]',
      ),
    ).toEqual(['Allow', 'Inbound', '*', '*', '*', '*', '80']);
  });

  test('change one property and keep the others', async () => {
    await az.line('network nsg create -g rg -n nsg1');
    await az.line(
      'network nsg rule create -g rg --nsg-name nsg1 -n r1 --priority 100 --destination-port-ranges 80 443',
    );
    expect(
      await query(
        'network nsg rule update -g rg --nsg-name nsg1 -n r1 --access Deny',
        '[access, destinationPortRanges]',
      ),
    ).toEqual(['Deny', ['80', '443']]);
    expect(
      await query('network nsg rule update -g rg --nsg-name nsg1 -n r1 --set priority=200', 'priority'),
    ).toBe(200);
  });

  test.each([
    ['a value that Azure does not have', '--set access=Maybe', '(InvalidRequestFormat)'],
    ['a property that it needs', '--remove access', '(InvalidRequestFormat)'],
    [
      'a port beside every port',
      '--add sourcePortRanges 23',
      '(SecurityRuleParameterContainsUnsupportedValue)',
    ],
  ])('refuse %s', async (_case, words, message) => {
    await az.line('network nsg create -g rg -n nsg1');
    await az.line('network nsg rule create -g rg --nsg-name nsg1 -n r1 --priority 100');
    const before = az.cloud();
    const ran = await az.line(`network nsg rule update -g rg --nsg-name nsg1 -n r1 ${words}`);
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toContain(message);
    expect(az.cloud()).toBe(before);
  });

  test('take a second port beside the one, and lose it again', async () => {
    await az.line('network nsg create -g rg -n nsg1');
    await az.line('network nsg rule create -g rg --nsg-name nsg1 -n r1 --priority 100');
    const update = 'network nsg rule update -g rg --nsg-name nsg1 -n r1';
    const ports = '[destinationPortRange, destinationPortRanges]';
    expect(await query(`${update} --add destinationPortRanges 23`, ports)).toEqual([null, ['80', '23']]);
    expect(await query(`${update} --remove destinationPortRanges 0`, ports)).toEqual(['23', []]);
  });

  test('take a description by --set', async () => {
    await az.line('network nsg create -g rg -n nsg1');
    await az.line('network nsg rule create -g rg --nsg-name nsg1 -n r1 --priority 100');
    expect(
      await query('network nsg rule update -g rg --nsg-name nsg1 -n r1 --set description=web', 'description'),
    ).toBe('web');
  });
});

describe('the load balancer of a cluster', () => {
  beforeEach(async () => {
    await az.line('aks create -g rg -n aks1 --network-plugin kubenet --node-count 2 --generate-ssh-keys');
  });

  const balancer = '-g MC_rg_aks1_westeurope --lb-name kubernetes';

  test('is listed with its outbound rule, whose address is the public one', async () => {
    expect(await query('network lb list -g MC_rg_aks1_westeurope', '[].name')).toEqual(['kubernetes']);
    expect(
      await query(
        `network lb outbound-rule list ${balancer}`,
        '[].[name,allocatedOutboundPorts,idleTimeoutInMinutes,protocol]',
      ),
    ).toEqual([['aksOutboundRule', 0, 30, 'All']]);
    const frontends = await az.line(
      `network lb frontend-ip list ${balancer} --query [].publicIPAddress.id -o tsv`,
    );
    const address = await az.line(
      `network public-ip show --ids ${frontends.stdout.trim()} --query ipConfiguration.id -o tsv`,
    );
    expect(address.stdout).toContain('/loadBalancers/kubernetes/frontendIPConfigurations/');
  });

  test('has each node in its pools', async () => {
    expect(
      await query(`network lb address-pool list ${balancer}`, '[].[name,length(backendIPConfigurations)]'),
    ).toEqual([
      ['aksOutboundBackendPool', 2],
      ['kubernetes', 2],
    ]);
  });

  test('has no part of another name, and what is not simulated says so', async () => {
    expect(await az.line(`network lb rule show ${balancer} -n web`)).toMatchObject({ exitCode: 3 });
    expect(
      (await az.line('network lb inbound-nat-rule create -g rg --lb-name mine -n ssh')).stderr,
    ).toContain(
      'az network lb inbound-nat-rule create is a real command that this workbook does not simulate',
    );
  });
});

test.each([
  ['in a subnet delegated to a service', 'other', '--delegations Microsoft.Web/serverFarms'],
  ['in the subnet of the gateway', 'GatewaySubnet', ''],
])('a NIC %s is refused', async (_case, name, words) => {
  await az.line(
    `network vnet subnet create -g rg --vnet-name vnet1 -n ${name} --address-prefixes 10.0.9.0/24 ${words}`.trim(),
  );
  const before = az.cloud();
  const ran = await az.line(`network nic create -g rg -n nic1 --vnet-name vnet1 --subnet ${name}`);
  expect(ran.exitCode).toBe(1);
  expect(ran.stderr).toContain('(NotSimulated) A network interface in subnet');
  expect(az.cloud()).toBe(before);
});

test.each([
  ['a service’s delegation', '--delegations Microsoft.Web/serverFarms', '[Microsoft.Web/serverFarms]'],
  [
    'the delegation of AKS',
    '--delegations Microsoft.ContainerService/managedClusters',
    '[Microsoft.ContainerService/managedClusters]',
  ],
])('a subnet with a NIC in it does not get %s', async (_case, words, to) => {
  await az.line('network nic create -g rg -n nic1 --vnet-name vnet1 --subnet s1');
  const before = az.cloud();
  const ran = await az.line(`network vnet subnet update -g rg --vnet-name vnet1 -n s1 ${words}`);
  expect(ran.exitCode).toBe(1);
  expect(ran.stderr).toMatch(
    /^ERROR: \(SubnetDelegationsCannotChangeWhenSubnetUsedByResource\) Delegations of subnet .*\/subnets\/s1 cannot be changed from \[\] to /,
  );
  expect(ran.stderr).toContain(
    `to ${to} because it is being used by the resource ${Object.values(before.resources).find((each) => each.name === 'nic1')?.id ?? ''}/ipConfigurations/`,
  );
  expect(az.cloud()).toBe(before);
  // What changes nobody's delegation is none of its business, and an empty subnet may have any.
  expect(
    await az.line('network vnet subnet update -g rg --vnet-name vnet1 -n s1 --default-outbound-access false'),
  ).toMatchObject({
    exitCode: 0,
  });
  await az.line('network nic delete -g rg -n nic1');
  expect(await az.line(`network vnet subnet update -g rg --vnet-name vnet1 -n s1 ${words}`)).toMatchObject({
    exitCode: 0,
  });
});

describe('NICs', () => {
  beforeEach(async () => {
    await az.line('network nic create -g rg -n nic1 --vnet-name vnet1 --subnet s1');
  });

  test('forward when told to', async () => {
    expect(await query('network nic update -g rg -n nic1 --ip-forwarding true', 'enableIPForwarding')).toBe(
      true,
    );
    expect(
      await query('network nic update -g rg -n nic1 --set enableIPForwarding=false', 'enableIPForwarding'),
    ).toBe(false);
  });

  test('take a public address, which then cannot go elsewhere or be deleted', async () => {
    await az.line('network public-ip create -g rg -n p1');
    await az.line('network nic ip-config update -g rg --nic-name nic1 -n ipconfig1 --public-ip-address p1');
    expect((await az.line('network public-ip delete -g rg -n p1')).stderr).toContain(
      '(PublicIPAddressCannotBeDeleted)',
    );
    expect(
      (await az.line('network nic create -g rg -n nic2 --vnet-name vnet1 --subnet s1 --public-ip-address p1'))
        .stderr,
    ).toContain('(PublicIPAddressInUse)');
    await az.run(
      'network',
      'nic',
      'ip-config',
      'update',
      '-g',
      'rg',
      '--nic-name',
      'nic1',
      '-n',
      'ipconfig1',
      '--public-ip-address',
      '',
    );
    expect((await az.line('network public-ip delete -g rg -n p1')).exitCode).toBe(0);
  });

  test('get a second configuration and lose it, but not the first', async () => {
    const second =
      'network nic ip-config create -g rg --nic-name nic1 -n second --private-ip-address 10.0.1.77';
    expect(await query(second, '[primary, privateIPAddress, privateIPAllocationMethod]')).toEqual([
      false,
      '10.0.1.77',
      'Static',
    ]);
    expect(
      (await az.line('network nic ip-config delete -g rg --nic-name nic1 -n ipconfig1')).stderr,
    ).toContain('IpConfigDeleteNotSupported');
    await az.line('network nic ip-config delete -g rg --nic-name nic1 -n second');
    expect(await query('network nic ip-config list -g rg --nic-name nic1', '[].name')).toEqual(['ipconfig1']);
  });
});

describe('effective routes and rules', () => {
  beforeEach(async () => {
    await az.line(
      'vm create -g rg -n vm1 --image Ubuntu2204 --generate-ssh-keys --vnet-name vnet1 --subnet s1',
    );
    await az.line('network route-table create -g rg -n rt1');
    await az.line(
      'network route-table route create -g rg --route-table-name rt1 -n all --address-prefix 0.0.0.0/0 --next-hop-type VirtualAppliance --next-hop-ip-address 10.0.1.9',
    );
    await az.line('network vnet subnet update -g rg --vnet-name vnet1 -n s1 --route-table rt1');
  });

  test('a route of one’s own for 0.0.0.0/0 makes the system one invalid and takes the routes to None away', async () => {
    expect((await az.line('network nic show-effective-route-table -g rg -n vm1VMNic -o table')).stdout).toBe(
      [
        'Source    State    Address Prefix    Next Hop Type     Next Hop IP',
        '--------  -------  ----------------  ----------------  -------------',
        'Default   Active   10.0.0.0/16       VnetLocal',
        'Default   Invalid  0.0.0.0/0         Internet',
        'User      Active   0.0.0.0/0         VirtualAppliance  10.0.1.9',
        '',
      ].join('\n'),
    );
  });

  test('and widens the tag VirtualNetwork to everything', async () => {
    expect(
      await query(
        'network nic list-effective-nsg -g rg -n vm1VMNic',
        "value[0].effectiveSecurityRules[?name=='defaultSecurityRules/AllowVnetInBound'].expandedSourceAddressPrefix[]",
      ),
    ).toEqual(['0.0.0.0/0']);
  });

  test('are known only while the machine runs', async () => {
    await az.line('vm deallocate -g rg -n vm1');
    for (const [command, code] of [
      ['show-effective-route-table', 'NicMustBeAttachedToRunningVmToGetEffectiveRoutes'],
      ['list-effective-nsg', 'NicMustBeAttachedToRunningVmToGetEffectiveSecurityGroups'],
    ]) {
      const refused = await az.line(`network nic ${command} -g rg -n vm1VMNic`);
      expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
      expect(refused.stderr).toContain(`(${code}) A network interface must be attached to a running virtual`);
    }
  });
});
