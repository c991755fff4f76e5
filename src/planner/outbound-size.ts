/** Public addresses and source ports that a cluster needs with each outbound type. */
import { ALLOCATED_OUTBOUND_PORTS, MANAGED_OUTBOUND_ADDRESSES } from '../model/limits/aks.ts';
import type { Limit } from '../model/limits/limit.ts';
import { NAT_GATEWAY_ADDRESSES } from '../model/limits/nat-gateway.ts';
import {
  FIREWALL_ADDRESSES,
  FIREWALL_INSTANCES,
  FIREWALL_PORTS_PER_ADDRESS,
  DEFAULT_PORTS_PER_NODE,
  NAT_GATEWAY_CONNECTIONS_TO_ONE_DESTINATION,
  NAT_GATEWAY_PORTS_PER_ADDRESS,
} from '../model/limits/snat.ts';
import { defaultPortsPerNode, leastAddressesForPorts } from '../model/snat/ports.ts';

export interface EgressLoad {
  /** As they run now: the fewer, the more each has to carry. */
  readonly nodes: number;
  /** At most, surge included: a load balancer keeps ports for each. */
  readonly mostNodes: number;
  /** Open at once to one destination, of the whole cluster and of its busiest node; null: not said. */
  readonly connections: number | null;
  readonly busiestNode: number | null;
  /** How many addresses may be seen; null: as many as it takes. */
  readonly mostAddresses: number | null;
}

export interface EgressSize {
  readonly addresses: number;
  /** `each-node`: shared out beforehand; `on-demand`: for whoever opens a connection. */
  readonly allocation: 'each-node' | 'on-demand';
  /** Of each node where they are shared out, else of all nodes. Null: not documented. */
  readonly ports: number | null;
  /** What `--load-balancer-outbound-ports` takes; null where the table is enough. */
  readonly outboundPorts: number | null;
  readonly effect: 'supports' | 'condition' | 'rules-out' | 'unknown';
  readonly text: string;
  /** Whether it is the number of addresses that is too small. */
  readonly because: 'connections' | 'addresses';
  readonly from: Pick<Limit, 'source' | 'read'>;
}

const number = (value: number): string => value.toLocaleString('en');
const addressWord = (count: number): string => `${number(count)} ${count === 1 ? 'address' : 'addresses'}`;

/** Returns the connections of the busiest node: what was said, or an even share. */
export function busiest({ nodes, connections, busiestNode }: EgressLoad): number | null {
  if (busiestNode !== null) return busiestNode;
  return connections === null ? null : Math.ceil(connections / nodes);
}

/** Ports in multiples of 8, the same for each node; as many addresses as they take. */
export function loadBalancerSize(load: EgressLoad): EgressSize {
  const { mostNodes, mostAddresses } = load;
  const need = busiest(load) ?? 0;
  const usual = defaultPortsPerNode(mostNodes, 1);
  const common = { allocation: 'each-node', from: DEFAULT_PORTS_PER_NODE } as const;
  if (usual !== null && need <= usual) {
    return {
      ...common,
      addresses: 1,
      ports: usual,
      outboundPorts: null,
      effect: 'supports',
      because: 'connections',
      text: `One address gives each of ${number(mostNodes)} nodes ${number(usual)} ports by the table${need === 0 ? '' : `, and the busiest needs ${number(need)}`}.`,
    };
  }
  const { step, highest } = ALLOCATED_OUTBOUND_PORTS.value;
  const ports = Math.max(step, Math.ceil(need / step) * step);
  const addresses = leastAddressesForPorts(mostNodes, ports);
  const found = { ...common, addresses, ports, outboundPorts: ports } as const;
  if (ports > highest) {
    return {
      ...found,
      effect: 'rules-out',
      because: 'connections',
      text: `${number(need)} connections of one node to one destination are more than the ${number(highest)} ports that a node can have.`,
    };
  }
  if (need === 0) {
    return {
      ...found,
      ports: null,
      outboundPorts: null,
      addresses: 1,
      effect: 'unknown',
      because: 'connections',
      text: `For ${number(mostNodes)} nodes no default is documented: the ports of a node must be set (--load-balancer-outbound-ports).`,
    };
  }
  const most = MANAGED_OUTBOUND_ADDRESSES.value.highest;
  const needs = `${number(mostNodes)} nodes with ${number(ports)} ports each take ${addressWord(addresses)}`;
  if (addresses > most) {
    return {
      ...found,
      effect: 'rules-out',
      because: 'connections',
      from: MANAGED_OUTBOUND_ADDRESSES,
      text: `${needs}, and AKS makes at most ${number(most)}.`,
    };
  }
  if (mostAddresses !== null && addresses > mostAddresses) {
    return {
      ...found,
      effect: 'rules-out',
      because: 'addresses',
      text: `${needs}: every node has its ports whether it needs them or not. Only ${number(mostAddresses)} may be seen.`,
    };
  }
  return {
    ...found,
    effect: 'condition',
    because: 'connections',
    text: `The busiest node needs ${number(need)} ports, and the table gives ${usual === null ? 'none for so many nodes' : number(usual)}: ${needs}, idle nodes included.`,
  };
}

