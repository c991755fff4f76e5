/**
 * Routes as people have them: the JSON of `az network nic show-effective-route-table`, of `route-table show`,
 * `route list` and `vnet show`, or routes in one word each. What is read here is text still.
 */
import { documentsIn, parseJson } from './nsg-json.ts';
import type { TextProblem } from './nsg-text.ts';

/** One route of a list; a list of effective routes has several prefixes in one. */
export interface TextRoute {
  readonly name: string | null;
  readonly source: string | null;
  /** As Azure says it in a list of effective routes; null elsewhere. */
  readonly state: string | null;
  /** Prefixes or service tags. */
  readonly destinations: readonly string[];
  readonly nextHopType: string;
  readonly nextHopAddresses: readonly string[];
  readonly hasBgpOverride: boolean;
  /** In the words of who reads a complaint: `route to-firewall`. */
  readonly where: string;
}

export interface TextPeering {
  readonly name: string;
  readonly state: string;
  readonly syncLevel: string | null;
  readonly remoteId: string | null;
  readonly prefixes: readonly string[];
}

export interface TextSubnet {
  readonly name: string;
  readonly prefix: string;
  readonly routeTableId: string | null;
  readonly services: readonly string[];
}

export type RouteDocument =
  | { readonly kind: 'effective'; readonly routes: readonly TextRoute[] }
  | {
      readonly kind: 'table';
      readonly name: string;
      readonly isPropagationOff: boolean;
      readonly routes: readonly TextRoute[];
    }
  | {
      readonly kind: 'vnet';
      readonly name: string;
      readonly location: string | null;
      readonly prefixes: readonly string[];
      readonly subnets: readonly TextSubnet[];
      readonly peerings: readonly TextPeering[];
    };

export interface RouteTexts {
  readonly documents: readonly RouteDocument[];
  readonly problems: readonly TextProblem[];
}

const HOPS = ['VirtualAppliance', 'VnetLocal', 'Internet', 'VirtualNetworkGateway', 'None'];

export const ROUTE_WORD = '[TABLE:][NAME:]PREFIX:NEXTHOPTYPE[:ADDRESS]';

const LONGEST_TEXT = 4_000_000;
/** A route table holds a few hundred. */
const MOST_WORDS = 10_000;
const EFFECTIVE = "the output of 'az network nic show-effective-route-table -g GROUP -n NIC -o json'.";

