/** How many source ports each method has, and how those of a load balancer are shared out. */
import { PORTS_PER_ADDRESS } from '../limits/aks.ts';
import {
  DEFAULT_PORTS_PER_NODE,
  EPHEMERAL_PORTS,
  FIREWALL_PORTS_PER_ADDRESS,
  MOST_DEFAULT_PORTS_PER_NODE,
  NAT_GATEWAY_CONNECTIONS,
  NAT_GATEWAY_CONNECTIONS_TO_ONE_DESTINATION,
  NAT_GATEWAY_PORTS_PER_ADDRESS,
} from '../limits/snat.ts';
import type { PortInventory } from './inventory.ts';

/** Returns the ports that a load balancer's addresses have for outbound flows, per protocol. */
export function usablePorts(addresses: number): number {
  return addresses * PORTS_PER_ADDRESS.value;
}

/**
 * Returns the ports of each node where nobody fixed a number, or null above the documented table. Zero
 * nodes have what the first would get.
 */
export function defaultPortsPerNode(nodes: number, addresses: number): number | null {
  const row = DEFAULT_PORTS_PER_NODE.value.find((each) => nodes <= each.highest);
  if (row === undefined) return null;
  return Math.min(row.ports * addresses, MOST_DEFAULT_PORTS_PER_NODE.value);
}

/** Returns the ports of each node of a pool: those that were fixed, or for 0 those of the table. */
export function portsPerNode(outbound: {
  readonly nodes: number;
  readonly addresses: number;
  readonly allocated: number;
}): number | null {
  if (outbound.allocated > 0) return outbound.allocated;
  return defaultPortsPerNode(outbound.nodes, outbound.addresses);
}

/** Returns the nodes that can have so many ports each. Rounded down: the platform refuses one port too many. */
export function mostNodesWithPorts(ports: number, addresses: number): number {
  return Math.floor(usablePorts(addresses) / ports);
}

/** Returns the addresses that so many nodes need to have so many ports each; at least 1. */
export function leastAddressesForPorts(nodes: number, ports: number): number {
  return Math.max(1, Math.ceil((nodes * ports) / PORTS_PER_ADDRESS.value));
}

/** What an inventory can hold at once, per protocol unless it says otherwise. */
export interface InventorySize {
  /** Ports; none towards one destination twice. */
  readonly ports: number;
  /** Connections to one destination; Infinity where only the ports bound them. */
  readonly connectionsToOneDestination: number;
  /** Connections of both protocols to all destinations; Infinity where only the ports bound them. */
  readonly connections: number;
  /** Whether one UDP port serves several destinations. */
  readonly udpPortsAreShared: boolean;
}

/** Returns what an inventory can hold at once. */
export function inventorySize(inventory: PortInventory): InventorySize {
  switch (inventory.method) {
    case 'load-balancer':
      return onlyPorts(inventory.ports);
    case 'nat-gateway':
      return {
        ports: inventory.addresses * NAT_GATEWAY_PORTS_PER_ADDRESS.value,
        connectionsToOneDestination: inventory.addresses * NAT_GATEWAY_CONNECTIONS_TO_ONE_DESTINATION.value,
        connections: NAT_GATEWAY_CONNECTIONS.value,
        udpPortsAreShared: true,
      };
    case 'instance-public-ip':
      // Linux binds a UDP socket to a port that no other UDP socket has, before it knows where it connects to.
      return {
        ...onlyPorts(EPHEMERAL_PORTS.value.highest - EPHEMERAL_PORTS.value.lowest + 1),
        udpPortsAreShared: false,
      };
    case 'firewall':
      return onlyPorts(inventory.addresses * inventory.instances * FIREWALL_PORTS_PER_ADDRESS.value);
  }
}

function onlyPorts(ports: number): InventorySize {
  return {
    ports,
    connectionsToOneDestination: Infinity,
    connections: Infinity,
    udpPortsAreShared: true,
  };
}
