/** What AKS checks about the subnet that a pool's pods are to have addresses of. */
import type { AzureError } from '../azure/error.ts';
import { azureError } from '../azure/error.ts';
import { armKey, listResources, parseResourceId, sameId } from '../azure/resource-store.ts';
import type { Subnet } from '../azure/resources.ts';
import { keptForService } from '../azure/service-subnets.ts';
import { delegationsRefused, findSubnet, updateSubnet } from '../azure/subnet.ts';
import type { Cloud } from '../cloud.ts';
import { AKS_DELEGATION, STATIC_BLOCKS_FROM } from '../limits/aks-pod-subnet.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { atLeastMinor } from './kubernetes-versions.ts';
import type { AgentPool, ManagedCluster, NetworkProfile } from './managed-cluster.ts';
import { invalidParameter } from './names.ts';
import { checkNetworkNames } from './network-names.ts';

const CLUSTER = 'Microsoft.ContainerService/ManagedClusters';
const PARAMETER = 'agentPoolProfile.podSubnetID';

export interface PodSubnetSetting {
  readonly networkProfile: Pick<NetworkProfile, 'networkPlugin' | 'networkPluginMode'>;
  readonly version: string;
  /** Pools that the cluster has beside this one. */
  readonly others: readonly AgentPool[];
}

/**
 * Returns the pod subnet of a new pool, or null if it names none. Errors: `InvalidParameter` (plugin,
 * Kubernetes version, VNet, the nodes' own subnet, another mode, pools with and without), `SubnetNotFound`,
 * `SubnetIsDelegated`, `NotSimulated` for one that Azure keeps for another service, and those of `delegationsRefused` for a subnet with machines in it.
 */
export function requirePodSubnet(
  cloud: Cloud,
  setting: PodSubnetSetting,
  pool: AgentPool,
): Result<Subnet | null, AzureError> {
  const { podSubnetId } = pool;
  const mixed = setting.others.some((each) => (each.podSubnetId === null) !== (podSubnetId === null));
  if (mixed) return refuse('All or none of the agentpools should set podsubnet.');
  if (podSubnetId === null) return ok(null);
  const { networkPlugin, networkPluginMode } = setting.networkProfile;
  if (networkPlugin !== 'azure' || networkPluginMode !== null) {
    const plugin = networkPlugin === 'azure' ? 'azure with plugin mode overlay' : networkPlugin;
    return refuse(
      `Pod subnet is only supported with network plugin azure without plugin mode. The cluster has network plugin ${plugin}.`,
    );
  }
  if (pool.vnetSubnetId === null) {
    return refuse(
      'vnetSubnetID must be set when podSubnetID is set: nodes and pods share one virtual network.',
    );
  }
  const parts = parseResourceId(podSubnetId);
  if (parts === null || parts.children[0]?.type.toLowerCase() !== 'subnets') {
    return refuse(`'${podSubnetId}' is not the resource ID of a subnet.`);
  }
  const found = findSubnet(cloud, podSubnetId);
  if (found === null) {
    return err(
      azureError(
        'SubnetNotFound',
        `The subnet ${podSubnetId} was not found. Make sure the virtual network and its subnet exist.`,
        PARAMETER,
      ),
    );
  }
  const { subnet } = found;
  const nodes = findSubnet(cloud, pool.vnetSubnetId);
  if (nodes !== null && !sameId(nodes.virtualNetwork.id, found.virtualNetwork.id)) {
    return refuse(
      `The pod subnet ${subnet.id} and the node subnet ${nodes.subnet.id} must be in the same virtual network.`,
    );
  }
  if (
    [pool, ...setting.others].some(
      (each) => each.vnetSubnetId !== null && sameId(each.vnetSubnetId, subnet.id),
    )
  ) {
    return refuse(
      `Subnet ${subnet.id} is a node subnet of the cluster. Pods need another subnet than nodes.`,
    );
  }
  const kept = keptForService('The pods of a node pool', subnet.name);
  if (kept !== null) return err(kept);
  const delegation = subnet.delegations.find(({ serviceName }) => !isOurs(serviceName));
  if (delegation !== undefined) {
    return err(
      azureError(
        'SubnetIsDelegated',
        `Subnet ${subnet.id} cannot be used as it is delegated to external service ${delegation.serviceName}.`,
        PARAMETER,
      ),
    );
  }
  const undelegable = isDelegatedToAks(subnet)
    ? null
    : delegationsRefused(cloud, subnet, [AKS_DELEGATION.value]);
  if (undelegable !== null) return err({ ...undelegable, target: PARAMETER });
  const named = checkNetworkNames(subnet.id, PARAMETER);
  if (!named.ok) return named;
  const mode = checkMode(cloud, setting, pool, subnet);
  return mode.ok ? ok(subnet) : mode;
}

function checkMode(
  cloud: Cloud,
  setting: PodSubnetSetting,
  pool: AgentPool,
  subnet: Subnet,
): Result<null, AzureError> {
  if (
    pool.podIPAllocationMode === 'StaticBlock' &&
    !atLeastMinor(setting.version, STATIC_BLOCKS_FROM.value)
  ) {
    return refuse(
      `Pod IP allocation mode StaticBlock needs Kubernetes ${STATIC_BLOCKS_FROM.value} or newer. The version is ${setting.version}.`,
    );
  }
  const elsewhere = listResources(cloud, CLUSTER).flatMap((cluster) => cluster.agentPoolProfiles);
  const other = [...setting.others, ...elsewhere].find(
    (each) =>
      each.podSubnetId !== null &&
      sameId(each.podSubnetId, subnet.id) &&
      each.podIPAllocationMode !== pool.podIPAllocationMode,
  );
  if (other === undefined) return ok(null);
  return refuse(
    `Subnet ${subnet.id} is used with pod IP allocation mode ${other.podIPAllocationMode ?? ''} by agent pool ${other.name}. All pools that share a pod subnet must have the same mode.`,
  );
}

function refuse(details: string): Result<never, AzureError> {
  return err(invalidParameter(PARAMETER, details));
}

function isOurs(serviceName: string): boolean {
  return armKey(serviceName) === armKey(AKS_DELEGATION.value);
}

function isDelegatedToAks(subnet: Subnet): boolean {
  return subnet.delegations.some(({ serviceName }) => isOurs(serviceName));
}

/** Returns the cloud with the subnet delegated to AKS, which keeps other resources out of it. */
export function delegatePodSubnet(cloud: Cloud, subnet: Subnet): Result<Cloud, AzureError> {
  const parts = parseResourceId(subnet.id);
  if (parts === null || isDelegatedToAks(subnet)) return ok(cloud);
  return updateSubnet(
    cloud,
    { resourceGroup: parts.resourceGroup, virtualNetwork: parts.name, name: subnet.name },
    { delegations: [AKS_DELEGATION.value] },
  );
}

/** Returns a pool's pod subnet, or null. */
export function podSubnetOf(cloud: Cloud, pool: Pick<AgentPool, 'podSubnetId'>): Subnet | null {
  return pool.podSubnetId === null ? null : (findSubnet(cloud, pool.podSubnetId)?.subnet ?? null);
}

/** Reports whether a pool of any cluster has its pods in the subnet. */
export function isPodSubnet(cloud: Cloud, subnetId: string): boolean {
  return listResources(cloud, CLUSTER).some((cluster: ManagedCluster) =>
    cluster.agentPoolProfiles.some((pool) => pool.podSubnetId !== null && sameId(pool.podSubnetId, subnetId)),
  );
}
