import { describe, expect, it } from 'vitest';
import { createSession } from '../../../src/shell/session.ts';
import type { Session } from '../../../src/shell/session.ts';
import { emptyCloud } from '../../support/kubenet-cluster.ts';

const SEED_DAY = Date.UTC(2024, 1, 27, 10) / 1000;
const CREATE = 'az aks create -g rg -n aks --network-plugin kubenet --node-count 2 --generate-ssh-keys';

async function session(...lines: readonly string[]): Promise<Session> {
  const started = createSession({ cloud: emptyCloud({ now: SEED_DAY, clock: 'frozen' }) });
  for (const line of lines) {
    const result = await started.run(line);
    if (result.exitCode !== 0) throw new Error(`${line}: ${result.stderr}`);
  }
  return started;
}

describe('az aks create', () => {
  it('fails without an SSH key, as azure-cli does', async () => {
    const shell = await session();
    const before = shell.cloud;
    const result = await shell.run('az aks create -g rg -n aks --network-plugin kubenet');
    expect(result).toMatchObject({
      exitCode: 1,
      stderr:
        'ERROR: An RSA key file or key value must be supplied to SSH Key Value. You can use --generate-ssh-keys to let CLI generate one for you\n',
    });
    expect(shell.cloud).toBe(before);
  });

  it('makes a key pair once, and then uses it', async () => {
    const shell = await session();
    const first = await shell.run(`${CREATE} -o none`);
    expect(first.stderr).toContain(
      "SSH key files '/home/learner/.ssh/id_rsa' and '/home/learner/.ssh/id_rsa.pub' have been generated",
    );
    expect((await shell.run('az aks create -g rg -n two --network-plugin kubenet -o none')).exitCode).toBe(0);
  });

  it('does not touch a cluster that is there', async () => {
    const shell = await session(CREATE);
    const before = shell.cloud;
    const again = await shell.run(CREATE);
    expect(again.stderr).toContain("The cluster 'aks' under resource group 'rg' already exists.");
    expect(again.exitCode).toBe(1);
    expect(shell.cloud).toBe(before);
  });

  it('prints the cluster, whose profile a query reads', async () => {
    const shell = await session();
    const result = await shell.run(
      `${CREATE} --query "[networkProfile.podCidr, networkProfile.outboundType, nodeResourceGroup]" -o tsv`,
    );
    expect(result.stdout).toBe('10.244.0.0/16\nloadBalancer\nMC_rg_aks_westeurope\n');
  });

  const refusals: readonly [string, string, string, number][] = [
    [
      'a pool name that is too long',
      '--nodepool-name abcdefghijklm',
      '--nodepool-name can contain at most 12 characters',
      1,
    ],
    [
      'a name with a dot',
      '-n a.b',
      '--name cannot exceed 63 characters and can only contain letters, numbers, underscores (_) or dashes (-).',
      1,
    ],
    ['a version that is none', '-k latest', '--kubernetes-version should be the full version number', 1],
    [
      'a subnet that is no id',
      '--vnet-subnet-id nodes',
      '--vnet-subnet-id is not a valid Azure resource ID.',
      1,
    ],
    [
      'a label without a value',
      '--nodepool-labels tier',
      'Invalid label: tier. Label definition must be of format name=value.',
      1,
    ],
    ['a number that is none', '--node-count many', "invalid int value: 'many'", 2],
    ['an unknown flag', '--pods 30', 'unrecognized arguments: --pods 30', 2],
    [
      'an unknown plugin',
      '--network-plugin flannel',
      "'flannel' is not a valid value for '--network-plugin'",
      2,
    ],
    [
      'an autoscaler without limits',
      '--enable-cluster-autoscaler',
      'Please specify both min-count and max-count when --enable-cluster-autoscaler enabled',
      1,
    ],
    [
      'limits without an autoscaler',
      '--min-count 1 --max-count 3',
      'min-count and max-count are required for --enable-cluster-autoscaler, please use the flag',
      1,
    ],
    [
      'a pod range for pods with addresses of the subnet',
      '--network-plugin azure --pod-cidr 10.244.0.0/16',
      'Please specify network plugin mode `overlay` when using --pod-cidr or use network plugin `kubenet`.',
      1,
    ],
    [
      'a policy in capitals',
      '--network-policy Calico',
      '--network-policy should be provided in lowercase',
      1,
    ],
    [
      'a pod subnet that is no id',
      '--pod-subnet-id pods',
      '--pod-subnet-id is not a valid Azure resource ID.',
      1,
    ],
    [
      'routes of your own without a subnet',
      '--outbound-type userDefinedRouting',
      '--vnet-subnet-id must be specified for userDefinedRouting',
      1,
    ],
    [
      'an identity for nodes without one for the cluster',
      '--assign-kubelet-identity /subscriptions/s/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i',
      '--assign-kubelet-identity can only be specified when --assign-identity is specified',
      1,
    ],
    ['two address families', '--ip-families ipv4,ipv6', '(NotSimulated) Dual-stack networking', 1],
    ['two pod ranges', '--pod-cidrs 10.244.0.0/16,fd12::/64', '(NotSimulated) Dual-stack networking', 1],
    ['an automatic cluster', '--sku automatic', '(NotSimulated) The option --sku', 1],
    [
      'an add-on of no name',
      '--enable-addons vnodes',
      "'vnodes' is not recognized by the --enable-addons",
      1,
    ],
    ['too small a limit', '--min-count -1', '--min-count must be in the range [0,1000]', 1],
    [
      'a service range on the subnet',
      '--service-cidr 10.224.0.0/24 --dns-service-ip 10.224.0.10',
      '(ServiceCidrOverlapExistingSubnetsCidr)',
      1,
    ],
  ];
  it.each(refusals)('refuses %s and changes nothing', async (_, options, words, exitCode) => {
    const shell = await session();
    const before = shell.cloud;
    const result = await shell.run(`${CREATE} ${options}`);
    expect(result.stderr).toContain(words);
    expect(result.exitCode).toBe(exitCode);
    expect(shell.cloud).toBe(before);
  });
});

