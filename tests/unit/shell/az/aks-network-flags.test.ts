/** What the network flags of `az aks` make of a cluster, and what they refuse, in azure-cli's and Azure's words. */
import { beforeEach, describe, expect, test } from 'vitest';
import { createSession } from '../../../../src/shell/session.ts';
import type { Session } from '../../../../src/shell/session.ts';
import { emptyCloud } from '../../../support/kubenet-cluster.ts';

const NOW = Date.UTC(2026, 8, 1, 9) / 1000;
const CREATE = 'az aks create -g rg --generate-ssh-keys -o none';

async function ok(shell: Session, line: string): Promise<string> {
  const ran = await shell.run(line);
  if (ran.exitCode !== 0) throw new Error(`${line}: ${ran.stderr}`);
  return ran.stdout.trim();
}

async function world(): Promise<Session> {
  const shell = createSession({ cloud: emptyCloud({ now: NOW, clock: 'frozen' }) });
  for (const line of [
    'az network vnet create -g rg -n v --address-prefixes 10.10.0.0/16 -o none',
    'az network vnet subnet create -g rg --vnet-name v -n nodes --address-prefixes 10.10.1.0/24 -o none',
    'az network vnet subnet create -g rg --vnet-name v -n pods --address-prefixes 10.10.2.0/24 -o none',
    'N=$(az network vnet subnet show -g rg --vnet-name v -n nodes --query id -o tsv)',
    'P=$(az network vnet subnet show -g rg --vnet-name v -n pods --query id -o tsv)',
  ]) {
    await ok(shell, line);
  }
  return shell;
}

