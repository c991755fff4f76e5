/**
 * The fabric of one VNet: every NIC's first and only neighbour. It answers all ARP, routes by the
 * effective routes of the sender's subnet, asks the security groups of both ends, and guards against
 * foreign addresses where IP forwarding is off.
 */
import { getResource } from '../azure/resource-store.ts';
import type { NetworkSecurityGroup } from '../azure/resources.ts';
import { addressKey, formatAddress } from '../ip/address.ts';
import { setComplement, setOfAddresses } from '../ip/address-set.ts';
import { hostPrefix } from '../ip/prefix.ts';
import type { Prefix } from '../ip/prefix.ts';
import type {
  FilterChain,
  FilterRule,
  HostId,
  Interface,
  InterfaceName,
  Route,
  RouteTable,
  RouteTarget,
} from '../network/network.ts';
import type { Report } from './diagnostics.ts';
import { addCable, gatewayInterface, host, MAIN, table } from './draft.ts';
import type { Draft } from './draft.ts';
import { effectiveRoutes } from './effective-routes.ts';
import type { EffectiveRoute } from './effective-routes.ts';
import type { Inventory, NetworkPart, Port, SubnetPart } from './inventory.ts';
import type { OutboundMethod } from './outbound.ts';
import type { ParsedText } from './parsed-text.ts';
import { compileSecurityRules } from './security-rules.ts';
import type { Direction } from './security-rules.ts';
import { INSTANCE_METADATA, serviceTagsOf, WIRE_SERVER } from './service-tags.ts';
import type { ServiceTags } from './service-tags.ts';

export const PLATFORM_INTERFACE = 'platform';
export const GATEWAY_INTERFACE = 'gateway';
/** Leads to the address translation for instance public addresses and default outbound access. */
export const EDGE_INTERFACE = 'internet';

export function fabricId(network: NetworkPart): HostId {
  return `fabric/${network.name}`;
}

/** Where a cable from the fabric ends, for interfaces that are not NICs. */
export interface FabricUplink {
  readonly name: InterfaceName;
  readonly peer: { readonly host: HostId; readonly interface: InterfaceName };
}

export interface FabricPlan {
  readonly network: NetworkPart;
  /** Prefixes that the VNet's gateway announces; the gateway exists if there are any. */
  readonly learned: readonly Prefix[];
  readonly uplinks: readonly FabricUplink[];
  readonly outboundOf: (port: Port) => OutboundMethod;
}

/** Adds the fabric and the cables to everything that is plugged into it. */
export function addFabric(draft: Draft, inventory: Inventory, plan: FabricPlan, report: Report): void {
  const { network } = plan;
  const id = fabricId(network);
  const interfaces: Interface[] = [];
  const attached = new Map<ReturnType<typeof addressKey>, InterfaceName>();
  const tableOfInterface = new Map<InterfaceName, string>();
  const tables = new Map<string, RouteTable>();
  const chains: FilterChain[] = [];
  const subnets = new Map<string, SubnetRules>();
  const rulesOf = (subnet: SubnetPart): SubnetRules => {
    const known = subnets.get(subnet.key);
    if (known !== undefined) return known;
    const made = subnetRules(inventory, subnet, plan.learned, report);
    subnets.set(subnet.key, made);
    return made;
  };

  for (const port of network.ports) {
    const rules = rulesOf(port.subnet);
    const outbound = plan.outboundOf(port);
    const exit = outbound.kind === 'load-balancer' ? outbound.balancer.host : EDGE_INTERFACE;
    const name = exit === EDGE_INTERFACE ? rules.name : `${rules.name}, internet by ${exit}`;
    if (!tables.has(name)) tables.set(name, routeTable(name, rules.routes, exit, plan, inventory.text));
    tableOfInterface.set(port.name, name);
    for (const address of port.addresses) attached.set(addressKey(address), port.name);
    const segment = `${id}/${port.name}`;
    const owner =
      port.owner.kind === 'none' ? [] : [{ host: port.owner.host, interface: interfaceOfNic(port) }];
    draft.segments.set(segment, {
      id: segment,
      bridgedBy: null,
      members: [{ host: id, interface: port.name }, ...owner],
    });
    interfaces.push(gatewayInterface(port.name, segment));
    chains.push(...portChains(inventory, port, rules, outbound, exit, report));
  }

  for (const uplink of plan.uplinks) {
    const segment = addCable(
      draft,
      `${id}/${uplink.name}`,
      { host: id, interface: uplink.name },
      uplink.peer,
    );
    interfaces.push(gatewayInterface(uplink.name, segment));
  }
  const fromGateway = gatewayRoutes(inventory, plan, rulesOf, report);
  tables.set(MAIN, routeTable(MAIN, fromGateway, EDGE_INTERFACE, plan, inventory.text));

  draft.hosts.set(
    id,
    host(id, 'fabric', 'on', { timeToLive: 'kept', interfaces, attached, tableOfInterface, tables, chains }),
  );
}

