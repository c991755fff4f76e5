/** Who reaches whom among VNets: every pair is asked of the model, with one machine in each VNet. */
import { listResources } from '../model/azure/resource-store.ts';
import { hasGateway } from '../model/azure/virtual-network-gateway-presence.ts';
import { ask } from '../model/compile/ask.ts';
import type { Answer } from '../model/compile/ask.ts';
import type { Cloud } from '../model/cloud.ts';
import type { Disposition } from '../model/trace/disposition.ts';
import type { Hop } from '../model/trace/trace.ts';
import { vnetWithId } from './peering-matrix-machines.ts';
import type { MatrixSite, MatrixVnet, MatrixWorld } from './peering-matrix-machines.ts';
import { peeringTo } from '../model/azure/virtual-network-peering-checks.ts';
import { linkChanges } from './peering-changes.ts';
import type { Change } from './peering-changes.ts';
import { prefix, prefixesOverlap } from '../model/ip/prefix.ts';
import { reducedTo } from './peering-reduced.ts';
import { forwardersOf, repairBetween, repairToSite, repairWorks } from './peering-repair.ts';
import type { Repair } from './peering-repair.ts';

/** What is asked: a ping, or a TCP connection to a port. */
export type Probe = { readonly kind: 'ping' } | { readonly kind: 'tcp'; readonly port: number };

export type Outcome = 'reaches' | 'blocked' | 'undetermined';

export interface MatrixCell {
  readonly from: string;
  readonly to: string;
  readonly outcome: Outcome;
  readonly disposition: Disposition;
  /** The places that the packet crosses, in order: VNets, firewalls, gateways. */
  readonly path: readonly string[];
  /** Those that the reply crosses; null if nothing arrived. */
  readonly back: readonly string[] | null;
  /** Why it ended so, as the model says it. */
  readonly reason: string;
  /** Only for a cell that is not reached. */
  readonly repair: Repair | null;
}

export interface AsymmetricPair {
  readonly from: string;
  readonly to: string;
  readonly path: readonly string[];
  readonly back: readonly string[];
  /** Whether the reply is lost for it. */
  readonly lost: boolean;
}

/** VNets whose address spaces have something in common, with a prefix of each. */
export interface OverlappingVnets {
  readonly one: string;
  readonly other: string;
  readonly prefixes: readonly [string, string];
}

export interface PeeringMatrix {
  readonly world: MatrixWorld;
  readonly probe: Probe;
  /** In order of the VNets: each pair in both directions. */
  readonly cells: readonly MatrixCell[];
  /** To and from everything on-premises. */
  readonly siteCells: readonly MatrixCell[];
  readonly asymmetric: readonly AsymmetricPair[];
  readonly overlaps: readonly OverlappingVnets[];
  /** What links that are there lack: the other half, or a sync. */
  readonly links: readonly Change[];
}

/** Returns the matrix of a world. */
export function peeringMatrix(world: MatrixWorld, probe: Probe): PeeringMatrix {
  const ends = world.vnets;
  const words = wordsFor(world);
  const onTheWay = listResources(world.cloud, 'Microsoft.Network/virtualNetworks')
    .filter((each) => hasGateway(world.cloud, each))
    .map(({ id }) => id)
    .concat(forwardersOf(world.cloud).map(({ vnet }) => vnet.id));
  const cells: MatrixCell[] = [];
  const repairs = new Map<string, Repair>();
  for (const from of ends) {
    for (const to of ends) {
      if (from === to) continue;
      const near = (cloud: Cloud): Cloud => reducedTo(cloud, [from.id, to.id, ...onTheWay]);
      const repair = (works: (cloud: Cloud) => boolean): Repair => {
        // What lets one direction work lets the other work, nearly always: that is tried first.
        const other = repairs.get(`${to.id} ${from.id}`);
        if (other !== undefined && repairWorks(world.cloud, other, works)) return other;
        const found = repairBetween(world.cloud, [from, to], works);
        repairs.set(`${from.id} ${to.id}`, found);
        return found;
      };
      cells.push(cellOf(world.cloud, { from: endOf(from), to: endOf(to) }, probe, words, repair, near));
    }
  }
  const siteCells: MatrixCell[] = [];
  for (const site of world.sites) {
    for (const vnet of ends) {
      const there = { from: endOf(vnet), to: endOf(site) };
      const repair = (works: (cloud: Cloud) => boolean): Repair => repairToSite(world.cloud, vnet, works);
      const near = (cloud: Cloud): Cloud => reducedTo(cloud, [vnet.id, ...onTheWay]);
      siteCells.push(cellOf(world.cloud, there, probe, words, repair, near));
      siteCells.push(cellOf(world.cloud, { from: there.to, to: there.from }, probe, words, repair, near));
    }
  }
  return {
    world,
    probe,
    cells,
    siteCells,
    asymmetric: asymmetricPairs([...cells, ...siteCells]),
    overlaps: overlapsIn(world),
    links: unfinishedLinks(world),
  };
}

interface End {
  readonly label: string;
  readonly end: string | null;
}

function endOf(one: MatrixVnet | MatrixSite): End {
  return 'machine' in one ? { label: one.name, end: one.machine } : one;
}

