/** `az aks update`: what may change on a running cluster. */
import type { AzureError } from '../azure/error.ts';
import { azureError, notSimulated } from '../azure/error.ts';
import { armKey, putResource, removeResource } from '../azure/resource-store.ts';
import type { Cloud } from '../cloud.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { requireManagedCluster } from './create-managed-cluster.ts';
import type { ManagedCluster } from './managed-cluster.ts';
import { checkRouteTableUnchanged, restoreManagedNetwork } from './node-network.ts';
import { createOutboundLoadBalancer } from './outbound.ts';
import type { OutboundInput } from './outbound.ts';

export interface ManagedClusterChanges extends OutboundInput {
  readonly tags?: Readonly<Record<string, string>> | null;
  readonly tier?: ManagedCluster['sku']['tier'];
}

/**
 * Changes a cluster; absent keys stay. Whatever changes, AKS puts its own network back as it made it.
 * Errors: the cluster's absence, `CustomRouteTableInvalidUpdateAttempt`, and those of
 * `createOutboundLoadBalancer` for the load balancer's numbers.
 */
export function updateManagedCluster(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
  changes: ManagedClusterChanges,
): Result<Cloud, AzureError> {
  const found = requireManagedCluster(cloud, resourceGroup, name);
  if (!found.ok) return found;
  const cluster: ManagedCluster = {
    ...found.value,
    tags: changes.tags === undefined ? found.value.tags : changes.tags,
    sku: { ...found.value.sku, tier: changes.tier ?? found.value.sku.tier },
  };
  const unchanged = checkRouteTableUnchanged(cloud, cluster);
  if (!unchanged.ok) return unchanged;
  const restored = restoreManagedNetwork(cloud, cluster);
  if (!restored.ok) return restored;
  const outbound = [
    changes.managedOutboundIpCount,
    changes.allocatedOutboundPorts,
    changes.idleTimeoutInMinutes,
  ];
  if (outbound.every((each) => each === undefined)) return ok(putResource(restored.value, cluster));
  return changeOutbound(restored.value, cluster, changes);
}

function changeOutbound(
  cloud: Cloud,
  cluster: ManagedCluster,
  changes: OutboundInput,
): Result<Cloud, AzureError> {
  const before = cluster.networkProfile.loadBalancerProfile;
  if (before === null) {
    return err(
      azureError(
        'InvalidParameter',
        `Load balancer profile is only allowed with outbound type loadBalancer. The outbound type of this cluster is ${cluster.networkProfile.outboundType}.`,
        'networkProfile.loadBalancerProfile',
      ),
    );
  }
  if (before.managedOutboundIPs === null) {
    return err(notSimulated('A load balancer with addresses of your own'));
  }
  const next = {
    managedOutboundIpCount: changes.managedOutboundIpCount ?? before.managedOutboundIPs.count,
    allocatedOutboundPorts: changes.allocatedOutboundPorts ?? before.allocatedOutboundPorts ?? 0,
    ...(changes.idleTimeoutInMinutes === undefined && before.idleTimeoutInMinutes === null
      ? {}
      : { idleTimeoutInMinutes: changes.idleTimeoutInMinutes ?? before.idleTimeoutInMinutes ?? 0 }),
  };
  const made = createOutboundLoadBalancer(
    cloud,
    {
      cluster: cluster.name,
      resourceGroup: cluster.nodeResourceGroup,
      location: cluster.location,
      nodes: cluster.agentPoolProfiles.reduce((sum, pool) => sum + pool.count, 0),
    },
    next,
  );
  if (!made.ok) return made;
  const kept = new Set(made.value.addresses.map(({ id }) => armKey(id)));
  const freed = before.effectiveOutboundIPs
    .filter(({ id }) => !kept.has(armKey(id)))
    .reduce((after, { id }) => removeResource(after, id), made.value.cloud);
  return ok(
    putResource(freed, {
      ...cluster,
      networkProfile: {
        ...cluster.networkProfile,
        loadBalancerProfile: {
          allocatedOutboundPorts: next.allocatedOutboundPorts,
          effectiveOutboundIPs: made.value.addresses,
          idleTimeoutInMinutes: next.idleTimeoutInMinutes ?? null,
          managedOutboundIPs: { count: next.managedOutboundIpCount },
        },
      },
    }),
  );
}
