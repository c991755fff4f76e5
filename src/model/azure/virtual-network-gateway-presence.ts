/**
 * Whether a VNet has a gateway: one that was created in it, or the end of a private connection that the
 * scenario puts there, which is no resource and that nobody has to make.
 */
import type { Cloud, OutsideHost } from '../cloud.ts';
import { azureError } from './error.ts';
import type { AzureError } from './error.ts';
import type { VirtualNetworkGateway } from './gateway-resources.ts';
import { armKey, listResources } from './resource-store.ts';
import type { VirtualNetwork } from './resources.ts';

/** Reports whether a gateway is in this VNet, made or still being made, or a private connection ends in it. */
export function hasGateway(cloud: Cloud, vnet: VirtualNetwork): boolean {
  return (
    gatewayOf(cloud, vnet) !== null ||
    cloud.outsideHosts.some((host) => host.kind === 'on-premises' && endsIn(cloud, host, vnet))
  );
}

/** Returns the VPN gateway that was created in this VNet, or null. */
export function gatewayOf(cloud: Cloud, vnet: Pick<VirtualNetwork, 'id'>): VirtualNetworkGateway | null {
  return (
    listResources(cloud, 'Microsoft.Network/virtualNetworkGateways').find(
      (gateway) => networkOfGateway(gateway) === armKey(vnet.id),
    ) ?? null
  );
}

/** Returns the key of the VNet that a gateway is in. */
export function networkOfGateway({ ipConfigurations: [first] }: VirtualNetworkGateway): string {
  return armKey(first?.subnet.id ?? '').split('/subnets/')[0] ?? '';
}

/** Returns the state as of now: making a gateway takes its time. */
export function gatewayState(
  cloud: Cloud,
  gateway: VirtualNetworkGateway,
): 'Succeeded' | 'Failed' | 'Updating' {
  return gateway.readyAt !== undefined && gateway.readyAt > cloud.now
    ? 'Updating'
    : gateway.provisioningState;
}

/** The refusal to use a gateway that is still being made, or null. `by` is the id of what wants to use it. */
export function notProvisioned(cloud: Cloud, gateway: VirtualNetworkGateway, by: string): AzureError | null {
  const state = gatewayState(cloud, gateway);
  return state === 'Succeeded'
    ? null
    : azureError(
        'ReferencedResourceNotProvisioned',
        `Cannot proceed with operation because resource ${gateway.id} used by resource ${by} is not in Succeeded state. Resource is in ${state} state and the last operation that updated/is updating the resource is PutVirtualNetworkGatewayOperation.`,
      );
}

function endsIn(
  cloud: Cloud,
  host: Extract<OutsideHost, { kind: 'on-premises' }>,
  vnet: VirtualNetwork,
): boolean {
  if (host.vpnDevice !== undefined) return false;
  if (host.virtualNetwork === '*') return clusterNetwork(cloud) === armKey(vnet.id);
  const wanted = host.virtualNetwork.toLowerCase();
  return [vnet.name, `${vnet.resourceGroup}/${vnet.name}`].some((name) => name.toLowerCase() === wanted);
}

/** The first VNet with nodes in it, which `*` means. */
function clusterNetwork(cloud: Cloud): string | null {
  const withNodes = new Set(
    listResources(cloud, 'Microsoft.Compute/virtualMachineScaleSets').flatMap((set) =>
      set.instances.flatMap(({ networkInterface }) =>
        networkInterface.ipConfigurations.map(({ subnet }) =>
          armKey(subnet.id.slice(0, subnet.id.toLowerCase().lastIndexOf('/subnets/'))),
        ),
      ),
    ),
  );
  const found = listResources(cloud, 'Microsoft.Network/virtualNetworks').find((one) =>
    withNodes.has(armKey(one.id)),
  );
  return found === undefined ? null : armKey(found.id);
}
