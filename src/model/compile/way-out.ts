/** What the fabric asks about packets that leave for the internet: whether their way out serves their source. */
import type { Address } from '../ip/address.ts';
import { setComplement, setOf, setOfAddresses, setSubtract, setUnion } from '../ip/address-set.ts';
import type { FilterChain } from '../network/network.ts';
import type { Port, SubnetPart } from './inventory.ts';
import { exitOf } from './outbound.ts';
import type { OutboundMethod } from './outbound.ts';

/** Pods behind a NIC whose addresses are of a pod subnet. */
export interface PodSources {
  readonly subnet: SubnetPart;
  readonly addresses: readonly Address[];
  readonly outbound: OutboundMethod;
}

/**
 * A packet to the internet needs a public source, and no outbound method serves foreign sources. An outbound
 * rule applies to the primary IP configuration alone
 * (https://learn.microsoft.com/azure/load-balancer/outbound-rules, limitations); a NAT gateway to all of them
 * (https://learn.microsoft.com/azure/nat-gateway/nat-overview).
 */
export function wayOut(port: Port, outbound: OutboundMethod, pods: PodSources | null): FilterChain {
  const ofPods = pods === null ? setOfAddresses([]) : setOf(pods.subnet.prefix);
  if (outbound.kind === 'none') {
    return noWayOut(
      port,
      `NIC ${port.label} (no way to the internet: ${outbound.why})`,
      {
        outInterface: exitOf(outbound),
        ...(pods === null ? {} : { source: setComplement(ofPods) }),
      },
      outbound.remedy,
    );
  }
  const primary = outbound.kind === 'load-balancer';
  const served = setOfAddresses(primary ? port.addresses.slice(0, 1) : port.addresses);
  const what = primary ? 'primary address' : 'addresses';
  return noWayOut(
    port,
    `${describeOutbound(outbound)} (it serves only the ${what} of NIC ${port.label} itself)`,
    {
      outInterface: exitOf(outbound),
      source: setComplement(setUnion(served, ofPods)),
    },
  );
}

/**
 * Pods of a pod subnet leave by that subnet's NAT gateway, not by their node's; without one, a load
 * balancer's outbound rule serves them as it serves their node.
 */
export function podWayOut(port: Port, pods: PodSources): FilterChain {
  const { outbound, subnet } = pods;
  const range = setOf(subnet.prefix);
  const outInterface = exitOf(outbound);
  switch (outbound.kind) {
    case 'none':
      return noWayOut(
        port,
        `pods of pod subnet ${subnet.name} (no way to the internet: ${outbound.why})`,
        { outInterface, source: range },
        outbound.remedy,
      );
    case 'nat-gateway':
    case 'load-balancer':
      return noWayOut(
        port,
        `${describeOutbound(outbound)} (it serves only the pods of NIC ${port.label} itself)`,
        { outInterface, source: setSubtract(range, setOfAddresses(pods.addresses)) },
      );
    case 'instance-public-ip':
    case 'default-outbound-access':
      return {
        by: describeOutbound(outbound),
        hook: 'routed',
        interface: port.name,
        only: { outInterface, source: range },
        rules: [],
        otherwise: {
          kind: 'undetermined',
          reason: `how pods of pod subnet ${subnet.name} reach the internet by ${describeOutbound(outbound)} is not simulated`,
        },
      };
  }
}

function noWayOut(
  port: Port,
  by: string,
  only: NonNullable<FilterChain['only']>,
  remedy?: string,
): FilterChain {
  return {
    by,
    hook: 'routed',
    interface: port.name,
    only,
    rules: [],
    otherwise: {
      kind: 'drop',
      disposition: 'no-outbound-path',
      ...(remedy === undefined ? {} : { why: remedy }),
    },
  };
}

function describeOutbound(outbound: Exclude<OutboundMethod, { kind: 'none' }>): string {
  switch (outbound.kind) {
    case 'nat-gateway':
      return `NAT gateway ${outbound.gateway.name}`;
    case 'instance-public-ip':
      return `public IP ${outbound.name}`;
    case 'load-balancer':
      return `outbound rule of load balancer ${outbound.balancer.name}`;
    case 'default-outbound-access':
      return 'default outbound access';
  }
}
