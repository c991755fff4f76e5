/** The source ports that a steady load takes, behind a NAT gateway and behind whatever could stand there instead. */
import { nodesOf } from '../model/aks/upgrade-plan.ts';
import { DEFAULT_MAX_SURGE } from '../model/limits/aks.ts';
import { NAT_GATEWAY_ADDRESSES } from '../model/limits/nat-gateway.ts';
import {
  FIREWALL_ADDRESSES,
  NAT_GATEWAY_CONNECTIONS,
  NAT_GATEWAY_CONNECTIONS_TO_ONE_DESTINATION,
  NAT_GATEWAY_PORTS_PER_ADDRESS,
} from '../model/limits/snat.ts';
import { connectionLife } from '../model/snat/connection-life.ts';
import type { PortInventory } from '../model/snat/inventory.ts';
import type { ConnectionEnd } from '../model/snat/load.ts';
import { defaultPortsPerNode, inventorySize } from '../model/snat/ports.ts';
import { settingsFor } from './snat-ports.ts';
import type { PortSettings } from './snat-ports.ts';

/** Connections of all nodes together, spread evenly over the destinations and over the nodes. */
export interface SteadyLoad {
  readonly protocol: 'tcp' | 'udp';
  /** Connections that stay open. */
  readonly kept: number;
  /** New connections per second besides; may be a fraction. */
  readonly perSecond: number;
  /** Seconds that each of those carries data. */
  readonly openFor: number;
  readonly end: ConnectionEnd;
  /** Pairs of address and port, each address once. */
  readonly destinations: number;
}

export interface NatGatewayInput {
  readonly load: SteadyLoad;
  readonly idleTimeoutInMinutes: number;
  /** Null asks for the fewest. */
  readonly addresses: number | null;
  readonly nodes: number;
  readonly balancerIdleTimeoutInMinutes: number;
  readonly firewallInstances: number;
}

/** What is taken towards one destination at the worst moment; Infinity where it never stops growing. */
export interface Taken {
  readonly open: number;
  /** Ports that wait to be used again. */
  readonly waiting: number;
  readonly ports: number;
  /** How long a port waits, in seconds. */
  readonly hold: number;
}

export type Shortage = 'ports' | 'connections-to-one-destination' | 'connections' | null;

export interface NatGatewayPlan {
  readonly taken: Taken;
  /** Open connections to all destinations. */
  readonly connections: number;
  /** Addresses that the load needs on one gateway, were there no limit to them. */
  readonly addressesNeeded: number;
  /** Gateways that the load needs, each with its own subnets and as many addresses as it may have. */
  readonly gatewaysNeeded: number;
  /** Addresses that are judged: those given, or those needed, but at most 16. */
  readonly addresses: number;
  readonly ports: number;
  readonly connectionsToOneDestination: number;
  /** What those addresses lack. */
  readonly shortage: Shortage;
  /** The most new connections per second that they carry; null where new ones take nothing. */
  readonly mostPerSecond: number | null;
  readonly others: readonly OtherMethod[];
}

/** The same load on another way out. */
export type OtherMethod =
  | {
      readonly method: 'load-balancer';
      /** Of one node. */
      readonly taken: Taken;
      /** Nodes that AKS counts: those of an upgrade with the default surge too. */
      readonly counted: number;
      /** What the table gives them with one address; null above it. */
      readonly defaultPorts: number | null;
      /** Fixed ports and addresses for all of them; null if there are none. */
      readonly settings: PortSettings | null;
    }
  | {
      readonly method: 'firewall';
      readonly taken: Taken;
      readonly instances: number;
      /** Null if not even the most would do. */
      readonly addresses: number | null;
    }
  | {
      readonly method: 'instance-public-ip';
      /** Of one node. UDP: towards all destinations, since a socket has its port for itself. */
      readonly taken: Taken;
      readonly ports: number;
      readonly fits: boolean;
    };

