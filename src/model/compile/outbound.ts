/**
 * How a NIC reaches the internet where a route leads there: the first that applies of the NAT gateway of its
 * subnet, its own public address, an outbound rule of a Standard load balancer, default outbound access
 * (https://learn.microsoft.com/azure/nat-gateway/nat-overview, traffic routes;
 * https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access). The page on
 * outbound connections of load balancers (2023-03-06) puts the NIC's own address before all others; the pages
 * on NAT gateways, which name it, are followed.
 */
import { armKey, getResource, listResources, sameId } from '../azure/resource-store.ts';
import type { ArmKey, LoadBalancer } from '../azure/resources.ts';
import { drawInteger, pinned } from '../chance.ts';
import { formatAddress } from '../ip/address.ts';
import type { Address } from '../ip/address.ts';
import { prefix, splitPrefix } from '../ip/prefix.ts';
import { DOCUMENTATION_RANGES } from '../limits/azure-network.ts';
import type { HostId, InterfaceName } from '../network/network.ts';
import { hostsOutside } from '../outside-host.ts';
import type { Report } from './diagnostics.ts';
import { EDGE_INTERFACE } from './fabric-interfaces.ts';
import { once } from '../once.ts';
import type { Inventory, Port, SubnetPart } from './inventory.ts';
import { natGateways } from './nat-gateway.ts';
import type { OutboundGateway } from './nat-gateway.ts';
import { instanceAddress, publicAddressOf } from './public-address.ts';
import type { PublicAddress } from './public-address.ts';

export type OutboundMethod =
  | { readonly kind: 'nat-gateway'; readonly gateway: OutboundGateway }
  | ({ readonly kind: 'instance-public-ip' } & PublicAddress)
  | { readonly kind: 'load-balancer'; readonly balancer: OutboundBalancer }
  | { readonly kind: 'default-outbound-access'; readonly address: Address }
  | {
      readonly kind: 'none';
      readonly why: string;
      readonly cause: WithoutWayOut;
      /** What would help, as a sentence without its end; absent where `why` says it. */
      readonly remedy?: string;
    };

export type WithoutWayOut = 'empty-gateway' | 'balancer-without-rule' | 'private-subnet';

/** A load balancer with a way out for one backend pool. */
export interface OutboundBalancer {
  readonly name: string;
  readonly host: HostId;
  /** The fabric's cable that packets of this pool leave by. */
  readonly exit: InterfaceName;
  readonly rules: readonly {
    readonly by: string;
    readonly protocol: 'All' | 'Tcp' | 'Udp';
    readonly addresses: readonly Address[];
  }[];
}

export interface OutboundPlan {
  /** For what a NIC sends from its own addresses. */
  readonly of: (port: Port) => OutboundMethod;
  /** For pods behind a NIC whose addresses are of a pod subnet; null where there is none. */
  readonly ofPods: (port: Port) => OutboundMethod | null;
  readonly balancers: readonly OutboundBalancer[];
  readonly gateways: readonly OutboundGateway[];
}

const WAYS_OUT =
  'a NAT gateway on the subnet, a public IP address on the NIC, an outbound rule of a Standard load balancer, or a route to an appliance would give it a way out';

/** Returns a function from NICs to their way out; `hosts` has the HostId of each load balancer. */
export function planOutbound(
  inventory: Inventory,
  hosts: ReadonlyMap<ArmKey, HostId>,
  report: Report,
): OutboundPlan {
  const { cloud } = inventory;
  const byPool = balancersByPool(inventory, hosts, report);
  const gateways = natGateways(inventory, report);
  const publicAddresses = new Set(
    [
      ...listResources(cloud, 'Microsoft.Network/publicIPAddresses').map((each) => each.ipAddress),
      ...hostsOutside(cloud).map((each) => each.address),
    ].filter((each) => each !== null),
  );
  const choose = (port: Port, subnet: SubnetPart): OutboundMethod => {
    const gateway = gateways.get(armKey(subnet.natGateway?.id ?? ''));
    if (gateway !== undefined) {
      if (gateway.addresses.length > 0) return { kind: 'nat-gateway', gateway };
      return {
        kind: 'none',
        cause: 'empty-gateway',
        why: `NAT gateway ${gateway.name} of subnet ${subnet.name} has no public IP address or prefix yet`,
      };
    }
    const own = instanceAddress(inventory, port);
    if (own !== null) return { kind: 'instance-public-ip', ...own };
    const pools = port.nic.ipConfigurations.flatMap((each) => each.loadBalancerBackendAddressPools);
    for (const pool of pools) {
      const balancer = byPool.get(armKey(pool.id));
      if (balancer !== undefined) return { kind: 'load-balancer', balancer };
    }
    if (pools.length > 0) {
      return {
        kind: 'none',
        cause: 'balancer-without-rule',
        why: 'its Standard load balancer has no outbound rule for it, which also ends default outbound access',
      };
    }
    if (subnet.subnet.defaultOutboundAccess === false) {
      return {
        kind: 'none',
        cause: 'private-subnet',
        why: `subnet ${subnet.name} is private, defaultOutboundAccess false`,
        remedy: WAYS_OUT,
      };
    }
    return {
      kind: 'default-outbound-access',
      address: defaultOutboundAddress(inventory, port, publicAddresses),
    };
  };
  const own = remembered((port) => choose(port, port.subnet));
  const pods = remembered((port) => {
    const subnet = port.owner.kind === 'node' ? port.owner.podSubnet?.subnet : undefined;
    return subnet === undefined ? null : choose(port, subnet);
  });
  return {
    balancers: [...new Set(byPool.values())],
    gateways: [...gateways.values()],
    of: own,
    ofPods: pods,
  };
}

