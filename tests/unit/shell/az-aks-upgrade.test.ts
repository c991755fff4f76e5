import { describe, expect, it } from 'vitest';
import { newCloud } from '../../../src/model/azure/subscription.ts';
import type { CloudOptions } from '../../../src/model/azure/subscription.ts';
import { createSession } from '../../../src/shell/session.ts';
import type { Session } from '../../../src/shell/session.ts';

const CREATE =
  'az aks create -g rg -n aks -c 2 -k 1.34.2 --network-plugin kubenet --generate-ssh-keys -o none';
const POOL = '-g rg --cluster-name aks -n nodepool1';

async function session(lines: readonly string[] = [CREATE], options: CloudOptions = {}): Promise<Session> {
  const made = createSession({ cloud: newCloud({ seed: 'upgrade', ...options }) });
  for (const line of ['az group create -n rg -l westeurope -o none', ...lines]) {
    const { exitCode, stderr } = await made.run(line);
    if (exitCode !== 0) throw new Error(`${line}\n${stderr}`);
  }
  return made;
}

async function output(shell: Session, line: string): Promise<string> {
  const { stdout, stderr, exitCode } = await shell.run(line);
  if (exitCode !== 0) throw new Error(`${line}\n${stderr}`);
  return stdout.trim();
}

async function refusal(shell: Session, line: string): Promise<string> {
  const { stderr, exitCode } = await shell.run(line);
  expect(exitCode).not.toBe(0);
  return stderr;
}

const STATE = `az aks nodepool show ${POOL} --query provisioningState -o tsv`;
const VERSIONS = "kubectl get nodes -o jsonpath='{.items[*].status.nodeInfo.kubeletVersion}'";

