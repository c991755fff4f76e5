/** What Azure's diagnostics show of one NIC: the routes and the security rules in force. */
import { armKey, getResource } from '../azure/resource-store.ts';
import type { NetworkSecurityGroup } from '../azure/resources.ts';
import { gatewayOf } from '../azure/virtual-network-gateway-presence.ts';
import type { Cloud } from '../cloud.ts';
import { setToPrefixes } from '../ip/address-set.ts';
import { formatPrefix } from '../ip/prefix.ts';
import type { AddressNames } from '../nsg/rule-traffic.ts';
import { compile } from './compile.ts';
import type { Compiled } from './compile.ts';
import { effectiveRoutes, namedRoutes } from './effective-routes.ts';
import type { EffectiveRoute } from './effective-routes.ts';
import type { NetworkPart, Port } from './inventory.ts';
import type { NamedRoute } from './named-routes.ts';
import { overlayDomains } from './overlay.ts';
import { gatewayPeer } from './peering.ts';
import { addressNames, ruleNamesOf } from './rule-names.ts';
import { tagContent } from './service-tags.ts';

export interface EffectiveView {
  readonly port: Port;
  /**
   * Active and invalid routes of the NIC's subnet in the order in which Azure lists them: the VNet, its peers,
   * learned routes, the internet, None, endpoints, then user-defined ones. Pieces of named routes come first.
   */
  readonly routes: readonly EffectiveRoute[];
  /** Those that name a service, which `routes` has in pieces. */
  readonly named: readonly NamedRoute[];
  /** Public addresses of the gateway that learned routes lead to. */
  readonly gatewayAddresses: readonly string[];
  readonly disableBgpRoutePropagation: boolean;
  readonly groups: readonly {
    readonly group: NetworkSecurityGroup;
    readonly on: 'subnet' | 'networkInterface';
  }[];
  /** The prefixes of a service tag as this NIC's rules see it; null for one whose content is not simulated. */
  readonly expandTag: (tag: string, rule?: 'default' | 'custom') => readonly string[] | null;
  /** The addresses of an application security group's members, as prefixes. */
  readonly expandGroup: (groupId: string) => readonly string[];
  /** What all names in this NIC's rules stand for. */
  readonly names: AddressNames;
}

/** Returns what is in force on a NIC; null if it is plugged in nowhere, or its machine does not run. */
export function effectiveView(cloud: Cloud, nicId: string): EffectiveView | null {
  const compiled = compile(cloud);
  const port = portOf(compiled, nicId);
  if (port === null || !isRunning(port)) return null;
  const { inventory } = compiled;
  const learned = compiled.learned.get(port.subnet.network.key) ?? [];
  const all = effectiveRoutes(port.subnet, learned, inventory.text, () => undefined);
  const names = ruleNamesOf(inventory, port.subnet, learned, all, overlayDomains(inventory));
  const onNic =
    port.nic.networkSecurityGroup === null
      ? null
      : getResource(cloud, port.nic.networkSecurityGroup.id, 'Microsoft.Network/networkSecurityGroups');
  const onSubnet = port.subnet.securityGroup;
  return {
    port,
    routes: all.filter((each) => each.state !== 'Removed').sort((a, b) => placeOf(a) - placeOf(b)),
    named: namedRoutes(port.subnet),
    gatewayAddresses: gatewayAddresses(cloud, port.subnet.network),
    disableBgpRoutePropagation: port.subnet.routeTable?.disableBgpRoutePropagation ?? false,
    groups: [
      ...(onSubnet === null ? [] : [{ group: onSubnet, on: 'subnet' as const }]),
      ...(onNic === null ? [] : [{ group: onNic, on: 'networkInterface' as const }]),
    ],
    expandTag: (tag, rule = 'default') => {
      const content = tagContent(tag, names.tags, rule);
      const isKnown = content.kind === 'set' && (tag === 'VirtualNetwork' || content.maybe === undefined);
      return isKnown ? setToPrefixes(content.set).map(formatPrefix) : null;
    },
    expandGroup: (id) => setToPrefixes(names.membersOf(id)).map(formatPrefix),
    names: addressNames(names),
  };
}

function portOf(compiled: Compiled, nicId: string): Port | null {
  const key = armKey(nicId);
  for (const network of compiled.inventory.networks) {
    for (const port of network.ports) if (armKey(port.nic.id) === key) return port;
  }
  return null;
}

function isRunning({ owner }: Port): boolean {
  switch (owner.kind) {
    case 'none':
    case 'private-endpoint':
      return false;
    case 'vm':
      return owner.vm.powerState === 'VM running';
    case 'node':
      return true;
  }
}

/** As in the output of `az network nic show-effective-route-table` that people publish (2021 to 2026). */
function placeOf({ piece, source, nextHopType }: EffectiveRoute): number {
  if (piece !== undefined) return 0;
  if (source === 'User') return 8;
  switch (nextHopType) {
    case 'VnetLocal':
      return 1;
    case 'VNetPeering':
    case 'VNetGlobalPeering':
      return 2;
    case 'VirtualNetworkGateway':
      return 3;
    case 'Internet':
      return 4;
    case 'None':
      return 5;
    case 'VirtualNetworkServiceEndpoint':
      return 6;
    case 'InterfaceEndpoint':
    case 'VirtualAppliance':
      return 7;
  }
}

/** That of the VNet, else of the peer whose gateway it uses. */
function gatewayAddresses(cloud: Cloud, network: NetworkPart): readonly string[] {
  const gateway =
    gatewayOf(cloud, network.virtualNetwork) ??
    gatewayOf(cloud, gatewayPeer(network)?.network.virtualNetwork ?? network.virtualNetwork);
  return (gateway?.ipConfigurations ?? []).flatMap(
    ({ publicIPAddress: { id } }) =>
      getResource(cloud, id, 'Microsoft.Network/publicIPAddresses')?.ipAddress ?? [],
  );
}
