/**
 * Whether a virtual machine gets out to the internet: by the routes of its subnet, its security groups, and what it
 * leaves by where a route leads out (https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access).
 */
import { getResource, listResources, sameId } from '../azure/resource-store.ts';
import type { NetworkInterface, SubResource } from '../azure/resources.ts';
import type { Cloud } from '../cloud.ts';
import { address } from '../ip/address.ts';
import type { Address } from '../ip/address.ts';
import { egressPathOf, publicRange } from './egress-path.ts';
import { askGroups } from './network-end.ts';
import type { NetworkEnd } from './network-end.ts';
import { whyNoNames } from './node-dns.ts';
import { askFirewall } from './required-egress.ts';

/** Stands for a name's address that nobody in the simulation has. */
const SOMEWHERE = address('150.171.69.10');

export interface OutboundTarget {
  readonly host: string;
  /** Null where nobody in the simulation knows it. */
  readonly address: Address | null;
  readonly port: number;
}

export type WayOut =
  | { readonly kind: 'out' | 'unknown' }
  /** A clause. */
  | { readonly kind: 'none'; readonly why: string };

/** Returns whether a machine reaches a server of the internet by https. */
export function machineWayOut(
  cloud: Cloud,
  machine: NetworkEnd,
  nic: NetworkInterface,
  target: OutboundTarget,
): WayOut {
  const { subnet } = machine;
  const nameless = whyNoNames(cloud, machine, target.host);
  if (nameless !== null) return { kind: 'none', why: nameless };
  const groups = askGroups(cloud, machine, 'Outbound', {
    address: target.address ?? SOMEWHERE,
    port: target.port,
  });
  if (groups.kind === 'deny') return { kind: 'none', why: groups.why };
  const path = egressPathOf(cloud, subnet.id, target.address);
  switch (path.kind) {
    case 'unknown':
      return { kind: 'unknown' };
    case 'blocked':
      return { kind: 'none', why: path.why };
    case 'firewall': {
      const answer = askFirewall(cloud, path.firewall, machine.address, {
        host: target.host,
        address: target.address,
        protocol: 'tcp',
        port: target.port,
        request: 'https',
      });
      if (answer.kind === 'denied') {
        return {
          kind: 'none',
          why: `route ${path.route.name} of subnet ${subnet.name} leads to ${answer.why}`,
        };
      }
      return { kind: groups.kind === 'unknown' || answer.kind === 'unknown' ? 'unknown' : 'out' };
    }
    case 'edge': {
      const why = whyNoExit(cloud, machine, nic);
      if (why !== null) return { kind: 'none', why };
      return { kind: groups.kind === 'unknown' ? 'unknown' : 'out' };
    }
  }
}

/** The first that there is decides: NAT gateway, its own public address, a load balancer, default outbound access. */
function whyNoExit(cloud: Cloud, { subnet }: NetworkEnd, nic: NetworkInterface): string | null {
  if (subnet.natGateway !== undefined) {
    const gateway = getResource(cloud, subnet.natGateway.id, 'Microsoft.Network/natGateways');
    const addresses =
      gateway === null ? 0 : gateway.publicIpAddresses.length + gateway.publicIpPrefixes.length;
    if (gateway !== null && addresses > 0) return null;
    if (gateway !== null) return `NAT gateway ${gateway.name} of subnet ${subnet.name} has no public address`;
  }
  if (nic.ipConfigurations.some(({ publicIPAddress }) => isPublic(cloud, publicIPAddress))) return null;
  const pools = nic.ipConfigurations.flatMap((each) => each.loadBalancerBackendAddressPools);
  if (pools.length > 0) {
    return pools.some(({ id }) => leavesBy(cloud, id))
      ? null
      : 'its load balancer has no outbound rule for it, which also ends default outbound access';
  }
  return subnet.defaultOutboundAccess === false
    ? `subnet ${subnet.name} is private and has no NAT gateway, and the machine has no public address`
    : null;
}

function isPublic(cloud: Cloud, at: SubResource | null): boolean {
  return at !== null && publicRange(cloud, at.id).length > 0;
}

/** Reports whether a load balancer has an outbound rule for a pool, or a rule that serves as one. */
function leavesBy(cloud: Cloud, pool: string): boolean {
  return listResources(cloud, 'Microsoft.Network/loadBalancers').some((balancer) => {
    const frontends = [
      ...balancer.outboundRules
        .filter((each) => sameId(each.backendAddressPool.id, pool))
        .flatMap((each) => each.frontendIPConfigurations),
      ...balancer.loadBalancingRules
        .filter((each) => !each.disableOutboundSnat && sameId(each.backendAddressPool?.id ?? '', pool))
        .map((each) => each.frontendIPConfiguration),
    ];
    return frontends.some(({ id }) => {
      const frontend = balancer.frontendIPConfigurations.find((each) => sameId(each.id, id));
      const held = [frontend?.publicIPAddress, frontend?.publicIPPrefix];
      return held.some((each) => each !== undefined && isPublic(cloud, each));
    });
  });
}
