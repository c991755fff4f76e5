/** `az aks nodepool`: the node pools of a cluster. */
import {
  addAgentPool,
  deleteAgentPool,
  requireAgentPool,
  scaleAgentPool,
  updateAgentPool,
} from '../../model/aks/change-agent-pools.ts';
import type { PoolName } from '../../model/aks/change-agent-pools.ts';
import { requireManagedCluster } from '../../model/aks/create-managed-cluster.ts';
import { notSimulated } from '../../model/azure/error.ts';
import type { Cloud } from '../../model/cloud.ts';
import { notEmpty, OS_SKUS, osOf, zeroIsDefault } from './aks-create.ts';
import { agentPoolJson, poolTable } from './aks-json.ts';
import {
  autoscalerOptions,
  changeAutoscalerOptions,
  nodeOptions,
  poolClusterName,
  poolKey,
  poolName,
  possiblyEmpty,
  waited,
  withAllowedValues,
} from './aks-options.ts';
import {
  checkKubernetesVersion,
  checkMaxSurge,
  checkNodePoolName,
  checkResourceIdOption,
  readLabels,
  readTaints,
} from './aks-validation.ts';
import type { AzArguments, AzCommand, AzOption, Json } from './command.ts';
import {
  choice,
  flag,
  ignored,
  integer,
  noWaitFlag,
  refused,
  resourceGroup,
  tags,
  text,
  waitConditions,
  yes,
} from './option.ts';
import {
  changed,
  given,
  optionalNumber,
  optionalTags,
  optionalText,
  refusedByAzure,
  shown,
  textArgument,
  usageFailure,
} from './outcome.ts';
import { waitFor } from './wait.ts';

const ADD_SECONDS = 150;
const SCALE_SECONDS = 90;
const DELETE_SECONDS = 120;

const mode = choice(
  '--mode',
  ['System', 'User'],
  'The mode for a node pool which defines a node pool\'s primary function. If set as "System", AKS prefers system pods scheduling to node pools with mode `System`.',
);
const labels: AzOption = possiblyEmpty(
  '--labels',
  'The node labels for the node pool. See https://aka.ms/node-labels for syntax of labels.',
);
const maxSurge = text(
  '--max-surge',
  'Extra nodes used to speed upgrade. When specified, it represents the number or percent used, eg. 5 or 33%.',
);
const scaleDownMode = withAllowedValues(ignored('nodes that go are gone here', '--scale-down-mode'));

function nameOf(args: AzArguments): PoolName {
  return {
    resourceGroup: textArgument(args, 'resourceGroup'),
    cluster: textArgument(args, 'clusterName'),
    name: textArgument(args, 'nodepoolName'),
  };
}

function printPool(cloud: Cloud, name: PoolName): Json {
  const found = requireAgentPool(cloud, name);
  return found.ok ? agentPoolJson(found.value.pool) : null;
}

function leftOut(
  path: readonly string[],
  summary: string,
  what: string,
  options: readonly AzOption[],
): AzCommand {
  return { path, summary, options, run: () => refusedByAzure(notSimulated(what)) };
}