/** Returns what a load takes of one NAT gateway, and of other ways out. */
export function natGatewayPlan(input: NatGatewayInput): NatGatewayPlan {
  const { load, idleTimeoutInMinutes } = input;
  const gateway = (addresses: number): PortInventory => ({
    method: 'nat-gateway',
    addresses,
    idleTimeoutInMinutes,
  });
  const taken = takenOf(gateway(1), load, 1);
  const connections = taken.open * load.destinations;
  const perAddress = NAT_GATEWAY_CONNECTIONS_TO_ONE_DESTINATION.value;
  const addressesNeeded = Math.max(
    1,
    Math.ceil(taken.open / perAddress),
    Math.ceil(taken.ports / NAT_GATEWAY_PORTS_PER_ADDRESS.value),
  );
  const addresses = input.addresses ?? Math.min(addressesNeeded, NAT_GATEWAY_ADDRESSES.value);
  const size = inventorySize(gateway(addresses));
  return {
    taken,
    connections,
    addressesNeeded,
    gatewaysNeeded: Math.max(
      Math.ceil(addressesNeeded / NAT_GATEWAY_ADDRESSES.value),
      Math.ceil(connections / NAT_GATEWAY_CONNECTIONS.value),
    ),
    addresses,
    ports: size.ports,
    connectionsToOneDestination: size.connectionsToOneDestination,
    shortage:
      taken.open > size.connectionsToOneDestination
        ? 'connections-to-one-destination'
        : taken.ports > size.ports
          ? 'ports'
          : connections > size.connections
            ? 'connections'
            : null,
    mostPerSecond: mostPerSecond(gateway(addresses), load),
    others: othersOf(input),
  };
}

/**
 * Returns what a load takes towards one destination when it has run for long enough. `share` is how many
 * machines with inventories of their own divide it.
 */
export function takenOf(inventory: PortInventory, load: SteadyLoad, machines: number): Taken {
  const { open, hold } = secondsOf(inventory, load);
  const kept = Math.ceil(load.kept / load.destinations / machines);
  const rate = load.perSecond / load.destinations / machines;
  // Nothing new takes nothing, even where a connection never ends; each new one takes a port, however short.
  const during = (seconds: number): number => (rate === 0 ? 0 : Math.max(1, wholeUp(rate * seconds)));
  const opened = kept + during(open);
  const ports = kept + during(open + hold);
  return { open: opened, waiting: ports === opened ? 0 : ports - opened, ports, hold };
}

function secondsOf(
  inventory: PortInventory,
  { protocol, openFor, end }: SteadyLoad,
): { readonly open: number; readonly hold: number } {
  const { closes, hold } = connectionLife(inventory, {
    protocol,
    destination: { address: '', port: 0 },
    start: 0,
    connections: 1,
    perSecond: null,
    openFor,
    end,
    stop: null,
  });
  return { open: closes(0), hold };
}

function mostPerSecond(inventory: PortInventory, load: SteadyLoad): number | null {
  const { open, hold } = secondsOf(inventory, load);
  const size = inventorySize(inventory);
  const kept = Math.ceil(load.kept / load.destinations);
  const openEach = Math.min(
    size.connectionsToOneDestination,
    Math.floor(size.connections / load.destinations),
  );
  const most = Math.min(each(openEach - kept, open), each(size.ports - kept, open + hold));
  return most === Infinity ? null : Math.max(0, most * load.destinations);
}

function each(room: number, seconds: number): number {
  return seconds === 0 ? Infinity : room / seconds;
}

function othersOf(input: NatGatewayInput): readonly OtherMethod[] {
  const { load, nodes } = input;
  const ofNode = takenOf(
    { method: 'load-balancer', ports: 0, idleTimeoutInMinutes: input.balancerIdleTimeoutInMinutes },
    load,
    nodes,
  );
  const counted = nodes + nodesOf(DEFAULT_MAX_SURGE.value, nodes);
  const firewall = { method: 'firewall', addresses: 1, instances: input.firewallInstances } as const;
  const behindFirewall = takenOf(firewall, load, 1);
  const firewallAddresses = Math.max(1, Math.ceil(behindFirewall.ports / inventorySize(firewall).ports));
  const own = { method: 'instance-public-ip' } as const;
  const { ports, udpPortsAreShared } = inventorySize(own);
  const ofOwn = takenOf(own, load, nodes);
  const times = load.protocol === 'udp' && !udpPortsAreShared ? load.destinations : 1;
  return [
    {
      method: 'load-balancer',
      taken: ofNode,
      counted,
      defaultPorts: defaultPortsPerNode(counted, 1),
      settings: settingsFor(Math.max(1, ofNode.ports), counted),
    },
    {
      method: 'firewall',
      taken: behindFirewall,
      instances: input.firewallInstances,
      addresses: firewallAddresses <= FIREWALL_ADDRESSES.value.highest ? firewallAddresses : null,
    },
    {
      method: 'instance-public-ip',
      taken: {
        ...ofOwn,
        open: ofOwn.open * times,
        waiting: ofOwn.waiting * times,
        ports: ofOwn.ports * times,
      },
      ports,
      fits: ofOwn.ports * times <= ports,
    },
  ];
}

/** Rounds up, but not for what only the machine's arithmetic has added. */
function wholeUp(value: number): number {
  if (value === Infinity) return value;
  return Math.ceil(value - 1e-9 * Math.max(1, value));
}
