/** Nodes of a running cluster that are set up anew, without another version: each is drained and reimaged. */
import type { AzureError } from '../azure/error.ts';
import { putResource } from '../azure/resource-store.ts';
import type { Cloud, OperationStep } from '../cloud.ts';
import { ok } from '../result.ts';
import type { Result } from '../result.ts';
import type { AgentPool, ManagedCluster } from './managed-cluster.ts';
import { startOperation } from './operations.ts';
import { outdatedNodes } from './upgrade-nodes.ts';
import { ACCEPT_SECONDS } from './upgrade-plan.ts';
import { checkUpgradeRoom, surgeNeeds } from './upgrade-room.ts';

export interface Renewal {
  readonly kind: 'migrate' | 'reimage';
  readonly pools: readonly AgentPool[];
  readonly replacing: 'outdated' | 'all';
}

/** Starts to renew the nodes of some pools, all at the same time. Errors: those of `checkUpgradeRoom`. */
export function renewPools(
  cloud: Cloud,
  cluster: ManagedCluster,
  { kind, pools: chosen, replacing }: Renewal,
): Result<Cloud, AzureError> {
  const names = new Set(chosen.map((pool) => pool.name));
  const accepted: ManagedCluster = {
    ...cluster,
    agentPoolProfiles: cluster.agentPoolProfiles.map((pool) =>
      names.has(pool.name) ? { ...pool, provisioningState: 'Updating' } : pool,
    ),
  };
  const pools = accepted.agentPoolProfiles.filter((pool) => names.has(pool.name));
  const versions = new Map(pools.map((pool) => [pool.name, pool.currentOrchestratorVersion]));
  const next = putResource(cloud, accepted);
  const room = checkUpgradeRoom(next, accepted, surgeNeeds(next, accepted, pools, versions, replacing));
  if (!room.ok) return room;
  const steps = pools.map((pool): OperationStep => ({
    at: cloud.now + ACCEPT_SECONDS,
    action: {
      kind: 'start-pool',
      pool: pool.name,
      from: pool.currentOrchestratorVersion,
      replacing,
    },
  }));
  return ok(startOperation(next, accepted, { pool: null, kind, steps }));
}

/**
 * Starts to reimage the nodes that are not as the cluster wants them, of all pools that have any. Without any the
 * cluster is as it should be. Errors: those of `checkUpgradeRoom`.
 */
export function reimageOutdated(cloud: Cloud, cluster: ManagedCluster): Result<Cloud, AzureError> {
  const pools = cluster.agentPoolProfiles.filter((pool) => outdatedNodes(cloud, cluster, pool).length > 0);
  if (pools.length > 0) {
    const updating: ManagedCluster = { ...succeeded(cluster), provisioningState: 'Updating' };
    return renewPools(cloud, updating, { kind: 'reimage', pools, replacing: 'outdated' });
  }
  return ok(putResource(cloud, succeeded(cluster)));
}

function succeeded(cluster: ManagedCluster): ManagedCluster {
  return {
    ...cluster,
    provisioningState: 'Succeeded',
    agentPoolProfiles: cluster.agentPoolProfiles.map((pool) => ({ ...pool, provisioningState: 'Succeeded' })),
  };
}
