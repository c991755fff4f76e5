/** Single changes that could let two VNets talk, each with what it does to the cloud and its `az` commands. */
import { isGatewaySubnet } from '../model/azure/gateway-subnet.ts';
import { armKey, getResource, resourceId, sameId } from '../model/azure/resource-store.ts';
import type { Subnet, VirtualNetwork } from '../model/azure/resources.ts';
import { createRoute, createRouteTable, updateRouteTable } from '../model/azure/route-table.ts';
import { updateSubnet } from '../model/azure/subnet.ts';
import {
  createPeering,
  deletePeering,
  syncPeering,
  updatePeering,
} from '../model/azure/virtual-network-peering.ts';
import type { PeeringFlags } from '../model/azure/virtual-network-peering.ts';
import { peeringTo } from '../model/azure/virtual-network-peering-checks.ts';
import type { AzureError } from '../model/azure/error.ts';
import type { Cloud } from '../model/cloud.ts';
import { ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import { linkName, routeTableName } from './peering-matrix-world.ts';
import { shellWord } from './shell-word.ts';

export interface Change {
  readonly kind: 'link' | 'flag' | 'sync' | 'route' | 'propagation';
  /** What it is, as a phrase: `allowForwardedTraffic on link spoke1-to-hub of spoke1`. */
  readonly what: string;
  readonly commands: readonly string[];
  readonly apply: (cloud: Cloud) => Result<Cloud, AzureError>;
}

const FLAG_OPTIONS: Readonly<Record<keyof PeeringFlags, string>> = {
  allowVirtualNetworkAccess: '--allow-vnet-access',
  allowForwardedTraffic: '--allow-forwarded-traffic',
  allowGatewayTransit: '--allow-gateway-transit',
  useRemoteGateways: '--use-remote-gateways',
};

const FLAGS: readonly (keyof PeeringFlags)[] = [
  'allowVirtualNetworkAccess',
  'allowForwardedTraffic',
  'allowGatewayTransit',
  'useRemoteGateways',
];

/** Returns what gives a VNet a working link to another one with at least these flags: nothing if it has it. */
export function linkChanges(
  from: VirtualNetwork,
  to: VirtualNetwork,
  wanted: Partial<PeeringFlags>,
): readonly Change[] {
  const link = peeringTo(from, to.id);
  const at = { resourceGroup: from.resourceGroup, virtualNetwork: from.name };
  const where = `-g ${shellWord(from.resourceGroup)} --vnet-name ${shellWord(from.name)}`;
  if (link === null || link.peeringState === 'Disconnected') {
    const name = link?.name ?? linkName(from.name, to.name);
    const flags: PeeringFlags = {
      allowVirtualNetworkAccess: link?.allowVirtualNetworkAccess ?? false,
      allowForwardedTraffic: link?.allowForwardedTraffic ?? false,
      allowGatewayTransit: link?.allowGatewayTransit ?? false,
      useRemoteGateways: link?.useRemoteGateways ?? false,
      ...wanted,
    };
    const options = FLAGS.filter((flag) => flags[flag]).map((flag) => ` ${FLAG_OPTIONS[flag]}`);
    const remote = armKey(from.resourceGroup) === armKey(to.resourceGroup) ? to.name : to.id;
    return [
      {
        kind: 'link',
        what:
          link === null
            ? `a link from ${from.name} to ${to.name}`
            : `link ${name} of ${from.name}, which is Disconnected: delete both sides and make them again`,
        commands: [
          ...(link === null ? [] : [`az network vnet peering delete ${where} -n ${shellWord(name)}`]),
          `az network vnet peering create ${where} -n ${shellWord(name)} --remote-vnet ${shellWord(remote)}${options.join('')}`,
        ],
        apply: (cloud) => {
          const gone = link === null ? ok(cloud) : deletePeering(cloud, { ...at, name });
          return gone.ok ? createPeering(gone.value, { ...at, name }, to.id, flags) : gone;
        },
      },
    ];
  }
  const { name } = link;
  const stale =
    [...link.remoteAddressSpace.addressPrefixes].sort().join() !==
    [...to.addressSpace.addressPrefixes].sort().join();
  return [
    ...FLAGS.filter((flag) => wanted[flag] === true && !link[flag]).map((flag): Change => ({
      kind: 'flag',
      what: `${flag} on link ${name} of ${from.name}`,
      commands: [`az network vnet peering update ${where} -n ${shellWord(name)} --set ${flag}=true`],
      apply: (cloud) => updatePeering(cloud, { ...at, name }, { [flag]: true }),
    })),
    ...(stale
      ? [
          {
            kind: 'sync' as const,
            what: `a sync of link ${name} of ${from.name}, which does not know the address space that ${to.name} has now`,
            commands: [`az network vnet peering sync ${where} -n ${shellWord(name)}`],
            apply: (cloud: Cloud) => syncPeering(cloud, { ...at, name }),
          },
        ]
      : []),
  ];
}

/** Returns what sends packets from a subnet to each of these ranges by that next hop. */
export function routeChanges(
  vnet: VirtualNetwork,
  subnet: Subnet,
  ranges: readonly string[],
  hop: { readonly kind: 'address'; readonly address: string } | { readonly kind: 'gateway' },
): readonly Change[] {
  const group = vnet.resourceGroup;
  const table = subnet.routeTable === null ? null : subnet.routeTable.id;
  const of = isGatewaySubnet(subnet.name) ? 'gateway' : 'machines';
  const name = table === null ? routeTableName(vnet.name, of) : table.slice(table.lastIndexOf('/') + 1);
  const tableGroup = /\/resourceGroups\/([^/]+)/i.exec(table ?? '')?.[1] ?? group;
  const type = hop.kind === 'address' ? 'VirtualAppliance' : 'VirtualNetworkGateway';
  const address = hop.kind === 'address' ? hop.address : null;
  const subnetOf = { resourceGroup: group, virtualNetwork: vnet.name, name: subnet.name };
  return ranges.map((range): Change => {
    const route = `to-${range.replace('/', '-')}`;
    return {
      kind: 'route',
      what: `a route of ${of === 'gateway' ? 'GatewaySubnet in ' : ''}${vnet.name} for ${range} to ${address ?? 'the virtual network gateway'}`,
      commands: [
        ...(table === null
          ? [`az network route-table create -g ${shellWord(group)} -n ${shellWord(name)} -l ${vnet.location}`]
          : []),
        `az network route-table route create -g ${shellWord(tableGroup)} --route-table-name ${shellWord(name)} -n ${route} --address-prefix ${range} --next-hop-type ${type}${address === null ? '' : ` --next-hop-ip-address ${address}`}`,
        ...(table === null
          ? [
              `az network vnet subnet update -g ${shellWord(group)} --vnet-name ${shellWord(vnet.name)} -n ${shellWord(subnet.name)} --route-table ${shellWord(name)}`,
            ]
          : []),
      ],
      apply: (cloud) => {
        const own = getResource(cloud, vnet.id, 'Microsoft.Network/virtualNetworks')?.subnets.find((each) =>
          sameId(each.id, subnet.id),
        );
        const attached = own?.routeTable?.id ?? null;
        let next = cloud;
        if (attached === null) {
          const made = createRouteTable(next, { resourceGroup: group, name, location: vnet.location });
          if (!made.ok) return made;
          const joined = updateSubnet(made.value, subnetOf, {
            routeTable: resourceId(made.value, group, 'Microsoft.Network/routeTables', name),
          });
          if (!joined.ok) return joined;
          next = joined.value;
        }
        return createRoute(
          next,
          { resourceGroup: tableGroup, routeTable: name, name: route },
          { addressPrefix: range, nextHopType: type, nextHopIpAddress: address },
        );
      },
    };
  });
}

/** Returns what lets routes of a gateway into a subnet: nothing where they come in. */
export function propagationChanges(cloud: Cloud, vnet: VirtualNetwork, subnet: Subnet): readonly Change[] {
  const table =
    subnet.routeTable === null
      ? null
      : getResource(cloud, subnet.routeTable.id, 'Microsoft.Network/routeTables');
  if (table?.disableBgpRoutePropagation !== true) return [];
  return [
    {
      kind: 'propagation',
      what: `route table ${table.name} of ${vnet.name}, which keeps the gateway's routes out`,
      commands: [
        `az network route-table update -g ${shellWord(table.resourceGroup)} -n ${shellWord(table.name)} --disable-bgp-route-propagation false`,
      ],
      apply: (now) =>
        updateRouteTable(now, table.resourceGroup, table.name, { disableBgpRoutePropagation: false }),
    },
  ];
}
