import { leaveBackendPools } from '../azure/load-balancer-membership.ts';
import { detachPublicIpAddresses } from '../azure/public-ip-address.ts';
import { armKey, findResource, nextEtag, putResource } from '../azure/resource-store.ts';
import type { LoadBalancer } from '../azure/resources.ts';
import type { Cloud } from '../cloud.ts';
import { withoutForeignParts } from './cloud-provider/reconcile-orphans.ts';
import type { ManagedCluster } from './managed-cluster.ts';
import { provideOutbound } from './outbound.ts';
import { ownerOf } from './outbound-addresses.ts';

const BALANCER = 'Microsoft.Network/loadBalancers';
const NAMES = ['kubernetes', 'kubernetes-internal'];

/**
 * Returns the cloud in which the cluster's load balancers have what AKS gave them and nothing else: AKS takes
 * back what someone changed there by hand whenever it works on the cluster (scale, upgrade, update:
 * https://learn.microsoft.com/azure/aks/configure-load-balancer-standard). What Services have there stays. The
 * same cloud where nothing differs.
 */
export function restoreLoadBalancers(cloud: Cloud, cluster: ManagedCluster): Cloud {
  return NAMES.reduce((next, name) => {
    const before = findResource(next, BALANCER, cluster.nodeResourceGroup, name);
    return before === null ? next : restore(next, cluster, before);
  }, cloud);
}

function restore(cloud: Cloud, cluster: ManagedCluster, before: LoadBalancer): Cloud {
  const own = withoutForeignParts({ ...before, outboundRules: [] });
  const bare = putResource(cloud, { ...own, etag: before.etag });
  const made = before.name === 'kubernetes' ? withOutbound(bare, cluster) : bare;
  const after = findResource(made, BALANCER, cluster.nodeResourceGroup, before.name);
  if (after === null || sameParts(before, after)) return cloud;
  const next = putResource(made, { ...after, etag: nextEtag(cloud, before.id, before.etag) });
  return leaveBackendPools(
    goneFrom(before.frontendIPConfigurations, after.frontendIPConfigurations).reduce(
      detachPublicIpAddresses,
      next,
    ),
    goneFrom(before.backendAddressPools, after.backendAddressPools),
  );
}

/** With what the cluster's outbound type has there. */
function withOutbound(cloud: Cloud, cluster: ManagedCluster): Cloud {
  if (cluster.networkProfile.outboundType !== 'loadBalancer') return cloud;
  const made = provideOutbound(cloud, ownerOf(cluster), cluster.networkProfile);
  return made.ok ? made.value.cloud : cloud;
}

type Parts = readonly { readonly id: string }[];

function goneFrom(before: Parts, after: Parts): readonly string[] {
  const kept = new Set(after.map(({ id }) => armKey(id)));
  return before.map(({ id }) => id).filter((id) => !kept.has(armKey(id)));
}

/** The order of parts says nothing. */
function sameParts(before: LoadBalancer, after: LoadBalancer): boolean {
  const parts = (one: LoadBalancer): string =>
    JSON.stringify([
      ids(one.frontendIPConfigurations),
      ids(one.backendAddressPools),
      ids(one.loadBalancingRules),
      ids(one.probes),
      one.outboundRules,
    ]);
  return parts(before) === parts(after);
}

function ids(parts: Parts): readonly string[] {
  return parts.map(({ id }) => armKey(id)).sort();
}