/** Reads texts one after the other; each may hold several documents. */
export function readRouteTexts(texts: readonly string[]): RouteTexts {
  const documents: RouteDocument[] = [];
  const problems: TextProblem[] = [];
  const words: string[] = [];
  for (const text of texts) {
    if (text.trim() === '') continue;
    if (text.length > LONGEST_TEXT) {
      const message = `has ${text.length.toLocaleString('en')} characters, and ${LONGEST_TEXT.toLocaleString('en')} are read.`;
      problems.push({ line: null, message, instead: null });
    } else if (/^\s*[[{]/.test(text) || /^\s*(- |[\w]+:\s)/.test(text)) {
      readJson(text, documents, problems);
    } else {
      const own = text.split(/[\s,;]+/).filter((word) => word !== '');
      if (own.length > MOST_WORDS) {
        const [has, most] = [own.length, MOST_WORDS].map((each) => each.toLocaleString('en'));
        problems.push({ line: null, message: `has ${has} words, and ${most} are read.`, instead: EFFECTIVE });
      } else words.push(...own);
    }
  }
  documents.push(...tablesOfWords(words, problems));
  if (documents.length === 0 && problems.length === 0)
    problems.push({ line: null, message: 'holds no route.', instead: EFFECTIVE });
  return { documents, problems };
}

function readJson(text: string, documents: RouteDocument[], problems: TextProblem[]): void {
  for (const part of documentsIn(text)) {
    const read = parseJson(part);
    if ('problem' in read) {
      problems.push(read.problem);
      continue;
    }
    const before = documents.length;
    collect(read.data, documents);
    if (documents.length === before)
      problems.push({
        line: part.line,
        message: `holds no route: ${shapeOf(read.data)}.`,
        instead: EFFECTIVE,
      });
  }
}

type Bag = Readonly<Record<string, unknown>>;

/** Finds what has routes or says what routes follow from, wherever a command or a list of them puts it. */
function collect(data: unknown, found: RouteDocument[]): void {
  if (Array.isArray(data)) {
    const items = data.map(bagOf).filter((each) => each !== null);
    if (items.length > 0 && items.every(isEffectiveRoute)) found.push(effectiveOf(items));
    else if (items.length > 0 && items.every(isUserRoute)) found.push(...tablesOfRoutes(items));
    else for (const each of items) collect(each, found);
    return;
  }
  const bag = bagOf(data);
  if (bag === null) return;
  if (Array.isArray(bag['value'])) return collect(bag['value'], found);
  if (isEffectiveRoute(bag)) found.push(effectiveOf([bag]));
  else if (isUserRoute(bag)) found.push(...tablesOfRoutes([bag]));
  else if (bagOf(bag['newVNet']) !== null) collect(bag['newVNet'], found);
  else if (bagOf(bag['addressSpace']) !== null && property(bag, 'subnets') !== undefined)
    found.push(vnetOf(bag));
  else if (Array.isArray(property(bag, 'routes'))) found.push(tableOf(bag));
  else if (Array.isArray(bag['resources'])) collect(bag['resources'], found);
}

function isEffectiveRoute(bag: Bag): boolean {
  return Array.isArray(bag['addressPrefix']) && typeof bag['nextHopType'] === 'string';
}

function isUserRoute(bag: Bag): boolean {
  return (
    typeof property(bag, 'addressPrefix') === 'string' && typeof property(bag, 'nextHopType') === 'string'
  );
}

function effectiveOf(routes: readonly Bag[]): RouteDocument {
  return {
    kind: 'effective',
    routes: routes.map((bag, at) => ({
      name: textOf(bag['name']),
      source: textOf(bag['source']),
      state: textOf(bag['state']),
      destinations: listOf(bag['addressPrefix']),
      nextHopType: textOf(bag['nextHopType']) ?? '',
      nextHopAddresses: listOf(bag['nextHopIpAddress']),
      hasBgpOverride: false,
      where: `route ${at + 1}`,
    })),
  };
}

function userRouteOf(bag: Bag): TextRoute {
  const name = textOf(bag['name']);
  const address = textOf(property(bag, 'nextHopIpAddress'));
  return {
    name,
    source: 'User',
    state: null,
    destinations: [textOf(property(bag, 'addressPrefix')) ?? ''],
    nextHopType: textOf(property(bag, 'nextHopType')) ?? '',
    nextHopAddresses: address === null || address === '' ? [] : [address],
    hasBgpOverride: property(bag, 'hasBgpOverride') === true,
    where: `route ${name ?? '?'}`,
  };
}

/** `az network route-table route list`: the ids say which table they are of. */
function tablesOfRoutes(routes: readonly Bag[]): readonly RouteDocument[] {
  const tables = new Map<string, Bag[]>();
  for (const route of routes) {
    const name = /\/routeTables\/([^/]+)\//i.exec(textOf(route['id']) ?? '')?.[1] ?? 'the route table';
    tables.set(name, [...(tables.get(name) ?? []), route]);
  }
  return [...tables].map(([name, list]) => ({
    kind: 'table',
    name,
    isPropagationOff: false,
    routes: list.map(userRouteOf),
  }));
}

function tableOf(bag: Bag): RouteDocument {
  const routes = property(bag, 'routes');
  return {
    kind: 'table',
    name: textOf(bag['name']) ?? 'the route table',
    isPropagationOff: property(bag, 'disableBgpRoutePropagation') === true,
    routes: (Array.isArray(routes) ? routes : [])
      .map(bagOf)
      .filter((each) => each !== null)
      .map(userRouteOf),
  };
}

function vnetOf(bag: Bag): RouteDocument {
  const list = (value: unknown): readonly Bag[] =>
    (Array.isArray(value) ? value : []).map(bagOf).filter((each) => each !== null);
  const idOf = (value: unknown): string | null => textOf(bagOf(value)?.['id']);
  return {
    kind: 'vnet',
    name: textOf(bag['name']) ?? 'the VNet',
    location: textOf(bag['location']),
    prefixes: listOf(bagOf(property(bag, 'addressSpace'))?.['addressPrefixes']),
    subnets: list(property(bag, 'subnets')).map((subnet) => ({
      name: textOf(subnet['name']) ?? '?',
      prefix:
        textOf(property(subnet, 'addressPrefix')) ?? listOf(property(subnet, 'addressPrefixes'))[0] ?? '',
      routeTableId: idOf(property(subnet, 'routeTable')),
      services: list(property(subnet, 'serviceEndpoints')).flatMap(({ service }) => textOf(service) ?? []),
    })),
    peerings: list(property(bag, 'virtualNetworkPeerings')).map((peering) => ({
      name: textOf(peering['name']) ?? '?',
      state: textOf(property(peering, 'peeringState')) ?? 'Connected',
      syncLevel: textOf(property(peering, 'peeringSyncLevel')),
      remoteId: idOf(property(peering, 'remoteVirtualNetwork')),
      prefixes: listOf(bagOf(property(peering, 'remoteAddressSpace'))?.['addressPrefixes']),
    })),
  };
}

/** Routes in one word each. The type of the next hop tells which part is which. */
function tablesOfWords(words: readonly string[], problems: TextProblem[]): readonly RouteDocument[] {
  const tables = new Map<string, TextRoute[]>();
  for (const word of words) {
    const parts = word.split(':');
    const at = parts.findLastIndex((part) => HOPS.some((hop) => hop.toLowerCase() === part.toLowerCase()));
    const destination = parts[at - 1];
    if (at < 1 || at > 3 || destination === undefined || parts.length > at + 2) {
      const message = `"${word}" is no route in one word: ${ROUTE_WORD}, with the type ${HOPS.join(', ')}.`;
      problems.push({ line: null, message, instead: 'to-firewall:0.0.0.0/0:VirtualAppliance:10.0.1.4' });
      continue;
    }
    const [table, name] = at === 3 ? [parts[0], parts[1]] : [undefined, at === 2 ? parts[0] : undefined];
    const routes = tables.get(table ?? '') ?? [];
    tables.set(table ?? '', routes);
    const address = parts[at + 1];
    routes.push({
      name: name ?? null,
      source: 'User',
      state: null,
      destinations: [destination],
      nextHopType: parts[at] ?? '',
      nextHopAddresses: address === undefined ? [] : [address],
      hasBgpOverride: false,
      where: `"${word}"`,
    });
  }
  return [...tables].map(([name, routes]) => ({
    kind: 'table',
    name: name === '' ? 'the route table' : name,
    isPropagationOff: false,
    routes,
  }));
}

/** ARM's REST answers and templates keep properties one level deeper than azure-cli. */
function property(bag: Bag, key: string): unknown {
  return bag[key] ?? bagOf(bag['properties'])?.[key];
}

function bagOf(value: unknown): Bag | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : null;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.flatMap((each) => textOf(each) ?? []) : [];
}

function shapeOf(data: unknown): string {
  if (Array.isArray(data)) {
    if (data.length === 0) return 'the list is empty';
    const list = `a list of ${data.length}`;
    return bagOf(data[0]) === null ? list : `${list}, of which the first: ${shapeOf(data[0])}`;
  }
  const bag = bagOf(data);
  if (bag === null) return 'neither an object nor a list';
  const type = textOf(bag['type']);
  if (type !== null) return `this is a resource of the type ${type.slice(0, 80)}`;
  const keys = Object.keys(bag).slice(0, 4);
  return keys.length === 0 ? 'the object is empty' : `an object with ${keys.join(', ')}`;
}
