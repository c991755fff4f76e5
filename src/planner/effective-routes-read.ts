/** Reads the routes of a list: prefixes, service tags, next hops and states. */
import { readServiceTag } from '../model/azure/service-tags.ts';
import { parseAddress } from '../model/ip/address.ts';
import { hostPrefix, parsePrefix } from '../model/ip/prefix.ts';
import type { Prefix } from '../model/ip/prefix.ts';
import type { NextHopType, RouteSource } from '../model/routes/route.ts';
import type { ExplorerRoute, PeerRange, RoutedPlace, UnknownRoute } from './effective-routes.ts';
import type { TextRoute } from './effective-routes-text.ts';
import type { NamedPrefix } from './input.ts';

/** What was told beside the texts. */
export interface ToldAround {
  readonly vnet: readonly Prefix[];
  readonly peers: readonly PeerRange[];
  readonly globalPeers: readonly PeerRange[];
  readonly learned: readonly Prefix[];
  /** Prefixes by the tag in small letters; a service that was named without prefixes has none. */
  readonly tags: ReadonlyMap<string, readonly Prefix[]>;
  /** Tags or names of services. */
  readonly serviceEndpoints: readonly string[];
  readonly privateEndpoints: readonly Prefix[];
  /** Where the NICs are; by the name of a table where there are several. */
  readonly subnets: readonly NamedPrefix[];
  readonly isPropagationOff: boolean;
}

export interface PlaceProblem {
  readonly field: 'routes' | 'vnet';
  readonly message: string;
  readonly instead: string | null;
}

export interface Reading {
  readonly told: ToldAround;
  readonly problems: PlaceProblem[];
}

const TYPES: readonly NextHopType[] = [
  'VirtualAppliance',
  'VnetLocal',
  'Internet',
  'VirtualNetworkGateway',
  'None',
  'VNetPeering',
  'VNetGlobalPeering',
  'VirtualNetworkServiceEndpoint',
  'InterfaceEndpoint',
];
/** Types that Azure lists and that route like another one. */
const ALIKE: Readonly<Record<string, NextHopType>> = {
  connectedgroup: 'VNetPeering',
  virtualnetwork: 'VnetLocal',
  vnetpeering: 'VNetPeering',
  hypernetgateway: 'VirtualNetworkGateway',
};

/** Reads the routes of one list; what cannot be read is a problem of the texts. */
export function readRoutes(
  routes: readonly TextRoute[],
  reading: Reading,
  kind: 'effective' | 'user',
): Pick<RoutedPlace, 'routes' | 'unknown' | 'remarks'> {
  const read: ExplorerRoute[] = [];
  const unknown: UnknownRoute[] = [];
  const remarks: string[] = [];
  let version6 = 0;
  const holders = new Map<string, string>();
  const refuse = (where: string, message: string, instead: string | null = null): void => {
    reading.problems.push({ field: 'routes', message: `${where}: ${message}`, instead });
  };
  routes.forEach((route, entry) => {
    const nextHopType = typeOf(route.nextHopType);
    const source = sourceOf(route.source);
    if (nextHopType === null || source === null) {
      const what =
        nextHopType === null ? `next hop type "${route.nextHopType}"` : `source "${route.source ?? ''}"`;
      return refuse(route.where, `the ${what} is not known here.`, TYPES.join(', '));
    }
    if (kind === 'user') {
      checkHop(route, nextHopType, refuse);
      checkConflict(route, holders, refuse);
    }
    const common = {
      source,
      nextHopType,
      writtenType: route.nextHopType,
      name: route.name,
      nextHopAddresses: route.nextHopAddresses,
      entry,
      stated: statedOf(route.state),
    };
    for (const destination of route.destinations) {
      if (destination.includes(':')) {
        version6 += 1;
        continue;
      }
      const tag = readServiceTag(destination) === null ? null : destination;
      if (tag !== null) {
        const known = reading.told.tags.get(tag.toLowerCase()) ?? [];
        if (known.length > 0) read.push(...known.map((prefix) => ({ ...common, prefix, tag })));
        else if (common.stated !== 'Invalid')
          unknown.push({
            tag,
            source: source === 'User' ? 'User' : 'Default',
            nextHopType,
            nextHopAddresses: route.nextHopAddresses,
            name: route.name,
          });
        continue;
      }
      const prefix = parsePrefix(destination);
      if (prefix.ok)
        read.push({
          ...common,
          prefix: prefix.value,
          ...(route.hasBgpOverride ? { hasBgpOverride: true } : {}),
        });
      else {
        const single = parseAddress(destination);
        if (single.ok && kind === 'effective') read.push({ ...common, prefix: hostPrefix(single.value) });
        else
          refuse(
            route.where,
            `"${destination.slice(0, 60)}" is neither a prefix nor a service tag.`,
            prefix.error.suggestion ?? '10.0.0.0/16',
          );
      }
    }
  });
  if (version6 > 0)
    remarks.push(
      `${version6} IPv6 ${version6 === 1 ? 'prefix is' : 'prefixes are'} left out: only IPv4 is looked at.`,
    );
  return { routes: read, unknown, remarks };
}