/** Returns the NIC's name inside its machine: eth0 for the first one. */
export function interfaceOfNic(port: Port): InterfaceName {
  if (port.owner.kind !== 'vm') return 'eth0';
  const at = port.owner.vm.networkProfile.networkInterfaces.findIndex(
    (each) => each.id.toLowerCase() === port.nic.id.toLowerCase(),
  );
  return `eth${Math.max(at, 0)}`;
}

interface SubnetRules {
  readonly name: string;
  readonly routes: readonly EffectiveRoute[];
  /** Compiled once per group, direction and level, however many NICs share it. */
  readonly security: (
    group: NetworkSecurityGroup,
    direction: Direction,
    place: string,
  ) => readonly FilterRule[];
}

function subnetRules(
  inventory: Inventory,
  subnet: SubnetPart,
  learned: readonly Prefix[],
  report: Report,
): SubnetRules {
  const routes = effectiveRoutes(subnet, learned, inventory.text, report);
  const tags: ServiceTags = serviceTagsOf(subnet.network.prefixes, learned, routes);
  const memory = new Map<string, readonly FilterRule[]>();
  return {
    name: `subnet ${subnet.network.name}/${subnet.name}`,
    routes,
    security: (group, direction, place) => {
      const key = `${group.id} ${direction} ${place}`;
      const known = memory.get(key);
      if (known !== undefined) return known;
      const rules = compileSecurityRules(group, direction, place, tags, inventory.text, report);
      memory.set(key, rules);
      return rules;
    },
  };
}

/** What a gateway in GatewaySubnet routes by: that subnet's routes, or the system's if there is none. */
function gatewayRoutes(
  inventory: Inventory,
  plan: FabricPlan,
  rulesOf: (subnet: SubnetPart) => SubnetRules,
  report: Report,
): readonly EffectiveRoute[] {
  const own = plan.network.subnets.find((each) => each.name.toLowerCase() === 'gatewaysubnet');
  if (own !== undefined) return rulesOf(own).routes;
  const [any] = plan.network.subnets;
  return any === undefined
    ? []
    : effectiveRoutes({ ...any, routeTable: null }, plan.learned, inventory.text, report);
}

function routeTable(
  name: string,
  effective: readonly EffectiveRoute[],
  exit: InterfaceName,
  plan: FabricPlan,
  text: ParsedText,
): RouteTable {
  const compiled = (each: EffectiveRoute): Route => ({
    prefix: each.prefix,
    target: targetOf(each, exit, plan, text),
    metric: 0,
    preferredSource: null,
    by: each.label,
  });
  const platform = [WIRE_SERVER, INSTANCE_METADATA].map((address): Route => ({
    prefix: hostPrefix(address),
    target: { kind: 'connected', interface: PLATFORM_INTERFACE },
    metric: 0,
    preferredSource: null,
    by: `Azure platform address ${formatAddress(address)}, which no route table diverts`,
  }));
  const bits = new Set(platform.map((each) => addressKey(each.prefix.address)));
  const active = effective.filter(
    (each) =>
      each.state === 'Active' && !(each.prefix.length === 32 && bits.has(addressKey(each.prefix.address))),
  );
  return table(
    name,
    [...platform, ...active.map(compiled)],
    effective.flatMap((each) => (each.why === null ? [] : [{ route: compiled(each), why: each.why }])),
  );
}

function targetOf(
  route: EffectiveRoute,
  exit: InterfaceName,
  plan: FabricPlan,
  text: ParsedText,
): RouteTarget {
  switch (route.nextHopType) {
    case 'None':
      return { kind: 'drop' };
    case 'VnetLocal':
      return { kind: 'attached' };
    case 'Internet':
      return { kind: 'connected', interface: exit };
    case 'VirtualNetworkGateway':
      return plan.learned.length > 0
        ? { kind: 'connected', interface: GATEWAY_INTERFACE }
        : {
            kind: 'undetermined',
            reason: `${route.label} leads to a virtual network gateway, and VNet ${plan.network.name} has none that is simulated`,
          };
    case 'VirtualAppliance': {
      const via = route.nextHopIpAddress === null ? null : text.address(route.nextHopIpAddress);
      return via === null
        ? { kind: 'undetermined', reason: `${route.label} has no next hop address that can be read` }
        : { kind: 'attached-gateway', via };
    }
  }
}

