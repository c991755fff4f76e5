/** `az aks nodepool`: the node pools of a cluster. */
import { deleteAgentPool, requireAgentPool, scaleAgentPool } from '../../model/aks/change-agent-pools.ts';
import { requireManagedCluster } from '../../model/aks/create-managed-cluster.ts';
import { letPass } from '../../model/aks/operations.ts';
import { notSimulated } from '../../model/azure/error.ts';
import { agentPoolJson, poolTable } from './aks-json.ts';
import { aksNodepoolAdd } from './aks-nodepool-add.ts';
import { poolNameOf, printPool } from './aks-nodepool-key.ts';
import { aksNodepoolGetUpgrades, aksNodepoolUpgrade } from './aks-nodepool-upgrade.ts';
import { aksNodepoolUpdate } from './aks-nodepool-update.ts';
import { laterIf, waitingSeconds } from './aks-operation.ts';
import { matchOptions, poolClusterName, poolKey, poolName, waited } from './aks-options.ts';
import type { AzCommand, AzOption } from './command.ts';
import { ignored, integer, noWaitFlag, resourceGroup, since, waitConditions } from './option.ts';
import { changed, optionalNumber, refusedByAzure, shown, textArgument, usageFailure } from './outcome.ts';
import { waitFor } from './wait.ts';

const SCALE_SECONDS = 90;
const DELETE_SECONDS = 120;

function leftOut(
  path: readonly string[],
  summary: string,
  what: string,
  options: readonly AzOption[],
): AzCommand {
  return { path, summary, options, run: () => refusedByAzure(notSimulated(what)) };
}

export const aksNodepoolCommands: readonly AzCommand[] = [
  aksNodepoolAdd,
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
      shown(cloud, requireAgentPool(cloud, poolNameOf(args)), ({ pool }) => agentPoolJson(pool), poolTable),
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
      const name = poolNameOf(args);
      const count = optionalNumber(args, 'nodeCount') ?? 3;
      const found = requireAgentPool(cloud, name);
      if (!found.ok) return refusedByAzure(found.error);
      if (found.value.pool.enableAutoScaling) {
        return usageFailure('Cannot scale cluster autoscaler enabled node pool.');
      }
      if (found.value.pool.count === count) {
        return usageFailure('The new node count is the same as the current node count.');
      }
      return changed(
        scaleAgentPool(cloud, name, count, laterIf(args, SCALE_SECONDS, 'agent-pool')),
        waited(args, (after) => printPool(after, name)),
        waitingSeconds(args, SCALE_SECONDS),
      );
    },
  },
  aksNodepoolUpdate,
  {
    path: ['aks', 'nodepool', 'delete'],
    summary: 'Delete the agent pool in the managed Kubernetes cluster.',
    options: [
      ...poolKey,
      noWaitFlag,
      ...matchOptions,
      ...since(
        '2.70.0',
        ...ignored(
          'no pod has a disruption budget here',
          'flag:--ignore-pod-disruption-budget --ignore-pdb -i',
        ),
      ),
    ],
    run: (cloud, args) => {
      const name = poolNameOf(args);
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
    run: (cloud, args) => {
      const name = poolNameOf(args);
      return waitFor(cloud, args, printPool(cloud, name), {
        show: (later) => printPool(later, name),
        pass: letPass,
      });
    },
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
  aksNodepoolUpgrade,
  aksNodepoolGetUpgrades,
  leftOut(
    ['aks', 'nodepool', 'operation-abort'],
    'Abort last running operation on nodepool.',
    'Aborting an operation (it runs to its end, or fails)',
    [...poolKey, noWaitFlag],
  ),
];
