/** Every inventory of source ports that somebody uses, with what its loads have come to. */
import type { Cloud } from '../cloud.ts';
import type { Compiled } from '../compile/compile.ts';
import { Remembered } from '../remembering.ts';
import { heldConnections } from './held-run.ts';
import type { PortInventory } from '../snat/inventory.ts';
import type { TrafficRun, WayOut } from '../snat/load.ts';
import { runLoads } from '../snat/run-loads.ts';
import type { InventoryRun } from '../snat/run-loads.ts';
import { makesLoad, podLoads } from './pod-loads.ts';

/** The ports of one machine, or of one NAT gateway, from when they were given out like this. */
export interface UsedInventory {
  readonly way: WayOut;
  /** In order of start; `run.loads` has what became of each. */
  readonly loads: readonly TrafficRun[];
  readonly run: InventoryRun;
  /** `now`: connections that are opened now take their ports here. `before`: they were given out anew since. */
  readonly given: 'now' | 'before';
  /** The moment of `run.state`: now, or when the ports were given out anew. */
  readonly until: number;
}

export interface TrafficState {
  readonly inventories: readonly UsedInventory[];
  /** What goes on at this moment, with or without a way out. */
  readonly running: readonly TrafficRun[];
}

const NOTHING: TrafficState = { inventories: [], running: [] };

/** Reports whether programs make connections, or ever did. */
export function hasTraffic(cloud: Cloud): boolean {
  return (cloud.traffic ?? []).length > 0 || makesLoad(cloud);
}

/** Returns everything that takes source ports: what is stored, and what pods do at `cloud.now`. */
export function allRuns(cloud: Cloud, unloaded: Compiled): readonly TrafficRun[] {
  const stored = cloud.traffic ?? [];
  const since = new Map<string, number>();
  const held = new Map<string, number>();
  for (const run of stored) {
    const { container, stop } = run;
    if (container === null) continue;
    if (stop !== null && stop <= cloud.now) since.set(container, Math.max(since.get(container) ?? 0, stop));
    else held.set(container, (held.get(container) ?? 0) + heldConnections(run));
  }
  return [...stored, ...podLoads(cloud, unloaded, since, held)];
}

const states = new WeakMap<Cloud, TrafficState>();

/** Returns the state of all inventories at `cloud.now`. `unloaded` is the cloud's network without load. */
export function trafficState(cloud: Cloud, unloaded: Compiled): TrafficState {
  if (!hasTraffic(cloud)) return NOTHING;
  const known = states.get(cloud);
  if (known !== undefined) return known;
  const runs = allRuns(cloud, unloaded).filter(({ start }) => start <= cloud.now);
  const state: TrafficState = {
    inventories: inventoriesOf(runs, cloud.now),
    running: runs.filter(({ stop }) => stop === null || stop > cloud.now),
  };
  states.set(cloud, state);
  return state;
}

/**
 * Returns the inventories that runs have used up to `until`. Ports that were given out anew, because the
 * rule changed or there are more or fewer machines, begin unused: what was open is taken as opened anew.
 */
export function inventoriesOf(runs: readonly TrafficRun[], until: number): readonly UsedInventory[] {
  const groups = new Map<string, { readonly way: WayOut; readonly loads: TrafficRun[] }>();
  for (const each of runs) {
    const { through } = each;
    if (through === null) continue;
    const key = inventoryKey(through);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { way: through, loads: [each] });
    else group.loads.push(each);
  }
  const latest = new Map<string, number>();
  const lastStart = (loads: readonly TrafficRun[]): number => Math.max(...loads.map(({ start }) => start));
  for (const { way, loads } of groups.values()) {
    latest.set(way.id, Math.max(latest.get(way.id) ?? 0, lastStart(loads)));
  }
  return Array.from(groups.values(), ({ way, loads }): UsedInventory => {
    const sorted = loads.toSorted((a, b) => a.start - b.start);
    const given = lastStart(loads) === latest.get(way.id) ? 'now' : 'before';
    const end = given === 'now' ? until : Math.max(...loads.map(({ stop }) => stop ?? until));
    return { way, loads: sorted, run: runOf(way.inventory, sorted, end), given, until: end };
  });
}

/** More than what one cloud, and those that are like it but for one thing, ask for at a time. */
const MOST_RUNS = 200;

/** What was run last, by all that it follows from: of clouds that differ in something else, the loads come to the same. */
const lastRuns = new Remembered<InventoryRun>(MOST_RUNS);

function runOf(inventory: PortInventory, loads: readonly TrafficRun[], until: number): InventoryRun {
  return lastRuns.of(JSON.stringify([inventory, loads, until]), () => runLoads(inventory, loads, until));
}

/** The same words: the same ports, given out the same way. */
export function inventoryKey({ id, by, addresses, inventory }: WayOut): string {
  return JSON.stringify([id, by, addresses, inventory]);
}
