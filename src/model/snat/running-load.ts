/** A load while it runs at an inventory: the connections it has open, those that wait, and what it does next. */
import { connectionLife } from './connection-life.ts';
import type { ConnectionLife } from './connection-life.ts';
import type { PortInventory } from './inventory.ts';
import type { ConnectionLoad } from './load.ts';
import type { PortPool, Towards } from './port-pool.ts';
import { Workers } from './workers.ts';

/** The flows of one protocol to one destination. */
export interface Destination {
  readonly key: { readonly protocol: 'tcp' | 'udp'; readonly address: string; readonly port: number | null };
  readonly pool: PortPool;
  readonly towards: Towards;
  readonly flows: RunningLoad[];
  open: number;
  attempted: number;
  failed: number;
}

/** A load while it runs. Connections end in the order in which they were opened, so queues hold them. */
export interface RunningLoad {
  readonly load: ConnectionLoad;
  readonly life: ConnectionLife;
  readonly destination: Destination;
  /** When each connection of `ports` is over, and its port. The oldest are at `closing` and `releasing`. */
  closes: number[];
  ports: number[];
  closing: number;
  releasing: number;
  attempted: number;
  failed: number;
  lastFailed: number | null;
  readonly workers: Workers | null;
}

/** Throws RangeError for a load that opens connections without end at one moment. */
export function startLoad(
  inventory: PortInventory,
  load: ConnectionLoad,
  destination: Destination,
): RunningLoad {
  checkLoad(load);
  return {
    load,
    life: connectionLife(inventory, load),
    destination,
    closes: [],
    ports: [],
    closing: 0,
    releasing: 0,
    attempted: 0,
    failed: 0,
    lastFailed: null,
    workers: load.workers === undefined ? null : new Workers(load, load.workers),
  };
}

function checkLoad({ connections, perSecond, openFor, workers }: ConnectionLoad): void {
  if (workers !== undefined) {
    if (connections !== null || perSecond !== null) {
      throw new RangeError('workers decide how many connections there are, and how fast');
    }
    if (!(workers.giveUpAfter > 0)) throw new RangeError('a worker gives up after more than 0 seconds');
    if (openFor === 0 && !((workers.interval ?? 0) > 0) && workers.attempts === null) {
      throw new RangeError('workers without an end need time for a connection');
    }
    return;
  }
  if (connections === null && perSecond === null) {
    throw new RangeError('a load without an end needs a rate');
  }
  if (perSecond !== null && !(perSecond > 0)) {
    throw new RangeError(`a rate must be above 0, not ${perSecond}`);
  }
}

/** Returns what connections of a load must have different ports for. */
export function destinationKey(
  inventory: PortInventory,
  { protocol, destination: { address, port } }: ConnectionLoad,
): Destination['key'] {
  const wholeAddress = protocol === 'udp' && inventory.method === 'load-balancer';
  return { protocol, address, port: wholeAddress ? null : port };
}

function attemptTime({ load, attempted, workers }: RunningLoad): number {
  if (workers !== null) return workers.next();
  const { start, perSecond, connections, stop } = load;
  if (connections !== null && attempted >= connections) return Infinity;
  const at = perSecond === null ? start : start + attempted / perSecond;
  return stop !== null && at >= stop && at > start ? Infinity : at;
}

export function lastAttemptTime({ load: { start, perSecond }, attempted }: RunningLoad): number {
  return perSecond === null ? start : start + (attempted - 1) / perSecond;
}

/** Returns how many attempts of the load come before `at`, from its next one on. */
export function attemptsBefore(running: RunningLoad, at: number): number {
  if (attemptTime(running) >= at) return 0;
  const { start, perSecond, connections, stop } = running.load;
  const left = (connections ?? Infinity) - running.attempted;
  if (perSecond === null) return left;
  const before = Math.min(at, stop ?? Infinity);
  // One fewer than the sum says: the last is left to the exact comparison of its time.
  const sum = Math.ceil((before - start) * perSecond) - 1 - running.attempted;
  return Math.max(0, Math.min(left, sum));
}

export function closesNext({ closes, closing }: RunningLoad): number {
  return closes[closing] ?? Infinity;
}

export function releasesNext({ closes, releasing, life }: RunningLoad): number {
  const closed = closes[releasing];
  return closed === undefined ? Infinity : closed + life.hold;
}

export interface LoadEvent {
  readonly at: number;
  readonly kind: 'close' | 'release' | 'attempt';
}

export function nextEvent(running: RunningLoad): LoadEvent {
  const close = closesNext(running);
  const release = releasesNext(running);
  const attempt = attemptTime(running);
  if (close <= release && close <= attempt) return { at: close, kind: 'close' };
  if (release <= attempt) return { at: release, kind: 'release' };
  return { at: attempt, kind: 'attempt' };
}

/** Drops connections whose port is back, now and then. */
export function forget(running: RunningLoad): void {
  if (running.releasing < 10_000 || running.releasing * 2 < running.ports.length) return;
  running.closes = running.closes.slice(running.releasing);
  running.ports = running.ports.slice(running.releasing);
  running.closing -= running.releasing;
  running.releasing = 0;
}
