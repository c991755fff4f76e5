import { beforeEach, describe, expect, test } from 'vitest';
import { azTerminal } from '../../../support/az.ts';
import type { AzTerminal } from '../../../support/az.ts';

let az: AzTerminal;

beforeEach(async () => {
  az = azTerminal();
  await must('group create -n rg -l westeurope');
  await must(
    'network vnet create -g rg -n v --address-prefix 10.1.0.0/16 --subnet-name s --subnet-prefix 10.1.0.0/24',
  );
  await must('network lb create -g rg -n web');
});

async function must(line: string): Promise<void> {
  const ran = await az.line(line);
  expect(ran.exitCode, `${line}: ${ran.stderr}`).toBe(0);
}

/** Runs a line that must succeed and returns what a query finds in its output. */
async function query(line: string, expression: string): Promise<unknown> {
  return az.json(...line.split(' '), '--query', expression);
}

const on = (kind: string, verb: string, balancer = 'web') =>
  `network lb ${kind} ${verb} -g rg --lb-name ${balancer}`;
const rule = (name: string, front: number, back: number, more = '') =>
  `${on('rule', 'create')} -n ${name} --protocol tcp --frontend-port ${front} --backend-port ${back} ${more}`.trim();

describe('az network lb create', () => {
  test('makes a Standard load balancer with one frontend, one pool and a public address', async () => {
    expect(
      await query(
        'network lb show -g rg -n web',
        '[sku.name, frontendIPConfigurations[0].name, backendAddressPools[0].name]',
      ),
    ).toEqual(['Standard', 'LoadBalancerFrontEnd', 'webbepool']);
    expect(await query('network public-ip show -g rg -n PublicIPweb', 'ipConfiguration.id')).toMatch(
      /loadBalancers\/web\/frontendIPConfigurations\/LoadBalancerFrontEnd$/,
    );
  });

  test('prints the outputs of a deployment, where parts keep their properties', async () => {
    expect(
      await query(
        'network lb create -g rg -n two --backend-pool-name bp',
        'loadBalancer.[provisioningState, backendAddressPools[0].name, frontendIPConfigurations[0].properties.privateIPAllocationMethod]',
      ),
    ).toEqual(['Succeeded', 'bp', 'Dynamic']);
  });

  test('puts an internal one into the subnet, with the address asked for or the first free one', async () => {
    await must('network lb create -g rg -n a --vnet-name v --subnet s');
    await must('network lb create -g rg -n b --vnet-name v --subnet s --private-ip-address 10.1.0.9');
    const frontend = 'frontendIPConfigurations[0].[privateIPAddress, privateIPAllocationMethod]';
    expect(await query('network lb show -g rg -n a', frontend)).toEqual(['10.1.0.4', 'Dynamic']);
    expect(await query('network lb show -g rg -n b', frontend)).toEqual(['10.1.0.9', 'Static']);
    expect((await az.line('network vnet subnet delete -g rg --vnet-name v -n s')).stderr).toContain(
      '(InUseSubnetCannotBeDeleted)',
    );
  });

  test.each([
    [
      'an address outside the subnet',
      '--vnet-name v --subnet s --private-ip-address 10.2.0.4',
      'PrivateIPAddressNotInSubnet',
    ],
    [
      'an address that Azure keeps',
      '--vnet-name v --subnet s --private-ip-address 10.1.0.3',
      'PrivateIPAddressInReservedRange',
    ],
    ['the retired SKU', '--sku Basic', 'IPv4BasicSkuPublicIpCountLimitReached'],
    ['an address in use', '--public-ip-address PublicIPweb', 'PublicIPAddressInUse'],
    ['a gateway load balancer', '--sku Gateway', 'NotSimulated'],
    [
      'a subnet and a public address',
      '--vnet-name v --subnet s --public-ip-address p',
      'incorrect usage: --subnet NAME',
    ],
  ])('refuses %s', async (_name, options, expected) => {
    const before = az.cloud();
    const ran = await az.line(`network lb create -g rg -n x ${options}`);
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toContain(expected);
    expect(az.cloud().resources).toBe(before.resources);
  });
});

