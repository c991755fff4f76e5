/** How a network's machines get out, and what is on a single network card, as text. */
import { getResource, listResources, sameId } from '../../model/azure/resource-store.ts';
import type {
  NatGateway,
  NetworkInterface,
  NetworkSecurityGroup,
  SubResource,
} from '../../model/azure/resources.ts';
import type { ManagedCluster } from '../../model/aks/managed-cluster.ts';
import type { Cloud } from '../../model/cloud.ts';

const PUBLIC_ADDRESS = 'Microsoft.Network/publicIPAddresses';
const PUBLIC_PREFIX = 'Microsoft.Network/publicIPPrefixes';

export interface GroupText {
  readonly name: string;
  /** `Inbound 100 Allow NAME`, inbound first, in the order in which they are asked. */
  readonly rules: readonly string[];
}

/** Returns the rules of one's own of a security group. */
export function groupText({ name, securityRules }: NetworkSecurityGroup): GroupText {
  return {
    name,
    rules: [...securityRules]
      .sort((a, b) => a.direction.localeCompare(b.direction) || a.priority - b.priority)
      .map((rule) => `${rule.direction} ${rule.priority} ${rule.access} ${rule.name}`),
  };
}

/** Returns the group on a card, or null. */
export function groupOfCard(
  cloud: Cloud,
  { networkSecurityGroup }: Pick<NetworkInterface, 'networkSecurityGroup'>,
): GroupText | null {
  const group =
    networkSecurityGroup === null
      ? null
      : getResource(cloud, networkSecurityGroup.id, 'Microsoft.Network/networkSecurityGroups');
  return group === null ? null : groupText(group);
}

/** Returns the public address on a card, or null. */
export function publicAddressOfCard(
  cloud: Cloud,
  { ipConfigurations }: Pick<NetworkInterface, 'ipConfigurations'>,
): string | null {
  for (const { publicIPAddress } of ipConfigurations) {
    const address = publicIPAddress === null ? null : getResource(cloud, publicIPAddress.id, PUBLIC_ADDRESS);
    if (address !== null) return address.ipAddress;
  }
  return null;
}

/** Returns a NAT gateway's name and what it lends: addresses, and prefixes in CIDR notation. */
export function gatewayText(
  cloud: Cloud,
  reference: SubResource,
): { readonly name: string; readonly lends: readonly string[] } | null {
  const gateway = listResources(cloud, 'Microsoft.Network/natGateways').find((each) =>
    sameId(each.id, reference.id),
  );
  return gateway === undefined ? null : { name: gateway.name, lends: lentBy(cloud, gateway) };
}

function lentBy(cloud: Cloud, { publicIpAddresses, publicIpPrefixes }: NatGateway): readonly string[] {
  return [...publicIpAddresses, ...publicIpPrefixes].flatMap((each) => publicText(cloud, each) ?? []);
}

/** Returns the addresses that the internet sees of a cluster's pods, as far as AKS knows them. */
export function clusterAddresses(cloud: Cloud, { networkProfile }: ManagedCluster): readonly string[] {
  const { loadBalancerProfile, natGatewayProfile } = networkProfile;
  const effective = (loadBalancerProfile ?? natGatewayProfile)?.effectiveOutboundIPs ?? [];
  return effective.flatMap((each) => publicText(cloud, each) ?? []);
}

function publicText(cloud: Cloud, { id }: SubResource): string | null {
  return (
    getResource(cloud, id, PUBLIC_ADDRESS)?.ipAddress ??
    getResource(cloud, id, PUBLIC_PREFIX)?.ipPrefix ??
    null
  );
}
