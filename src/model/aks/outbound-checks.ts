/**
 * Whether the network and the addresses that a cluster was given fit its outbound type. Codes are those of the AKS
 * resource provider; wording of those about NAT gateways as quoted in
 * https://github.com/Azure/AKS-Construction; of the address that does not exist: https://github.com/Azure/AKS/issues/3247.
 */
import type { AzureError } from '../azure/error.ts';
import { azureError } from '../azure/error.ts';
import { isAllowed } from '../azure/permissions.ts';
import { getResource, parseResourceId, resourceId, sameId } from '../azure/resource-store.ts';
import type { Subnet } from '../azure/resources.ts';
import { findSubnet } from '../azure/subnet.ts';
import type { Cloud } from '../cloud.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import type { AgentPool, OutboundType } from './managed-cluster.ts';
import { checkUserDefinedRouting } from './node-network.ts';
import type { ClusterIdentity } from './node-network.ts';
import type { LoadBalancerProfile } from './outbound-load-balancer.ts';
import { checkOutboundPorts } from './outbound-ports.ts';
import type { OutboundProfile } from './outbound-profile.ts';

const PUBLIC_ADDRESS = 'Microsoft.Network/publicIPAddresses';
const PUBLIC_PREFIX = 'Microsoft.Network/publicIPPrefixes';
const GATEWAY = 'Microsoft.Network/natGateways';
const PARAMETER = 'networkProfile.outboundType';

/**
 * Checks the subnets of a cluster against its outbound type; `pools` are in subnets of the customer, or in none.
 * Errors: `ManagedNATGatewayWithCustomVNetNotAllowed`, `UserAssignedNATGatewayWithManagedVNetNotAllowed`,
 * `SubnetNotAssociatedWithNATGateway`, `NATGatewayNotAssociatedWithPublicIPOrIPPrefix`, those of
 * `checkUserDefinedRouting`, `UnsupportedOutboundType` for block with a subnet of one's own, and for a new
 * cluster with a load balancer on a subnet that has a NAT gateway.
 */
export function checkOutboundNetwork(
  cloud: Cloud,
  outboundType: OutboundType,
  pools: readonly Pick<AgentPool, 'vnetSubnetId' | 'podSubnetId'>[],
  on: 'create' | 'update',
): Result<null, AzureError> {
  const nodes = subnetsOf(
    cloud,
    pools.map(({ vnetSubnetId }) => vnetSubnetId),
  );
  const pods = subnetsOf(
    cloud,
    pools.map(({ podSubnetId }) => podSubnetId),
  );
  switch (outboundType) {
    case 'none':
      return ok(null);
    case 'loadBalancer': {
      // Running clusters are left alone: AKS release notes of 2022-05-01, and of 2022-05-08 for updates.
      const taken = on === 'create' ? nodes.find(({ natGateway }) => natGateway !== undefined) : undefined;
      return taken === undefined ? ok(null) : err(gatewayInTheWay(taken));
    }
    case 'managedNATGateway':
      return nodes.length === 0
        ? ok(null)
        : refuse(
            'ManagedNATGatewayWithCustomVNetNotAllowed',
            'Outbound type managedNATGateway is not allowed with a custom virtual network. Use userAssignedNATGateway with a NAT gateway on your subnet.',
          );
    case 'block':
      return nodes.length === 0
        ? ok(null)
        : refuse(
            'UnsupportedOutboundType',
            'Outbound type block is only supported with a virtual network that AKS manages. Use outbound type none and a network security group of your own.',
          );
    case 'userAssignedNATGateway':
      if (nodes.length === 0) {
        return refuse(
          'UserAssignedNATGatewayWithManagedVNetNotAllowed',
          'Outbound type userAssignedNATGateway is not allowed with a virtual network that AKS manages. Specify a subnet of your own that has a NAT gateway.',
        );
      }
      return firstRefusal([...nodes, ...pods], (subnet) => checkUserGateway(cloud, subnet));
    case 'userDefinedRouting':
      if (nodes.length === 0) {
        return refuse(
          'ExistingRouteTableNotAssociatedWithSubnet',
          'Outbound type userDefinedRouting needs a subnet of your own, whose route table has a default route.',
        );
      }
      return firstRefusal(nodes, (subnet) => checkUserDefinedRouting(cloud, subnet));
  }
}