describe('rules and probes', () => {
  beforeEach(async () => {
    await must(`${on('probe', 'create')} -n p --protocol tcp --port 80`);
    await must(rule('r1', 80, 80, '--probe-name p'));
  });

  test('a probe of one’s own has the defaults of the service, and names its rules', async () => {
    expect(
      await query(
        `${on('probe', 'show')} -n p`,
        '[intervalInSeconds, numberOfProbes, probeThreshold, loadBalancingRules[0].id]',
      ),
    ).toEqual([15, 2, 1, expect.stringMatching(/\/loadBalancingRules\/r1$/)]);
  });

  test('a rule takes the only frontend and the only pool, and says both of the pool', async () => {
    expect(
      await query(
        `${on('rule', 'show')} -n r1`,
        '[enableFloatingIP, enableTcpReset, disableOutboundSnat, idleTimeoutInMinutes, loadDistribution, backendAddressPool.id == backendAddressPools[0].id]',
      ),
    ).toEqual([false, false, false, 4, 'Default', true]);
    expect(await query(`${on('frontend-ip', 'list')}`, '[0].loadBalancingRules[].id')).toHaveLength(1);
    expect(await query(`${on('address-pool', 'show')} -n webbepool`, 'loadBalancingRules[].id')).toHaveLength(
      1,
    );
  });

  test('lists print the columns of azure-cli', async () => {
    const [heading] = (await az.line(`${on('rule', 'list')} -o table`)).stdout.split('\n');
    expect(heading?.split(/\s{2,}/)).toEqual([
      'BackendPort',
      'DisableOutboundSnat',
      'EnableFloatingIP',
      'EnableTcpReset',
      'FrontendPort',
      'IdleTimeoutInMinutes',
      'LoadDistribution',
      'Name',
      'Protocol',
      'ProvisioningState',
      'ResourceGroup',
    ]);
  });

  test('update changes what is given, detaches with an empty text, and takes --set', async () => {
    const update = `${on('rule', 'update')} -n r1`;
    expect(
      await query(
        `${update} --floating-ip true --idle-timeout 10`,
        '[enableFloatingIP, idleTimeoutInMinutes]',
      ),
    ).toEqual([true, 10]);
    expect(
      await query(
        `${update} --set enableTcpReset=true --probe-name null`,
        '[enableTcpReset, probe, frontendPort]',
      ),
    ).toEqual([true, null, 80]);
  });

  test.each([
    ['the frontend’s port again', rule('r2', 80, 81), 'RulesUseSameFrontendPortProtocolAndIPConfig'],
    [
      'the backend’s port again without floating IP',
      rule('r2', 81, 80),
      'RulesUseSameBackendPortProtocolAndPool',
    ],
    ['a probe that is not there', rule('r2', 81, 81, '--probe-name q'), 'InvalidResourceReference'],
    ['a probe that a rule uses', `${on('probe', 'delete')} -n p`, 'InvalidResourceReference'],
    ['the pool that a rule uses', `${on('address-pool', 'delete')} -n webbepool`, 'InvalidResourceReference'],
    [
      'the frontend that a rule uses',
      `${on('frontend-ip', 'delete')} -n LoadBalancerFrontEnd`,
      'InvalidResourceReference',
    ],
    [
      'HA ports of a public frontend',
      `${on('rule', 'create')} -n ha --protocol All --frontend-port 0 --backend-port 0`,
      'NotSimulated',
    ],
    ['a port beyond the last', rule('r2', 65_535, 81), 'NotSimulated'],
    [
      'an HTTP probe without a path',
      `${on('probe', 'create')} -n h --protocol http --port 80`,
      'NotSimulated',
    ],
    [
      'a probe every four seconds',
      `${on('probe', 'create')} -n h --protocol tcp --port 80 --interval 4`,
      'NotSimulated',
    ],
  ])('Azure refuses %s, and nothing changes', async (_name, line, code) => {
    const before = az.cloud();
    const ran = await az.line(line);
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toContain(`(${code})`);
    expect(az.cloud().resources).toBe(before.resources);
  });

  test('two rules may share the backend’s port where one has floating IP', async () => {
    await must(`${on('rule', 'update')} -n r1 --floating-ip true`);
    await must(rule('r2', 81, 80));
  });

  test('with several frontends one has to be named', async () => {
    await must('network public-ip create -g rg -n second');
    await must(`${on('frontend-ip', 'create')} -n fe2 --public-ip-address second`);
    expect((await az.line(rule('r2', 81, 81))).stderr).toContain('Specify --frontend-ip explicitly.');
    await must(rule('r2', 80, 81, '--frontend-ip-name fe2'));
  });
});

