import { addressKey, formatAddress, sameAddress } from '../ip/address.ts';
import type { Address, AddressKey } from '../ip/address.ts';
import { setContains } from '../ip/address-set.ts';
import {
  comparePrefixes,
  formatPrefix,
  prefix,
  prefixAround,
  prefixContains,
  prefixCovers,
  samePrefix,
} from '../ip/prefix.ts';
import type { Prefix } from '../ip/prefix.ts';
import { buildPrefixTable, lookup } from '../ip/prefix-table.ts';
import type { PrefixEntry, PrefixTable } from '../ip/prefix-table.ts';
import type {
  FilterChain,
  Host,
  Interface,
  InterfaceName,
  Listener,
  Protocol,
  Route,
  RouteTable,
  TranslationRule,
} from './network.ts';

export const MAIN_TABLE = 'main';
const LOOPBACK = prefix('127.0.0.0/8');

type Hook = FilterChain['hook'];

/** A host prepared for questions. Built once per host object, because hosts never change. */
export interface HostIndex {
  readonly host: Host;
  readonly interfaces: ReadonlyMap<InterfaceName, Interface>;
  readonly ownAddresses: ReadonlySet<AddressKey>;
  readonly prerouting: readonly TranslationRule[];
  readonly postrouting: readonly TranslationRule[];
  /** Whether the host remembers conversations: it filters, translates, balances, or lets replies leave as the request came. */
  readonly tracks: boolean;
  readonly chains: ReadonlyMap<Hook, readonly FilterChain[]>;
  /** Filled as packets come by. */
  readonly chainsOfInterface: Map<Hook, Map<InterfaceName | null, readonly FilterChain[]>>;
  /** Filled as tables are asked. */
  readonly tables: Map<string, PrefixTable<RouteSet>>;
}

/** All routes of one table with one prefix, the winner first. */
interface RouteSet {
  readonly routes: readonly Route[];
  choice: RouteChoice | null;
}

/** What a table answers: the route that won, in words, and who lost. */
export interface RouteChoice {
  readonly route: Route;
  readonly action: string;
  readonly lost: readonly { readonly candidate: string; readonly why: string }[];
}

const indexes = new WeakMap<Host, HostIndex>();
// Most hosts are pods without either: tens of thousands of empty lists would only fill the cache.
const NO_CHAINS: readonly FilterChain[] = [];
const NO_CHAINS_AT_ALL: HostIndex['chains'] = new Map();
const NO_RULES: readonly TranslationRule[] = [];

export function indexHost(host: Host): HostIndex {
  const known = indexes.get(host);
  if (known !== undefined) return known;
  const ownAddresses = new Set<AddressKey>();
  const interfaces = new Map<InterfaceName, Interface>();
  for (const face of host.interfaces) {
    interfaces.set(face.name, face);
    for (const { address } of face.addresses) ownAddresses.add(addressKey(address));
  }
  const { chains, translations, balancing } = host;
  const index: HostIndex = {
    host,
    interfaces,
    ownAddresses,
    prerouting: rulesOf(translations, 'prerouting'),
    postrouting: rulesOf(translations, 'postrouting'),
    tracks:
      chains.length > 0 || translations.length > 0 || balancing !== undefined || host.iptables !== undefined,
    chains: chains.length === 0 ? NO_CHAINS_AT_ALL : groupByHook(chains),
    chainsOfInterface: new Map(),
    tables: new Map(),
  };
  indexes.set(host, index);
  return index;
}

/** Reports whether a packet to this address ends at the host. */
export function isLocal(index: HostIndex, address: Address): boolean {
  return index.ownAddresses.has(addressKey(address)) || prefixContains(LOOPBACK, address);
}

/** Returns the chains a packet crosses at a hook, in the host's order. */
export function chainsAt(index: HostIndex, hook: Hook, face: InterfaceName | null): readonly FilterChain[] {
  const ofHook = index.chains.get(hook);
  if (ofHook === undefined) return NO_CHAINS;
  let byInterface = index.chainsOfInterface.get(hook);
  if (byInterface === undefined) {
    byInterface = new Map();
    index.chainsOfInterface.set(hook, byInterface);
  }
  let chosen = byInterface.get(face);
  if (chosen === undefined) {
    chosen = ofHook.filter((chain) => chain.interface === null || chain.interface === face);
    byInterface.set(face, chosen);
  }
  return chosen;
}

/** Returns the table that a packet is looked up in: by the interface it came in on, null for the host's own, and its source. */
export function tableFor(index: HostIndex, incoming: InterfaceName | null, source: Address): string {
  if (incoming === null) return MAIN_TABLE;
  const { tablesBySource, tableOfInterface } = index.host;
  const bySource = tablesBySource?.get(incoming)?.find((each) => setContains(each.source, source));
  return bySource?.table ?? tableOfInterface.get(incoming) ?? MAIN_TABLE;
}