function subnetsOf(cloud: Cloud, ids: readonly (string | null)[]): readonly Subnet[] {
  const found: Subnet[] = [];
  for (const id of ids) {
    const subnet = id === null ? null : (findSubnet(cloud, id)?.subnet ?? null);
    if (subnet !== null && !found.some((one) => sameId(one.id, subnet.id))) found.push(subnet);
  }
  return found;
}

function firstRefusal(
  subnets: readonly Subnet[],
  check: (subnet: Subnet) => Result<null, AzureError>,
): Result<null, AzureError> {
  for (const subnet of subnets) {
    const checked = check(subnet);
    if (!checked.ok) return checked;
  }
  return ok(null);
}

function refuse(code: string, message: string): Result<null, AzureError> {
  return err(azureError(code, message, PARAMETER));
}

function checkUserGateway(cloud: Cloud, subnet: Subnet): Result<null, AzureError> {
  const gateway = subnet.natGateway === undefined ? null : getResource(cloud, subnet.natGateway.id, GATEWAY);
  if (gateway === null) {
    return refuse(
      'SubnetNotAssociatedWithNATGateway',
      `Subnet '${subnet.id}' must have a NAT gateway associated for outbound connection`,
    );
  }
  if (gateway.publicIpAddresses.length + gateway.publicIpPrefixes.length > 0) return ok(null);
  return refuse(
    'NATGatewayNotAssociatedWithPublicIPOrIPPrefix',
    `NAT gateway '${gateway.id}' must have at least one public IP or IP prefix associated for outbound connection.`,
  );
}

/** That it is refused is in the release notes; code and wording are not documented. */
function gatewayInTheWay(subnet: Subnet): AzureError {
  return azureError(
    'UnsupportedOutboundType',
    `Subnet '${subnet.id}' has NAT gateway '${subnet.natGateway?.id ?? ''}', which outbound type loadBalancer does not support. Use outbound type userAssignedNATGateway, or take the NAT gateway off the subnet.`,
    PARAMETER,
  );
}

export interface AddressSetting {
  readonly location: string;
  readonly nodeResourceGroup: string;
  readonly identity: ClusterIdentity;
  readonly pools: readonly AgentPool[];
}

/**
 * Checks addresses and prefixes of one's own, and that their ports are enough. Errors:
 * `InvalidLoadBalancerProfileOutboundIPs`, `InvalidLoadBalancerProfileOutboundIPPrefixes`,
 * `InvalidLoadBalancerProfileAllocatedOutboundPorts`, `LinkedAuthorizationFailed`.
 */
export function checkOutboundAddresses(
  cloud: Cloud,
  profile: OutboundProfile,
  setting: AddressSetting,
): Result<null, AzureError> {
  const balancer = profile.loadBalancerProfile;
  const gateway = profile.natGatewayProfile ?? null;
  if (gateway !== null) {
    return checkJoin(
      cloud,
      [...gateway.outboundIPs, ...gateway.outboundIPPrefixes].map(({ id }) => id),
      setting,
      'natGateways/write',
    );
  }
  if (balancer === null) return ok(null);
  for (const { id } of balancer.outboundIPs ?? []) {
    const problem = addressProblem(cloud, id, setting);
    if (problem !== null)
      return err(unusable('IPs', 'outboundIPs', `LoadBalancerProfileOutboundIP${problem}`));
  }
  for (const { id } of balancer.outboundIPPrefixes ?? []) {
    const problem = prefixProblem(cloud, id, setting);
    if (problem !== null) {
      return err(
        unusable('IPPrefixes', 'outboundIPPrefixes', `LoadBalancerProfileOutboundIPPrefix${problem}`),
      );
    }
  }
  const enough = checkOutboundPorts(
    { allocated: balancer.allocatedOutboundPorts ?? 0, addresses: countAddresses(cloud, balancer) },
    setting.pools,
  );
  if (!enough.ok) return enough;
  const brought = [...(balancer.outboundIPs ?? []), ...(balancer.outboundIPPrefixes ?? [])];
  return checkJoin(
    cloud,
    brought.map(({ id }) => id),
    setting,
    'loadBalancers/write',
  );
}