export const aksNodepoolCommands: readonly AzCommand[] = [
  {
    path: ['aks', 'nodepool', 'add'],
    summary: 'Add a node pool to the managed Kubernetes cluster.',
    options: [
      ...poolKey,
      text(
        '--kubernetes-version -k',
        'Version of Kubernetes to use for creating the cluster, such as "1.16.9".',
      ),
      labels,
      integer('--max-pods -m', 'The maximum number of pods deployable to a node.'),
      maxSurge,
      mode,
      integer(
        '--node-count -c',
        'Number of nodes in the Kubernetes agent pool. After creating a cluster, you can change the size of its node pool with `az aks scale`.',
        { default: '3' },
      ),
      text('--node-taints', 'The node taints for the node pool.'),
      text('--node-vm-size -s', 'Size of Virtual Machines to create as Kubernetes nodes.'),
      choice('--os-sku', OS_SKUS, 'The OS SKU of the agent node pool. Ubuntu or CBLMariner.'),
      text('--os-type', 'The OS Type. Linux or Windows.', { default: 'Linux' }),
      tags,
      text(
        '--vnet-subnet-id',
        'The Resource Id of a subnet in an existing VNet into which to deploy the cluster.',
      ),
      ...nodeOptions,
      ...autoscalerOptions,
      ...refused(
        'the cluster autoscaler does not run here; set the number of nodes yourself',
        'flag:--enable-cluster-autoscaler -e',
      ),
      ...withAllowedValues(
        refused(
          'Azure takes no nodes back here, so Spot would show nothing',
          '--eviction-policy',
          '--priority',
          '--spot-max-price',
        ),
      ),
      ...scaleDownMode,
    ],
    examples: [
      {
        does: 'Add a node pool with two nodes.',
        line: 'az aks nodepool add -g MyResourceGroup --cluster-name MyManagedCluster -n pool2 --node-count 2',
      },
    ],
    run: (cloud, args) => {
      const name = nameOf(args);
      const surge = optionalText(args, 'maxSurge');
      const checks = [
        checkNodePoolName(name.name),
        checkResourceIdOption('--vnet-subnet-id', optionalText(args, 'vnetSubnetId')),
        checkMaxSurge(surge),
      ];
      for (const check of checks) if (!check.ok) return check;
      const version = checkKubernetesVersion(optionalText(args, 'kubernetesVersion'));
      if (!version.ok) return version;
      const marks = readLabels(args, 'labels');
      if (!marks.ok) return marks;
      const taints = readTaints(optionalText(args, 'nodeTaints'));
      if (!taints.ok) return taints;
      const osType = (optionalText(args, 'osType') ?? 'Linux').toLowerCase();
      if (osType !== 'linux' && osType !== 'windows') {
        return refusedByAzure({
          code: 'InvalidParameter',
          message: `The value of parameter agentPoolProfile.osType is invalid. Error details: '${optionalText(args, 'osType') ?? ''}' is not one of Linux, Windows.`,
          target: 'agentPoolProfile.osType',
        });
      }
      const cluster = requireManagedCluster(cloud, name.resourceGroup, name.cluster);
      if (!cluster.ok) return refusedByAzure(cluster.error);
      if (version.value !== null && !cluster.value.currentKubernetesVersion.startsWith(version.value)) {
        return refusedByAzure(notSimulated('A node pool with another Kubernetes version than its cluster'));
      }
      const count = optionalNumber(args, 'nodeCount');
      const os = osOf(optionalText(args, 'osSku'));
      const poolMode = optionalText(args, 'mode');
      return changed(
        addAgentPool(
          cloud,
          { resourceGroup: name.resourceGroup, cluster: name.cluster },
          {
            name: name.name,
            mode: poolMode === 'System' ? 'System' : 'User',
            ...(count === undefined ? {} : { count }),
            vmSize: notEmpty(optionalText(args, 'nodeVmSize')),
            ...os,
            osType: osType === 'windows' ? 'Windows' : (os.osType ?? 'Linux'),
            maxPods: zeroIsDefault(optionalNumber(args, 'maxPods')),
            vnetSubnetId: notEmpty(optionalText(args, 'vnetSubnetId')),
            nodeLabels: marks.value ?? null,
            nodeTaints: taints.value ?? null,
            maxSurge: surge ?? null,
            tags: optionalTags(args) ?? null,
          },
        ),
        waited(args, (after) => printPool(after, name)),
        ADD_SECONDS,
      );
    },
  },
  {
    path: ['aks', 'nodepool', 'list'],
    summary:
      'List node pools in the managed Kubernetes cluster. To get list of nodes in the cluster run `kubectl get nodes` command.',
    options: [poolClusterName, resourceGroup],
    run: (cloud, args) =>
      shown(
        cloud,
        requireManagedCluster(cloud, textArgument(args, 'resourceGroup'), textArgument(args, 'clusterName')),
        (cluster) => cluster.agentPoolProfiles.map(agentPoolJson),
        poolTable,
      ),
  },
  {
    path: ['aks', 'nodepool', 'show'],
    summary: 'Show the details for a node pool in the managed Kubernetes cluster.',
    options: poolKey,
    run: (cloud, args) =>
      shown(cloud, requireAgentPool(cloud, nameOf(args)), ({ pool }) => agentPoolJson(pool), poolTable),
  },
  {
    path: ['aks', 'nodepool', 'scale'],
    summary: 'Scale the node pool in a managed Kubernetes cluster.',
    options: [
      ...poolKey,
      integer('--node-count -c', 'Number of nodes in the Kubernetes node pool.', { default: '3' }),
      noWaitFlag,
    ],
    run: (cloud, args) => {
      const name = nameOf(args);
      const count = optionalNumber(args, 'nodeCount') ?? 3;
      const found = requireAgentPool(cloud, name);
      if (!found.ok) return refusedByAzure(found.error);
      if (found.value.pool.count === count) {
        return usageFailure('The new node count is the same as the current node count.');
      }
      return changed(
        scaleAgentPool(cloud, name, count),
        waited(args, (after) => printPool(after, name)),
        SCALE_SECONDS,
      );
    },
  },
  {
    path: ['aks', 'nodepool', 'update'],
    summary: 'Update a node pool properties.',
    options: [
      ...poolKey,
      labels,
      maxSurge,
      mode,
      noWaitFlag,
      text(
        '--node-taints',
        'The node taints for the node pool. You can update the existing node taint of a nodepool or create a new node taint for a nodepool. Pass the empty string `""` to remove all taints.',
      ),
      tags,
      ...refused('preview features are not part of this chapter', '--aks-custom-headers'),
      ...changeAutoscalerOptions,
      ...scaleDownMode,
    ],
    run: (cloud, args) => {
      const name = nameOf(args);
      const surge = optionalText(args, 'maxSurge');
      const checked = checkMaxSurge(surge);
      if (!checked.ok) return checked;
      const marks = readLabels(args, 'labels');
      if (!marks.ok) return marks;
      const taints = readTaints(optionalText(args, 'nodeTaints'));
      if (!taints.ok) return taints;
      const wanted = optionalText(args, 'mode');
      const changes = given({
        mode: wanted === 'System' ? ('System' as const) : wanted === 'User' ? ('User' as const) : undefined,
        nodeLabels: marks.value,
        nodeTaints: taints.value,
        maxSurge: surge,
        tags: optionalTags(args),
      });
      if (Object.keys(changes).length === 0) {
        return usageFailure(
          'Please specify one or more of "--enable-cluster-autoscaler" or "--disable-cluster-autoscaler" or "--update-cluster-autoscaler" or "--tags" or "--mode" or "--max-surge" or "--labels" or "--node-taints"',
          2,
        );
      }
      return changed(
        updateAgentPool(cloud, name, changes),
        waited(args, (after) => printPool(after, name)),
      );
    },
  },
  {
    path: ['aks', 'nodepool', 'delete'],
    summary: 'Delete the agent pool in the managed Kubernetes cluster.',
    options: [
      ...poolKey,
      noWaitFlag,
      ...ignored('nothing else changes the pool meanwhile', '--if-match').map((option) => ({
        ...option,
        since: '2.67.0',
      })),
      ...ignored('no pod has a disruption budget here', 'flag:--ignore-pod-disruption-budget -i').map(
        (option) => ({ ...option, since: '2.57.0' }),
      ),
    ],
    run: (cloud, args) => {
      const name = nameOf(args);
      const cluster = requireManagedCluster(cloud, name.resourceGroup, name.cluster);
      if (!cluster.ok) return refusedByAzure(cluster.error);
      // azure-cli looks for the pool itself, without regard to case.
      const pool = cluster.value.agentPoolProfiles.find(
        (each) => each.name.toLowerCase() === name.name.toLowerCase(),
      );
      if (pool === undefined) {
        return usageFailure(
          `Node pool ${name.name} doesnt exist, use 'aks nodepool list' to get current node pool list`,
        );
      }
      return changed(deleteAgentPool(cloud, { ...name, name: pool.name }), undefined, DELETE_SECONDS);
    },
  },
  {
    path: ['aks', 'nodepool', 'wait'],
    summary: 'Wait for a node pool to reach a desired state.',
    options: [
      poolClusterName,
      { ...poolName, names: [...poolName.names, '--agent-pool-name'] },
      resourceGroup,
      ...waitConditions,
    ],
    run: (cloud, args) => waitFor(cloud, args, printPool(cloud, nameOf(args))),
  },
  leftOut(
    ['aks', 'nodepool', 'start'],
    'Start stopped agent pool in the managed Kubernetes cluster.',
    'Starting a stopped node pool',
    [...poolKey, noWaitFlag, ...ignored('headers carry nothing', '--aks-custom-headers')],
  ),
  leftOut(
    ['aks', 'nodepool', 'stop'],
    'Stop running agent pool in the managed Kubernetes cluster.',
    'Stopping a node pool',
    [...poolKey, noWaitFlag, ...ignored('headers carry nothing', '--aks-custom-headers')],
  ),
  leftOut(
    ['aks', 'nodepool', 'upgrade'],
    'Upgrade the node pool in a managed Kubernetes cluster.',
    'Upgrading a node pool',
    [
      ...poolKey,
      text('--kubernetes-version -k', 'Version of Kubernetes to upgrade the node pool to, such as "1.16.9".'),
      maxSurge,
      noWaitFlag,
      flag('--node-image-only', "Only upgrade agent pool's node image."),
      text('--snapshot-id', 'The source snapshot id used to upgrade this nodepool.'),
      yes,
      ...ignored('headers carry nothing', '--aks-custom-headers'),
    ],
  ),
  leftOut(
    ['aks', 'nodepool', 'get-upgrades'],
    'Get the available upgrade versions for an agent pool of the managed Kubernetes cluster.',
    'The list of upgrades',
    poolKey,
  ),
];