describe('az aks', () => {
  it('lists clusters in the columns of azure-cli', async () => {
    const shell = await session(CREATE);
    const { stdout } = await shell.run('az aks list -o table');
    expect(stdout.split('\n')[0]?.split(/\s+/)).toEqual([
      'Name',
      'Location',
      'ResourceGroup',
      'KubernetesVersion',
      'CurrentKubernetesVersion',
      'ProvisioningState',
      'Fqdn',
    ]);
    expect(stdout.split('\n')[2]).toMatch(/^aks +westeurope +rg +1\.27\.7 +1\.27\.7 +Succeeded +aks-rg-/);
  });

  it('answers like azure-cli for a cluster that is not there', async () => {
    const result = await (await session()).run('az aks show -g rg -n nope');
    expect(result.exitCode).toBe(3);
    expect(result.stderr).toContain(
      "(ResourceNotFound) The Resource 'Microsoft.ContainerService/managedClusters/nope' under resource group 'rg' was not found.",
    );
  });

  it('asks before it deletes, and deletes with --yes', async () => {
    const shell = await session(CREATE);
    expect((await shell.run('az aks delete -g rg -n aks')).exitCode).toBe(1);
    expect((await shell.run('az aks list --query "length(@)"')).stdout).toBe('1\n');
    expect((await shell.run('az aks delete -g rg -n aks -y')).exitCode).toBe(0);
    expect((await shell.run('az group list --query "[].name" -o tsv')).stdout).toBe('rg\n');
  });

  it('offers the versions of the day', async () => {
    const { stdout } = await (
      await session()
    ).run('az aks get-versions -l westeurope --query "values[?isDefault].version" -o tsv');
    expect(stdout).toBe('1.27\n');
  });

  it('says what it leaves out', async () => {
    const shell = await session(CREATE);
    for (const line of [
      'az aks stop -g rg -n aks',
      'az aks start -g rg -n aks',
      'az aks browse -g rg -n aks',
    ]) {
      const result = await shell.run(line);
      expect(result.exitCode).toBe(1);
      expect(result.stderr).toMatch(/not simulate/);
    }
  });

  it('explains itself with --help', async () => {
    const shell = await session();
    for (const path of [
      'aks',
      'aks create',
      'aks nodepool',
      'aks nodepool scale',
      'aks get-credentials',
      'vmss nic list',
    ]) {
      const result = await shell.run(`az ${path} --help`);
      expect([path, result.exitCode]).toEqual([path, 0]);
      expect(result.stdout).toContain(`az ${path}`);
    }
  });
});