describe('outbound rules', () => {
  const create = `${on('outbound-rule', 'create')} -n o --protocol All --address-pool webbepool --frontend-ip-configs LoadBalancerFrontEnd`;

  test('need rules on the same frontend to leave SNAT to them', async () => {
    await must(rule('r1', 80, 80));
    expect((await az.line(create)).stderr).toContain(
      'LoadBalancingRuleMustDisableSNATSinceSameFrontendIPConfigurationIsReferencedByOutboundRule',
    );
    await must(`${on('rule', 'update')} -n r1 --disable-outbound-snat`);
    await must(create);
    expect(
      await query(
        `${on('outbound-rule', 'show')} -n o`,
        '[protocol, allocatedOutboundPorts, idleTimeoutInMinutes]',
      ),
    ).toEqual(['All', 0, 4]);
  });

  test.each([
    ['--outbound-ports 1001', 'SpecifiedAllocatedOutboundPortsForOutboundRuleIsNotAMultipleOfEight'],
    [
      '--outbound-ports 64008',
      'SpecifiedAllocatedOutboundPortsForOutboundRuleExceedsTotalNumberOfAllowedPortsPerRule',
    ],
    ['--idle-timeout 3', 'NotSimulated'],
  ])('%s is refused', async (options, code) => {
    expect((await az.line(`${create} ${options}`)).stderr).toContain(`(${code})`);
  });

  test('use a frontend once for each protocol', async () => {
    await must(create);
    expect((await az.line(create.replace('-n o', '-n o2').replace('All', 'Tcp'))).stderr).toContain(
      '(MoreThanOneOutboundRuleUsingSameFrontendIPConfigurationAndProtocolIsNotSupported)',
    );
  });

  test('have no more ports for each backend than their addresses have', async () => {
    await must(create);
    for (const nic of ['n1', 'n2', 'n3']) {
      await must(
        `network nic create -g rg -n ${nic} --vnet-name v --subnet s --lb-name web --lb-address-pools webbepool`,
      );
    }
    const update = `${on('outbound-rule', 'update')} -n o --outbound-ports`;
    await must(`${update} 21328`);
    expect((await az.line(`${update} 21336`)).stderr).toContain(
      'exceeds total number of available ports per backend instance of 21328',
    );
    const fourth =
      'network nic create -g rg -n n4 --vnet-name v --subnet s --lb-name web --lb-address-pools webbepool';
    expect((await az.line(fourth)).stderr).toContain(
      'SpecifiedAllocatedOutboundPortsForOutboundRuleExceedsTotalNumberOfAvailablePorts',
    );
    await must(`${update} 16000`);
    await must(fourth);
  });

  test('are for primary configurations only', async () => {
    await must('network nic create -g rg -n n1 --vnet-name v --subnet s');
    await must('network nic ip-config create -g rg --nic-name n1 -n two');
    const join =
      'network nic ip-config address-pool add -g rg --nic-name n1 -n two --lb-name web --address-pool webbepool';
    const code = 'OutboundRuleCannotBeUsedWithBackendAddressPoolThatIsReferencedBySecondaryIpConfigs';
    await must(create);
    expect((await az.line(join)).stderr).toContain(code);
    await must(`${on('outbound-rule', 'delete')} -n o`);
    await must(join);
    expect((await az.line(create)).stderr).toContain(code);
  });
});

describe('members of pools', () => {
  const join = (nic: string, balancer: string) =>
    `network nic ip-config address-pool add -g rg --nic-name ${nic} -n ipconfig1 --lb-name ${balancer} --address-pool ${balancer}bepool`;

  beforeEach(async () => {
    await must('network lb create -g rg -n int --vnet-name v --subnet s');
    await must('network lb create -g rg -n int2 --vnet-name v --subnet s');
    await must('network nic create -g rg -n n1 --vnet-name v --subnet s');
  });

  test('join and leave, and the pool shows them', async () => {
    await must(join('n1', 'web'));
    await must(join('n1', 'int'));
    expect(
      await query(
        `${on('address-pool', 'list')}`,
        '[0].[length(backendIPConfigurations), loadBalancerBackendAddresses[0].name]',
      ),
    ).toEqual([1, 'rg_n1ipconfig1']);
    expect(await query('network lb list-nic -g rg -n web', '[].name')).toEqual(['n1']);
    const left = await query(
      join('n1', 'web').replace(' add ', ' remove '),
      'loadBalancerBackendAddressPools[].id',
    );
    expect(left).toEqual([expect.stringMatching(/\/int\/backendAddressPools\/intbepool$/)]);
  });

  test('leave a load balancer that is deleted; its public address stays', async () => {
    await must(join('n1', 'web'));
    await must('network lb delete -g rg -n web');
    expect(
      await query('network nic show -g rg -n n1', 'ipConfigurations[0].loadBalancerBackendAddressPools'),
    ).toBeNull();
    expect(await query('network public-ip show -g rg -n PublicIPweb', 'ipConfiguration')).toBeNull();
  });

  test('are behind one internal load balancer at most', async () => {
    await must(join('n1', 'int'));
    expect((await az.line(join('n1', 'int2'))).stderr).toContain('(AnotherInternalLoadBalancerExists)');
  });

  test.each([
    ['a pool that is not there', '--lb-name web --address-pool nope', '(InvalidResourceReference)'],
    ['a name without its load balancer', '--address-pool webbepool', 'usage error: --address-pool ID'],
  ])('%s is refused', async (_name, options, expected) => {
    const line = `network nic ip-config address-pool add -g rg --nic-name n1 -n ipconfig1 ${options}`;
    expect((await az.line(line)).stderr).toContain(expected);
  });

  test('a whole NIC of another VNet is not taken in', async () => {
    await must(
      'network vnet create -g rg -n v2 --address-prefix 10.2.0.0/16 --subnet-name s --subnet-prefix 10.2.0.0/24',
    );
    await must('network nic create -g rg -n n2 --vnet-name v2 --subnet s');
    await must(join('n1', 'web'));
    expect((await az.line(join('n2', 'web'))).stderr).toContain('(NotSimulated)');
  });
});

