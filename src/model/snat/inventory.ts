/**
 * The source ports that a way out has, by method. An inventory is what flows compete for: all nodes of a
 * NAT gateway's subnets share one, each node behind a load balancer has one of its own.
 *
 * Ports are counted over all addresses of a way out, so which of them a connection gets never decides
 * whether there is one. A NAT gateway and a firewall pick it at random. Of a load balancer, one page says
 * that frontends are used one after the other (load-balancer-outbound-connections, 2022-03-01), and the
 * REST text of outbound rules that traffic is spread at random. The network takes the hash of the flow for
 * all of them (`source-pool`): any address must be expected, and a run can be repeated.
 */

/** Ports that are given to each machine beforehand: a load balancer's outbound rule. */
export interface LoadBalancerInventory {
  readonly method: 'load-balancer';
  /** Of this machine, over all frontend addresses. */
  readonly ports: number;
  readonly idleTimeoutInMinutes: number;
}

/** Ports given when a connection is opened, to whoever opens it. */
export interface NatGatewayInventory {
  readonly method: 'nat-gateway';
  readonly addresses: number;
  readonly idleTimeoutInMinutes: number;
}

/** A machine's own public address: its ports are those that its operating system uses. */
export interface InstanceAddressInventory {
  readonly method: 'instance-public-ip';
}

/** Ports of each address on each instance of an Azure Firewall. */
export interface FirewallInventory {
  readonly method: 'firewall';
  readonly addresses: number;
  readonly instances: number;
}

export type PortInventory =
  LoadBalancerInventory | NatGatewayInventory | InstanceAddressInventory | FirewallInventory;

/** An inventory at one moment. Counts are connections or ports, never negative. */
export interface InventoryState {
  /** Ports that are taken towards at least one destination, per protocol. */
  readonly usedPorts: { readonly tcp: number; readonly udp: number };
  readonly destinations: readonly DestinationState[];
}

/** Flows of one protocol to one destination. UDP ports of a load balancer count per address: `port` is null. */
export interface DestinationState {
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number | null;
  /** Connections that are open. */
  readonly open: number;
  /** Ports that are taken towards this destination, those that wait to be used again included. */
  readonly taken: number;
  /** How many more could be opened this moment. */
  readonly free: number;
  readonly attempted: number;
  readonly failed: number;
}
