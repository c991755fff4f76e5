/** The NICs of private endpoints: which host is behind one, and what its subnet asks of its packets. */
import { endpointNetworkInterface } from '../azure/private-endpoint.ts';
import { armKey, listResources } from '../azure/resource-store.ts';
import type { ArmKey, PrivateEndpoint } from '../azure/resources.ts';
import type { Cloud } from '../cloud.ts';
import type { HostId } from '../network/network.ts';
import { hostNames } from './host-names.ts';
import type { Port, SubnetPart } from './inventory.ts';

/** Returns the private endpoint and its host of each NIC that belongs to one, by the NIC's key. */
export function endpointsByInterface(
  cloud: Cloud,
): ReadonlyMap<ArmKey, { readonly endpoint: PrivateEndpoint; readonly host: HostId }> {
  const all = listResources(cloud, 'Microsoft.Network/privateEndpoints');
  const hosts = hostNames('pe', all);
  return new Map(
    all.map((endpoint) => [
      armKey(endpointNetworkInterface(endpoint)),
      { endpoint, host: hosts.get(armKey(endpoint.id)) ?? `pe/${endpoint.name}` },
    ]),
  );
}

/**
 * Returns the subnet of a NIC with what it asks of the NIC's packets: for a private endpoint, its security group
 * and its route table as far as the subnet's network policies say
 * (https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy).
 */
export function policedSubnet({ owner, subnet }: Pick<Port, 'owner' | 'subnet'>): SubnetPart {
  const policies = subnet.subnet.privateEndpointNetworkPolicies;
  if (owner.kind !== 'private-endpoint' || policies === 'Enabled') return subnet;
  return {
    ...subnet,
    key: `${subnet.key}#private-endpoints`,
    name: `${subnet.name} (private endpoints)`,
    routeTable: policies === 'RouteTableEnabled' ? subnet.routeTable : null,
    securityGroup: policies === 'NetworkSecurityGroupEnabled' ? subnet.securityGroup : null,
  };
}
