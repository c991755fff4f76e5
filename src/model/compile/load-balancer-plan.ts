/** Which load balancers stand beside which VNet, by which cables, and what its fabric must know of them. */
import type { ArmKey } from '../azure/resources.ts';
import { armKey } from '../azure/resource-store.ts';
import { formatAddress, sameAddress } from '../ip/address.ts';
import type { Address } from '../ip/address.ts';
import type { HostId, InterfaceName } from '../network/network.ts';
import type { Inventory, NetworkPart, Port } from './inventory.ts';
import type { BalancerPart, InboundRule, PoolMember } from './load-balancers.ts';
import type { OutboundBalancer, OutboundPlan } from './outbound.ts';

/** Everything there is to know about one load balancer's place in the network. */
export interface BalancerPlan {
  readonly name: string;
  readonly host: HostId;
  /** The VNet it has cables to; null while it has no instances and no frontend in one. */
  readonly network: NetworkPart | null;
  /** Null for one that has only a way out. */
  readonly inbound: BalancerPart | null;
  /** One for each pool with a way out that somebody uses. */
  readonly outbound: readonly OutboundBalancer[];
}

/** What a fabric must know of the load balancers that hand it packets. */
export interface FabricBalancing {
  /** Cables by which replies of the sessions that they brought in leave, where a route leads to the internet. */
  readonly repliesToInternet: ReadonlySet<InterfaceName>;
  /** The same where any other system route would do. */
  readonly repliesElsewhere: ReadonlySet<InterfaceName>;
  /** Addresses of frontends whose packets a NIC gets unchanged, and may answer in their name. */
  readonly frontendsOf: (port: Port) => readonly Address[];
  /** Cables by which public load balancers hand sessions to a NIC. */
  readonly publicCablesOf: (
    port: Port,
  ) => readonly { readonly name: string; readonly cable: InterfaceName }[];
}

/** Returns the fabric's name of the cable for everything but packets to one chosen instance. */
export function balancerUplink({ host }: Pick<BalancerPlan, 'host'>): InterfaceName {
  return host;
}

/** Returns the fabric's name of the cable that delivers to one instance. */
export function deliveryCable({ host }: Pick<BalancerPlan, 'host'>, member: PoolMember): InterfaceName {
  return `${host} ${memberInterface(member)}`;
}

/** Returns the load balancer's name of that cable. */
export function memberInterface({ port, address }: PoolMember): InterfaceName {
  const [primary] = port.addresses;
  const alone = primary !== undefined && sameAddress(primary, address);
  return `to ${port.name}${alone ? '' : ` at ${formatAddress(address)}`}`;
}

/** Reports whether a rule serves those who name its frontend as the next hop of a route, whatever the destination. */
export function isNextHop({ rule, frontend }: InboundRule): boolean {
  return rule.protocol === 'All' && frontend.place.kind === 'subnet';
}

/** Returns the members that get packets for addresses that are not theirs, each once. */
export function deliveredMembers(balancer: BalancerPart): readonly PoolMember[] {
  const found = new Set<PoolMember>();
  for (const each of balancer.rules) {
    if (!each.rule.enableFloatingIP && !isNextHop(each)) continue;
    for (const member of each.members) found.add(member);
  }
  return [...found];
}

/** Returns all load balancers that packets can meet. */
export function planBalancers(
  inventory: Inventory,
  parts: readonly BalancerPart[],
  outbound: OutboundPlan,
): readonly BalancerPlan[] {
  const exits = new Map<HostId, { readonly network: NetworkPart; readonly pools: Set<OutboundBalancer> }>();
  for (const network of inventory.networks) {
    for (const port of network.ports) {
      for (const method of [outbound.of(port), outbound.ofPods(port)]) {
        if (method?.kind !== 'load-balancer') continue;
        const { balancer } = method;
        const known = exits.get(balancer.host);
        if (known === undefined) exits.set(balancer.host, { network, pools: new Set([balancer]) });
        else known.pools.add(balancer);
      }
    }
  }
  const inbound = parts.map((part): BalancerPlan => {
    const own = exits.get(part.host);
    exits.delete(part.host);
    return {
      name: part.resource.name,
      host: part.host,
      network: part.network ?? own?.network ?? null,
      inbound: part,
      outbound: [...(own?.pools ?? [])],
    };
  });
  const only = Array.from(exits, ([host, { network, pools }]): BalancerPlan => {
    const [first] = pools;
    return { name: first?.name ?? host, host, network, inbound: null, outbound: [...pools] };
  });
  return [...only, ...inbound];
}

/**
 * Returns what the fabric of a VNet must know of its load balancers; null where none takes sessions in.
 * `links` and `answering` are cables that bring sessions in beside them: Private Link's, and those from
 * the internet.
 */
export function fabricBalancing(
  network: NetworkPart,
  plans: readonly BalancerPlan[],
  links: readonly InterfaceName[],
  answering: readonly InterfaceName[],
): FabricBalancing | null {
  const here = plans.filter((each) => each.network === network && (each.inbound?.rules.length ?? 0) > 0);
  if (here.length === 0 && answering.length === 0) return null;
  const repliesToInternet = new Set<InterfaceName>(answering);
  // NAT addresses of Private Link belong to no NIC: what they brought in goes back by them.
  const repliesElsewhere = new Set<InterfaceName>(links);
  const frontends = new Map<ArmKey, Address[]>();
  const cables = new Map<ArmKey, { readonly name: string; readonly cable: InterfaceName }[]>();
  for (const plan of here) {
    for (const { rule, frontend, members } of plan.inbound?.rules ?? []) {
      const isPublic = frontend.place.kind === 'internet';
      // What the load balancer has translated must come back to it, whoever asked.
      if (!rule.enableFloatingIP) {
        repliesToInternet.add(balancerUplink(plan));
        repliesElsewhere.add(balancerUplink(plan));
      }
      for (const member of members) {
        const key = armKey(member.port.nic.id);
        const cable = rule.enableFloatingIP ? deliveryCable(plan, member) : balancerUplink(plan);
        if (isPublic) {
          repliesToInternet.add(cable);
          addOnce(cables, key, { name: plan.name, cable }, (a, b) => a.cable === b.cable);
        }
        if (rule.enableFloatingIP) addOnce(frontends, key, frontend.address, sameAddress);
      }
    }
  }
  return {
    repliesToInternet,
    repliesElsewhere,
    frontendsOf: (port) => frontends.get(armKey(port.nic.id)) ?? [],
    publicCablesOf: (port) => cables.get(armKey(port.nic.id)) ?? [],
  };
}

function addOnce<T>(lists: Map<ArmKey, T[]>, key: ArmKey, value: T, same: (a: T, b: T) => boolean): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else if (!list.some((each) => same(each, value))) list.push(value);
}
