/** Whether an upgrade's extra nodes have room, as AKS checks before it accepts the upgrade. */
import type { AzureError } from '../azure/error.ts';
import { azureError } from '../azure/error.ts';
import { armKey } from '../azure/resource-store.ts';
import type { Subnet } from '../azure/resources.ts';
import { usableAddressCount } from '../azure/subnet-addresses.ts';
import { findSubnet } from '../azure/subnet.ts';
import type { Cloud } from '../cloud.ts';
import { DYNAMIC_POD_ADDRESSES, NODES_PER_POOL } from '../limits/aks.ts';
import { SURGE_FALLBACK_FROM } from '../limits/aks-upgrade.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { nodeSubnet } from './agent-pool-scale-set.ts';
import { AUTOSCALER_NOTE, checkNodeTotal, mostNodes, nodeSubnetAddresses } from './capacity.ts';
import { ipamOf } from './ipam.ts';
import { atLeastMinor } from './kubernetes-versions.ts';
import type { AgentPool, ManagedCluster } from './managed-cluster.ts';
import { invalidParameter } from './names.ts';
import { machinesOf, outdatedNodes } from './upgrade-nodes.ts';
import { surgeOf, unavailableOf } from './upgrade-plan.ts';

/** What an upgrade adds to a pool, at most and at least. */
export interface SurgeNeed {
  readonly pool: AgentPool;
  readonly wanted: number;
  /** Newer pools make do with one extra node, and pools that may miss nodes with none. */
  readonly least: number;
}

/** Returns what the pools of an upgrade add; `versions` are the pools' versions before it. */
export function surgeNeeds(
  cloud: Cloud,
  cluster: ManagedCluster,
  pools: readonly AgentPool[],
  versions: ReadonlyMap<string, string>,
  replacing: 'outdated' | 'all',
): readonly SurgeNeed[] {
  return pools.map((pool) => {
    const machines = machinesOf(cloud, cluster, pool.name);
    const outdated = replacing === 'all' ? machines.length : outdatedNodes(cloud, cluster, pool).length;
    const size = Math.max(pool.count, machines.length);
    const wanted = surgeOf(pool.upgradeSettings, size, outdated);
    const inPlace = unavailableOf(pool.upgradeSettings, size, outdated) > 0;
    const newer = atLeastMinor(
      versions.get(pool.name) ?? pool.orchestratorVersion,
      SURGE_FALLBACK_FROM.value,
    );
    return { pool, wanted, least: inPlace ? 0 : newer ? Math.min(1, wanted) : wanted };
  });
}

/**
 * Checks the room for extra nodes before an upgrade starts. As AKS does it counts what this cluster
 * pre-allocates, not what others hold in the subnet: those are found out by the scale set, when the
 * upgrade is under way (`SubnetIsFull`). A pool with an autoscaler counts as large as it may become
 * (https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/connectivity/insufficientsubnetsize-error-advanced-networking).
 * Errors: `InvalidParameter` (nodes of a pool, of the cluster,
 * of a kubenet cluster), `InsufficientSubnetSize`.
 */
export function checkUpgradeRoom(
  cloud: Cloud,
  cluster: ManagedCluster,
  needs: readonly SurgeNeed[],
): Result<null, AzureError> {
  const surge = new Map(needs.map((each) => [each.pool.name, each]));
  for (const { pool, wanted } of needs) {
    const total = pool.count + wanted;
    if (total > NODES_PER_POOL.value) {
      return err(
        invalidParameter(
          'agentPoolProfile.upgradeSettings.maxSurge',
          `Node pool ${pool.name} has ${pool.count} nodes and would surge by ${wanted}. A node pool can have ${NODES_PER_POOL.value} nodes at most, surge nodes included.`,
        ),
      );
    }
  }
  const nodes = cluster.agentPoolProfiles.reduce(
    (sum, pool) => sum + mostNodes(pool) + (surge.get(pool.name)?.least ?? 0),
    0,
  );
  const total = checkNodeTotal(cluster.networkProfile, nodes);
  if (!total.ok) return total;
  return checkSubnets(cloud, cluster, surge);
}

interface SubnetNeed {
  readonly subnet: Subnet;
  readonly target: string;
  addresses: number;
  grows: boolean;
}

function checkSubnets(
  cloud: Cloud,
  cluster: ManagedCluster,
  surge: ReadonlyMap<string, SurgeNeed>,
): Result<null, AzureError> {
  const needs = new Map<string, SubnetNeed>();
  const add = (subnet: Subnet | null, target: string, nodes: number, extra: number, each: number): void => {
    if (subnet === null) return;
    const need = needs.get(armKey(subnet.id)) ?? { subnet, target, addresses: 0, grows: false };
    need.addresses += (nodes + extra) * each;
    need.grows ||= extra > 0;
    needs.set(armKey(subnet.id), need);
  };
  for (const pool of cluster.agentPoolProfiles) {
    const extra = surge.get(pool.name)?.least ?? 0;
    const perNode = nodeSubnetAddresses(ipamOf(cluster.networkProfile, pool), pool.maxPods);
    add(nodeSubnet(cloud, cluster, pool), 'agentPoolProfile.vnetSubnetID', mostNodes(pool), extra, perNode);
    if (pool.podSubnetId === null) continue;
    const pods = findSubnet(cloud, pool.podSubnetId)?.subnet ?? null;
    add(pods, 'agentPoolProfile.podSubnetID', mostNodes(pool), extra, DYNAMIC_POD_ADDRESSES.value.batch);
  }
  for (const { subnet, target, addresses, grows } of needs.values()) {
    const usable = usableAddressCount(subnet.addressPrefix);
    if (!grows || addresses <= usable) continue;
    return err(
      azureError(
        'InsufficientSubnetSize',
        `Pre-allocated IPs ${addresses} exceeds IPs available ${usable} in Subnet Cidr ${subnet.addressPrefix}, Subnet Name ${subnet.name}. ${AUTOSCALER_NOTE}`,
        target,
      ),
    );
  }
  return ok(null);
}