test('what inbound NAT would have is an empty list', async () => {
  expect(await query(on('inbound-nat-rule', 'list'), '@')).toEqual([]);
});

describe('the load balancers of a cluster', () => {
  const group = 'MC_rg_aks1_westeurope';
  const part = (kind: string, verb: string) => `network lb ${kind} ${verb} -g ${group} --lb-name kubernetes`;

  beforeEach(async () => {
    await must('aks create -g rg -n aks1 --node-count 2 --generate-ssh-keys');
  });

  test.each([
    ['the whole', `network lb delete -g ${group} -n kubernetes`, 'LoadBalancerInUseByVirtualMachineScaleSet'],
    [
      'a pool',
      `${part('address-pool', 'delete')} -n kubernetes`,
      'LoadBalancerBackendAddressPoolInUseByVirtualMachineScaleSet',
    ],
  ])('%s cannot go while nodes are in it', async (_name, line, code) => {
    expect((await az.line(line)).stderr).toContain(`(${code})`);
  });

  test('what someone changed by hand stays until AKS works on the cluster', async () => {
    await must(`${part('outbound-rule', 'update')} -n aksOutboundRule --outbound-ports 8000`);
    await must(`network public-ip create -g ${group} -n mine`);
    await must(`${part('frontend-ip', 'create')} -n fe --public-ip-address mine`);
    await must(
      `${part('rule', 'create')} -n ssh --protocol tcp --frontend-port 22 --backend-port 22 --frontend-ip-name fe --backend-pool-name kubernetes`,
    );
    const ports = () => query(`${part('outbound-rule', 'list')}`, '[].allocatedOutboundPorts');
    const rules = () => query(`${part('rule', 'list')}`, '[].name');
    expect([await ports(), await rules()]).toEqual([[8000], ['ssh']]);
    await must('aks nodepool scale -g rg --cluster-name aks1 -n nodepool1 --node-count 3');
    expect([await ports(), await rules()]).toEqual([[0], []]);
    expect(await query(`network public-ip show -g ${group} -n mine`, 'ipConfiguration')).toBeNull();
  });

  test('a deleted outbound rule is made again, with the same address', async () => {
    const address = () => query(`network public-ip list -g ${group}`, '[?ipConfiguration].ipAddress');
    const before = await address();
    await must(`${part('outbound-rule', 'delete')} -n aksOutboundRule`);
    await must('aks update -g rg -n aks1 --tags a=b');
    expect(await query(`${part('outbound-rule', 'list')}`, '[].name')).toEqual(['aksOutboundRule']);
    expect(await address()).toEqual(before);
  });
});

test('an address that Azure chose for one frontend is taken from it by no other of the same load balancer', async () => {
  await must('network lb create -g rg -n inside --vnet-name v --subnet s --frontend-ip-name x');
  await must(
    `${on('frontend-ip', 'create', 'inside')} -n y --vnet-name v --subnet s --private-ip-address 10.1.0.9`,
  );
  expect(
    (await az.run(...on('frontend-ip', 'update', 'inside').split(' '), '-n', 'y', '--private-ip-address', ''))
      .stderr,
  ).toBe('');
  const taken = await az.line(`${on('frontend-ip', 'update', 'inside')} -n x --private-ip-address 10.1.0.9`);
  expect(taken.exitCode).not.toBe(0);
  expect(taken.stderr).toContain('10.1.0.9');
  expect(
    await query('network lb frontend-ip list -g rg --lb-name inside', '[].[name, privateIPAddress]'),
  ).toEqual([
    ['x', '10.1.0.4'],
    ['y', '10.1.0.9'],
  ]);
});
