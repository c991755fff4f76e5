/** Adding, scaling and deleting node pools of a running cluster. */
import type { AzureError } from '../azure/error.ts';
import { azureError } from '../azure/error.ts';
import { putResource, removeResource, sameId } from '../azure/resource-store.ts';
import type { Subnet } from '../azure/resources.ts';
import type { Cloud } from '../cloud.ts';
import { prefix } from '../ip/prefix.ts';
import { POOLS_PER_CLUSTER } from '../limits/aks.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { createScaleSet, nodeSubnet, resizeScaleSet } from './agent-pool-scale-set.ts';
import { describePool } from './agent-pool.ts';
import type { AgentPoolInput } from './agent-pool.ts';
import { checkCount, checkMaxPods, checkRoom } from './capacity.ts';
import type { PlacedPool } from './capacity.ts';
import { requireManagedCluster } from './create-managed-cluster.ts';
import type { AgentPool, ManagedCluster } from './managed-cluster.ts';
import { welcomeNodes } from './coming-nodes.ts';
import type { Later } from './coming-nodes.ts';
import { invalidParameter } from './names.ts';
import { checkNetworkNames } from './network-names.ts';
import { podRangeOverlap, serviceRangeOverlap } from './network-profile.ts';
import { checkRouteTableUnchanged, requireBroughtSubnet } from './node-network.ts';
import { checkNodeEgress } from './node-egress.ts';
import { checkOutboundNetwork, countAddresses } from './outbound-checks.ts';
import { checkOutboundPorts } from './outbound-ports.ts';
import { delegatePodSubnet, podSubnetOf, requirePodSubnet } from './pod-subnet.ts';
import { attachRouteTable } from './release-network.ts';
import { findScaleSet } from './nodes.ts';
import { checkNothingPending } from './pending-operation.ts';
import { reconcileCluster } from './reconcile.ts';
import { restoreOutbound } from './restore-outbound.ts';

const DEFAULT_NODES = 3;

export interface PoolName {
  readonly resourceGroup: string;
  readonly cluster: string;
  readonly name: string;
}

/** Returns a pool and its cluster. Errors: the cluster's absence, `NotFound`. */
export function requireAgentPool(
  cloud: Cloud,
  name: PoolName,
): Result<{ readonly cluster: ManagedCluster; readonly pool: AgentPool }, AzureError> {
  const cluster = requireManagedCluster(cloud, name.resourceGroup, name.cluster);
  if (!cluster.ok) return cluster;
  const pool = cluster.value.agentPoolProfiles.find((each) => each.name === name.name);
  if (pool !== undefined) return ok({ cluster: cluster.value, pool });
  return err(
    azureError('NotFound', `Could not find the agent pool in managed cluster: AgentPoolName ${name.name}`),
  );
}

