/** `az aks operation`: what a cluster is busy with, or what it did last. */
import { requireManagedCluster } from '../../model/aks/create-managed-cluster.ts';
import type { FinishedOperation, ManagedCluster } from '../../model/aks/managed-cluster.ts';
import { operationOf } from '../../model/aks/pending-operation.ts';
import { armKey } from '../../model/azure/resource-store.ts';
import { drawGuid } from '../../model/chance.ts';
import type { Cloud } from '../../model/cloud.ts';
import { clusterChance, kubernetesTime } from '../../model/kubernetes/cluster-state.ts';
import { clusterKey } from './aks-options.ts';
import type { AzArguments, AzCommand, Json } from './command.ts';
import { text } from './option.ts';
import { optionalText, refusedByAzure, shown, textArgument, usageFailure } from './outcome.ts';
import type { Ran } from './outcome.ts';

const nodepool = text('--nodepool-name', 'Name of the node pool.');

export const aksOperationShowLatest: AzCommand = {
  path: ['aks', 'operation', 'show-latest'],
  summary: 'Show the details for the latest operation on managed cluster.',
  options: [...clusterKey, nodepool],
  run: showLatest,
};

function showLatest(cloud: Cloud, args: AzArguments): Ran {
  const found = requireManagedCluster(cloud, textArgument(args, 'resourceGroup'), textArgument(args, 'name'));
  if (!found.ok) return refusedByAzure(found.error);
  const pool = optionalText(args, 'nodepoolName');
  if (pool !== undefined && found.value.agentPoolProfiles.every((each) => each.name !== pool)) {
    return usageFailure(`The nodepool "${pool}" was not found.`);
  }
  const latest = latestOf(cloud, found.value);
  if (latest === null || (pool !== undefined && latest.pool !== null && latest.pool !== pool)) {
    return refusedByAzure({
      code: 'NotFound',
      message: `No operation of managed cluster ${found.value.name} is on record. Only upgrades, migrations and what starts with --no-wait take time in this workbook.`,
    });
  }
  return shown(cloud, found, (cluster) => operationJson(cloud, cluster, latest));
}

type Latest = Omit<FinishedOperation, 'endedAt'> & { readonly endedAt: number | null };

function latestOf(cloud: Cloud, cluster: ManagedCluster): Latest | null {
  const pending = operationOf(cloud, cluster.id);
  if (pending !== null) return { ...pending, endedAt: null };
  return cluster.simulation.lastOperation ?? null;
}

function operationJson(cloud: Cloud, cluster: ManagedCluster, latest: Latest): Json {
  const name = drawGuid(
    clusterChance(cloud, armKey(cluster.id)),
    `operation/${cluster.name}/${latest.startedAt}`,
  );
  const { failure } = latest;
  return {
    endTime: latest.endedAt === null ? null : kubernetesTime(latest.endedAt),
    error:
      failure === null
        ? null
        : {
            additionalInfo: null,
            code: failure.code,
            details: null,
            message: failure.message,
            target: failure.target ?? null,
          },
    id: `/subscriptions/${cloud.subscription.id}/providers/Microsoft.ContainerService/locations/${cluster.location}/operations/${name}`,
    name,
    operations: null,
    percentComplete: null,
    resourceId: latest.pool === null ? cluster.id : `${cluster.id}/agentPools/${latest.pool}`,
    startTime: kubernetesTime(latest.startedAt),
    status: latest.endedAt === null ? 'InProgress' : failure === null ? 'Succeeded' : 'Failed',
  };
}