/** Returns the route for a destination: longest prefix, then lowest metric, then first added; null if none. */
export function chooseRoute(index: HostIndex, tableName: string, destination: Address): RouteChoice | null {
  const source = index.host.tables.get(tableName);
  if (source === undefined) return null;
  let table = index.tables.get(tableName);
  if (table === undefined) {
    table = buildTable(source);
    index.tables.set(tableName, table);
  }
  const entry = lookup(table, destination);
  if (entry === null) return null;
  entry.value.choice ??= choiceOf(entry, source);
  return entry.value.choice;
}

/** Returns what listens for this protocol, port and address; null if nothing does. */
export function findListener(
  host: Host,
  protocol: Protocol,
  port: number | null,
  to: Address,
): Listener | null {
  const known = host.listeners.find(
    (listener) =>
      listener.protocol === protocol &&
      listener.port === port &&
      (listener.address === null || sameAddress(listener.address, to)),
  );
  if (known !== undefined) return known;
  const { assumedProgram: program } = host;
  if (program === undefined || protocol === 'icmp' || port === null) return null;
  return { protocol, port, address: null, program, assumed: true };
}

/**
 * Returns the address that a host puts on its own packets leaving by an interface, towards a
 * neighbour: the one that shares the neighbour's prefix, else the interface's first, else the first
 * of another interface (Linux's inet_select_addr); null if the host has none.
 */
export function sourceTowards(host: Host, face: Interface | undefined, neighbour: Address): Address | null {
  const near = face?.addresses.find(({ address, length }) =>
    prefixContains(prefixAround(address, length), neighbour),
  );
  return (near ?? face?.addresses[0])?.address ?? anyAddress(host);
}

/** Returns the first address of a host, in the order of its interfaces; null if it has none. */
export function anyAddress(host: Host): Address | null {
  for (const face of host.interfaces) {
    const [first] = face.addresses;
    if (first !== undefined) return first.address;
  }
  return null;
}

function rulesOf(
  rules: readonly TranslationRule[],
  hook: TranslationRule['hook'],
): readonly TranslationRule[] {
  return rules.length === 0 ? NO_RULES : rules.filter((rule) => rule.hook === hook);
}

function groupByHook(chains: readonly FilterChain[]): HostIndex['chains'] {
  const groups = new Map<Hook, FilterChain[]>();
  for (const chain of chains) {
    const group = groups.get(chain.hook);
    if (group === undefined) groups.set(chain.hook, [chain]);
    else group.push(chain);
  }
  return groups;
}

function buildTable(table: RouteTable): PrefixTable<RouteSet> {
  // Sorting is stable: of equal prefixes and metrics the one added first stays first.
  const sorted = [...table.routes].sort((a, b) => comparePrefixes(a.prefix, b.prefix) || a.metric - b.metric);
  const sets: (readonly [Prefix, RouteSet & { readonly routes: Route[] }])[] = [];
  for (const route of sorted) {
    const last = sets.at(-1);
    if (last !== undefined && samePrefix(last[0], route.prefix)) last[1].routes.push(route);
    else sets.push([route.prefix, { routes: [route], choice: null }]);
  }
  return buildPrefixTable<RouteSet>(sets);
}

function choiceOf(entry: PrefixEntry<RouteSet>, table: RouteTable): RouteChoice {
  const [route, ...equals] = entry.value.routes;
  if (route === undefined) throw new Error('a route set without routes');
  const won = formatPrefix(route.prefix);
  const lost = equals.map((other) => ({
    candidate: other.by,
    why:
      other.metric === route.metric
        ? `${won} too, with the same metric ${other.metric}, but added later`
        : `${won} too, but metric ${other.metric} is higher than ${route.metric}`,
  }));
  for (const { route: other, why } of table.superseded) {
    if (prefixCovers(other.prefix, route.prefix)) lost.push({ candidate: other.by, why });
  }
  for (let shorter = entry.within; shorter !== null; shorter = shorter.within) {
    const why = `${formatPrefix(shorter.prefix)} matches too, but ${won} is longer`;
    for (const other of shorter.value.routes) lost.push({ candidate: other.by, why });
  }
  return { route, action: `${won} matches: ${describeTarget(route)}`, lost };
}

function describeTarget(route: Route): string {
  const { target } = route;
  switch (target.kind) {
    case 'connected':
      return target.towards === undefined
        ? `the destination is a neighbour on ${target.interface}`
        : `hand to ${target.towards}`;
    case 'gateway':
      return `send to gateway ${formatAddress(target.via)} on ${target.interface}`;
    case 'attached':
      return 'deliver to the interface that has the address';
    case 'attached-gateway':
      return `hand to ${formatAddress(target.via)}`;
    case 'drop':
      return 'drop';
    case 'undetermined':
      return `not known: ${target.reason}`;
  }
}