/** Returns how many public addresses a load balancer's way out has. */
export function countAddresses(cloud: Cloud, balancer: LoadBalancerProfile): number {
  const own = (balancer.outboundIPs ?? []).length;
  const inPrefixes = (balancer.outboundIPPrefixes ?? []).reduce(
    (sum, { id }) => sum + 2 ** (32 - (getResource(cloud, id, PUBLIC_PREFIX)?.prefixLength ?? 32)),
    0,
  );
  return (balancer.managedOutboundIPs?.count ?? 0) + own + inPrefixes;
}

function unusable(what: 'IPs' | 'IPPrefixes', key: string, details: string): AzureError {
  const words = what === 'IPs' ? 'IPs' : 'IP prefixes';
  return azureError(
    `InvalidLoadBalancerProfileOutbound${what}`,
    `Error in validating load balancer profile outbound ${words}, error details: ${details}`,
    `networkProfile.loadBalancerProfile.${key}`,
  );
}

function balancerPrefix(cloud: Cloud, { nodeResourceGroup }: AddressSetting): string {
  const id = resourceId(cloud, nodeResourceGroup, 'Microsoft.Network/loadBalancers', 'kubernetes');
  return `${id}/`.toLowerCase();
}

function addressProblem(cloud: Cloud, id: string, setting: AddressSetting): string | null {
  const address = getResource(cloud, id, PUBLIC_ADDRESS);
  if (address === null) return 'NotExist';
  if (address.location !== setting.location) return 'NotInTheSameRegion';
  if (address.sku.name !== 'Standard') return 'NotStandardSKU';
  if (address.tags?.['aks-managed-cluster-name'] !== undefined) return 'HasManagedOutboundIPTag';
  const holder = address.ipConfiguration?.id ?? address.natGateway?.id ?? null;
  if (holder === null || holder.toLowerCase().startsWith(balancerPrefix(cloud, setting))) return null;
  return 'AttachedToAnotherIPConfiguration';
}

function prefixProblem(cloud: Cloud, id: string, setting: AddressSetting): string | null {
  const found = getResource(cloud, id, PUBLIC_PREFIX);
  if (found === null) return 'NotExist';
  if (found.location !== setting.location) return 'NotInTheSameRegion';
  if (found.sku.name !== 'Standard') return 'NotStandardSKU';
  return found.natGateway === undefined ? null : 'AttachedToAnotherIPConfiguration';
}

/**
 * A user-assigned identity must have been allowed to use what is outside the node resource group; nobody grants
 * it. The pages give the commands for a system-assigned identity without any role, so none is asked for there.
 */
function checkJoin(
  cloud: Cloud,
  ids: readonly string[],
  { identity, nodeResourceGroup }: AddressSetting,
  action: 'loadBalancers/write' | 'natGateways/write',
): Result<null, AzureError> {
  if (identity.kind === 'system-assigned') return ok(null);
  for (const id of ids) {
    const parts = parseResourceId(id);
    if (parts === null || parts.resourceGroup.toLowerCase() === nodeResourceGroup.toLowerCase()) continue;
    const join = `${parts.type}/join/action`;
    if (isAllowed(cloud, identity.principalId, join, id)) continue;
    const type = action === 'loadBalancers/write' ? 'loadBalancers/kubernetes' : 'natGateways';
    const scope = `/subscriptions/${cloud.subscription.id}/resourceGroups/${nodeResourceGroup}/providers/Microsoft.Network/${type}`;
    return err(
      azureError(
        'LinkedAuthorizationFailed',
        `The client '${identity.clientId}' with object id '${identity.principalId}' has permission to perform action 'Microsoft.Network/${action}' on scope '${scope}'; however, it does not have permission to perform action '${join}' on the linked scope(s) '${id}' or the linked scope(s) are invalid.`,
      ),
    );
  }
  return ok(null);
}
