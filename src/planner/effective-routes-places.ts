/** From what was pasted and told to the places whose packets are routed: NICs, or subnets with the same routes. */
import { endpointService } from '../model/azure/service-endpoint.ts';
import { formatPrefix } from '../model/ip/prefix.ts';
import type { Prefix } from '../model/ip/prefix.ts';
import type { NextHopType, RouteSource } from '../model/routes/route.ts';
import { systemRoutes } from '../model/routes/system.ts';
import type { ExplorerRoute, PeerRange, RoutedPlace, UnknownRoute } from './effective-routes.ts';
import { readPrefixes, readRoutes } from './effective-routes-read.ts';
import type { PlaceProblem, Reading, ToldAround } from './effective-routes-read.ts';
import type { RouteDocument, TextRoute } from './effective-routes-text.ts';

export interface FoundPlaces {
  readonly places: readonly RoutedPlace[];
  readonly problems: readonly PlaceProblem[];
  readonly assumptions: readonly string[];
}

type TableDocument = Extract<RouteDocument, { kind: 'table' }>;
type VnetDocument = Extract<RouteDocument, { kind: 'vnet' }>;

/** Returns the places, and everything that is wrong. */
export function placesOf(documents: readonly RouteDocument[], told: ToldAround): FoundPlaces {
  const problems: PlaceProblem[] = [];
  const assumptions: string[] = [];
  const reading: Reading = { told, problems };
  const effective = documents.filter((each) => each.kind === 'effective');
  const tables = documents.filter((each) => each.kind === 'table');
  const vnets = documents.filter((each) => each.kind === 'vnet');
  const places = effective.map((each, at) =>
    effectivePlace(each.routes, effective.length > 1 ? `NIC ${at + 1}` : 'the NIC', reading),
  );
  const used = new Set<TableDocument>();
  for (const vnet of vnets) places.push(...placesOfVnet(vnet, vnets, tables, used, reading));
  const spaces =
    vnets.length === 0 ? told.vnet : vnets.flatMap((each) => readPrefixes(each.prefixes, reading));
  for (const table of tables) {
    if (used.has(table)) continue;
    if (vnets.length > 1 || spaces.length === 0) {
      const which =
        vnets.length > 1 ? 'no subnet of these VNets has it' : 'which address space its VNet has is not said';
      problems.push({
        field: 'vnet',
        message: `the system's routes are missing for ${table.name}: ${which}.`,
        instead:
          vnets.length > 1
            ? "the VNet alone, or the output of 'az network vnet show' with the subnet."
            : '10.0.0.0/16',
      });
      continue;
    }
    const [vnet] = vnets;
    const around = surroundings(told, vnet === undefined ? undefined : peersOf(vnet, vnets, reading));
    places.push(
      computedPlace(
        table.name,
        table,
        spaces,
        around,
        subnetsOf(told, table.name),
        told.serviceEndpoints,
        reading,
      ),
    );
  }
  if (vnets.length > 0)
    assumptions.push(
      'Nothing is learned from a gateway and there is no private endpoint, unless --on-premises or --private-endpoint says so: the JSON of a VNet does not hold them.',
    );
  return { places, problems, assumptions };
}

function effectivePlace(routes: readonly TextRoute[], name: string, reading: Reading): RoutedPlace {
  const read = readRoutes(routes, reading, 'effective');
  const of = (...types: readonly NextHopType[]): readonly Prefix[] =>
    read.routes
      .filter(({ source, nextHopType }) => source === 'Default' && types.includes(nextHopType))
      .map(({ prefix }) => prefix);
  const peers = of('VNetPeering', 'VNetGlobalPeering');
  return {
    ...read,
    name,
    kind: 'effective',
    space: of('VnetLocal'),
    peers: peers.map((prefix) => ({ name: formatPrefix(prefix), prefixes: [prefix] })),
    subnets: subnetsOf(reading.told, name),
    isPropagationOff: false,
  };
}

/** The subnet that was told for a table: by its name, by the number of a NIC, or for whatever there is. */
function subnetsOf({ subnets }: ToldAround, place: string): readonly Prefix[] {
  const own = place.toLowerCase();
  return subnets
    .filter(({ name }) => name === null || [own, own.replace('nic ', '')].includes(name.toLowerCase()))
    .map(({ prefix }) => prefix);
}

interface Surroundings {
  readonly peers: readonly PeerRange[];
  readonly globalPeers: readonly PeerRange[];
  readonly remarks: readonly string[];
}

/** What was told comes beside what the VNet says. */
function surroundings(told: ToldAround, own: Surroundings = NOTHING_AROUND): Surroundings {
  return {
    peers: [...own.peers, ...told.peers],
    globalPeers: [...own.globalPeers, ...told.globalPeers],
    remarks: own.remarks,
  };
}

const NOTHING_AROUND: Surroundings = { peers: [], globalPeers: [], remarks: [] };