describe('az aks upgrade', () => {
  it('waits for the end, and time has passed', async () => {
    const shell = await session([CREATE, 'az aks get-credentials -g rg -n aks']);
    const before = shell.cloud.now;
    const printed = await output(
      shell,
      'az aks upgrade -g rg -n aks -k 1.35 --yes --query "[currentKubernetesVersion, provisioningState]" -o tsv',
    );
    expect(printed).toBe('1.35.3\nSucceeded');
    expect(shell.cloud.now - before).toBeGreaterThan(600);
    expect(await output(shell, VERSIONS)).toBe('v1.35.3 v1.35.3');
  });

  it('repeats a minor version as it was asked for, and says the patch beside it', async () => {
    const shell = await session([CREATE.replace('1.34.2', '1.34')]);
    const shown =
      'az aks show -g rg -n aks --query "[kubernetesVersion, currentKubernetesVersion, agentPoolProfiles[0].orchestratorVersion, agentPoolProfiles[0].currentOrchestratorVersion]" -o tsv';
    expect(await output(shell, shown)).toBe('1.34\n1.34.4\n1.34\n1.34.4');
    await output(shell, 'az aks upgrade -g rg -n aks -k 1.35 --yes --control-plane-only -o none');
    expect(await output(shell, shown)).toBe('1.35\n1.35.3\n1.34\n1.34.4');
    await output(shell, `az aks nodepool upgrade ${POOL} -k 1.35.3 --yes -o none`);
    expect(await output(shell, shown)).toBe('1.35\n1.35.3\n1.35.3\n1.35.3');
    expect(await refusal(shell, 'az aks nodepool add -g rg --cluster-name aks -n b -k 1.3')).toContain(
      '(NotSimulated)',
    );
  });

  it('with --no-wait returns at once, and what happens is seen as time passes', async () => {
    const shell = await session([CREATE, 'az aks get-credentials -g rg -n aks']);
    expect(await output(shell, 'az aks upgrade -g rg -n aks -k 1.35.3 --yes --no-wait')).toBe('');
    expect(await output(shell, STATE)).toBe('Upgrading');
    expect(await output(shell, VERSIONS)).toBe('v1.34.2 v1.34.2');
    await shell.run('sleep 7m');
    expect(await output(shell, 'kubectl get nodes')).toMatch(
      /vmss000000 +Ready,SchedulingDisabled .*v1\.34\.2/,
    );
    expect(await output(shell, 'kubectl get nodes')).toMatch(/vmss000002 +Ready .*v1\.35\.3/);
    expect(await refusal(shell, 'az aks scale -g rg -n aks -c 3')).toContain('(OperationNotAllowed)');
    await shell.run('sleep 1h');
    expect(await output(shell, STATE)).toBe('Succeeded');
    expect(await output(shell, VERSIONS)).toBe('v1.35.3 v1.35.3');
  });

  it.each([
    'az aks wait -g rg -n aks --updated',
    'az aks wait -g rg -n aks --created --interval 10',
    `az aks wait -g rg -n aks --custom "provisioningState=='Succeeded'"`,
    `az aks nodepool wait ${POOL} --updated`,
    `az aks nodepool wait ${POOL} --custom "provisioningState=='Succeeded'"`,
  ])('%s ends when the upgrade does', async (wait) => {
    const shell = await session();
    await output(shell, 'az aks upgrade -g rg -n aks -k 1.35.3 --yes --no-wait');
    const before = shell.cloud.now;
    await output(shell, wait);
    expect(shell.cloud.now - before).toBeGreaterThan(600);
    expect(await output(shell, STATE)).toBe('Succeeded');
  });

  it('times out where the condition does not come in time', async () => {
    const shell = await session();
    await output(shell, 'az aks upgrade -g rg -n aks -k 1.35.3 --yes --no-wait');
    const before = shell.cloud.now;
    expect(await refusal(shell, 'az aks wait -g rg -n aks --updated --timeout 60')).toContain(
      'Wait operation timed-out after 60 seconds',
    );
    expect(shell.cloud.now - before).toBeGreaterThanOrEqual(60);
  });

  it('leaves what it waited for as it has seen it fail', async () => {
    const shell = await session();
    await output(shell, `echo '{"httpProxy":"http://10.9.9.9:8080"}' > p.json`);
    await output(shell, 'az aks update -g rg -n aks --http-proxy-config p.json --no-wait');
    expect(await refusal(shell, 'az aks wait -g rg -n aks --updated')).toContain('The operation failed');
    expect(await output(shell, STATE)).toBe('Failed');
  });

  it('ends with a frozen clock too, for those who wait', async () => {
    const shell = await session([CREATE, 'az aks get-credentials -g rg -n aks'], { clock: 'frozen' });
    const before = shell.cloud.now;
    await output(shell, 'az aks upgrade -g rg -n aks -k 1.34.4 --yes');
    expect(await output(shell, VERSIONS)).toBe('v1.34.4 v1.34.4');
    await output(shell, 'az aks upgrade -g rg -n aks -k 1.35.3 --yes --no-wait');
    await output(shell, 'sleep 2h');
    expect(await output(shell, STATE)).toBe('Upgrading');
    await output(shell, 'az aks wait -g rg -n aks --updated');
    expect(await output(shell, VERSIONS)).toBe('v1.35.3 v1.35.3');
    expect(shell.cloud.now).toBe(before);
  });

  it.each([
    ['az aks upgrade -g rg -n aks -k 1.35.3', 'Unable to prompt for confirmation'],
    [`az aks nodepool upgrade ${POOL} -k 1.34.2`, 'Unable to prompt for confirmation'],
    ['az aks upgrade -g rg -n aks -k 1.36.1 --yes', 'Available upgrades: [1.35.3 1.35.1 1.34.4]'],
    ['az aks upgrade -g rg -n aks -k new --yes', '--kubernetes-version should be the full version number'],
    ['az aks upgrade -g rg -n aks -k 1.35.3 --node-image-only --yes', 'Conflicting flags.'],
    [`az aks nodepool upgrade ${POOL} --node-image-only --max-surge 2`, 'Conflicting flags.'],
    [`az aks nodepool upgrade ${POOL} -k 1.35.3 --yes`, '(NodePoolMcVersionIncompatible)'],
    [`az aks nodepool upgrade ${POOL} --snapshot-id x`, 'is not simulated'],
    ['az aks upgrade -g rg -n other -k 1.35.3 --yes', '(ResourceNotFound)'],
    ['az aks operation-abort -g rg -n aks', '(NotSimulated)'],
    ['az aks operation show-latest -g rg -n aks', '(NotFound)'],
  ])('%s is refused: %s', async (line, expected) => {
    const shell = await session();
    const before = shell.cloud;
    expect(await refusal(shell, line)).toContain(expected);
    expect(shell.cloud).toBe(before);
  });

  it('of one pool takes its surge along', async () => {
    const shell = await session();
    await output(shell, 'az aks upgrade -g rg -n aks -k 1.35.3 --control-plane-only --yes -o none');
    expect(
      await output(
        shell,
        `az aks nodepool get-upgrades ${POOL} --query "upgrades[].kubernetesVersion" -o tsv`,
      ),
    ).toBe('1.34.4\n1.35.1\n1.35.3');
    const query = '--query "[orchestratorVersion, upgradeSettings.maxSurge]" -o tsv';
    expect(
      await output(shell, `az aks nodepool upgrade ${POOL} -k 1.35.3 --max-surge 50% --yes ${query}`),
    ).toBe('1.35.3\n50%');
  });

  it('to the version that is there warns and does nothing', async () => {
    const shell = await session();
    const { stderr } = await shell.run('az aks upgrade -g rg -n aks -k 1.34.2 --yes -o none');
    expect(stderr).toContain('The cluster is already on version 1.34.2 and is not in a failed state.');
  });

  it('that fails keeps what it did, and says why when asked later', async () => {
    const shell = await session([
      'az network vnet create -g rg -n v --address-prefixes 10.1.0.0/16 --subnet-name s --subnet-prefix 10.1.0.0/29 -o none',
      `${CREATE} --vnet-subnet-id $(az network vnet subnet show -g rg --vnet-name v -n s --query id -o tsv)`,
      'az network nic create -g rg -n nic --vnet-name v --subnet s -o none',
    ]);
    const stderr = await refusal(shell, 'az aks upgrade -g rg -n aks -k 1.35.3 --yes');
    expect(stderr).toContain('ERROR: (SubnetIsFull)');
    expect(
      await output(
        shell,
        'az aks show -g rg -n aks --query "[currentKubernetesVersion, provisioningState]" -o tsv',
      ),
    ).toBe('1.35.3\nFailed');
    expect(
      await output(shell, 'az aks operation show-latest -g rg -n aks --query "[status, error.code]" -o tsv'),
    ).toBe('Failed\nSubnetIsFull');
    expect(await refusal(shell, 'az aks wait -g rg -n aks --updated')).toContain('The operation failed');
    await output(shell, 'az network nic delete -g rg -n nic');
    await output(shell, 'az aks update -g rg -n aks -o none');
    expect(await output(shell, STATE)).toBe('Succeeded');
  });

  it('goes on with any update of the failed pool', async () => {
    const shell = await session([
      'az network vnet create -g rg -n v --address-prefixes 10.1.0.0/16 --subnet-name s --subnet-prefix 10.1.0.0/29 -o none',
      `${CREATE} --vnet-subnet-id $(az network vnet subnet show -g rg --vnet-name v -n s --query id -o tsv)`,
      'az network nic create -g rg -n nic --vnet-name v --subnet s -o none',
      'az aks get-credentials -g rg -n aks',
    ]);
    await refusal(shell, 'az aks upgrade -g rg -n aks -k 1.35.3 --yes');
    expect(await refusal(shell, `az aks nodepool update ${POOL} -o none`)).toContain('(SubnetIsFull)');
    await output(shell, 'az network nic delete -g rg -n nic');
    await output(shell, `az aks nodepool update ${POOL} -o none`);
    expect(await output(shell, STATE)).toBe('Succeeded');
    expect(await output(shell, VERSIONS)).toBe('v1.35.3 v1.35.3');
  });
});

