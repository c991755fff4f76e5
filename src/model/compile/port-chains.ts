/**
 * What the fabric asks about packets of one NIC, in the order they meet it. Outwards: the guard
 * against foreign sources, then (the route is chosen by now) the NIC's group, the subnet's group, the
 * way to the internet. Inwards: the subnet's group, the NIC's group, the guard against foreign
 * destinations. Azure does not document whether routes or groups come first; the route is reported
 * first, since a group's tags follow from the routes.
 *
 * Pods with addresses of a pod subnet have that subnet's group instead of the node's
 * (https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-pod-subnet). Whether the group on
 * the NIC asks about them too is not documented: where it would drop, nobody knows.
 */
import { getResource } from '../azure/resource-store.ts';
import type { NetworkSecurityGroup } from '../azure/resources.ts';
import { setComplement, setOf, setOfAddresses } from '../ip/address-set.ts';
import type { AddressSet } from '../ip/address-set.ts';
import type { FilterChain, FilterVerdict } from '../network/network.ts';
import type { Report } from './diagnostics.ts';
import type { EffectiveRoute } from './effective-routes.ts';
import { EDGE_INTERFACE } from './fabric-interfaces.ts';
import type { Inventory, Port } from './inventory.ts';
import type { FabricBalancing } from './load-balancer-plan.ts';
import type { OutboundMethod } from './outbound.ts';
import { policedSubnet } from './private-link-ports.ts';
import { instanceAddress } from './public-address.ts';
import type { CompiledSecurityRules, Direction } from './security-rules.ts';
import { PLATFORM } from './service-tags.ts';
import { podWayOut, wayOut } from './way-out.ts';
import type { PodSources } from './way-out.ts';

const ELSEWHERE = setComplement(PLATFORM);

export interface SubnetRules {
  readonly name: string;
  readonly routes: readonly EffectiveRoute[];
  /** Compiled once per group, direction and level, however many NICs share it. */
  readonly security: (
    group: NetworkSecurityGroup,
    direction: Direction,
    place: string,
  ) => CompiledSecurityRules;
}

/** How the packets of a NIC are filtered that have an address of a pod subnet, beside the NIC's own. */
export interface PodSubnetRules extends PodSources {
  readonly rules: SubnetRules;
}

/** Returns the chains of a NIC. */
export function portChains(
  inventory: Inventory,
  port: Port,
  rules: SubnetRules,
  outbound: OutboundMethod,
  pods: PodSubnetRules | null,
  balancing: FabricBalancing | null,
  report: Report,
): readonly FilterChain[] {
  const onNic = groupOnNic(inventory, port, report);
  const onSubnet = policedSubnet(port).securityGroup;
  const place = `subnet ${port.subnet.name}`;
  const foreign = setComplement(
    setOfAddresses([...port.addresses, ...(pods?.addresses ?? []), ...(balancing?.frontendsOf(port) ?? [])]),
  );
  const groups = (direction: Direction): readonly FilterChain[] => {
    const own = [
      security(port, rules, onNic, direction, 'the NIC'),
      security(port, rules, onSubnet, direction, place),
    ];
    if (pods === null) return (direction === 'Outbound' ? own : own.reverse()).flat();
    const podRange = setOf(pods.subnet.prefix);
    const podPlace = `pod subnet ${pods.subnet.name}`;
    const both = [
      [
        ...aboutPods(own[0] ?? [], direction, setComplement(podRange)),
        ...aboutPods(security(port, pods.rules, onNic, direction, 'the NIC'), direction, podRange).map(
          unsureDrops,
        ),
      ],
      [
        ...aboutPods(own[1] ?? [], direction, setComplement(podRange)),
        ...aboutPods(
          security(port, pods.rules, pods.subnet.securityGroup, direction, podPlace),
          direction,
          podRange,
        ),
      ],
    ];
    return (direction === 'Outbound' ? both : both.reverse()).flat();
  };
  return [
    ...(port.nic.enableIPForwarding ? [] : [guard(port, 'ingress', { source: foreign })]),
    ...groups('Outbound'),
    wayOut(port, outbound, pods),
    ...(pods === null ? [] : [podWayOut(port, pods)]),
    ...absence(port),
    ...groups('Inbound'),
    ...(onSubnet === null && onNic === null
      ? [...closedPublicAddress(inventory, port), ...closedBalancers(port, balancing)]
      : []),
    ...(port.nic.enableIPForwarding ? [] : [guard(port, 'egress', { destination: foreign })]),
  ];
}

