/**
 * Where a VNet meets the internet: the translation of instance public addresses and of default
 * outbound access. Load balancers have a place of their own.
 */
import type { Address } from '../ip/address.ts';
import { setOfAddresses } from '../ip/address-set.ts';
import type { FilterChain, HostId, InterfaceName, Route, TranslationRule } from '../network/network.ts';
import { gatewayInterface, host, hostAddress, mainTable } from './draft.ts';
import type { Draft } from './draft.ts';
import { EDGE_INTERFACE, fabricId } from './fabric-interfaces.ts';
import type { FabricUplink } from './fabric.ts';
import type { Inventory, NetworkPart } from './inventory.ts';
import { internetRoute, plugIn } from './internet.ts';
import type { InternetDraft } from './internet.ts';
import type { OutboundPlan } from './outbound.ts';
import { instanceAddress } from './public-address.ts';

const TO_VNET = 'vnet';
const TO_INTERNET = 'internet';

/**
 * Instance public addresses translate one to one in both directions; default outbound access only
 * outwards. Behind a NAT gateway an instance address still brings connections in, and their replies
 * out. Neither asks where the packet comes from or goes to, since a NIC that calls the public
 * address of its neighbour turns round here, and shows its own public address.
 */
export function addEdge(
  draft: Draft,
  internet: InternetDraft,
  inventory: Inventory,
  network: NetworkPart,
  outbound: OutboundPlan,
): FabricUplink {
  const id: HostId = `edge/${network.name}`;
  const addresses: Address[] = [];
  const translations: TranslationRule[] = [];
  const shared: Address[] = [];
  for (const port of network.ports) {
    const method = outbound.of(port);
    const [inside] = port.addresses;
    if (inside === undefined) continue;
    const source = setOfAddresses(port.addresses);
    const own = instanceAddress(inventory, port);
    if (own !== null) {
      addresses.push(own.address);
      translations.push({
        hook: 'prerouting',
        match: { destination: setOfAddresses([own.address]) },
        action: {
          kind: 'destination',
          backends: [{ address: inside, port: null, by: `NIC ${port.label}` }],
        },
        by: `public IP ${own.name} of NIC ${port.label}`,
      });
    }
    if (method.kind === 'instance-public-ip') {
      translations.push({
        hook: 'postrouting',
        match: { source },
        action: { kind: 'source', address: method.address },
        by: `public IP ${method.name} of NIC ${port.label}`,
      });
    } else if (method.kind === 'default-outbound-access') {
      addresses.push(method.address);
      shared.push(...port.addresses);
      translations.push({
        hook: 'postrouting',
        match: { source },
        action: { kind: 'source', address: method.address },
        by: `default outbound access of NIC ${port.label}`,
      });
    }
  }
  const chains: FilterChain[] = [
    {
      by: 'default outbound access (it translates TCP and UDP, but no ICMP)',
      hook: 'forward',
      interface: null,
      only: { source: setOfAddresses(shared), protocols: ['icmp'] },
      rules: [],
      otherwise: { kind: 'drop', disposition: 'no-outbound-path' },
    },
    noInboundMapping('default outbound access (it takes no connections from the internet)'),
  ];
  return addEdgeHost(draft, internet, network, id, EDGE_INTERFACE, addresses, translations, chains);
}

function noInboundMapping(by: string): FilterChain {
  return {
    by,
    hook: 'input',
    interface: null,
    rules: [],
    otherwise: { kind: 'drop', disposition: 'denied-inbound' },
  };
}

function addEdgeHost(
  draft: Draft,
  internet: InternetDraft,
  network: NetworkPart,
  id: HostId,
  uplink: InterfaceName,
  addresses: readonly Address[],
  translations: readonly TranslationRule[],
  chains: readonly FilterChain[],
): FabricUplink {
  const segment = plugIn(draft, internet, id, TO_INTERNET, addresses);
  const toVnet: Route[] = network.prefixes.map((each) => ({
    prefix: each,
    target: { kind: 'connected', interface: TO_VNET, towards: `VNet ${network.name}` },
    metric: 0,
    preferredSource: null,
    by: `address space of VNet ${network.name}`,
  }));
  draft.hosts.set(
    id,
    host(id, 'edge', 'on', {
      timeToLive: 'kept',
      interfaces: [
        gatewayInterface(TO_VNET, `${fabricId(network)}/${uplink}`),
        gatewayInterface(TO_INTERNET, segment, addresses.map(hostAddress)),
      ],
      tables: mainTable([...toVnet, internetRoute(TO_INTERNET)]),
      translations,
      chains,
    }),
  );
  return { name: uplink, peer: { host: id, interface: TO_VNET } };
}
