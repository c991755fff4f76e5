/** `az aks nodepool update`: what may change on a pool that is there. */
import type { AzureError } from '../azure/error.ts';
import { armKey, putResource } from '../azure/resource-store.ts';
import type { Cloud } from '../cloud.ts';
import { kubernetesOf, withKubernetes } from '../kubernetes/cluster-state.ts';
import type { Node } from '../kubernetes/objects.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { describePool } from './agent-pool.ts';
import { mostNodes } from './capacity.ts';
import {
  checkPoolPorts,
  checkPoolRoom,
  lastSystemPool,
  requireAgentPool,
  withPool,
} from './change-agent-pools.ts';
import type { PoolName } from './change-agent-pools.ts';
import type { AgentPool, AgentPoolUpgradeSettings, ManagedCluster } from './managed-cluster.ts';
import { findScaleSet, parseTaint } from './nodes.ts';
import { surgeNodes } from './outbound-ports.ts';
import { checkNothingPending } from './pending-operation.ts';
import { reconcileCluster } from './reconcile.ts';

export interface AgentPoolChanges extends Partial<AgentPoolUpgradeSettings> {
  readonly mode?: 'System' | 'User';
  readonly nodeLabels?: Readonly<Record<string, string>> | null;
  readonly nodeTaints?: readonly string[] | null;
  readonly enableAutoScaling?: boolean;
  readonly minCount?: number | null;
  readonly maxCount?: number | null;
  readonly tags?: Readonly<Record<string, string>> | null;
}

/**
 * Changes a pool; absent keys stay. Its nodes get the new labels and taints. Errors: as `describePool`,
 * and as `checkPoolRoom` for an autoscaler that may grow beyond the ranges or a surge that has no ports.
 */
export function updateAgentPool(
  cloud: Cloud,
  name: PoolName,
  changes: AgentPoolChanges,
): Result<Cloud, AzureError> {
  const found = requireAgentPool(cloud, name);
  if (!found.ok) return found;
  const { cluster, pool } = found.value;
  const idle = checkNothingPending(cloud, cluster, 'agent-pool');
  if (!idle.ok) return idle;
  const mode = changes.mode ?? pool.mode;
  const otherSystem = cluster.agentPoolProfiles.some((each) => each !== pool && each.mode === 'System');
  if (pool.mode === 'System' && mode === 'User' && !otherSystem) return err(lastSystemPool());
  const setting = {
    clusterId: cluster.id,
    resourceGroup: cluster.resourceGroup,
    location: cluster.location,
    version: pool.currentOrchestratorVersion,
    networkProfile: cluster.networkProfile,
  };
  const next = describePool(
    cloud,
    setting,
    {
      name: pool.name,
      mode,
      count: pool.count,
      vmSize: pool.vmSize,
      maxPods: pool.maxPods,
      vnetSubnetId: pool.vnetSubnetId,
      podSubnetId: pool.podSubnetId,
      podIPAllocationMode: pool.podIPAllocationMode,
      enableAutoScaling: changes.enableAutoScaling ?? pool.enableAutoScaling,
      minCount: changes.minCount ?? pool.minCount,
      maxCount: changes.maxCount ?? pool.maxCount,
      nodeLabels: changes.nodeLabels === undefined ? pool.nodeLabels : changes.nodeLabels,
      nodeTaints: changes.nodeTaints === undefined ? pool.nodeTaints : changes.nodeTaints,
      ...upgradeSettingsOf(pool.upgradeSettings, changes),
      tags: changes.tags === undefined ? pool.tags : changes.tags,
    },
    { count: pool.count, mode: pool.mode },
  );
  if (!next.ok) return next;
  const changed = withPool(cluster, {
    ...next.value,
    orchestratorVersion: pool.orchestratorVersion,
    nodeImageVersion: pool.nodeImageVersion,
    provisioningState: pool.provisioningState,
  });
  const room = mostNodes(next.value) > mostNodes(pool) ? checkPoolRoom(cloud, cluster, changed) : ok(null);
  if (!room.ok) return room;
  const ports = surgeNodes(next.value) > surgeNodes(pool) ? checkPoolPorts(cloud, changed) : ok(null);
  if (!ports.ok) return ports;
  const marked = markNodes(putResource(cloud, changed), changed, pool, next.value);
  return ok(reconcileCluster(marked, changed));
}

function upgradeSettingsOf(
  before: AgentPoolUpgradeSettings,
  changes: AgentPoolChanges,
): AgentPoolUpgradeSettings {
  const kept = <T>(wanted: T | undefined, old: T): T => (wanted === undefined ? old : wanted);
  return {
    maxSurge: kept(changes.maxSurge, before.maxSurge),
    maxUnavailable: kept(changes.maxUnavailable, before.maxUnavailable),
    drainTimeoutInMinutes: kept(changes.drainTimeoutInMinutes, before.drainTimeoutInMinutes),
    nodeSoakDurationInMinutes: kept(changes.nodeSoakDurationInMinutes, before.nodeSoakDurationInMinutes),
    undrainableNodeBehavior: kept(changes.undrainableNodeBehavior, before.undrainableNodeBehavior),
  };
}

/** Puts a pool's new labels and taints on the nodes it has, and takes the old ones away. */
function markNodes(cloud: Cloud, cluster: ManagedCluster, before: AgentPool, after: AgentPool): Cloud {
  const key = armKey(cluster.id);
  const state = kubernetesOf(cloud, key);
  const names = new Set(findScaleSet(cloud, cluster, after.name)?.instances.map((each) => each.computerName));
  const oldTaints = new Set(before.nodeTaints ?? []);
  const nodes = Object.fromEntries(
    Object.entries(state.nodes).map(([name, node]): [string, Node] => {
      if (!names.has(name)) return [name, node];
      const labels = { ...node.metadata.labels };
      for (const label of Object.keys(before.nodeLabels ?? {})) delete labels[label];
      const kept = (node.spec.taints ?? []).filter(
        (taint) => !oldTaints.has(`${taint.key}=${taint.value ?? ''}:${taint.effect}`),
      );
      const taints = [...kept, ...(after.nodeTaints ?? []).map(parseTaint)];
      const { taints: _before, ...spec } = node.spec;
      return [
        name,
        {
          ...node,
          metadata: {
            ...node.metadata,
            labels: {
              ...labels,
              ...after.nodeLabels,
              'kubernetes.azure.com/mode': after.mode.toLowerCase(),
            },
          },
          spec: { ...spec, ...(taints.length === 0 ? {} : { taints }) },
        },
      ];
    }),
  );
  return withKubernetes(cloud, key, { ...state, nodes });
}
