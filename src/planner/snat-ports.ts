/** Source ports of a cluster behind its load balancer: what each node has, and what would give it enough. */
import { checkPortsOfNodes } from '../model/aks/outbound-ports.ts';
import type { AzureError } from '../model/azure/error.ts';
import { ALLOCATED_OUTBOUND_PORTS, MANAGED_OUTBOUND_ADDRESSES } from '../model/limits/aks.ts';
import { NAT_GATEWAY_ADDRESSES } from '../model/limits/nat-gateway.ts';
import {
  DEFAULT_PORTS_PER_NODE,
  LOAD_BALANCER_PORT_HOLD,
  NAT_GATEWAY_CONNECTIONS_TO_ONE_DESTINATION,
} from '../model/limits/snat.ts';
import {
  defaultPortsPerNode,
  leastAddressesForPorts,
  mostNodesWithPorts,
  portsPerNode,
  usablePorts,
} from '../model/snat/ports.ts';
import type { CountOrPercent } from './input.ts';
import { surgeNodes } from './kubenet-plan.ts';

export interface SnatPool {
  readonly name: string;
  readonly nodes: number;
  /** The autoscaler's maximum, or the nodes themselves. */
  readonly most: number;
  readonly surge: CountOrPercent;
}

export interface SnatInput {
  readonly pools: readonly SnatPool[];
  readonly addresses: number;
  /** Ports of each node; 0 leaves them to the table. */
  readonly allocated: number;
  /** Connections that one node must hold to one destination at once; null if nobody asks. */
  readonly connections: number | null;
}

/** The cluster at one size. */
export interface SnatMoment {
  readonly kind: 'now' | 'autoscaled' | 'upgrade';
  readonly nodes: number;
  /** Null where nothing is documented. */
  readonly portsPerNode: number | null;
  readonly needed: number | null;
  readonly available: number;
}

export interface TableRow {
  readonly from: number;
  readonly to: number;
  /** With the addresses that there are. */
  readonly ports: number;
}

/** Settings that give each node so many ports. */
export interface PortSettings {
  readonly addresses: number;
  readonly allocated: number;
}

export interface SnatPorts {
  /** Nodes that AKS counts: every pool at its maximum, with its surge. */
  readonly counted: number;
  readonly moments: readonly SnatMoment[];
  readonly table: readonly TableRow[];
  /** What AKS answers to these settings, or null if it takes them. */
  readonly refusal: AzureError | null;
  /** The next size at which the table gives less, if the table decides. */
  readonly boundary: {
    readonly nodes: number;
    readonly before: number;
    readonly after: number | null;
  } | null;
  /** Nodes at once that these addresses allow; by the table where nothing is fixed. */
  readonly mostNodes: number;
  /** The most ports that these addresses could give each counted node, in steps of 8. */
  readonly mostPorts: number;
  /** Addresses that the counted nodes need for the ports that are fixed; 1 where none are. */
  readonly leastAddresses: number;
  /** New connections per second and node that the ports of the largest size carry, if each is closed at once. */
  readonly perSecond: number | null;
  readonly wish: Wish | null;
}

export interface Wish {
  readonly connections: number;
  /** Whether every node has as many ports at every size. Null: nobody documents it. */
  readonly met: boolean | null;
  /** Settings of the load balancer that meet it, or null if none do. */
  readonly settings: PortSettings | null;
  /** Addresses of a NAT gateway that would meet it for all counted nodes, or null if 16 are too few. */
  readonly gatewayAddresses: number | null;
}

/** Returns what a cluster's nodes have, and what they would need. */
export function snatPorts(input: SnatInput): SnatPorts {
  const { addresses, allocated } = input;
  const now = sum(input.pools.map((each) => each.nodes));
  const most = sum(input.pools.map((each) => each.most));
  const counted = countedNodes(input.pools);
  const sizes = [
    { kind: 'now', nodes: now },
    ...(most === now ? [] : ([{ kind: 'autoscaled', nodes: most }] as const)),
    { kind: 'upgrade', nodes: counted },
  ] as const;
  const moments = sizes.map(({ kind, nodes }): SnatMoment => {
    const each = portsPerNode({ nodes, addresses, allocated });
    return {
      kind,
      nodes,
      portsPerNode: each,
      needed: each === null ? null : each * nodes,
      available: usablePorts(addresses),
    };
  });
  const check = checkPortsOfNodes({ allocated, addresses }, counted);
  const table = tableOf(addresses);
  const atLast = moments.at(-1)?.portsPerNode ?? null;
  return {
    counted,
    moments,
    table,
    refusal: check.ok ? null : check.error,
    boundary: allocated > 0 ? null : boundaryAfter(now, table),
    mostNodes: allocated > 0 ? mostNodesWithPorts(allocated, addresses) : (table.at(-1)?.to ?? 0),
    mostPorts: inSteps(Math.min(usablePorts(addresses) / counted, ALLOCATED_OUTBOUND_PORTS.value.highest)),
    leastAddresses: leastAddressesForPorts(counted, allocated),
    perSecond: atLast === null ? null : atLast / LOAD_BALANCER_PORT_HOLD.value.fin,
    wish: input.connections === null ? null : wishFor(input.connections, counted, moments),
  };
}

/** Returns the nodes that AKS counts, surge nodes of all pools included. */
export function countedNodes(pools: readonly SnatPool[]): number {
  return sum(pools.map(({ most, surge }) => most + surgeNodes(surge, most)));
}

function wishFor(connections: number, counted: number, moments: readonly SnatMoment[]): Wish {
  const ports = moments.map((each) => each.portsPerNode);
  const allDocumented = ports.filter((each) => each !== null);
  const short = allDocumented.some((each) => each < connections);
  const cap = NAT_GATEWAY_CONNECTIONS_TO_ONE_DESTINATION.value;
  const gateway = Math.ceil((connections * counted) / cap);
  return {
    connections,
    met: short ? false : allDocumented.length < ports.length ? null : true,
    settings: settingsFor(connections, counted),
    gatewayAddresses: gateway <= NAT_GATEWAY_ADDRESSES.value ? Math.max(1, gateway) : null,
  };
}

/** Returns the fewest addresses, and the fewest ports, that give each node so many; null if there are none. */
export function settingsFor(connections: number, counted: number): PortSettings | null {
  const { step, highest } = ALLOCATED_OUTBOUND_PORTS.value;
  const allocated = Math.ceil(connections / step) * step;
  const addresses = leastAddressesForPorts(counted, allocated);
  if (allocated > highest || addresses > MANAGED_OUTBOUND_ADDRESSES.value.highest) return null;
  return { addresses, allocated };
}

function tableOf(addresses: number): readonly TableRow[] {
  return DEFAULT_PORTS_PER_NODE.value.map(({ highest }, index, rows) => ({
    from: (rows[index - 1]?.highest ?? 0) + 1,
    to: highest,
    ports: defaultPortsPerNode(highest, addresses) ?? 0,
  }));
}

function boundaryAfter(nodes: number, table: readonly TableRow[]): SnatPorts['boundary'] {
  const at = table.findIndex((each) => nodes <= each.to);
  const row = table[at];
  if (row === undefined) return null;
  const next = table.slice(at + 1).find((each) => each.ports < row.ports) ?? null;
  const last = table.at(-1) ?? row;
  return {
    nodes: next?.from ?? last.to + 1,
    before: row.ports,
    after: next?.ports ?? null,
  };
}

function inSteps(ports: number): number {
  const { step } = ALLOCATED_OUTBOUND_PORTS.value;
  return Math.floor(ports / step) * step;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
