/** A host for each site behind a VPN connection, so that there is somebody to ask from on-premises. */
import { armKey, listResources } from '../../model/azure/resource-store.ts';
import { connectionsOf } from '../../model/azure/vpn-connection.ts';
import { speaksBgp } from '../../model/azure/vpn-connection-routes.ts';
import type { Cloud, OutsideHost } from '../../model/cloud.ts';
import { addressPlus, formatAddress } from '../../model/ip/address.ts';
import { firstAddress, parsePrefix } from '../../model/ip/prefix.ts';
import { labelOf } from './arm-object.ts';
import type { ImportLog } from './left-out.ts';
import { announcedKey } from './read-gateway.ts';

/** Of a site, which host is taken for all: JSON has its ranges only. */
const HOST_IN_RANGE = 10;

export function sitesBehindGateways(cloud: Cloud, log: ImportLog): readonly OutsideHost[] {
  nameWhatBgpBrings(cloud, log);
  const connected = new Set(
    Object.values(cloud.resources).flatMap((each) =>
      each.type === 'Microsoft.Network/connections' ? [armKey(each.localNetworkGateway2.id)] : [],
    ),
  );
  const taken = new Set(cloud.outsideHosts.map((each) => each.name));
  return Object.values(cloud.resources).flatMap((each): readonly OutsideHost[] => {
    if (each.type !== 'Microsoft.Network/localNetworkGateways' || !connected.has(armKey(each.id))) return [];
    if (each.gatewayIpAddress === null) return [];
    const device = each.gatewayIpAddress;
    return each.localNetworkAddressSpace.addressPrefixes.flatMap((text, index): readonly OutsideHost[] => {
      const prefix = parsePrefix(text);
      if (!prefix.ok) return [];
      const first = firstAddress(prefix.value);
      const address = (prefix.value.length <= 28 ? addressPlus(first, HOST_IN_RANGE) : null) ?? first;
      const name = index === 0 ? each.name : `${each.name}-${index + 1}`;
      if (taken.has(name)) return [];
      log.note(
        'Of a site behind a VPN connection one host is made up, in each of its ranges; it answers on every port.',
      );
      return [
        {
          kind: 'on-premises',
          name,
          address: formatAddress(address),
          prefix: text,
          virtualNetwork: '',
          ports: [],
          vpnDevice: device,
          programs: 'assumed',
        },
      ];
    });
  });
}

/** What a site announces by BGP stands in no resource. */
function nameWhatBgpBrings(cloud: Cloud, log: ImportLog): void {
  for (const gateway of listResources(cloud, 'Microsoft.Network/virtualNetworkGateways')) {
    for (const connection of connectionsOf(cloud, gateway)) {
      if (!speaksBgp(gateway, connection)) continue;
      log.add({
        kind: 'property',
        name: labelOf(connection.id),
        what: 'enableBgp = true',
        effect:
          'What the site announces by BGP stands in no resource: only the ranges of its local network gateway are known.',
        weight: 'decides',
        on: announcedKey(armKey(gateway.id)),
      });
    }
  }
}
