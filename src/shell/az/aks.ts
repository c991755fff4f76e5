/** `az aks`: managed clusters, apart from creating them and fetching credentials. */
import { scaleAgentPool } from '../../model/aks/change-agent-pools.ts';
import { requireManagedCluster } from '../../model/aks/create-managed-cluster.ts';
import { deleteManagedCluster } from '../../model/aks/delete-managed-cluster.ts';
import { letPass } from '../../model/aks/operations.ts';
import { notSimulated } from '../../model/azure/error.ts';
import { listOwnResources } from '../../model/azure/resource-store.ts';
import type { Cloud } from '../../model/cloud.ts';
import { ok } from '../../model/result.ts';
import { aksCreate } from './aks-create.ts';
import { aksEgressEndpointsList } from './aks-egress-endpoints.ts';
import { aksGetCredentials } from './aks-credentials.ts';
import { clusterTable, managedClusterJson, shownClusterJson } from './aks-json.ts';
import { aksOperationShowLatest } from './aks-operation-show.ts';
import { laterIf, waitingSeconds } from './aks-operation.ts';
import { clusterKey, matchOptions, waited } from './aks-options.ts';
import { aksUpdate } from './aks-update.ts';
import { aksGetUpgrades, aksUpgrade } from './aks-upgrade.ts';
import { checkNodePoolName } from './aks-validation.ts';
import { versionsJson, versionsTable } from './aks-versions.ts';
import type { AzArguments, AzCommand, AzOption, Json } from './command.ts';
import {
  anyResourceGroup,
  ignored,
  integer,
  location,
  noWaitFlag,
  text,
  waitConditions,
  yes,
} from './option.ts';
import {
  changed,
  optionalNumber,
  optionalText,
  refusedByAzure,
  shown,
  textArgument,
  usageFailure,
} from './outcome.ts';
import type { Ran } from './outcome.ts';
import { givenGroup } from './resource-commands.ts';
import { waitFor } from './wait.ts';

const DELETE_SECONDS = 300;
const SCALE_SECONDS = 90;

function printCluster(cloud: Cloud, args: AzArguments): Json {
  const found = requireManagedCluster(cloud, textArgument(args, 'resourceGroup'), textArgument(args, 'name'));
  return found.ok ? managedClusterJson(cloud, found.value) : null;
}

/** A real command that this chapter leaves out: its options are known, its use is refused. */
function leftOut(
  path: readonly string[],
  summary: string,
  what: string,
  options: readonly AzOption[],
): AzCommand {
  return { path, summary, options, run: () => refusedByAzure(notSimulated(what)) };
}