/** No two routes of one table have the same destination, nor the same name: Azure takes no such table. */
function checkConflict(
  { name, destinations, where }: TextRoute,
  holders: Map<string, string>,
  refuse: (where: string, message: string) => void,
): void {
  const taken = (key: string, what: string): void => {
    const holder = holders.get(key);
    if (holder !== undefined)
      refuse(where, `${what} as ${holder}, and both are in one table (RouteConflict).`);
    else holders.set(key, where);
  };
  if (name !== null) taken(`name ${name.toLowerCase()}`, 'the same name');
  for (const destination of destinations)
    taken(`destination ${destination.toLowerCase()}`, 'the same destination');
}

function checkHop(
  route: TextRoute,
  type: NextHopType,
  refuse: (where: string, message: string, instead?: string) => void,
): void {
  const [address] = route.nextHopAddresses;
  if (type === 'VirtualAppliance' && address === undefined)
    refuse(
      route.where,
      'a virtual appliance needs its address.',
      `${route.destinations[0] ?? ''}:VirtualAppliance:10.0.1.4`,
    );
  else if (type !== 'VirtualAppliance' && address !== undefined)
    refuse(route.where, `${type} takes no address.`, `${route.destinations[0] ?? ''}:${type}`);
  else if (address !== undefined && !parseAddress(address).ok)
    refuse(route.where, `"${address}" is no address.`, '10.0.1.4');
  if (!['VirtualAppliance', 'VnetLocal', 'Internet', 'VirtualNetworkGateway', 'None'].includes(type))
    refuse(route.where, `no route table can name ${type}.`, 'VirtualAppliance');
}

function typeOf(text: string): NextHopType | null {
  const small = text.toLowerCase().replaceAll(/\s/g, '');
  return TYPES.find((each) => each.toLowerCase() === small) ?? ALIKE[small] ?? null;
}

function sourceOf(text: string | null): RouteSource | null {
  switch (text?.toLowerCase() ?? 'default') {
    case 'default':
    case 'unknown':
      return 'Default';
    case 'user':
      return 'User';
    case 'virtualnetworkgateway':
      return 'VirtualNetworkGateway';
  }
  return null;
}

function statedOf(text: string | null): ExplorerRoute['stated'] {
  return text === null ? null : text.toLowerCase() === 'invalid' ? 'Invalid' : 'Active';
}

/** Returns the IPv4 prefixes of a list; what is none is a problem of the texts. */
export function readPrefixes(texts: readonly string[], reading: Reading): readonly Prefix[] {
  return texts.flatMap((text) => {
    if (text.includes(':')) return [];
    const prefix = parsePrefix(text);
    if (prefix.ok) return [prefix.value];
    reading.problems.push({
      field: 'routes',
      message: `"${text.slice(0, 60)}" is no prefix.`,
      instead: '10.0.0.0/16',
    });
    return [];
  });
}
