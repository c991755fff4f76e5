/**
 * Whether a VNet has a gateway. Gateways are no resources here: a VNet has one exactly if the scenario
 * puts an on-premises host behind a private connection that ends in it.
 */
import type { Cloud, OutsideHost } from '../cloud.ts';
import { armKey, listResources } from './resource-store.ts';
import type { VirtualNetwork } from './resources.ts';

/** Reports whether a private connection ends in this VNet. */
export function hasGateway(cloud: Cloud, vnet: VirtualNetwork): boolean {
  return cloud.outsideHosts.some((host) => host.kind === 'on-premises' && endsIn(cloud, host, vnet));
}

function endsIn(
  cloud: Cloud,
  host: Extract<OutsideHost, { kind: 'on-premises' }>,
  vnet: VirtualNetwork,
): boolean {
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