describe('what can be upgraded to', () => {
  it('is listed for the control plane', async () => {
    const shell = await session();
    expect(await output(shell, 'az aks get-upgrades -g rg -n aks -o table')).toBe(
      [
        'Name     ResourceGroup    MasterVersion    Upgrades',
        '-------  ---------------  ---------------  ----------------------',
        'default  rg               1.34.2           1.34.4, 1.35.1, 1.35.3',
      ].join('\n'),
    );
    expect(await output(shell, 'az aks get-upgrades -g rg -n aks --query "keys(@)" -o tsv')).toBe(
      'agentPoolProfiles\ncontrolPlaneProfile\nid\nname\nresourceGroup\ntype',
    );
  });

  it('is listed for a pool, with the newest node image', async () => {
    const shell = await session();
    expect(
      await output(
        shell,
        `az aks nodepool get-upgrades ${POOL} --query "[latestNodeImageVersion, upgrades]" -o json`,
      ),
    ).toMatch(/AKSUbuntu-2204gen2containerd-202608\.24\.0[^]*null/);
  });
});

describe('az aks update', () => {
  it('moves a cluster to Overlay, and still changes tags and outbound addresses', async () => {
    const shell = await session();
    await output(
      shell,
      'az aks update -g rg -n aks --tags a=b --load-balancer-managed-outbound-ip-count 2 -o none',
    );
    await output(
      shell,
      'az aks update -g rg -n aks --network-plugin azure --network-plugin-mode overlay --pod-cidr 192.168.0.0/16 -o none',
    );
    const query =
      '[tags.a, networkProfile.networkPluginMode, networkProfile.podCidr, length(networkProfile.loadBalancerProfile.effectiveOutboundIPs)]';
    expect(await output(shell, `az aks show -g rg -n aks --query "${query}" -o tsv`)).toBe(
      'b\noverlay\n192.168.0.0/16\n2',
    );
  });

  it.each([
    ['--service-cidr 10.1.0.0/16', 'unrecognized arguments: --service-cidr'],
    ['--network-plugin-mode none', "'none' is not a valid value for '--network-plugin-mode'"],
    ['--network-policy Azure', '--network-policy should be provided in lowercase'],
    ['--network-plugin-mode overlay', '(UnsupportedNetworkPluginModeWithNetworkPlugin)'],
    ['--outbound-type userDefinedRouting', '--vnet-subnet-id must be specified for userDefinedRouting'],
    [
      '--outbound-type managedNATGatewayV2',
      '--outbound-type managedNATGateway --outbound-type-sku StandardV2',
    ],
    ['--assign-identity /subscriptions/x', '--assign-identity'],
  ])('%s is refused: %s', async (flags, expected) => {
    const shell = await session();
    const before = shell.cloud;
    expect(await refusal(shell, `az aks update -g rg -n aks ${flags}`)).toContain(expected);
    expect(shell.cloud).toBe(before);
  });
});

