/** What the SNAT port calculator says about its numbers. */
import { ALLOCATED_OUTBOUND_PORTS, MANAGED_OUTBOUND_ADDRESSES } from '../../model/limits/aks.ts';
import { DEFAULT_PORTS_PER_NODE, LOAD_BALANCER_PORT_HOLD } from '../../model/limits/snat.ts';
import type { PortSettings, SnatInput, SnatMoment, SnatPorts } from '../snat-ports.ts';

export function number(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 2 });
}

export const MOMENTS: Readonly<Record<SnatMoment['kind'], string>> = {
  now: 'Now',
  autoscaled: "At the autoscaler's maximum",
  upgrade: 'With the surge of every pool',
};

/** `1 address`, `2 addresses`. */
export function addressesText(count: number): string {
  return `${number(count)} ${count === 1 ? 'address' : 'addresses'}`;
}

/** `1 node`, `2 nodes`. */
export function nodesText(count: number): string {
  return `${number(count)} ${count === 1 ? 'node' : 'nodes'}`;
}

/** The answer in one sentence. */
export function snatVerdict({ addresses, allocated }: SnatInput, plan: SnatPorts): string {
  const { refusal, wish, moments, counted } = plan;
  if (refusal !== null) {
    const available = moments[0]?.available ?? 0;
    return `AKS refuses this: ${nodesText(counted)} with ${number(allocated)} ports each need ${number(counted * allocated)}, and ${addressesText(addresses)} ${addresses === 1 ? 'has' : 'have'} ${number(available)}.`;
  }
  const unknown = moments.find((each) => each.portsPerNode === null);
  const short = moments.find(
    (each) => each.portsPerNode !== null && wish !== null && each.portsPerNode < wish.connections,
  );
  if (wish !== null && short !== undefined) {
    return `Too few: with ${nodesText(short.nodes)} each has ${number(short.portsPerNode ?? 0)} ports, and needs ${number(wish.connections)} towards one destination.`;
  }
  if (unknown !== undefined) {
    return `Undetermined: Azure's table ends at ${number(lastRow())} nodes, and ${unknown.kind === 'now' ? 'there are' : 'there may be'} ${number(unknown.nodes)}.`;
  }
  const first = moments[0]?.portsPerNode ?? 0;
  const last = moments.at(-1)?.portsPerNode ?? 0;
  if (wish !== null) {
    return `Enough: each node has ${number(last)} ports${last === first ? '' : ` even in an upgrade`}, and needs ${number(wish.connections)} towards one destination.`;
  }
  if (allocated > 0) {
    return `AKS takes this: ${nodesText(counted)} with ${number(allocated)} ports each ${counted === 1 ? 'needs' : 'need'} ${number(counted * allocated)} of ${number(moments[0]?.available ?? 0)}.`;
  }
  if (first === last) return `Each node has ${number(first)} ports, in an upgrade as well.`;
  return `Each node has ${number(first)} ports now, and ${number(last)} once there are ${nodesText(plan.counted)}.`;
}

/** Settings that are worth a command, and why: what was asked for, or what would be accepted instead. */
export function proposalOf(input: SnatInput, plan: SnatPorts): PortSettings | null {
  const { wish, refusal } = plan;
  if (wish !== null && (wish.met !== true || refusal !== null)) return wish.settings;
  const documented = plan.moments.every((each) => each.portsPerNode !== null);
  if (!documented) return { addresses: input.addresses, allocated: plan.mostPorts };
  if (refusal === null) return { addresses: input.addresses, allocated: input.allocated };
  if (plan.leastAddresses <= MANAGED_OUTBOUND_ADDRESSES.value.highest) {
    return { addresses: plan.leastAddresses, allocated: input.allocated };
  }
  return { addresses: input.addresses, allocated: plan.mostPorts };
}

export function updateLine({ addresses, allocated }: PortSettings): string {
  return `az aks update --resource-group GROUP --name CLUSTER --load-balancer-managed-outbound-ip-count ${addresses} --load-balancer-outbound-ports ${allocated}`;
}

