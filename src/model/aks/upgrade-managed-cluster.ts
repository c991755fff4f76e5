/** `az aks upgrade` and `az aks nodepool upgrade`: what is checked, and what happens when. */
import type { AzureError } from '../azure/error.ts';
import { armKey, getResource, putResource } from '../azure/resource-store.ts';
import type { Cloud, OperationStep } from '../cloud.ts';
import { prefix } from '../ip/prefix.ts';
import { kubernetesOf } from '../kubernetes/cluster-state.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { checkPoolPorts, requireAgentPool } from './change-agent-pools.ts';
import type { PoolName } from './change-agent-pools.ts';
import { requireManagedCluster } from './create-managed-cluster.ts';
import type { AgentPool, AgentPoolUpgradeSettings, ManagedCluster } from './managed-cluster.ts';
import { versionAsAsked } from './kubernetes-versions.ts';
import { serviceRangeOverlap } from './network-profile.ts';
import { checkRouteTableUnchanged } from './node-network.ts';
import { startOperation } from './operations.ts';
import { surgeNodes } from './outbound-ports.ts';
import { checkNothingPending } from './pending-operation.ts';
import { machinesOf, outdatedNodes } from './upgrade-nodes.ts';
import { ACCEPT_SECONDS, checkUpgradeSettings, CONTROL_PLANE_SECONDS } from './upgrade-plan.ts';
import { checkUpgradeRoom, surgeNeeds } from './upgrade-room.ts';
import {
  checkSkew,
  compareVersions,
  latestNodeImage,
  resolvePoolUpgrade,
  resolveUpgrade,
} from './upgrade-versions.ts';

const VNET = 'Microsoft.Network/virtualNetworks';

export interface ClusterUpgrade {
  /** `1.35.3`, or `1.35` for its newest patch; null for the version that the cluster has. */
  readonly kubernetesVersion: string | null;
  readonly scope: 'everything' | 'control-plane';
}

/**
 * Starts the upgrade of a cluster: the control plane first, then all its pools at the same time.
 * Returns the same cloud if there is nothing to do. Errors: the cluster's absence,
 * `OperationNotAllowed`, `K8sVersionNotSupported`, `NodePoolMcVersionIncompatible`,
 * `ServiceCidrOverlapExistingSubnetsCidr`, `CustomRouteTableInvalidUpdateAttempt`, and those of
 * `checkUpgradeRoom`.
 */
export function upgradeManagedCluster(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
  wanted: ClusterUpgrade,
): Result<Cloud, AzureError> {
  const found = requireManagedCluster(cloud, resourceGroup, name);
  if (!found.ok) return found;
  const cluster = found.value;
  const idle = checkNothingPending(cloud, cluster, 'cluster');
  if (!idle.ok) return idle;
  const target = resolveUpgrade(cloud, cluster, wanted.kubernetesVersion ?? cluster.currentKubernetesVersion);
  if (!target.ok) return target;
  const network = checkNetwork(cloud, cluster);
  if (!network.ok) return network;
  if (wanted.scope === 'control-plane') {
    for (const pool of cluster.agentPoolProfiles) {
      const skew = checkSkew(pool.currentOrchestratorVersion, target.value);
      if (!skew.ok) return skew;
    }
  }
  const moves = target.value !== cluster.currentKubernetesVersion;
  const behind =
    wanted.scope === 'control-plane'
      ? []
      : cluster.agentPoolProfiles.filter((pool) => isBehind(cloud, cluster, pool, target.value));
  if (!moves && behind.length === 0) return ok(healed(cloud, cluster));
  const asked = wanted.kubernetesVersion ?? cluster.kubernetesVersion;
  const asRequested = versionAsAsked(asked, target.value);
  const pools = behind.map((pool) => raised(cloud, pool, target.value, asRequested));
  const accepted = withPools(
    { ...cluster, kubernetesVersion: asRequested, provisioningState: 'Upgrading' },
    pools,
  );
  const next = putResource(cloud, accepted);
  const before = nodeVersions(cloud, cluster);
  const room = checkUpgradeRoom(next, accepted, surgeNeeds(next, accepted, pools, before, 'outdated'));
  if (!room.ok) return room;
  const poolsAt = cloud.now + (moves ? CONTROL_PLANE_SECONDS : 0) + ACCEPT_SECONDS;
  const steps: OperationStep[] = pools.map((pool) => startPool(poolsAt, pool, before));
  if (moves) {
    steps.unshift({
      at: cloud.now + CONTROL_PLANE_SECONDS,
      action: { kind: 'upgrade-control-plane', version: target.value },
    });
  }
  return ok(startOperation(next, accepted, { pool: null, kind: 'upgrade', steps }));
}