/** Adds a pool, its nodes at once or later. Errors: as `describePool`, room in subnet, pod range and route table, `InvalidParameter`. */
export function addAgentPool(
  cloud: Cloud,
  clusterName: Omit<PoolName, 'name'>,
  input: AgentPoolInput,
  later: Later | null = null,
): Result<Cloud, AzureError> {
  const found = requireManagedCluster(cloud, clusterName.resourceGroup, clusterName.cluster);
  if (!found.ok) return found;
  const cluster = found.value;
  const idle = checkNothingPending(cloud, cluster, 'agent-pool', input.name);
  if (!idle.ok) return idle;
  if (cluster.agentPoolProfiles.some((each) => each.name === input.name)) {
    return err(
      azureError(
        'BadRequest',
        `Node pool ${input.name} already exists, please try a different name, use 'aks nodepool list' to get current list of node pool`,
      ),
    );
  }
  if (cluster.agentPoolProfiles.length >= POOLS_PER_CLUSTER.value) {
    return err(
      azureError(
        'MaxAgentPoolCountReached',
        `A managed cluster can have ${POOLS_PER_CLUSTER.value} agent pools at most.`,
        'agentPoolProfiles',
      ),
    );
  }
  const first = cluster.agentPoolProfiles[0];
  const setting = {
    clusterId: cluster.id,
    resourceGroup: cluster.resourceGroup,
    location: cluster.location,
    version: cluster.currentKubernetesVersion,
    networkProfile: cluster.networkProfile,
  };
  // A pool that names no subnet goes where the cluster's first pool is.
  const wanted = { ...input, vnetSubnetId: input.vnetSubnetId ?? first?.vnetSubnetId ?? null };
  const pool = describePool(cloud, setting, wanted, { count: DEFAULT_NODES, mode: 'User' });
  if (!pool.ok) return pool;
  const fixed = checkRouteTableUnchanged(cloud, cluster);
  if (!fixed.ok) return fixed;
  const onNodes = placePool(cloud, cluster, pool.value);
  if (!onNodes.ok) return onNodes;
  const podSubnet = requirePodSubnet(cloud, { ...setting, others: cluster.agentPoolProfiles }, pool.value);
  if (!podSubnet.ok) return podSubnet;
  const placed = podSubnet.value === null ? onNodes : delegatePodSubnet(onNodes.value, podSubnet.value);
  if (!placed.ok) return placed;
  const grown: ManagedCluster = {
    ...cluster,
    agentPoolProfiles: [...cluster.agentPoolProfiles, pool.value],
  };
  const room = checkPoolRoom(placed.value, cluster, grown);
  if (!room.ok) return room;
  const routed = checkOutboundNetwork(
    placed.value,
    cluster.networkProfile.outboundType,
    [pool.value],
    'update',
  );
  if (!routed.ok) return routed;
  const out = checkNodeEgress(placed.value, grown, pool.value);
  if (!out.ok) return out;
  const withSet = createScaleSet(putResource(placed.value, grown), grown, pool.value, input.tags ?? null);
  const sized = resizeScaleSet(withSet, grown, pool.value, pool.value.count);
  return sized.ok ? ok(welcomeNodes(cloud, sized.value, grown, pool.value, 'create', later)) : sized;
}

/** Sets the number of a pool's nodes; new ones join at once or later. Errors: as `addAgentPool`. */
export function scaleAgentPool(
  cloud: Cloud,
  name: PoolName,
  count: number,
  later: Later | null = null,
): Result<Cloud, AzureError> {
  const found = requireAgentPool(cloud, name);
  if (!found.ok) return found;
  const { cluster, pool } = found.value;
  const idle = checkNothingPending(cloud, cluster, 'agent-pool', pool.name);
  if (!idle.ok) return idle;
  const checked = checkCount(count, pool.mode);
  if (!checked.ok) return checked;
  const pods = checkMaxPods(pool.name, pool.maxPods, count);
  if (!pods.ok) return pods;
  const fixed = checkRouteTableUnchanged(cloud, cluster);
  if (!fixed.ok) return fixed;
  const scaled = withPool(cluster, { ...pool, count });
  const room = count > pool.count ? checkPoolRoom(cloud, cluster, scaled) : ok(null);
  if (!room.ok) return room;
  const out = count > pool.count ? checkNodeEgress(cloud, cluster, pool) : ok(null);
  if (!out.ok) return out;
  const sized = resizeScaleSet(cloud, cluster, pool, count);
  if (!sized.ok) return sized;
  return ok(welcomeNodes(cloud, putResource(sized.value, scaled), scaled, pool, 'scale', later));
}

/** Deletes a pool with its nodes. Errors: `NotFound`, `InvalidParameter` for the last system pool. */
export function deleteAgentPool(cloud: Cloud, name: PoolName): Result<Cloud, AzureError> {
  const found = requireAgentPool(cloud, name);
  if (!found.ok) return found;
  const { cluster, pool } = found.value;
  const idle = checkNothingPending(cloud, cluster, 'agent-pool', pool.name);
  if (!idle.ok) return idle;
  const rest = cluster.agentPoolProfiles.filter((each) => each !== pool);
  if (!rest.some((each) => each.mode === 'System')) return err(lastSystemPool());
  const shrunk: ManagedCluster = { ...cluster, agentPoolProfiles: rest };
  const scaleSet = findScaleSet(cloud, cluster, pool.name);
  const without = scaleSet === null ? cloud : removeResource(cloud, scaleSet.id);
  return ok(reconcileCluster(restoreOutbound(putResource(without, shrunk), shrunk), shrunk));
}

export function lastSystemPool(): AzureError {
  return azureError(
    'OperationNotAllowed',
    'There has to be at least one system agent pool. For more information, please check https://aka.ms/aks/systempool',
  );
}