describe('sleep', () => {
  it.each([
    ['sleep 90', 90],
    ['sleep 2h', 7200],
    ['sleep 1m 30', 90],
    ['sleep 0.5', 0.5],
  ])('%s passes %d seconds', async (line, seconds) => {
    const shell = await session([]);
    const before = shell.cloud.now;
    await output(shell, line);
    expect(shell.cloud.now - before).toBe(seconds);
  });

  it.each([
    ['sleep', 'missing operand'],
    ['sleep soon', 'invalid time interval'],
  ])('%s is an error: %s', async (line, expected) => {
    expect(await refusal(await session([]), line)).toContain(expected);
  });
});

describe('--no-wait', () => {
  const NODES = 'kubectl get nodes --no-headers --ignore-not-found | wc -l';
  const POOLS = 'az aks nodepool list -g rg --cluster-name aks --query "[].[name, provisioningState]" -o tsv';

  it.each([
    ['kubenet', '--network-plugin kubenet'],
    ['node-subnet', '--network-plugin azure'],
    ['overlay', '--network-plugin azure --network-plugin-mode overlay'],
  ])('%s: a cluster is being created, and its nodes are those it always gets', async (_, network) => {
    const create = `az aks create -g rg -n aks -c 2 ${network} --generate-ssh-keys --no-wait`;
    const shell = await session([create, 'az aks get-credentials -g rg -n aks']);
    const state = 'az aks show -g rg -n aks --query provisioningState -o tsv';
    expect(await output(shell, state)).toBe('Creating');
    expect(await output(shell, NODES)).toBe('0');
    expect(await refusal(shell, 'az aks nodepool add -g rg --cluster-name aks -n two -c 1')).toContain(
      'Another operation (Creating) is in progress',
    );
    await output(shell, 'az aks wait -g rg -n aks --created');
    expect(await output(shell, state)).toBe('Succeeded');
    const waited = await session([create.replace(' --no-wait', ''), 'az aks get-credentials -g rg -n aks']);
    const ranges =
      'kubectl get nodes -o custom-columns=N:.metadata.name,I:.status.addresses[0].address,C:.spec.podCIDR';
    expect(await output(shell, ranges)).toBe(await output(waited, ranges));
    expect(await output(shell, 'kubectl get pods -A --no-headers | grep -vc Running || true')).toBe('0');
  });

  it('pools are made and scaled side by side, and the cluster is not to be upgraded meanwhile', async () => {
    const shell = await session([CREATE, 'az aks get-credentials -g rg -n aks']);
    await output(shell, 'az aks nodepool add -g rg --cluster-name aks -n one -c 1 --no-wait');
    await output(shell, 'az aks nodepool add -g rg --cluster-name aks -n two -c 2 --no-wait');
    await output(shell, `az aks nodepool scale ${POOL} -c 3 --no-wait`);
    expect(await output(shell, POOLS)).toBe('nodepool1\tScaling\none\tCreating\ntwo\tCreating');
    expect(await output(shell, NODES)).toBe('2');
    expect(await refusal(shell, `az aks nodepool scale ${POOL} -c 4`)).toContain(
      'Another agentpool operation (nodepool1 - Scaling) is in progress',
    );
    expect(await refusal(shell, 'az aks upgrade -g rg -n aks -k 1.35.3 --yes')).toContain(
      '(OperationNotAllowed)',
    );
    await output(shell, 'az aks nodepool wait -g rg --cluster-name aks -n two --created');
    await shell.run('sleep 5m');
    expect(await output(shell, POOLS)).toBe('nodepool1\tSucceeded\none\tSucceeded\ntwo\tSucceeded');
    expect(await output(shell, NODES)).toBe('6');
  });

  it('a frozen clock lets whoever waits see the end', async () => {
    const shell = await session([CREATE, 'az aks get-credentials -g rg -n aks'], { clock: 'frozen' });
    await output(shell, 'az aks scale -g rg -n aks -c 3 --no-wait');
    expect(await output(shell, NODES)).toBe('2');
    await output(shell, 'az aks wait -g rg -n aks --updated');
    expect(await output(shell, NODES)).toBe('3');
  });
});