/**
 * Starts the upgrade of every pool to the newest image of its version. Returns the same cloud if all have
 * it. Errors: the cluster's absence, `OperationNotAllowed`, and those of `checkUpgradeRoom`.
 */
export function upgradeNodeImages(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
): Result<Cloud, AzureError> {
  const found = requireManagedCluster(cloud, resourceGroup, name);
  if (!found.ok) return found;
  const cluster = found.value;
  const idle = checkNothingPending(cloud, cluster, 'agent-pool');
  if (!idle.ok) return idle;
  const pools = cluster.agentPoolProfiles
    .filter((pool) => latestNodeImage(pool.currentOrchestratorVersion, cloud.now) !== pool.nodeImageVersion)
    .map((pool) => raised(cloud, pool, pool.currentOrchestratorVersion, pool.orchestratorVersion));
  if (pools.length === 0) return ok(cloud);
  const accepted = withPools(cluster, pools);
  const next = putResource(cloud, accepted);
  const before = nodeVersions(cloud, cluster);
  const room = checkUpgradeRoom(next, accepted, surgeNeeds(next, accepted, pools, before, 'outdated'));
  if (!room.ok) return room;
  const steps = pools.map((pool) => startPool(cloud.now + ACCEPT_SECONDS, pool, before));
  return ok(startOperation(next, accepted, { pool: null, kind: 'upgrade', steps }));
}

export interface PoolUpgrade {
  /** Null for the version that the pool has, on the newest node image if `image-only`. */
  readonly kubernetesVersion: string | null;
  readonly scope: 'version' | 'image-only';
  readonly settings?: Partial<AgentPoolUpgradeSettings>;
}

/**
 * Starts the upgrade of one pool. Returns the same cloud if there is nothing to do. Errors: those of
 * `requireAgentPool`, `OperationNotAllowed`, `K8sVersionNotSupported`, `NodePoolMcVersionIncompatible`,
 * `CustomRouteTableInvalidUpdateAttempt`, `InvalidParameter` (settings), and those of `checkPoolPorts` and
 * `checkUpgradeRoom`.
 */
export function upgradeAgentPool(
  cloud: Cloud,
  name: PoolName,
  wanted: PoolUpgrade,
): Result<Cloud, AzureError> {
  const found = requireAgentPool(cloud, name);
  if (!found.ok) return found;
  const { cluster, pool } = found.value;
  const idle = checkNothingPending(cloud, cluster, 'agent-pool');
  if (!idle.ok) return idle;
  const current = pool.currentOrchestratorVersion;
  const target =
    wanted.scope === 'image-only' || wanted.kubernetesVersion === null
      ? ok(current)
      : resolvePoolUpgrade(cloud, cluster, current, wanted.kubernetesVersion);
  if (!target.ok) return target;
  const network = checkNetwork(cloud, cluster);
  if (!network.ok) return network;
  const settings = checkUpgradeSettings({ ...pool.upgradeSettings, ...wanted.settings }, pool.mode);
  if (!settings.ok) return settings;
  const set: AgentPool = { ...pool, upgradeSettings: settings.value };
  const ports =
    surgeNodes(set) > surgeNodes(pool) ? checkPoolPorts(cloud, withPools(cluster, [set])) : ok(null);
  if (!ports.ok) return ports;
  const image = latestNodeImage(current, cloud.now);
  const due =
    wanted.scope === 'image-only'
      ? image !== pool.nodeImageVersion || pool.provisioningState === 'Failed'
      : isBehind(cloud, cluster, pool, target.value);
  if (!due) {
    const healed: AgentPool =
      pool.provisioningState === 'Failed' ? { ...set, provisioningState: 'Succeeded' } : set;
    const same = healed === set && wanted.settings === undefined;
    return ok(same ? cloud : putResource(cloud, withPools(cluster, [healed])));
  }
  const asked = versionAsAsked(wanted.kubernetesVersion ?? pool.orchestratorVersion, target.value);
  const risen: AgentPool = { ...raised(cloud, set, target.value, asked), provisioningState: 'Upgrading' };
  const accepted = withPools(cluster, [risen]);
  const next = putResource(cloud, accepted);
  const before = nodeVersions(cloud, cluster);
  const room = checkUpgradeRoom(next, accepted, surgeNeeds(next, accepted, [risen], before, 'outdated'));
  if (!room.ok) return room;
  const steps = [startPool(cloud.now + ACCEPT_SECONDS, risen, before)];
  return ok(startOperation(next, accepted, { pool: pool.name, kind: 'upgrade', steps }));
}