export const aksCommands: readonly AzCommand[] = [
  aksCreate,
  aksEgressEndpointsList,
  aksGetCredentials,
  {
    path: ['aks', 'show'],
    summary: 'Show the details for a managed Kubernetes cluster.',
    options: clusterKey,
    run: (cloud, args) =>
      shown(
        cloud,
        requireManagedCluster(cloud, textArgument(args, 'resourceGroup'), textArgument(args, 'name')),
        (cluster) => shownClusterJson(cloud, cluster),
        clusterTable,
      ),
  },
  {
    path: ['aks', 'list'],
    summary: 'List managed Kubernetes clusters.',
    options: [anyResourceGroup],
    run: (cloud, args) => {
      const group = givenGroup(cloud, args);
      if (!group.ok) return group;
      const clusters = listOwnResources(cloud, 'Microsoft.ContainerService/ManagedClusters', group.value);
      const output = clusters.map((cluster) => shownClusterJson(cloud, cluster));
      return ok({ cloud, output, table: clusterTable });
    },
  },
  {
    path: ['aks', 'delete'],
    summary: 'Delete a managed Kubernetes cluster.',
    confirm: true,
    options: [...clusterKey, noWaitFlag, yes, ...matchOptions],
    examples: [
      {
        does: 'Delete a managed Kubernetes cluster.',
        line: 'az aks delete --name MyManagedCluster --resource-group MyResourceGroup --yes',
      },
    ],
    run: (cloud, args) =>
      changed(
        deleteManagedCluster(cloud, textArgument(args, 'resourceGroup'), textArgument(args, 'name')),
        undefined,
        DELETE_SECONDS,
      ),
  },
  {
    path: ['aks', 'scale'],
    summary: 'Scale the node pool in a managed Kubernetes cluster.',
    options: [
      ...clusterKey,
      integer('--node-count -c', 'Number of nodes in the Kubernetes node pool.', { required: true }),
      noWaitFlag,
      text('--nodepool-name', 'Node pool name, up to 12 alphanumeric characters.'),
      ...ignored('headers carry nothing the workbook models', '--aks-custom-headers').map((option) => ({
        ...option,
        since: '2.50.0',
      })),
    ],
    run: scaleCluster,
  },
  aksUpdate,
  {
    path: ['aks', 'wait'],
    summary: 'Wait for a managed Kubernetes cluster to reach a desired state.',
    options: [...clusterKey, ...waitConditions],
    run: (cloud, args) =>
      waitFor(cloud, args, printCluster(cloud, args), {
        show: (later) => printCluster(later, args),
        pass: letPass,
      }),
  },
  {
    path: ['aks', 'get-versions'],
    summary: 'Get the versions available for creating a managed Kubernetes cluster.',
    options: [{ ...location, required: true }],
    run: (cloud) => ok({ cloud, output: versionsJson(cloud.now), table: versionsTable }),
  },
  {
    path: ['aks', 'install-cli'],
    summary:
      'Download and install kubectl, the Kubernetes command-line tool. Download and install kubelogin, a client-go credential (exec) plugin implementing azure authentication.',
    options: ignored(
      'kubectl is here already',
      '--base-src-url',
      '--client-version',
      '--install-location',
      '--kubelogin-base-src-url -l',
      '--kubelogin-install-location',
      '--kubelogin-version',
    ),
    run: (cloud) => ok({ cloud, warnings: ['kubectl is part of this terminal; nothing was downloaded.'] }),
  },
  leftOut(['aks', 'start'], 'Starts a previously stopped Managed Cluster.', 'Starting a stopped cluster', [
    ...clusterKey,
    noWaitFlag,
  ]),
  leftOut(['aks', 'stop'], 'Stops a Managed Cluster.', 'Stopping a cluster', [...clusterKey, noWaitFlag]),
  aksUpgrade,
  aksGetUpgrades,
  aksOperationShowLatest,
  leftOut(
    ['aks', 'operation-abort'],
    'Abort last running operation on managed cluster.',
    'Aborting an operation (it runs to its end, or fails)',
    [...clusterKey, noWaitFlag],
  ),
];

function scaleCluster(cloud: Cloud, args: AzArguments): Ran {
  const wanted = optionalText(args, 'nodepoolName');
  const named = checkNodePoolName(wanted);
  if (!named.ok) return named;
  const resourceGroup = textArgument(args, 'resourceGroup');
  const cluster = textArgument(args, 'name');
  const found = requireManagedCluster(cloud, resourceGroup, cluster);
  if (!found.ok) return refusedByAzure(found.error);
  const pools = found.value.agentPoolProfiles;
  if (pools.length > 1 && (wanted === undefined || wanted === '')) {
    return usageFailure(
      'There are more than one node pool in the cluster. Please specify nodepool name or use az aks nodepool command to scale node pool',
    );
  }
  const pool = pools.find((each) => wanted === undefined || wanted === '' || each.name === wanted);
  if (pool === undefined) return usageFailure(`The nodepool "${wanted ?? ''}" was not found.`);
  if (pool.enableAutoScaling) return usageFailure('Cannot scale cluster autoscaler enabled node pool.');
  const count = optionalNumber(args, 'nodeCount') ?? pool.count;
  return changed(
    scaleAgentPool(
      cloud,
      { resourceGroup, cluster, name: pool.name },
      count,
      laterIf(args, SCALE_SECONDS, 'cluster'),
    ),
    waited(args, (after) => printCluster(after, args)),
    waitingSeconds(args, SCALE_SECONDS),
  );
}