function cellOf(
  cloud: Cloud,
  { from, to }: { readonly from: End; readonly to: End },
  probe: Probe,
  words: (text: string) => string,
  repair: (works: (cloud: Cloud) => boolean) => Repair,
  near: (cloud: Cloud) => Cloud,
): MatrixCell {
  if (from.end === null || to.end === null) {
    const vnet = from.end === null ? from.label : to.label;
    return {
      from: from.label,
      to: to.label,
      outcome: 'undetermined',
      disposition: 'undetermined',
      path: [],
      back: null,
      reason: `VNet ${vnet} has no subnet for a machine, so nobody can be asked there`,
      repair: null,
    };
  }
  const { end: source } = from;
  const { end: target } = to;
  const asked = (now: Cloud): Answer | null => {
    const question = { from: source, to: target };
    const answer = ask(
      now,
      probe.kind === 'ping'
        ? { ...question, protocol: 'icmp' }
        : { ...question, protocol: 'tcp', port: probe.port },
    );
    return answer.ok ? answer.value : null;
  };
  const answer = asked(cloud);
  if (answer === null) throw new Error(`${source} or ${target} is not in the cloud`);
  const { trace } = answer;
  const outcome = outcomeOf(trace.disposition);
  return {
    from: from.label,
    to: to.label,
    outcome,
    disposition: trace.disposition,
    path: placesOf(trace.hops, words),
    back: trace.reverse === null ? null : placesOf(trace.reverse.hops, words),
    reason: words(trace.reason),
    repair:
      outcome === 'reaches'
        ? null
        : repair((now) => {
            const again = asked(near(now));
            return again !== null && outcomeOf(again.trace.disposition) === 'reaches';
          }),
  };
}

/** A machine that nobody listens on was reached all the same. */
function outcomeOf(disposition: Disposition): Outcome {
  switch (disposition) {
    case 'delivered':
    case 'refused':
      return 'reaches';
    case 'undetermined':
      return 'undetermined';
    case 'denied-outbound':
    case 'denied-inbound':
    case 'no-route':
    case 'dropped-by-route':
    case 'next-hop-unreachable':
    case 'no-outbound-path':
    case 'snat-exhausted':
    case 'asymmetric':
    case 'loop':
      return 'blocked';
  }
}

/** The places between the two ends, each as often as the packet comes by. */
function placesOf(hops: readonly Hop[], words: (text: string) => string): readonly string[] {
  return hops.map(({ place }) => words(place));
}

/** Puts the names of VNets and sites where the model names their machines. */
function wordsFor(world: MatrixWorld): (text: string) => string {
  const names: (readonly [string, string])[] = [
    ...world.vnets.flatMap(({ machine, name }) =>
      machine === null ? [] : [[machine, `a machine in ${name}`] as const],
    ),
    ...world.sites.map(({ end, label }) => [end, label] as const),
  ].sort(([one], [other]) => other.length - one.length);
  return (text) => {
    let said = text;
    for (const [end, name] of names) said = said.replaceAll(end, name);
    return said
      .replaceAll(/\bfabric\/(\S+?)(?=[\s,.;:]|$)/g, 'VNet $1')
      .replaceAll(/\bgateway\/(\S+?)(?=[\s,.;:]|$)/g, 'the gateway of $1');
  };
}

/** Pairs whose replies go another way than what they answer; each pair once. */
function asymmetricPairs(cells: readonly MatrixCell[]): readonly AsymmetricPair[] {
  const said = new Set<string>();
  return cells.flatMap(({ from, to, path, back, outcome }) => {
    if (back === null || said.has(`${to} ${from}`)) return [];
    if (outcome === 'reaches' && path.join() === [...back].reverse().join()) return [];
    if (outcome === 'blocked' && isPartOf(back, path)) return [];
    said.add(`${from} ${to}`);
    return [{ from, to, path, back, lost: outcome !== 'reaches' }];
  });
}

/** A reply that stops on the way it came takes no other way. */
function isPartOf(back: readonly string[], path: readonly string[]): boolean {
  return [...path].reverse().join().startsWith(back.join());
}

function unfinishedLinks({ cloud, vnets }: MatrixWorld): readonly Change[] {
  const all = vnets.flatMap(({ id }) => vnetWithId(cloud, id) ?? []);
  return all.flatMap((from) =>
    all.flatMap((to) =>
      from !== to && (peeringTo(from, to.id) !== null || peeringTo(to, from.id) !== null)
        ? linkChanges(from, to, {}).filter(({ kind }) => kind !== 'flag')
        : [],
    ),
  );
}

function overlapsIn({ cloud, vnets }: MatrixWorld): readonly OverlappingVnets[] {
  const spaces = vnets.map(({ id, name }) => ({
    name,
    prefixes: (vnetWithId(cloud, id)?.addressSpace.addressPrefixes ?? []).map((text) => ({
      text,
      range: prefix(text),
    })),
  }));
  return spaces.flatMap((one, at) =>
    spaces.slice(at + 1).flatMap((other): OverlappingVnets[] => {
      for (const mine of one.prefixes) {
        const theirs = other.prefixes.find(({ range }) => prefixesOverlap(range, mine.range));
        if (theirs !== undefined)
          return [{ one: one.name, other: other.name, prefixes: [mine.text, theirs.text] }];
      }
      return [];
    }),
  );
}