describe('az aks create', () => {
  let shell: Session;
  beforeEach(async () => {
    shell = await world();
  });

  test.each(['GatewaySubnet', 'AzureFirewallSubnet', 'AzureBastionSubnet'])(
    'puts neither nodes nor pods into %s',
    async (name) => {
      await ok(
        shell,
        `K=$(az network vnet subnet create -g rg --vnet-name v -n ${name} --address-prefixes 10.10.9.0/24 --query id -o tsv)`,
      );
      const kept = `in subnet ${name}, which Azure keeps for a service of its own, is not simulated in this workbook. Real Azure refuses it too.`;
      const nodes = await shell.run(`${CREATE} -n a --vnet-subnet-id $K`);
      expect([nodes.exitCode, nodes.stderr]).toEqual([1, expect.stringContaining(`A node pool ${kept}`)]);
      const pods = await shell.run(
        `${CREATE} -n a --network-plugin azure --vnet-subnet-id $N --pod-subnet-id $K`,
      );
      expect([pods.exitCode, pods.stderr]).toEqual([
        1,
        expect.stringContaining(`The pods of a node pool ${kept}`),
      ]);
    },
  );

  const profile = 'networkProfile.[networkPlugin,networkPluginMode,networkDataplane,networkPolicy,podCidr]';
  test.each([
    ['no flag at all is Overlay', '', ['azure', 'overlay', 'azure', 'none', '10.244.0.0/16'], 250],
    ['the plugin alone is Node Subnet', '--network-plugin azure', ['azure', null, 'azure', 'none', null], 30],
    [
      'Overlay with a range',
      '--network-plugin azure --network-plugin-mode overlay --pod-cidr 192.168.0.0/16',
      ['azure', 'overlay', 'azure', 'none', '192.168.0.0/16'],
      250,
    ],
    [
      'the plural of a range',
      '--network-plugin azure --network-plugin-mode overlay --pod-cidrs 192.168.0.0/16 --ip-families IPv4',
      ['azure', 'overlay', 'azure', 'none', '192.168.0.0/16'],
      250,
    ],
    [
      'Cilium brings its own policies',
      '--network-plugin azure --network-plugin-mode overlay --network-dataplane cilium',
      ['azure', 'overlay', 'cilium', 'cilium', '10.244.0.0/16'],
      250,
    ],
    ['kubenet', '--network-plugin kubenet', ['kubenet', null, null, 'none', '10.244.0.0/16'], 110],
    [
      'Node Subnet with a policy engine',
      '--network-plugin azure --network-policy calico --max-pods 50',
      ['azure', null, 'azure', 'calico', null],
      50,
    ],
  ])('%s', async (_, flags, network, maxPods) => {
    await ok(shell, `${CREATE} -n c ${flags}`);
    expect(JSON.parse(await ok(shell, `az aks show -g rg -n c --query "${profile}"`))).toEqual(network);
    expect(await ok(shell, 'az aks show -g rg -n c --query "agentPoolProfiles[0].maxPods"')).toBe(
      maxPods.toString(),
    );
  });

  test('a pod subnet is delegated, and its mode is shown', async () => {
    await ok(
      shell,
      `${CREATE} -n c --network-plugin azure --vnet-subnet-id $N --pod-subnet-id $P --node-count 2`,
    );
    expect(
      JSON.parse(
        await ok(
          shell,
          'az aks show -g rg -n c --query "agentPoolProfiles[0].[podIpAllocationMode,maxPods]"',
        ),
      ),
    ).toEqual(['DynamicIndividual', 250]);
    expect(
      await ok(
        shell,
        'az network vnet subnet show -g rg --vnet-name v -n pods --query "delegations[0].serviceName" -o tsv',
      ),
    ).toBe('Microsoft.ContainerService/managedClusters');
    for (const without of ['--remove delegations 0', '--delegations Microsoft.Web/serverFarms']) {
      const refused = await shell.run(`az network vnet subnet update -g rg --vnet-name v -n pods ${without}`);
      expect(refused.exitCode).toBe(1);
      expect(refused.stderr).toMatch(
        /^ERROR: \(SubnetMissingRequiredDelegation\) .* \[Microsoft\.ContainerService\/managedClusters\] to reference service association link /,
      );
    }
  });

  test('nodes of Node Subnet hold the addresses of their pods as further IP configurations', async () => {
    await ok(shell, `${CREATE} -n c --network-plugin azure --vnet-subnet-id $N --node-count 2`);
    await ok(shell, 'VMSS=$(az vmss list -g MC_rg_c_westeurope --query "[0].name" -o tsv)');
    const nics = JSON.parse(
      await ok(
        shell,
        'az vmss nic list -g MC_rg_c_westeurope --vmss-name $VMSS --query "[].[enableIPForwarding, length(ipConfigurations), ipConfigurations[0].privateIPAddress, ipConfigurations[1].primary]"',
      ),
    ) as unknown;
    expect(nics).toEqual([
      [false, 29, '10.10.1.4', false],
      [false, 29, '10.10.1.33', false],
    ]);
    const count =
      'az network vnet subnet show -g rg --vnet-name v -n nodes --query "length(ipConfigurations)"';
    expect(await ok(shell, count)).toBe('58');
    expect(await ok(shell, 'az network vnet list-available-ips -g rg -n v --query "[0]" -o tsv')).toBe(
      '10.10.1.62',
    );
    expect(
      await ok(
        shell,
        'az network vnet check-ip-address -g rg -n v --ip-address 10.10.1.40 --query available',
      ),
    ).toBe('false');
  });

  test('an identity that may only join the subnet is enough if azure-cli is told to grant nothing', async () => {
    const flags =
      '--network-plugin azure --vnet-subnet-id $N --assign-identity $I --skip-subnet-role-assignment';
    await ok(shell, 'az identity create -g rg -n cluster -o none');
    await ok(shell, 'I=$(az identity show -g rg -n cluster --query id -o tsv)');
    await ok(shell, 'WHO=$(az identity show -g rg -n cluster --query principalId -o tsv)');
    const before = shell.cloud;
    const refused = await shell.run(`${CREATE} -n c ${flags}`);
    expect(refused.stderr).toContain('(LinkedAuthorizationFailed)');
    expect(shell.cloud).toBe(before);
    await ok(
      shell,
      `az role definition create --role-definition "{\\"Name\\": \\"Joiner\\", \\"Actions\\": [\\"Microsoft.Network/virtualNetworks/subnets/join/action\\"], \\"AssignableScopes\\": [\\"/subscriptions/$(az account show --query id -o tsv)\\"]}" -o none`,
    );
    await ok(shell, 'az role assignment create --assignee $WHO --role Joiner --scope $N -o none');
    await ok(shell, `${CREATE} -n c ${flags}`);
    expect(
      await ok(shell, 'az role assignment list --assignee $WHO --all --query "[].roleDefinitionName" -o tsv'),
    ).toBe('Joiner');
  });

  test('the add-on monitoring has a pod with an address of its own on every node', async () => {
    await ok(
      shell,
      `${CREATE} -n c --network-plugin azure --vnet-subnet-id $N --node-count 2 --enable-addons monitoring`,
    );
    await ok(shell, 'az aks get-credentials -g rg -n c');
    const agents =
      'kubectl get pods -n kube-system -l component=ama-logs-agent -o jsonpath="{.items[*].status.podIP}"';
    const addresses = (await ok(shell, agents)).split(' ');
    expect(addresses).toHaveLength(2);
    expect(new Set([...addresses, '10.10.1.4', '10.10.1.33']).size).toBe(4);
    await ok(shell, 'az aks disable-addons -g rg -n c -a monitoring -o none');
    expect(await ok(shell, agents)).toBe('');
  });

  test.each([
    [
      'a mode without a pod subnet',
      '--network-plugin azure --pod-ip-allocation-mode StaticBlock',
      '(InvalidParameter)',
    ],
    ['a pod subnet without a node subnet', '--network-plugin azure --pod-subnet-id $P', '(InvalidParameter)'],
    [
      'too few addresses',
      '--network-plugin azure --vnet-subnet-id $N --node-count 9',
      '(InsufficientSubnetSize) Pre-allocated IPs 261 exceeds IPs available 251 in Subnet Cidr 10.10.1.0/24',
    ],
    [
      'a policy without a plugin',
      '--network-policy calico',
      'Please explicitly specify the network plugin type',
    ],
    [
      'a subnet with a managed NAT gateway',
      '--outbound-type managedNATGateway --vnet-subnet-id $N',
      '--vnet-subnet-id cannot be specified for managedNATGateway',
    ],
    [
      'addresses for a balancer that there is none of',
      '--outbound-type userDefinedRouting --vnet-subnet-id $N --load-balancer-managed-outbound-ip-count 2',
      "userDefinedRouting type doesn't support customizing the standard load balancer ips",
    ],
    [
      'an add-on that is not simulated',
      '--enable-addons azure-policy',
      '(NotSimulated) The add-on azure-policy',
    ],
    [
      'the same add-on twice',
      '--enable-addons monitoring,monitoring',
      "Duplicate addon 'monitoring' found in option --enable-addons.",
    ],
    [
      'a data plane that is none',
      '--network-dataplane ebpf',
      "'ebpf' is not a valid value for '--network-dataplane'. Allowed values: azure, cilium.",
    ],
    [
      'nodes outside the limits of the autoscaler',
      '--enable-cluster-autoscaler --min-count 1 --max-count 2',
      'node-count is not in the range of min-count and max-count',
    ],
  ])('refuses %s and changes nothing', async (_, flags, said) => {
    const before = shell.cloud;
    const ran = await shell.run(`${CREATE} -n c ${flags}`);
    expect(ran.stderr).toContain(said);
    expect(ran.exitCode).not.toBe(0);
    expect(shell.cloud).toBe(before);
  });

  test('what says what happens anyway is taken: defaults of options that are refused', async () => {
    await ok(
      shell,
      `${CREATE} -n c --sku base --node-osdisk-type Managed --auto-upgrade-channel none --node-provisioning-mode manual`,
    );
  });
});