describe('az aks get-credentials', () => {
  it('writes a kubeconfig that kubectl follows', async () => {
    const shell = await session(CREATE);
    const result = await shell.run('az aks get-credentials -g rg -n aks');
    expect(result).toMatchObject({
      exitCode: 0,
      stdout: '',
      stderr: 'WARNING: Merged "aks" as current context in /home/learner/.kube/config\n',
    });
    expect((await shell.run('kubectl config current-context')).stdout).toBe('aks\n');
    expect((await shell.run('kubectl get nodes --no-headers')).stdout.trim().split('\n')).toHaveLength(2);
    expect(await shell.readFile('.kube/config')).toContain('name: clusterUser_rg_aks');
  });

  it('keeps the other clusters and changes the current context', async () => {
    const shell = await session(
      CREATE,
      CREATE.replace('-n aks', '-n two'),
      'az aks get-credentials -g rg -n aks',
      'az aks get-credentials -g rg -n two --admin',
    );
    expect((await shell.run('kubectl config get-contexts -o name')).stdout.trim().split('\n').sort()).toEqual(
      ['aks', 'two-admin'],
    );
    expect((await shell.run('kubectl config current-context')).stdout).toBe('two-admin\n');
  });

  it('does not overwrite another cluster of the same name unless asked to', async () => {
    const shell = await session(
      'az group create -n rg2 -l westeurope',
      CREATE,
      CREATE.replace('-g rg', '-g rg2'),
      'az aks get-credentials -g rg -n aks',
    );
    const refused = await shell.run('az aks get-credentials -g rg2 -n aks');
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain(
      'A different object named aks already exists in clusters in your kubeconfig file.',
    );
    expect((await shell.run('az aks get-credentials -g rg2 -n aks --overwrite-existing')).exitCode).toBe(0);
    expect(await shell.run('az aks get-credentials -g rg2 -n aks --admin --format exec')).toMatchObject({
      exitCode: 1,
      stderr: 'ERROR: --format can only be specified when requesting clusterUser credential.\n',
    });
  });

  it('writes where KUBECONFIG says, unless --file says otherwise', async () => {
    const shell = await session(CREATE);
    const line = 'az aks get-credentials -g rg -n aks';
    const written = await shell.run(`export KUBECONFIG=/tmp/one:/tmp/two; ${line}`);
    expect(written.stderr).toBe('WARNING: Merged "aks" as current context in /tmp/one\n');
    expect(await shell.readFile('.kube/config')).toBeNull();
    expect((await shell.run('kubectl config current-context')).stdout).toBe('aks\n');
    const elsewhere = await shell.run(`export KUBECONFIG=/tmp/three; ${line} --file four`);
    expect(elsewhere.stderr).toBe('WARNING: Merged "aks" as current context in four\n');
  });

  it('prints to the terminal with --file -', async () => {
    const shell = await session(CREATE);
    const result = await shell.run('az aks get-credentials -g rg -n aks --file -');
    expect(result.stdout).toContain('current-context: aks\n');
    expect(await shell.readFile('.kube/config')).toBeNull();
  });
});

