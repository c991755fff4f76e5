import type { Cloud } from '../cloud.ts';
import type { ManagedCluster } from './managed-cluster.ts';
import { provideOutbound } from './outbound.ts';
import { ownerOf } from './outbound-addresses.ts';
import { restoreLoadBalancers } from './restore-load-balancers.ts';

/**
 * Returns the cloud in which what AKS made for the cluster's way out is as it made it: load balancers, a managed
 * NAT gateway on its subnet, the rules of outbound type block. AKS takes back what someone changed there
 * whenever it works on the cluster. The same cloud where nothing differs.
 */
export function restoreOutbound(cloud: Cloud, cluster: ManagedCluster): Cloud {
  const balanced = restoreLoadBalancers(cloud, cluster);
  switch (cluster.networkProfile.outboundType) {
    case 'managedNATGateway':
    case 'block': {
      const made = provideOutbound(balanced, ownerOf(cluster), cluster.networkProfile);
      return made.ok ? made.value.cloud : balanced;
    }
    case 'loadBalancer':
    case 'userAssignedNATGateway':
    case 'userDefinedRouting':
    case 'none':
      return balanced;
  }
}