function remembered<T>(choose: (port: Port) => T): (port: Port) => T {
  const memory = new Map<ArmKey, { readonly value: T }>();
  return (port) => {
    const key = armKey(port.nic.id);
    let known = memory.get(key);
    if (known === undefined) memory.set(key, (known = { value: choose(port) }));
    return known.value;
  };
}

/** Returns the fabric's cable that packets to the internet leave by. */
export function exitOf(method: OutboundMethod): InterfaceName {
  switch (method.kind) {
    case 'nat-gateway':
      return method.gateway.exit;
    case 'load-balancer':
      return method.balancer.exit;
    case 'instance-public-ip':
    case 'default-outbound-access':
    case 'none':
      return EDGE_INTERFACE;
  }
}

function balancersByPool(
  inventory: Inventory,
  hosts: ReadonlyMap<ArmKey, HostId>,
  report: Report,
): ReadonlyMap<ArmKey, OutboundBalancer> {
  const byPool = new Map<ArmKey, OutboundBalancer>();
  for (const balancer of listResources(inventory.cloud, 'Microsoft.Network/loadBalancers')) {
    const host = hosts.get(armKey(balancer.id)) ?? `lb/${balancer.name}`;
    let pools = 0;
    for (const pool of balancer.backendAddressPools) {
      const own = outboundRules(inventory, balancer, pool.id, report);
      const rules = own.length > 0 ? own : inboundRulesAsWayOut(inventory, balancer, pool.id);
      if (rules.length === 0) continue;
      const exit = pools === 0 ? host : `${host}/${pool.name}`;
      pools++;
      byPool.set(armKey(pool.id), { name: balancer.name, host, exit, rules });
    }
  }
  return byPool;
}

function outboundRules(
  inventory: Inventory,
  balancer: LoadBalancer,
  pool: string,
  report: Report,
): OutboundBalancer['rules'] {
  return balancer.outboundRules
    .filter((each) => sameId(each.backendAddressPool.id, pool))
    .map((each) => ({
      by: `outbound rule ${each.name} of load balancer ${balancer.name}`,
      protocol: each.protocol,
      addresses: each.frontendIPConfigurations.flatMap(({ id }) => {
        const block = frontendPrefix(inventory, balancer, id);
        if (block !== null) return block;
        const own = frontendAddress(inventory, balancer, id);
        if (own === null)
          report(
            `outbound rule ${each.name} of load balancer ${balancer.name}`,
            `has a frontend without a public address: ${id}`,
          );
        return own ?? [];
      }),
    }))
    .filter((each) => each.addresses.length > 0);
}

/**
 * Without an outbound rule, a pool leaves by the public frontend of a load-balancing rule that does not
 * say `disableOutboundSnat`, for the protocol of that rule
 * (https://learn.microsoft.com/azure/load-balancer/load-balancer-outbound-connections).
 */
function inboundRulesAsWayOut(
  inventory: Inventory,
  balancer: LoadBalancer,
  pool: string,
): OutboundBalancer['rules'] {
  const serving = balancer.loadBalancingRules.filter(
    (each) => !each.disableOutboundSnat && sameId(each.backendAddressPool?.id ?? '', pool),
  );
  return serving.flatMap((each) => {
    const address = frontendAddress(inventory, balancer, each.frontendIPConfiguration.id);
    if (address === null) return [];
    const by = `rule ${each.name} of load balancer ${balancer.name} (disableOutboundSnat false)`;
    return [{ by, protocol: each.protocol, addresses: [address] }];
  });
}

function frontendAddress(inventory: Inventory, balancer: LoadBalancer, id: string): Address | null {
  const frontend = balancer.frontendIPConfigurations.find((one) => sameId(one.id, id));
  return publicAddressOf(inventory, frontend?.publicIPAddress?.id ?? null)?.address ?? null;
}

/** The addresses of a frontend that is a whole prefix, or null. */
function frontendPrefix(inventory: Inventory, balancer: LoadBalancer, id: string): readonly Address[] | null {
  const frontend = balancer.frontendIPConfigurations.find((one) => sameId(one.id, id));
  if (frontend?.publicIPPrefix === undefined) return null;
  const found = getResource(
    inventory.cloud,
    frontend.publicIPPrefix.id,
    'Microsoft.Network/publicIPPrefixes',
  );
  return found === null ? null : splitPrefix(prefix(found.ipPrefix), 32).map(({ address }) => address);
}

/** Every address that may be drawn, with its text: the list is asked for each NIC, and made once. */
const documentedAddresses = once(() =>
  DOCUMENTATION_RANGES.value
    .flatMap((each) => splitPrefix(prefix(each), 32).slice(1, -1))
    .map(({ address }) => ({ address, text: formatAddress(address) })),
);

/** Microsoft owns the address and may change it; here it is drawn from the documentation ranges, apart from all others. */
function defaultOutboundAddress(inventory: Inventory, port: Port, taken: ReadonlySet<string>): Address {
  const { seed, pins } = inventory.cloud;
  const purpose = `public-ip/default-outbound/${port.nic.name}`;
  const fixed = inventory.text.address(pinned({ seed, pins }, purpose) ?? '');
  if (fixed !== null) return fixed;
  const all = documentedAddresses();
  const free = all.filter((each) => !taken.has(each.text));
  const drawn = (free.length > 0 ? free : all)[
    drawInteger({ seed, pins }, purpose, free.length || all.length)
  ];
  if (drawn === undefined) throw new Error('no documentation range to draw from');
  return drawn.address;
}