/** AKS looks again at what it checked on creation, since the network may have changed. */
function checkNetwork(cloud: Cloud, cluster: ManagedCluster): Result<null, AzureError> {
  const fixed = checkRouteTableUnchanged(cloud, cluster);
  if (!fixed.ok) return fixed;
  const network = getResource(cloud, cluster.simulation.virtualNetworkId, VNET);
  const overlap = serviceRangeOverlap(prefix(cluster.networkProfile.serviceCidr), network?.subnets ?? []);
  return overlap === null ? ok(null) : err(overlap);
}

/** Reports whether a pool is of an older version, or was left half upgraded. */
function isBehind(cloud: Cloud, cluster: ManagedCluster, pool: AgentPool, target: string): boolean {
  if (compareVersions(pool.currentOrchestratorVersion, target) < 0) return true;
  return pool.provisioningState === 'Failed' && outdatedNodes(cloud, cluster, pool).length > 0;
}

/** The pool as its new nodes will be. */
function raised(cloud: Cloud, pool: AgentPool, version: string, asked: string): AgentPool {
  return {
    ...pool,
    orchestratorVersion: asked,
    currentOrchestratorVersion: version,
    nodeImageVersion: latestNodeImage(version, cloud.now),
    provisioningState: 'Upgrading',
  };
}

/** What came right by itself is no longer failed: a pool whose nodes are all as they should be. */
function healed(cloud: Cloud, cluster: ManagedCluster): Cloud {
  if (cluster.provisioningState !== 'Failed') return cloud;
  return putResource(
    cloud,
    withPools(
      { ...cluster, provisioningState: 'Succeeded' },
      cluster.agentPoolProfiles.map((pool) => ({ ...pool, provisioningState: 'Succeeded' })),
    ),
  );
}

function withPools(cluster: ManagedCluster, pools: readonly AgentPool[]): ManagedCluster {
  const changed = new Map(pools.map((pool) => [pool.name, pool]));
  return {
    ...cluster,
    agentPoolProfiles: cluster.agentPoolProfiles.map((pool) => changed.get(pool.name) ?? pool),
  };
}

/** Returns the oldest version that nodes of each pool run. */
function nodeVersions(cloud: Cloud, cluster: ManagedCluster): ReadonlyMap<string, string> {
  const { nodes } = kubernetesOf(cloud, armKey(cluster.id));
  return new Map(
    cluster.agentPoolProfiles.map((pool) => {
      const running = machinesOf(cloud, cluster, pool.name).flatMap((name) => {
        const version = nodes[name]?.status.nodeInfo.kubeletVersion.slice(1);
        return version === undefined ? [] : [version];
      });
      return [pool.name, running.sort(compareVersions)[0] ?? pool.currentOrchestratorVersion];
    }),
  );
}

function startPool(at: number, pool: AgentPool, before: ReadonlyMap<string, string>): OperationStep {
  return {
    at,
    action: {
      kind: 'start-pool',
      pool: pool.name,
      from: before.get(pool.name) ?? pool.currentOrchestratorVersion,
      replacing: 'outdated',
    },
  };
}