/** Ports are given to whoever opens a connection; one destination has a cap per address. */
export function natGatewaySize(load: EgressLoad): EgressSize {
  return onDemand(load, {
    perAddress: NAT_GATEWAY_CONNECTIONS_TO_ONE_DESTINATION.value,
    ports: NAT_GATEWAY_PORTS_PER_ADDRESS.value,
    most: NAT_GATEWAY_ADDRESSES.value,
    what: 'a NAT gateway',
    from: NAT_GATEWAY_CONNECTIONS_TO_ONE_DESTINATION,
  });
}

/**
 * An Azure Firewall with as few instances as it always has. Where its ports are too few, a NAT gateway on
 * its subnet lends its own instead.
 */
export function firewallSize(load: EgressLoad): EgressSize {
  const perAddress = FIREWALL_PORTS_PER_ADDRESS.value * FIREWALL_INSTANCES.value.lowest;
  const alone = onDemand(load, {
    perAddress,
    ports: perAddress,
    most: FIREWALL_ADDRESSES.value.highest,
    what: 'an Azure Firewall of two instances',
    from: FIREWALL_PORTS_PER_ADDRESS,
  });
  const gateway = natGatewaySize(load);
  if (alone.effect === 'supports' || gateway.effect !== 'supports') return alone;
  return {
    ...gateway,
    effect: 'condition',
    from: FIREWALL_PORTS_PER_ADDRESS,
    text: `${alone.text} With a NAT gateway on AzureFirewallSubnet ${addressWord(gateway.addresses)} ${gateway.addresses === 1 ? 'is' : 'are'} enough, and ${gateway.addresses === 1 ? 'is' : 'are'} what is seen.`,
  };
}

interface OnDemand {
  /** Connections to one destination that one address carries. */
  readonly perAddress: number;
  readonly ports: number;
  readonly most: number;
  readonly what: string;
  readonly from: Limit;
}

function onDemand(load: EgressLoad, given: OnDemand): EgressSize {
  const { perAddress, most, what, from } = given;
  const { mostAddresses } = load;
  // Whoever names the busiest node only has at least as many connections.
  const need = Math.max(load.connections ?? 0, load.busiestNode ?? 0);
  const addresses = Math.max(1, Math.ceil(need / perAddress));
  const ports = addresses * given.ports;
  const common = { allocation: 'on-demand', addresses, ports, outboundPorts: null, from } as const;
  const carries = `${addressWord(addresses)} of ${what} ${addresses === 1 ? 'carries' : 'carry'} ${number(addresses * perAddress)} connections to one destination, shared by all nodes`;
  if (addresses > most) {
    return {
      ...common,
      effect: 'rules-out',
      because: 'connections',
      text: `${number(need)} connections to one destination take ${addressWord(addresses)} of ${what}, and it has at most ${number(most)}.`,
    };
  }
  if (mostAddresses !== null && addresses > mostAddresses) {
    return {
      ...common,
      effect: 'rules-out',
      because: 'addresses',
      text: `${number(need)} connections to one destination take ${addressWord(addresses)} of ${what}, and only ${number(mostAddresses)} may be seen.`,
    };
  }
  return { ...common, effect: 'supports', because: 'connections', text: `${carries}.` };
}