/** Has chains ask only about packets of the NIC whose own end is in `range`. */
function aboutPods(
  chains: readonly FilterChain[],
  direction: Direction,
  range: AddressSet,
): readonly FilterChain[] {
  const end = direction === 'Outbound' ? 'source' : 'destination';
  return chains.map((chain) => ({ ...chain, only: { ...chain.only, [end]: range } }));
}

function unsureDrops(chain: FilterChain): FilterChain {
  const unsure = (verdict: FilterVerdict, by: string): FilterVerdict =>
    verdict.kind === 'drop'
      ? {
          kind: 'undetermined',
          reason: `${by} would drop the packet, and whether a group on the NIC asks about pods of a pod subnet is not documented`,
        }
      : verdict;
  return {
    ...chain,
    rules: chain.rules.map((rule) => ({ ...rule, verdict: unsure(rule.verdict, rule.by) })),
    otherwise: unsure(chain.otherwise, chain.by),
  };
}

function groupOnNic(inventory: Inventory, port: Port, report: Report): NetworkSecurityGroup | null {
  const id = port.nic.networkSecurityGroup?.id;
  if (id === undefined) return null;
  const group = getResource(inventory.cloud, id, 'Microsoft.Network/networkSecurityGroups');
  if (group === null) report(`NIC ${port.label}`, `refers to ${id}, which does not exist`);
  return group;
}

function guard(port: Port, hook: 'ingress' | 'egress', only: NonNullable<FilterChain['only']>): FilterChain {
  return {
    by: `NIC ${port.label} (IP forwarding is off: enableIPForwarding false)`,
    hook,
    interface: port.name,
    only,
    replies: 'checked',
    rules: [],
    otherwise: {
      kind: 'drop',
      disposition: hook === 'ingress' ? 'denied-outbound' : 'next-hop-unreachable',
    },
  };
}

function security(
  port: Port,
  subnet: SubnetRules,
  group: NetworkSecurityGroup | null,
  direction: Direction,
  place: string,
): readonly FilterChain[] {
  if (group === null) return [];
  const { rules, platformRules } = subnet.security(group, direction, place);
  const by = `NSG ${group.name} on ${place}`;
  const chain: FilterChain = {
    by,
    hook: direction === 'Inbound' ? 'egress' : 'routed',
    interface: port.name,
    rules,
    otherwise: { kind: 'undetermined', reason: `NSG ${group.name} has no rule for this packet` },
  };
  if (direction === 'Inbound') return [chain];
  return [
    { ...chain, only: { destination: ELSEWHERE } },
    {
      ...chain,
      by: `${by} (Azure's platform services, which only rules with an AzurePlatform tag filter)`,
      only: { destination: PLATFORM },
      rules: platformRules,
      otherwise: { kind: 'accept' },
    },
  ];
}

function closedPublicAddress(inventory: Inventory, port: Port): readonly FilterChain[] {
  const own = instanceAddress(inventory, port);
  if (own?.sku !== 'Standard') return [];
  return [
    {
      by: `Standard public IP ${own.name} (closed until an NSG on the NIC or subnet allows the traffic)`,
      hook: 'egress',
      interface: port.name,
      only: { inInterface: EDGE_INTERFACE },
      rules: [],
      otherwise: { kind: 'drop', disposition: 'denied-inbound' },
    },
  ];
}

function closedBalancers(port: Port, balancing: FabricBalancing | null): readonly FilterChain[] {
  return (balancing?.publicCablesOf(port) ?? []).map(({ name, cable }) => ({
    by: `Standard load balancer ${name} (closed until an NSG on the NIC or subnet of ${port.label.replace(/^of /, '')} allows the traffic)`,
    hook: 'egress',
    interface: port.name,
    only: { inInterface: cable },
    rules: [],
    otherwise: { kind: 'drop', disposition: 'denied-inbound' },
  }));
}

/** Where nothing answers behind a NIC, the packet is lost, whatever the groups would say. */
function absence(port: Port): readonly FilterChain[] {
  const by = whyAbsent(port);
  if (by === null) return [];
  return [
    {
      by,
      hook: 'egress',
      interface: port.name,
      replies: 'checked',
      rules: [],
      otherwise: { kind: 'drop', disposition: 'next-hop-unreachable' },
    },
  ];
}

function whyAbsent(port: Port): string | null {
  switch (port.owner.kind) {
    case 'none':
      return `NIC ${port.label} (attached to no virtual machine)`;
    case 'vm': {
      const { name, powerState } = port.owner.vm;
      return powerState === 'VM running' ? null : `VM ${name} (not running: ${powerState})`;
    }
    case 'private-endpoint':
      return null;
    case 'node':
      return port.owner.cluster === null
        ? `node ${port.owner.name} (it has not joined its cluster; what it does before is not simulated)`
        : null;
  }
}
