/**
 * The fabric of one VNet: every NIC's first and only neighbour. It answers all ARP, routes by the
 * effective routes of the sender's subnet, asks the security groups of both ends, and guards against
 * foreign addresses where IP forwarding is off.
 */
import type { ArmKey } from '../azure/resources.ts';
import { addressKey } from '../ip/address.ts';
import { setOf } from '../ip/address-set.ts';
import type { Address } from '../ip/address.ts';
import type { AddressSet } from '../ip/address-set.ts';
import { prefix } from '../ip/prefix.ts';
import type { Prefix } from '../ip/prefix.ts';
import type { FilterChain, HostId, Interface, InterfaceName, RouteTable } from '../network/network.ts';
import type { Report } from './diagnostics.ts';
import { addCable, gatewayInterface, host, MAIN, table } from './draft.ts';
import type { Draft } from './draft.ts';
import { effectiveRoutes } from './effective-routes.ts';
import type { EffectiveRoute } from './effective-routes.ts';
import { EDGE_INTERFACE, fabricId, GATEWAY_INTERFACE, interfaceOfNic } from './fabric-interfaces.ts';
import { routeTable, withOverlay } from './fabric-routes.ts';
import { hostBehind } from './inventory.ts';
import type { Inventory, NetworkPart, SubnetPart } from './inventory.ts';
import type { FabricBalancing } from './load-balancer-plan.ts';
import { exitOf } from './outbound.ts';
import type { OutboundPlan } from './outbound.ts';
import { overlayOf, uncertainToPods } from './overlay.ts';
import type { OverlayDomain } from './overlay.ts';
import { peeringParts } from './peering.ts';
import { policedSubnet } from './private-link-ports.ts';
import { portChains } from './port-chains.ts';
import type { SubnetRules } from './port-chains.ts';
import { ruleNamesOf } from './rule-names.ts';
import { compileSecurityRules } from './security-rules.ts';
import type { CompiledSecurityRules } from './security-rules.ts';

const EVERYWHERE = prefix('0.0.0.0/0');

export { fabricId } from './fabric-interfaces.ts';

/** Where a cable from the fabric ends, for interfaces that are not NICs. */
export interface FabricUplink {
  readonly name: InterfaceName;
  readonly peer: { readonly host: HostId; readonly interface: InterfaceName };
  /** Addresses in the VNet that are reached by it. */
  readonly owns?: readonly Address[];
  /** Whom everything that comes in by it goes to, whatever its destination. */
  readonly delivers?: { readonly via: Address; readonly by: string };
  /** Of what stands in a subnet without a NIC: its packets have that subnet's routes, and leave for the internet by `exit`. */
  readonly routedAs?: { readonly subnet: SubnetPart; readonly exit: InterfaceName };
  /** What the fabric asks about packets that come in by it. */
  readonly chains?: readonly FilterChain[];
}

export interface FabricPlan {
  readonly network: NetworkPart;
  /** Prefixes that a gateway announces to the VNet: its own, or that of a peer. */
  readonly learned: readonly Prefix[];
  /** Where that gateway is; null if there is none. */
  readonly gateway: {
    readonly interface: InterfaceName;
    readonly forUserRoutes: InterfaceName;
    readonly towards: string;
  } | null;
  readonly uplinks: readonly FabricUplink[];
  readonly outbound: OutboundPlan;
  readonly overlays: ReadonlyMap<ArmKey, OverlayDomain>;
  /** Null where no load balancer takes sessions in. */
  readonly balancing: FabricBalancing | null;
}