/** A place for each group of subnets with the same table and service endpoints. */
function placesOfVnet(
  vnet: VnetDocument,
  vnets: readonly VnetDocument[],
  tables: readonly TableDocument[],
  used: Set<TableDocument>,
  reading: Reading,
): RoutedPlace[] {
  const space = readPrefixes(vnet.prefixes, reading);
  const around = surroundings(reading.told, peersOf(vnet, vnets, reading));
  const groups = new Map<string, (typeof vnet.subnets)[number][]>();
  for (const subnet of vnet.subnets) {
    const key = [subnet.routeTableId?.toLowerCase() ?? '', ...subnet.services].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), subnet]);
  }
  if (vnet.subnets.length === 0)
    return [
      computedPlace(`VNet ${vnet.name}`, null, space, around, [], reading.told.serviceEndpoints, reading),
    ];
  return [...groups.values()].flatMap((subnets): RoutedPlace[] => {
    const [first] = subnets;
    if (first === undefined) return [];
    const names = subnets.map((each) => each.name).join(', ');
    const name = `${subnets.length === 1 ? 'subnet' : 'subnets'} ${names} of VNet ${vnet.name}`;
    const tableName = first.routeTableId?.split('/').at(-1) ?? null;
    const table = tables.find((each) => each.name.toLowerCase() === tableName?.toLowerCase()) ?? null;
    if (tableName !== null && table === null) {
      reading.problems.push({
        field: 'routes',
        message: `${name} has the route table ${tableName}, which is not among what was given.`,
        instead: `the output of 'az network route-table show -n ${tableName} -o json' too.`,
      });
      return [];
    }
    if (table !== null) used.add(table);
    const services = [...first.services, ...reading.told.serviceEndpoints];
    const ranges = readPrefixes(
      subnets.map(({ prefix }) => prefix),
      reading,
    );
    return [computedPlace(name, table, space, around, ranges, services, reading)];
  });
}

function peersOf(vnet: VnetDocument, vnets: readonly VnetDocument[], reading: Reading): Surroundings {
  const peers: PeerRange[] = [];
  const globalPeers: PeerRange[] = [];
  const remarks: string[] = [];
  for (const peering of vnet.peerings) {
    if (peering.state !== 'Connected') {
      remarks.push(
        `Peering ${peering.name} of VNet ${vnet.name} is ${peering.state}: it gives no route until both sides are Connected.`,
      );
      continue;
    }
    if (peering.syncLevel !== null && peering.syncLevel !== 'FullyInSync')
      remarks.push(
        `Peering ${peering.name} of VNet ${vnet.name} is ${peering.syncLevel}: routes follow the address space of the last sync.`,
      );
    const name = peering.remoteId?.split('/').at(-1) ?? peering.name;
    const remote = vnets.find((each) => each.name === name);
    const there = remote?.location ?? null;
    const isGlobal = there !== null && vnet.location !== null && there !== vnet.location;
    (isGlobal ? globalPeers : peers).push({ name, prefixes: readPrefixes(peering.prefixes, reading) });
  }
  return { peers, globalPeers, remarks };
}

function computedPlace(
  name: string,
  table: TableDocument | null,
  space: readonly Prefix[],
  { peers, globalPeers, remarks }: Surroundings,
  subnets: readonly Prefix[],
  services: readonly string[],
  reading: Reading,
): RoutedPlace {
  const { told } = reading;
  const users = readRoutes(table?.routes ?? [], reading, 'user');
  const isPropagationOff = told.isPropagationOff || (table?.isPropagationOff ?? false);
  let entry = table?.routes.length ?? 0;
  const systems = (
    prefix: Prefix,
    nextHopType: NextHopType,
    source: RouteSource = 'Default',
    at = entry++,
  ): ExplorerRoute => ({
    source,
    prefix,
    nextHopType,
    writtenType: nextHopType,
    name: null,
    nextHopAddresses: [],
    entry: at,
    stated: null,
  });
  const reach = (list: readonly PeerRange[], of: 'same-region' | 'global') =>
    list.map(({ prefixes }) => ({ prefixes, reach: of }));
  const endpoints = services.map((service) => ({ service, tag: endpointService(service)?.tag ?? service }));
  const known = (tag: string): readonly Prefix[] => told.tags.get(tag.toLowerCase()) ?? [];
  return {
    name,
    kind: 'computed',
    routes: [
      ...systemRoutes(space, [...reach(peers, 'same-region'), ...reach(globalPeers, 'global')]).map((each) =>
        systems(each.prefix, each.nextHopType),
      ),
      ...(isPropagationOff
        ? []
        : told.learned.map((each) => systems(each, 'VirtualNetworkGateway', 'VirtualNetworkGateway'))),
      ...endpoints.flatMap(({ tag }) => {
        const at = entry++;
        return known(tag).map((each) => systems(each, 'VirtualNetworkServiceEndpoint', 'Default', at));
      }),
      ...told.privateEndpoints.map((each) => systems(each, 'InterfaceEndpoint')),
      ...users.routes,
    ],
    unknown: [
      ...users.unknown,
      ...endpoints
        .filter(({ tag }) => known(tag).length === 0)
        .map(({ tag }): UnknownRoute => ({
          tag,
          source: 'Default',
          nextHopType: 'VirtualNetworkServiceEndpoint',
          nextHopAddresses: [],
          name: null,
        })),
    ],
    space,
    peers: [...peers, ...globalPeers],
    subnets,
    isPropagationOff,
    remarks: [...remarks, ...users.remarks],
  };
}