describe('az aks nodepool', () => {
  it('shows the tags it was given, and those it got later', async () => {
    const shell = await session(CREATE);
    const pool = 'az aks nodepool';
    const key = '-g rg --cluster-name aks -n two --query tags -o json';
    expect(JSON.parse((await shell.run(`${pool} add ${key} --tags a=b`)).stdout)).toEqual({ a: 'b' });
    expect(JSON.parse((await shell.run(`${pool} update ${key} --tags c=d`)).stdout)).toEqual({ c: 'd' });
    expect(JSON.parse((await shell.run(`${pool} update ${key} --mode User`)).stdout)).toEqual({ c: 'd' });
  });

  it('refuses what az aks show would otherwise deny', async () => {
    const shell = await session('az group create -n rg -l westeurope');
    for (const option of ['--node-osdisk-size 64', '--enable-oidc-issuer', '--attach-acr x']) {
      const refusal = await shell.run(
        `az aks create -g rg -n aks --network-plugin kubenet --generate-ssh-keys ${option}`,
      );
      expect(refusal.exitCode).toBe(1);
      expect(refusal.stderr).toContain(`The option ${option.split(' ')[0]} is not simulated`);
    }
  });

  it('adds, lists, scales and deletes a pool', async () => {
    const shell = await session(CREATE, 'az aks nodepool add -g rg --cluster-name aks -n pool2 -c 1');
    const { stdout } = await shell.run('az aks nodepool list -g rg --cluster-name aks -o table');
    expect(stdout.split('\n').slice(0, 1)[0]?.split(/\s+/)).toEqual([
      'Name',
      'OsType',
      'KubernetesVersion',
      'VmSize',
      'Count',
      'MaxPods',
      'ProvisioningState',
      'Mode',
    ]);
    expect(stdout).toMatch(/pool2 +Linux +1\.27\.7 +Standard_DS2_v2 +1 +110 +Succeeded +User/);
    // In azure-cli's words, as acs/agentpool_decorator.py of 2.45 has them: nothing was sent to Azure.
    expect(await shell.run('az aks nodepool add -g rg --cluster-name aks -n pool2')).toMatchObject({
      exitCode: 1,
      stderr:
        "ERROR: Node pool pool2 already exists, please try a different name, use 'aks nodepool list' to get current list of node pool\n",
    });
    await shell.run('az aks nodepool scale -g rg --cluster-name aks -n pool2 -c 3');
    expect(
      (await shell.run('az aks nodepool show -g rg --cluster-name aks -n pool2 --query count')).stdout,
    ).toBe('3\n');
    await shell.run('az aks nodepool delete -g rg --cluster-name aks -n pool2');
    expect(
      (await shell.run('az aks nodepool list -g rg --cluster-name aks --query "[].name" -o tsv')).stdout,
    ).toBe('nodepool1\n');
  });

  const refusals: readonly [string, string, string, number][] = [
    ['a name that is taken', 'add -n nodepool1', 'Node pool nodepool1 already exists', 1],
    ['a taint of no form', 'add -n p --node-taints gpu', 'Invalid node taint: gpu', 1],
    ['a surge of no form', 'add -n p --max-surge many', '--max-surge should be an int or percentage', 1],
    [
      'the number it has',
      'scale -n nodepool1 -c 2',
      'The new node count is the same as the current node count.',
      1,
    ],
    ['the last system pool', 'delete -n nodepool1', '(OperationNotAllowed)', 1],
    [
      'a pool that is not there',
      'delete -n pool9',
      "Node pool pool9 doesnt exist, use 'aks nodepool list' to get current node pool list",
      1,
    ],
    ['a pool that is not there, to scale', 'scale -n pool9 -c 1', '(NotFound)', 3],
    ['a missing name', 'show', 'the following arguments are required: --nodepool-name/--name/-n', 2],
  ];
  it.each(refusals)('refuses %s and changes nothing', async (_, line, words, exitCode) => {
    const shell = await session(CREATE);
    const before = shell.cloud;
    const [verb = '', ...rest] = line.split(' ');
    const result = await shell.run(`az aks nodepool ${verb} -g rg --cluster-name aks ${rest.join(' ')}`);
    expect(result.stderr).toContain(words);
    expect(result.exitCode).toBe(exitCode);
    expect(shell.cloud).toBe(before);
  });
});