/** Returns the cluster with this pool in the place of the one with its name. */
export function withPool(cluster: ManagedCluster, pool: AgentPool): ManagedCluster {
  return {
    ...cluster,
    agentPoolProfiles: cluster.agentPoolProfiles.map((each) => (each.name === pool.name ? pool : each)),
  };
}

/** Checks a pool's own subnet: the cluster's VNet, and the cluster's route table, which AKS attaches if there is none. */
function placePool(cloud: Cloud, cluster: ManagedCluster, pool: AgentPool): Result<Cloud, AzureError> {
  const { vnetSubnetId } = pool;
  const [first] = cluster.agentPoolProfiles;
  if (vnetSubnetId === null || first === undefined) return ok(cloud);
  if (first.vnetSubnetId === null) {
    return err(
      azureError(
        'InvalidParameter',
        `Cannot use a custom subnet because agent pool ${first.name} is using a managed subnet. Please omit the vnetSubnetID parameter from the request.`,
        'agentPoolProfile.vnetSubnetID',
      ),
    );
  }
  if (sameId(first.vnetSubnetId, vnetSubnetId)) return ok(cloud);
  const found = requireBroughtSubnet(cloud, vnetSubnetId, cluster.location);
  if (!found.ok) return found;
  if (!sameId(found.value.virtualNetwork.id, cluster.simulation.virtualNetworkId)) {
    return err(
      invalidParameter(
        'agentPoolProfile.vnetSubnetID',
        'All subnets of the agent pools must be in the same virtual network.',
      ),
    );
  }
  const refused = checkBesideRanges(cloud, cluster, found.value.subnet);
  if (refused !== null) return err(refused);
  const table = cluster.simulation.routeTableId;
  const attached = found.value.subnet.routeTable?.id ?? null;
  if (table === null || (attached !== null && sameId(attached, table))) return ok(cloud);
  if (attached !== null) {
    return err(
      azureError(
        'TooManyCustomRouteTables',
        `Subnet ${found.value.subnet.id} has route table ${attached}. Every subnet of a cluster with network plugin kubenet must have the cluster's own route table ${table}. Please see https://aka.ms/aks/customrt for more information`,
        'agentPoolProfile.vnetSubnetID',
      ),
    );
  }
  return attachRouteTable(cloud, found.value.subnet, table);
}

/** A subnet that came after the cluster may lie where the cluster's own ranges are. */
function checkBesideRanges(cloud: Cloud, cluster: ManagedCluster, subnet: Subnet): AzureError | null {
  const { networkPluginMode, podCidr, serviceCidr } = cluster.networkProfile;
  if (networkPluginMode === 'overlay') {
    const named = checkNetworkNames(subnet.id, 'agentPoolProfile.vnetSubnetID');
    if (!named.ok) return named.error;
  }
  return (
    serviceRangeOverlap(prefix(serviceCidr), [subnet]) ??
    (podCidr === null
      ? null
      : podRangeOverlap(
          prefix(podCidr),
          { addressSpace: { addressPrefixes: [subnet.addressPrefix] }, subnets: [subnet] },
          cloud.now,
        ))
  );
}

/** Checks that the cluster has room for the pools it is to have. Errors: as `checkRoom`. */
export function checkPoolRoom(
  cloud: Cloud,
  before: ManagedCluster,
  after: ManagedCluster,
): Result<null, AzureError> {
  const pools = after.agentPoolProfiles.flatMap((pool): PlacedPool[] => {
    const subnet = nodeSubnet(cloud, after, pool);
    const present = before.agentPoolProfiles.find((each) => each.name === pool.name)?.count ?? 0;
    return subnet === null ? [] : [{ pool, subnet, podSubnet: podSubnetOf(cloud, pool), present }];
  });
  const room = checkRoom(cloud, after.networkProfile, pools);
  return room.ok ? checkPoolPorts(cloud, after) : room;
}

/** Checks that the load balancer has the ports of all nodes of the pools. Errors: as `checkOutboundPorts`. */
export function checkPoolPorts(cloud: Cloud, cluster: ManagedCluster): Result<null, AzureError> {
  const balancer = cluster.networkProfile.loadBalancerProfile;
  if (balancer === null) return ok(null);
  return checkOutboundPorts(
    { allocated: balancer.allocatedOutboundPorts ?? 0, addresses: countAddresses(cloud, balancer) },
    cluster.agentPoolProfiles,
  );
}