export function snatAdvice(input: SnatInput, plan: SnatPorts): readonly string[] {
  const { wish, refusal, counted } = plan;
  const advice: string[] = [];
  const most = ALLOCATED_OUTBOUND_PORTS.value.highest;
  if (refusal !== null) {
    advice.push(
      plan.leastAddresses <= MANAGED_OUTBOUND_ADDRESSES.value.highest
        ? `${addressesText(plan.leastAddresses)} would do for these ports, or ${number(plan.mostPorts)} ports for each node with ${addressesText(input.addresses)}.`
        : `No number of addresses that AKS manages (at most ${MANAGED_OUTBOUND_ADDRESSES.value.highest}) does for these ports; ${number(plan.mostPorts)} ports for each node would fit.`,
    );
  }
  if (wish !== null && (wish.met !== true || refusal !== null)) {
    if (wish.settings !== null) {
      advice.push(
        `For ${number(wish.connections)} connections: ${number(wish.settings.allocated)} ports for each of ${nodesText(counted)}, which ${addressesText(wish.settings.addresses)} ${wish.settings.addresses === 1 ? 'has' : 'have'}.`,
      );
    } else if (wish.connections > most) {
      advice.push(
        `No outbound rule gives a node more than ${number(most)} ports: spread the work over more nodes, or over several destinations.`,
      );
    } else {
      advice.push(
        `More than ${MANAGED_OUTBOUND_ADDRESSES.value.highest} managed addresses would be needed: lower the nodes or the connections.`,
      );
    }
    advice.push(
      wish.gatewayAddresses === null
        ? `${number(wish.connections * counted)} connections of all nodes to one destination are too many for one NAT gateway too.`
        : `A NAT gateway shares its ports on demand: ${addressesText(wish.gatewayAddresses)} would do for all nodes together.`,
    );
    advice.push(
      'Fewer connections are the better cure: keep-alive, pools, Private Link for services of Azure.',
    );
  }
  return advice;
}

export function snatWarnings(input: SnatInput, plan: SnatPorts): readonly string[] {
  const { boundary, moments, counted } = plan;
  const warnings: string[] = [];
  const first = moments[0];
  if (boundary !== null && first !== undefined && counted >= boundary.nodes) {
    const crossed = moments.find((each) => each.nodes >= boundary.nodes);
    const when = crossed?.kind === 'autoscaled' ? 'when the autoscaler gets there' : 'in an upgrade';
    warnings.push(
      boundary.after === null
        ? `Past ${number(boundary.nodes - 1)} nodes, which is reached ${when}, nothing is documented: set the ports yourself, or use a NAT gateway.`
        : `Node ${number(boundary.nodes)} takes ports from the others ${when}: each falls from ${number(boundary.before)} to ${number(boundary.after)}, and connections on the ports that it loses time out.`,
    );
  }
  if (input.allocated > 0 && plan.refusal === null && input.addresses > plan.leastAddresses) {
    warnings.push(
      `${addressesText(plan.leastAddresses)} would be enough: while the ports are fixed, more addresses give a node none.`,
    );
  }
  return warnings;
}

/** Every connection to the same address and port needs a port of its own. */
export function togetherText({ moments }: SnatPorts): string {
  const ports = moments.at(-1)?.portsPerNode ?? null;
  return ports === null
    ? 'not documented'
    : `${number(ports)} of each node to one address and port (UDP: to one address)`;
}

/** How fast ports come back decides how many new connections they carry. */
export function paceText(plan: SnatPorts): string {
  if (plan.perSecond === null) return 'not documented';
  return `${number(Math.floor(plan.perSecond * 100) / 100)} per second and node (a port comes back ${LOAD_BALANCER_PORT_HOLD.value.fin} seconds after its connection is closed)`;
}

export function boundaryText({ boundary, moments }: SnatPorts): string {
  if (boundary === null) {
    return moments[0]?.portsPerNode === null
      ? `none: the table ends at ${nodesText(lastRow())}`
      : 'none: the ports are fixed';
  }
  if (boundary.after === null) return `${number(boundary.nodes)} nodes: nothing is documented from there on`;
  return `${number(boundary.nodes)} nodes: ${number(boundary.after)} instead of ${number(boundary.before)} ports each`;
}

function lastRow(): number {
  return DEFAULT_PORTS_PER_NODE.value.at(-1)?.highest ?? 0;
}
