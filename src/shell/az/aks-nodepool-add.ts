/** `az aks nodepool add`. */
import { addAgentPool } from '../../model/aks/change-agent-pools.ts';
import { requireManagedCluster } from '../../model/aks/create-managed-cluster.ts';
import { notSimulated } from '../../model/azure/error.ts';
import { ok } from '../../model/result.ts';
import { notEmpty } from './aks-network.ts';
import { poolNameOf, printPool } from './aks-nodepool-key.ts';
import { laterIf, waitingSeconds } from './aks-operation.ts';
import { poolKey, waited } from './aks-options.ts';
import {
  AUTOSCALER_WARNING,
  readAutoscaler,
  readMode,
  readOsSku,
  readSubnets,
  readUpgradeSettings,
  zeroIsDefault,
} from './aks-pool-arguments.ts';
import {
  autoscalerOptions,
  labels,
  maxPods,
  mode,
  nodeCount,
  nodeOptions,
  nodeVmSize,
  osSku,
  podSubnetOptions,
  poolOnlyOptions,
  upgradeSettingOptions,
  vnetSubnetId,
} from './aks-pool-options.ts';
import {
  checkKubernetesVersion,
  checkNodePoolName,
  checkResourceIdOption,
  readLabels,
  readTaints,
} from './aks-validation.ts';
import type { AzArguments, AzCommand } from './command.ts';
import { tags, text } from './option.ts';
import {
  changed,
  optionalNumber,
  optionalTags,
  optionalText,
  refusedByAzure,
  usageFailure,
} from './outcome.ts';

const ADD_SECONDS = 150;

export const aksNodepoolAdd: AzCommand = {
  path: ['aks', 'nodepool', 'add'],
  summary: 'Add a node pool to the managed Kubernetes cluster.',
  options: [
    ...poolKey,
    text(
      '--kubernetes-version -k',
      'Version of Kubernetes to use for creating the cluster, such as "1.16.9".',
    ),
    labels,
    maxPods,
    ...upgradeSettingOptions,
    mode,
    nodeCount,
    text('--node-taints', 'The node taints for the node pool.'),
    nodeVmSize,
    osSku,
    text('--os-type', 'The OS Type. Linux or Windows.', { default: 'Linux' }),
    tags,
    vnetSubnetId,
    ...podSubnetOptions,
    ...autoscalerOptions('--enable-cluster-autoscaler -e'),
    ...nodeOptions,
    ...poolOnlyOptions,
  ],
  examples: [
    {
      does: 'Add a node pool with two nodes.',
      line: 'az aks nodepool add -g MyResourceGroup --cluster-name MyManagedCluster -n pool2 --node-count 2',
    },
    {
      does: 'Add a node pool whose pods get addresses of a subnet of their own.',
      line: 'az aks nodepool add -g MyResourceGroup --cluster-name MyManagedCluster -n pool3 --vnet-subnet-id $NODE_SUBNET_ID --pod-subnet-id $POD_SUBNET_ID',
    },
  ],
  run: (cloud, args) => {
    const name = poolNameOf(args);
    const checks = [
      checkNodePoolName(name.name),
      checkResourceIdOption('--vnet-subnet-id', optionalText(args, 'vnetSubnetId')),
      checkResourceIdOption('--pod-subnet-id', optionalText(args, 'podSubnetId')),
    ];
    for (const check of checks) if (!check.ok) return check;
    const version = checkKubernetesVersion(optionalText(args, 'kubernetesVersion'));
    if (!version.ok) return version;
    const marks = readLabels(args, 'labels');
    if (!marks.ok) return marks;
    const taints = readTaints(optionalText(args, 'nodeTaints'));
    if (!taints.ok) return taints;
    const upgrade = readUpgradeSettings(args);
    if (!upgrade.ok) return upgrade;
    const system = readSystem(args);
    if (!system.ok) return system;
    const poolMode = readMode(args);
    if (!poolMode.ok) return poolMode;
    const autoscaler = readAutoscaler(args, poolMode.value);
    if (!autoscaler.ok) return autoscaler;
    const cluster = requireManagedCluster(cloud, name.resourceGroup, name.cluster);
    if (!cluster.ok) return refusedByAzure(cluster.error);
    // azure-cli looks for it itself (acs/agentpool_decorator.py, get_nodepool_name).
    if (cluster.value.agentPoolProfiles.some((pool) => pool.name === name.name)) {
      return usageFailure(
        `Node pool ${name.name} already exists, please try a different name, use 'aks nodepool list' to get current list of node pool`,
      );
    }
    if (
      version.value !== null &&
      !`${cluster.value.currentKubernetesVersion}.`.startsWith(`${version.value}.`)
    ) {
      return refusedByAzure(notSimulated('A node pool with another Kubernetes version than its cluster'));
    }
    const count = optionalNumber(args, 'nodeCount');
    const added = changed(
      addAgentPool(
        cloud,
        { resourceGroup: name.resourceGroup, cluster: name.cluster },
        {
          name: name.name,
          mode: poolMode.value,
          ...(count === undefined ? {} : { count }),
          vmSize: notEmpty(optionalText(args, 'nodeVmSize')),
          ...system.value,
          maxPods: zeroIsDefault(optionalNumber(args, 'maxPods')),
          ...readSubnets(args),
          ...autoscaler.value,
          nodeLabels: marks.value ?? null,
          nodeTaints: taints.value ?? null,
          ...upgrade.value,
          tags: optionalTags(args) ?? null,
        },
        laterIf(args, ADD_SECONDS, 'agent-pool'),
      ),
      waited(args, (after) => printPool(after, name)),
      waitingSeconds(args, ADD_SECONDS),
    );
    if (!added.ok || autoscaler.value.enableAutoScaling !== true) return added;
    return ok({ ...added.value, warnings: [AUTOSCALER_WARNING] });
  },
};

/** Returns the operating system; azure-cli refuses a Windows SKU without `--os-type Windows`. */
function readSystem(args: AzArguments): ReturnType<typeof readOsSku> {
  const text = optionalText(args, 'osType') ?? 'Linux';
  const read = readOsSku(args);
  if (!read.ok) return read;
  const system = read.value;
  const set = optionalText(args, 'vmSetType')?.toLowerCase() ?? '';
  if (!['', 'virtualmachinescalesets', 'availabilityset', 'virtualmachines'].includes(set)) {
    return usageFailure(
      '--vm-set-type can only be VirtualMachineScaleSets, AvailabilitySet or VirtualMachines',
    );
  }
  if (set === 'availabilityset' || set === 'virtualmachines') {
    return refusedByAzure(
      notSimulated(
        `A node pool of type ${set === 'virtualmachines' ? 'VirtualMachines' : 'AvailabilitySet'}`,
      ),
    );
  }
  switch (text.toLowerCase()) {
    case 'windows':
      return ok({ ...system, osType: 'Windows' });
    case 'linux':
      if (system.osType !== 'Windows') return ok(system);
      return usageFailure(
        "OS SKU is invalid for Linux OS Type. Please specify '--os-type Windows' for Windows SKUs",
      );
  }
  return refusedByAzure({
    code: 'InvalidParameter',
    message: `The value of parameter agentPoolProfile.osType is invalid. Error details: '${text}' is not one of Linux, Windows.`,
    target: 'agentPoolProfile.osType',
  });
}
