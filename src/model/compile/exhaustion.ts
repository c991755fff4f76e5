/** Load on a network: where no source port is left, the device that lends them says so. */
import type { Cloud } from '../cloud.ts';
import { parseAddress, sameAddress } from '../ip/address.ts';
import type { Address } from '../ip/address.ts';
import { setOfAddresses } from '../ip/address-set.ts';
import type { Host, HostId, TranslationRule } from '../network/network.ts';
import type { DestinationState } from '../snat/inventory.ts';
import type { WayOut } from '../snat/load.ts';
import { inventorySize } from '../snat/ports.ts';
import { hasTraffic, trafficState } from '../traffic/traffic-state.ts';
import type { Compiled } from './compile.ts';

/** Networks with load on them, by what is used up: it changes less often than the time. */
const loaded = new WeakMap<Compiled, Map<string, Compiled>>();

/**
 * Returns the network with what programs have left of the source ports at `cloud.now`; the same network
 * where nothing is used up.
 */
export function withLoad(unloaded: Compiled, cloud: Cloud): Compiled {
  if (!hasTraffic(cloud)) return unloaded;
  const rules = exhaustedRules(unloaded, cloud);
  if (rules.size === 0) return unloaded;
  const key = JSON.stringify([...rules].map(([host, own]) => [host, own.map(({ action }) => action)]));
  let known = loaded.get(unloaded);
  if (known === undefined) loaded.set(unloaded, (known = new Map<string, Compiled>()));
  let found = known.get(key);
  if (found === undefined) {
    found = { ...unloaded, network: { ...unloaded.network, hosts: withRules(unloaded, rules) } };
    known.clear();
    known.set(key, found);
  }
  return found;
}

type Rules = ReadonlyMap<HostId, readonly TranslationRule[]>;

function exhaustedRules(unloaded: Compiled, cloud: Cloud): Rules {
  const rules = new Map<HostId, TranslationRule[]>();
  for (const { way, run, given } of trafficState(cloud, unloaded).inventories) {
    if (given === 'before') continue;
    for (const destination of run.state.destinations) {
      if (destination.free > 0) continue;
      const host = hostOf(unloaded, way);
      if (host === null) continue;
      const rule = ruleOf(way, destination);
      const own = rules.get(host);
      if (own === undefined) rules.set(host, [rule]);
      else own.push(rule);
    }
  }
  return rules;
}

function hostOf(unloaded: Compiled, { id, inventory, backend }: WayOut): HostId | null {
  if (inventory.method !== 'instance-public-ip') return id.split(' ')[0] ?? null;
  const network = unloaded.inventory.networks.find(({ ports }) =>
    ports.some(({ addresses }) => addresses.some((each) => textIs(each, backend))),
  );
  return network === undefined ? null : `edge/${network.name}`;
}

function textIs(one: Address, text: string): boolean {
  const parsed = parseAddress(text);
  return parsed.ok && sameAddress(parsed.value, one);
}

function ruleOf(way: WayOut, state: DestinationState): TranslationRule {
  const { protocol, address, port } = state;
  const { method } = way.inventory;
  // Their ports are for whoever comes.
  const source = method === 'nat-gateway' || method === 'firewall' ? null : parseAddress(way.backend);
  const destination = parseAddress(address);
  return {
    hook: 'postrouting',
    match: {
      protocols: [protocol],
      ...(source?.ok === true ? { source: setOfAddresses([source.value]) } : {}),
      ...(destination.ok ? { destination: setOfAddresses([destination.value]) } : {}),
      ...(port === null ? {} : { destinationPorts: [{ from: port, to: port }] }),
    },
    action: { kind: 'exhausted', reason: reasonOf(way, state) },
    by: way.by,
  };
}

function reasonOf(way: WayOut, { protocol, address, port, open, taken }: DestinationState): string {
  const to = port === null ? address : `${address}:${port}`;
  const name = protocol.toUpperCase();
  const size = inventorySize(way.inventory);
  switch (way.inventory.method) {
    case 'load-balancer':
      return `${way.by} gives ${way.owner} ${count(size.ports)} ports, and all ${count(taken)} are taken towards ${to} (${name})`;
    case 'nat-gateway':
      return `${way.by} has ${count(size.ports)} ports on ${count(way.addresses.length)} ${way.addresses.length === 1 ? 'address' : 'addresses'} and at most ${count(size.connectionsToOneDestination)} connections to one destination: ${count(open)} are open and ${count(taken)} ports are taken towards ${to} (${name})`;
    case 'instance-public-ip':
    case 'firewall':
      return `${way.by} has ${count(size.ports)} ports, and all ${count(taken)} are taken towards ${to} (${name})`;
  }
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}

/** A map of hosts of which some are others. */
function withRules({ network }: Compiled, rules: Rules): ReadonlyMap<HostId, Host> {
  const changed = new Map<HostId, Host>();
  for (const [id, own] of rules) {
    const host = network.hosts.get(id);
    if (host !== undefined) changed.set(id, { ...host, translations: [...own, ...host.translations] });
  }
  return new ChangedHosts(network.hosts, changed);
}

class ChangedHosts implements ReadonlyMap<HostId, Host> {
  readonly #all: ReadonlyMap<HostId, Host>;
  readonly #changed: ReadonlyMap<HostId, Host>;

  constructor(all: ReadonlyMap<HostId, Host>, changed: ReadonlyMap<HostId, Host>) {
    this.#all = all;
    this.#changed = changed;
  }

  get(id: HostId): Host | undefined {
    return this.#changed.get(id) ?? this.#all.get(id);
  }

  has(id: HostId): boolean {
    return this.#all.has(id);
  }

  get size(): number {
    return this.#all.size;
  }

  forEach(visit: (value: Host, key: HostId, map: ReadonlyMap<HostId, Host>) => void): void {
    for (const [key, value] of this.entries()) visit(value, key, this);
  }

  *entries(): MapIterator<[HostId, Host]> {
    for (const [key, value] of this.#all) yield [key, this.#changed.get(key) ?? value];
  }

  keys(): MapIterator<HostId> {
    return this.#all.keys();
  }

  *values(): MapIterator<Host> {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator](): MapIterator<[HostId, Host]> {
    return this.entries();
  }
}