describe('az vmss', () => {
  it('shows that the NICs of nodes forward', async () => {
    const shell = await session(
      CREATE,
      'VMSS=$(az vmss list -g MC_rg_aks_westeurope --query "[0].name" -o tsv)',
    );
    const list = await shell.run(
      'az vmss nic list -g MC_rg_aks_westeurope --vmss-name $VMSS --query "[].enableIPForwarding" -o tsv',
    );
    expect(list.stdout).toBe('true\ntrue\n');
    const show = await shell.run(
      'az vmss nic show -g MC_rg_aks_westeurope --vmss-name $VMSS -n $VMSS --instance-id 1 --query "ipConfigurations[0].privateIPAddress" -o tsv',
    );
    expect(show.stdout).toBe('10.224.0.5\n');
  });

  it('takes IP forwarding from the nodes, once they are upgraded to the model that says so', async () => {
    const shell = await session(
      CREATE,
      'VMSS=$(az vmss list -g MC_rg_aks_westeurope --query "[0].name" -o tsv)',
      'CONFIG=virtualMachineProfile.networkProfile.networkInterfaceConfigurations[0]',
    );
    const nics =
      'az vmss nic list -g MC_rg_aks_westeurope --vmss-name $VMSS --query "[].enableIPForwarding" -o tsv';
    const update = 'az vmss update -g MC_rg_aks_westeurope -n $VMSS --set $CONFIG.';
    const upgrade = 'az vmss update-instances -g MC_rg_aks_westeurope -n $VMSS --instance-ids';
    const before = shell.cloud;
    for (const [line, said] of [
      [`${update}name=other`, 'Changing more of a network profile than IP forwarding'],
      [`${update}enableIPForwarding=maybe`, 'This change of the network profile'],
      [`${upgrade} 7`, '(InvalidParameter)'],
    ] as const) {
      const refusal = await shell.run(line);
      expect(refusal.exitCode, line).toBe(1);
      expect(refusal.stderr).toContain(said);
      expect(shell.cloud).toBe(before);
    }
    const updated = await shell.run(
      `${update}enableIPForwarding=false --query "$CONFIG.enableIpForwarding" -o tsv`,
    );
    expect(updated).toMatchObject({ stdout: 'false\n', exitCode: 0 });
    expect((await shell.run(nics)).stdout).toBe('true\ntrue\n');
    expect(await shell.run(`${upgrade} 1`)).toMatchObject({ stdout: '', stderr: '', exitCode: 0 });
    expect((await shell.run(nics)).stdout).toBe('true\nfalse\n');
    const latest = 'az vmss list-instances -g MC_rg_aks_westeurope -n $VMSS --query "[].latestModelApplied"';
    expect((await shell.run(`${latest} -o tsv`)).stdout).toBe('false\ntrue\n');
    await shell.run('az aks scale -g rg -n aks --node-count 3');
    expect((await shell.run(nics)).stdout).toBe('true\nfalse\ntrue\n');
    expect((await shell.run(`${upgrade} '*'`)).exitCode).toBe(0);
    expect((await shell.run(nics)).stdout).toBe('true\ntrue\ntrue\n');
  });

  it('runs a script on a node', async () => {
    const shell = await session(
      CREATE,
      'VMSS=$(az vmss list -g MC_rg_aks_westeurope --query "[0].name" -o tsv)',
    );
    const run = 'az vmss run-command invoke -g MC_rg_aks_westeurope -n $VMSS --command-id RunShellScript';
    const result = await shell.run(
      `${run} --instance-id 1 --scripts "ip route show dev cbr0" --query "value[0].message" -o tsv`,
    );
    expect(result.stdout).toContain('10.244.1.0/24');
    expect((await shell.run(`${run} --instance-id 9 --scripts hostname`)).exitCode).toBe(1);
  });
});

describe('az aks machine', () => {
  it('lists the addresses of a pool', async () => {
    const shell = await session(CREATE);
    const { stdout } = await shell.run(
      'az aks machine list -g rg --cluster-name aks --nodepool-name nodepool1 -o table',
    );
    expect(stdout).toMatch(/^Name +Ip +Family\n/);
    expect(stdout).toMatch(/vmss000001 +10\.224\.0\.5 +IPv4/);
  });
});
