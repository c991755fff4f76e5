/** NAT gateways as places that packets leave by: everyone in their subnets gets one of their addresses as source. */
import { armKey, listResources } from '../azure/resource-store.ts';
import type { ArmKey, NatGateway } from '../azure/resources.ts';
import { sameAddress } from '../ip/address.ts';
import type { Address } from '../ip/address.ts';
import { splitPrefix } from '../ip/prefix.ts';
import { NAT_GATEWAY_PROTOCOLS } from '../limits/nat-gateway.ts';
import type { HostId, Interface, InterfaceName, Protocol, Route } from '../network/network.ts';
import type { Report } from './diagnostics.ts';
import { gatewayInterface, host, hostAddress, mainTable } from './draft.ts';
import type { Draft } from './draft.ts';
import { fabricId } from './fabric-interfaces.ts';
import type { FabricUplink } from './fabric.ts';
import { internetRoute, plugIn } from './internet.ts';
import type { InternetDraft } from './internet.ts';
import { hostNames } from './host-names.ts';
import type { Inventory, NetworkPart } from './inventory.ts';
import { publicAddressOf } from './public-address.ts';

const TO_VNET = 'vnet';
const TO_INTERNET = 'internet';
const ALL: readonly Protocol[] = ['tcp', 'udp', 'icmp'];

/** One NAT gateway with all the addresses that it gives out. */
export interface OutboundGateway {
  readonly name: string;
  readonly resource: NatGateway;
  readonly host: HostId;
  /** The fabric's cable that packets leave by. */
  readonly exit: InterfaceName;
  /** Those of its public IP addresses, then every address of its prefixes. */
  readonly addresses: readonly Address[];
  readonly protocols: readonly Protocol[];
  /** The one VNet whose subnets it serves; null while it serves none. */
  readonly network: NetworkPart | null;
}

/** Returns the NAT gateways by the keys of their ids, in order of creation. */
export function natGateways(inventory: Inventory, report: Report): ReadonlyMap<ArmKey, OutboundGateway> {
  const all = listResources(inventory.cloud, 'Microsoft.Network/natGateways');
  const hosts = hostNames('natgw', all);
  return new Map(
    all.map((resource) => {
      const id = hosts.get(armKey(resource.id)) ?? `natgw/${resource.name}`;
      return [
        armKey(resource.id),
        {
          name: resource.name,
          resource,
          host: id,
          exit: id,
          addresses: addressesOf(inventory, resource, report),
          protocols: NAT_GATEWAY_PROTOCOLS.value[resource.sku.name],
          network:
            inventory.networks.find(({ subnets }) =>
              subnets.some(({ natGateway }) => natGateway === resource),
            ) ?? null,
        },
      ];
    }),
  );
}

function addressesOf(inventory: Inventory, gateway: NatGateway, report: Report): readonly Address[] {
  const single = gateway.publicIpAddresses.flatMap(({ id }) => {
    const own = publicAddressOf(inventory, id);
    if (own === null) report(`NAT gateway ${gateway.name}`, `refers to ${id}, which is no public address`);
    return own?.address ?? [];
  });
  const blocks = gateway.publicIpPrefixes.flatMap(({ id }) => {
    const resource = inventory.cloud.resources[armKey(id)];
    const block =
      resource?.type === 'Microsoft.Network/publicIPPrefixes'
        ? inventory.text.prefix(resource.ipPrefix)
        : null;
    if (block === null)
      report(`NAT gateway ${gateway.name}`, `refers to ${id}, which is no public IP prefix`);
    return block === null ? [] : splitPrefix(block, 32).map(({ address }) => address);
  });
  const addresses = [...single, ...blocks];
  return addresses.filter((one, at) => addresses.findIndex((other) => sameAddress(one, other)) === at);
}

/** Adds a NAT gateway and returns the fabric's cable to it; none for one that serves no subnet. */
export function addNatGateway(
  draft: Draft,
  internet: InternetDraft,
  gateway: OutboundGateway,
): readonly FabricUplink[] {
  const { host: id, name, network, addresses, protocols, exit } = gateway;
  if (addresses.length === 0) return [];
  const segment = plugIn(draft, internet, id, TO_INTERNET, addresses);
  const interfaces: Interface[] = [gatewayInterface(TO_INTERNET, segment, addresses.map(hostAddress))];
  if (network !== null) interfaces.unshift(gatewayInterface(TO_VNET, `${fabricId(network)}/${exit}`));
  const toVnet = (network?.prefixes ?? []).map((each): Route => ({
    prefix: each,
    target: { kind: 'connected', interface: TO_VNET, towards: `VNet ${network?.name ?? ''}` },
    metric: 0,
    preferredSource: null,
    by: `address space of VNet ${network?.name ?? ''}`,
  }));
  const left = ALL.filter((each) => !protocols.includes(each));
  draft.hosts.set(
    id,
    host(id, 'edge', 'on', {
      timeToLive: 'kept',
      interfaces,
      tables: mainTable([...toVnet, internetRoute(TO_INTERNET)]),
      translations: [
        {
          hook: 'postrouting',
          match: { outInterface: TO_INTERNET, protocols },
          action: { kind: 'source-pool', addresses },
          by: `NAT gateway ${name}`,
        },
      ],
      chains: [
        ...(left.length === 0
          ? []
          : [
              {
                by: `NAT gateway ${name} (it translates TCP and UDP, but no ICMP)`,
                hook: 'forward' as const,
                interface: null,
                only: { protocols: left },
                rules: [],
                otherwise: { kind: 'drop' as const, disposition: 'no-outbound-path' as const },
              },
            ]),
        {
          by: `NAT gateway ${name} (it takes no connections from the internet)`,
          hook: 'input',
          interface: null,
          rules: [],
          otherwise: { kind: 'drop', disposition: 'denied-inbound' },
        },
      ],
    }),
  );
  return network === null ? [] : [{ name: exit, peer: { host: id, interface: TO_VNET } }];
}