/** Adds the fabric and the cables to everything that is plugged into it. */
export function addFabric(draft: Draft, inventory: Inventory, plan: FabricPlan, report: Report): void {
  const { network } = plan;
  const id = fabricId(network);
  const interfaces: Interface[] = [];
  const attached = new Map<ReturnType<typeof addressKey>, InterfaceName>();
  const tableOfInterface = new Map<InterfaceName, string>();
  const tablesBySource = new Map<InterfaceName, { source: AddressSet; table: string }[]>();
  const tables = new Map<string, RouteTable>();
  const chains: FilterChain[] = [];
  const subnets = new Map<string, SubnetRules>();
  const rulesOf = (subnet: SubnetPart): SubnetRules => {
    const known = subnets.get(subnet.key);
    if (known !== undefined) return known;
    const made = subnetRules(inventory, subnet, plan, report);
    subnets.set(subnet.key, made);
    return made;
  };
  const tableFor = (rules: SubnetRules, overlay: OverlayDomain | null, exit: InterfaceName): string => {
    const name = [
      rules.name,
      ...(overlay === null ? [] : [overlay.name]),
      ...(exit === EDGE_INTERFACE ? [] : [`internet by ${exit}`]),
    ].join(', ');
    if (!tables.has(name)) {
      const ordinary = routeTable(name, rules.routes, exit, plan, inventory.text);
      tables.set(name, overlay === null ? ordinary : withOverlay(ordinary, overlay));
    }
    return name;
  };

  for (const port of network.ports) {
    const rules = rulesOf(policedSubnet(port));
    const outbound = plan.outbound.of(port);
    const podOutbound = plan.outbound.ofPods(port);
    const overlay = overlayOf(plan.overlays, port);
    tableOfInterface.set(port.name, tableFor(rules, overlay, exitOf(outbound)));
    const podSubnet = port.owner.kind === 'node' ? port.owner.podSubnet : null;
    const pods =
      podSubnet === null || podOutbound === null
        ? null
        : { ...podSubnet, rules: rulesOf(podSubnet.subnet), outbound: podOutbound };
    if (pods !== null) {
      const table = tableFor(pods.rules, null, exitOf(pods.outbound));
      tablesBySource.set(port.name, [{ source: setOf(pods.subnet.prefix), table }]);
    }
    for (const address of [...port.addresses, ...(pods?.addresses ?? [])]) {
      attached.set(addressKey(address), port.name);
    }
    const segment = `${id}/${port.name}`;
    const behind = hostBehind(port);
    const owner = behind === null ? [] : [{ host: behind, interface: interfaceOfNic(port) }];
    draft.segments.set(segment, {
      id: segment,
      bridgedBy: null,
      members: [{ host: id, interface: port.name }, ...owner],
    });
    interfaces.push(gatewayInterface(port.name, segment));
    chains.push(...portChains(inventory, port, rules, outbound, pods, plan.balancing, report));
    chains.push(...uncertainToPods(port, overlay));
  }

  const ownTable = besideGateway(plan, inventory, tables, report);
  for (const uplink of plan.uplinks) {
    const segment = addCable(
      draft,
      `${id}/${uplink.name}`,
      { host: id, interface: uplink.name },
      uplink.peer,
    );
    interfaces.push(gatewayInterface(uplink.name, segment));
    for (const address of uplink.owns ?? []) attached.set(addressKey(address), uplink.name);
    if (ownTable !== null && uplink.name !== GATEWAY_INTERFACE) tableOfInterface.set(uplink.name, ownTable);
    if (uplink.routedAs !== undefined) {
      const { subnet, exit } = uplink.routedAs;
      tableOfInterface.set(uplink.name, tableFor(rulesOf(subnet), null, exit));
    }
    chains.push(...(uplink.chains ?? []));
    if (uplink.delivers !== undefined) {
      const { via, by } = uplink.delivers;
      const route = { prefix: EVERYWHERE, target: { kind: 'attached-gateway' as const, via } };
      tableOfInterface.set(uplink.name, uplink.name);
      tables.set(uplink.name, table(uplink.name, [{ ...route, metric: 0, preferredSource: null, by }]));
    }
  }
  const peerings = peeringParts(draft, network, plan.learned, inventory.text);
  interfaces.push(...peerings.interfaces);
  chains.push(...peerings.chains);
  for (const each of peerings.tables) {
    tableOfInterface.set(each.interface, each.table.name);
    tables.set(each.table.name, each.table);
  }
  const fromGateway = gatewayRoutes(inventory, plan, rulesOf, report);
  tables.set(MAIN, routeTable(MAIN, fromGateway, EDGE_INTERFACE, plan, inventory.text));

  draft.hosts.set(
    id,
    host(id, 'fabric', 'on', {
      timeToLive: 'kept',
      interfaces,
      attached,
      tableOfInterface,
      ...(tablesBySource.size === 0 ? {} : { tablesBySource }),
      tables,
      chains,
    }),
  );
}

function subnetRules(
  inventory: Inventory,
  subnet: SubnetPart,
  { learned, overlays }: FabricPlan,
  report: Report,
): SubnetRules {
  const routes = effectiveRoutes(subnet, learned, inventory.text, report);
  const names = ruleNamesOf(inventory, subnet, learned, routes, overlays);
  const memory = new Map<string, CompiledSecurityRules>();
  return {
    name: `subnet ${subnet.network.name}/${subnet.name}`,
    routes,
    security: (group, direction, place) => {
      const key = `${group.id} ${direction} ${place}`;
      const known = memory.get(key);
      if (known !== undefined) return known;
      const rules = compileSecurityRules(group, direction, place, names, inventory.text, report);
      memory.set(key, rules);
      return rules;
    },
  };
}

/** A route table on GatewaySubnet is for what a gateway brings; what Azure itself brings in has the system's routes. */
function besideGateway(
  plan: FabricPlan,
  inventory: Inventory,
  tables: Map<string, RouteTable>,
  report: Report,
): string | null {
  const own = plan.network.subnets.find((each) => each.name.toLowerCase() === 'gatewaysubnet');
  if (own === undefined || own.routeTable === null) return null;
  const name = `what Azure brings into VNet ${plan.network.name}`;
  const routes = effectiveRoutes({ ...own, routeTable: null }, plan.learned, inventory.text, report);
  tables.set(name, routeTable(name, routes, EDGE_INTERFACE, plan, inventory.text));
  return name;
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