/** In the order a packet meets them: guard, NIC, subnet on the way out; subnet, NIC, guard on the way in. */
function portChains(
  inventory: Inventory,
  port: Port,
  rules: SubnetRules,
  outbound: OutboundMethod,
  exit: InterfaceName,
  report: Report,
): readonly FilterChain[] {
  const own = setOfAddresses(port.addresses);
  const foreign = setComplement(own);
  const nic = `NIC ${port.label}`;
  const away = absence(port);
  const groupId = port.nic.networkSecurityGroup?.id ?? null;
  const onNic =
    groupId === null
      ? null
      : getResource(inventory.cloud, groupId, 'Microsoft.Network/networkSecurityGroups');
  if (groupId !== null && onNic === null) report(nic, `refers to ${groupId}, which does not exist`);
  const onSubnet = port.subnet.securityGroup;
  const security = (
    group: NetworkSecurityGroup | null,
    direction: Direction,
    place: string,
  ): FilterChain[] =>
    group === null
      ? []
      : [
          {
            by: `NSG ${group.name} on ${place}`,
            hook: direction === 'Inbound' ? 'egress' : 'routed',
            interface: port.name,
            rules: rules.security(group, direction, place),
            otherwise: { kind: 'undetermined', reason: `NSG ${group.name} has no rule for this packet` },
          },
        ];
  const subnetPlace = `subnet ${port.subnet.name}`;
  const guard = port.nic.enableIPForwarding === false;
  const chains: FilterChain[] = [];

  if (guard) {
    chains.push({
      by: `IP forwarding is off on ${nic}`,
      hook: 'ingress',
      interface: port.name,
      replies: 'checked',
      rules: [
        { match: { source: own }, verdict: { kind: 'accept' }, by: `${nic} sends from its own address` },
      ],
      otherwise: { kind: 'drop', disposition: 'denied-outbound' },
    });
  }
  chains.push(...security(onNic, 'Outbound', 'the NIC'), ...security(onSubnet, 'Outbound', subnetPlace));
  chains.push({
    by: `way of ${nic} to the internet`,
    hook: 'routed',
    interface: port.name,
    rules: [
      outbound.kind === 'none'
        ? {
            match: { outInterface: exit },
            verdict: { kind: 'drop', disposition: 'no-outbound-path' },
            by: `${nic} has no outbound method: ${outbound.why}`,
          }
        : {
            match: { outInterface: exit, source: foreign },
            verdict: { kind: 'drop', disposition: 'no-outbound-path' },
            by: `${describeOutbound(outbound)} serves only the addresses of ${nic} itself`,
          },
    ],
    otherwise: { kind: 'accept' },
  });

  if (away !== null) {
    chains.push({
      by: away,
      hook: 'egress',
      interface: port.name,
      replies: 'checked',
      rules: [],
      otherwise: { kind: 'drop', disposition: 'next-hop-unreachable' },
    });
  }
  chains.push(...security(onSubnet, 'Inbound', subnetPlace), ...security(onNic, 'Inbound', 'the NIC'));
  if (
    outbound.kind === 'instance-public-ip' &&
    outbound.sku === 'Standard' &&
    onSubnet === null &&
    onNic === null
  ) {
    chains.push({
      by: `Standard public IP ${outbound.name}`,
      hook: 'egress',
      interface: port.name,
      rules: [
        {
          match: { inInterface: EDGE_INTERFACE },
          verdict: { kind: 'drop', disposition: 'denied-inbound' },
          by: `Standard public IP ${outbound.name}, which is closed until an NSG on the NIC or subnet allows the traffic`,
        },
      ],
      otherwise: { kind: 'accept' },
    });
  }
  if (guard) {
    chains.push({
      by: `IP forwarding is off on ${nic}`,
      hook: 'egress',
      interface: port.name,
      replies: 'checked',
      rules: [
        { match: { destination: own }, verdict: { kind: 'accept' }, by: `the packet is for ${nic} itself` },
      ],
      otherwise: { kind: 'drop', disposition: 'next-hop-unreachable' },
    });
  }
  return chains;
}

export function describeOutbound(outbound: Exclude<OutboundMethod, { kind: 'none' }>): string {
  switch (outbound.kind) {
    case 'instance-public-ip':
      return `public IP ${outbound.name}`;
    case 'load-balancer':
      return `outbound rule of load balancer ${outbound.balancer.name}`;
    case 'default-outbound-access':
      return 'default outbound access';
  }
}

/** Says why nothing answers behind a NIC, or null. */
function absence(port: Port): string | null {
  switch (port.owner.kind) {
    case 'none':
      return `NIC ${port.label} is not attached to a virtual machine`;
    case 'vm':
      return port.owner.vm.powerState === 'VM running'
        ? null
        : `VM ${port.owner.vm.name} is not running (${port.owner.vm.powerState})`;
    case 'node':
      return null;
  }
}