describe('az aks nodepool', () => {
  let shell: Session;
  const pool = (verb: string, rest: string): string =>
    `az aks nodepool ${verb} -g rg --cluster-name c ${rest}`;
  beforeEach(async () => {
    shell = await world();
    await ok(shell, `${CREATE} -n c --network-plugin azure --vnet-subnet-id $N --node-count 2`);
  });

  test('add takes how nodes are replaced, and update changes it', async () => {
    await ok(
      shell,
      pool('add', '-n user --node-count 1 --max-surge 0 --max-unavailable 1 --drain-timeout 45 -o none'),
    );
    await ok(
      shell,
      pool('update', '-n user --node-soak-duration 5 --undrainable-node-behavior cordon -o none'),
    );
    expect(JSON.parse(await ok(shell, pool('show', '-n user --query upgradeSettings')))).toEqual({
      drainTimeoutInMinutes: 45,
      maxSurge: '0',
      maxUnavailable: '1',
      nodeSoakDurationInMinutes: 5,
      undrainableNodeBehavior: 'Cordon',
    });
  });

  test('an autoscaled pool is not scaled by hand, and Azure wants room for its largest size', async () => {
    const autoscale = pool('update', '-n nodepool1 --enable-cluster-autoscaler --min-count 1 --max-count');
    expect((await shell.run(`${autoscale} 5`)).exitCode).toBe(0);
    expect((await shell.run(`${autoscale} 6`)).stderr).toContain('Cluster autoscaler is already enabled');
    expect((await shell.run(pool('scale', '-n nodepool1 -c 3'))).stderr).toContain(
      'Cannot scale cluster autoscaler enabled node pool.',
    );
    expect((await shell.run('az aks scale -g rg -n c -c 3')).stderr).toContain(
      'Cannot scale cluster autoscaler enabled node pool.',
    );
    expect((await shell.run(pool('add', '-n user --node-count 4'))).stderr).toContain(
      '(InsufficientSubnetSize)',
    );
    await ok(shell, pool('update', '-n nodepool1 --disable-cluster-autoscaler'));
    expect((await shell.run(pool('scale', '-n nodepool1 -c 3'))).exitCode).toBe(0);
  });

  test.each([
    ['both ways at once', 'update -n nodepool1 -e -d', 'Can only specify one of --enable-cluster-autoscaler'],
    [
      'limits alone',
      'update -n nodepool1 --min-count 1',
      'min-count and max-count are required for --enable-cluster-autoscaler or --update-cluster-autoscaler',
    ],
    [
      'new limits where there were none',
      'update -n nodepool1 -u --min-count 1 --max-count 3',
      'Cluster autoscaler is not enabled for this node pool.',
    ],
    [
      'no node left to a system pool',
      'update -n nodepool1 -e --min-count 0 --max-count 3',
      'Value of min-count should be greater than or equal to 1 for System node pools',
    ],
    [
      'limits the wrong way round',
      'update -n nodepool1 -e --min-count 4 --max-count 3',
      'Value of min-count should be less than or equal to value of max-count',
    ],
    [
      'an unavailability of no form',
      'update -n nodepool1 --max-unavailable some',
      '--max-unavailable should be an int or percentage',
    ],
    [
      'pods of one pool alone in a pod subnet',
      'add -n user --node-count 1 --pod-subnet-id $P --vnet-subnet-id $N',
      'All or none of the agentpools should set podsubnet.',
    ],
    [
      'a Windows SKU on Linux',
      'add -n user --os-sku Windows2022',
      "Please specify '--os-type Windows' for Windows SKUs",
    ],
    [
      'machines without a scale set',
      'add -n user --vm-set-type AvailabilitySet',
      '(NotSimulated) A node pool of type AvailabilitySet',
    ],
    ['Spot nodes', 'add -n user --priority Spot', '(NotSimulated) The option --priority'],
  ])('refuses %s and changes nothing', async (_, line, said) => {
    const before = shell.cloud;
    const [verb = '', ...rest] = line.split(' ');
    const ran = await shell.run(pool(verb, rest.join(' ')));
    expect(ran.stderr).toContain(said);
    expect(ran.exitCode).not.toBe(0);
    expect(shell.cloud).toBe(before);
  });

  test('update without anything to do succeeds, as azure-cli reconciles', async () => {
    expect(await ok(shell, pool('update', '-n nodepool1 --query provisioningState -o tsv'))).toBe(
      'Succeeded',
    );
  });
});
