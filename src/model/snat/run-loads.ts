/** What happens to an inventory of source ports while programs open connections, over virtual time. */
import { connectionLife } from './connection-life.ts';
import type { ConnectionLife } from './connection-life.ts';
import type { DestinationState, InventoryState, PortInventory } from './inventory.ts';
import type { ConnectionLoad } from './load.ts';
import { PortPool } from './port-pool.ts';
import type { Towards } from './port-pool.ts';
import { inventorySize } from './ports.ts';
import type { InventorySize } from './ports.ts';
import { Workers } from './workers.ts';

/** Counts since the load began, except `open`. `attempted` is always `connected` plus `failed`. */
export interface LoadCount {
  readonly attempted: number;
  /** Attempts that got a source port, those that nobody answers included. */
  readonly connected: number;
  /** Attempts that found no port; they take none. */
  readonly failed: number;
  /** Connections that are open at the end of the run. */
  readonly open: number;
  /** When the last attempt failed, or null if none did. */
  readonly lastFailed: number | null;
  /** When the last worker of the load was done with its attempts; null without workers, or while they go on. */
  readonly workersDone: number | null;
}

/** An inventory at a whole minute. Ports at that moment, attempts counted since the first load began. */
export interface InventorySample {
  readonly at: number;
  readonly usedTcp: number;
  readonly usedUdp: number;
  /** Connections of both protocols. */
  readonly open: number;
  readonly attempted: number;
  readonly connected: number;
  readonly failed: number;
}

export interface InventoryRun {
  readonly state: InventoryState;
  /** In the order of the loads. */
  readonly loads: readonly LoadCount[];
  /** At each whole minute of virtual time after the first load began, up to `until`. */
  readonly samples: readonly InventorySample[];
}

/**
 * Returns what an inventory and the loads on it have come to at `until` (virtual seconds since the epoch;
 * what happens at that very moment has happened). At one moment ports come back before connections are
 * opened, and loads open theirs in the order given.
 *
 * An attempt needs a port that no connection to the same destination has or has just had: a TCP
 * destination is an address and a port, a UDP destination of a load balancer is an address. A NAT gateway
 * also caps its connections to one destination and in all.
 *
 * Throws RangeError for a load without an end to its attempts at one moment, and for a rate that is not
 * above 0.
 */
export function runLoads(
  inventory: PortInventory,
  loads: readonly ConnectionLoad[],
  until: number,
  options: RunOptions = {},
): InventoryRun {
  return new Run(inventory, loads, { ...inventorySize(inventory), ...options.size }).to(until);
}

export interface RunOptions {
  /** Another size than the method has: what Azure documents is too large to be checked by hand. */
  readonly size?: Partial<InventorySize>;
}

const SECONDS_PER_MINUTE = 60;

/** The flows of one protocol to one destination. */
interface Destination {
  readonly key: { readonly protocol: 'tcp' | 'udp'; readonly address: string; readonly port: number | null };
  readonly pool: PortPool;
  readonly towards: Towards;
  readonly flows: Flow[];
  open: number;
  attempted: number;
  failed: number;
}

/** A load while it runs. Connections end in the order in which they were opened, so queues hold them. */
interface Flow {
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

class Run {
  readonly #size: InventorySize;
  readonly #pools: { readonly tcp: PortPool; readonly udp: PortPool };
  readonly #destinations = new Map<string, Destination>();
  readonly #flows: readonly Flow[];
  readonly #queue: EventQueue;
  readonly #samples: InventorySample[] = [];
  #open = 0;
  #attempted = 0;
  #failed = 0;
  #nextSample: number;

  constructor(inventory: PortInventory, loads: readonly ConnectionLoad[], size: InventorySize) {
    this.#size = size;
    const choice = inventory.method === 'nat-gateway' ? 'unused-first' : 'first-available';
    this.#pools = {
      tcp: new PortPool(this.#size.ports, choice),
      udp: new PortPool(this.#size.ports, choice),
    };
    const everyUdp = this.#pools.udp.destination();
    this.#flows = loads.map((load) => {
      checkLoad(load);
      const key = destinationKey(inventory, load);
      const text = `${key.protocol} ${key.address} ${key.port ?? ''}`;
      const pool = this.#pools[key.protocol];
      const shared = key.protocol === 'tcp' || this.#size.udpPortsAreShared;
      const known = this.#destinations.get(text);
      const destination: Destination = known ?? {
        key,
        pool,
        towards: shared ? pool.destination() : everyUdp,
        flows: [],
        open: 0,
        attempted: 0,
        failed: 0,
      };
      this.#destinations.set(text, destination);
      const flow: Flow = {
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
      destination.flows.push(flow);
      return flow;
    });
    this.#queue = new EventQueue(this.#flows.map(nextEvent));
    const first = Math.min(...loads.map((each) => each.start));
    this.#nextSample = (Math.floor(first / SECONDS_PER_MINUTE) + 1) * SECONDS_PER_MINUTE;
  }

  to(until: number): InventoryRun {
    for (let index = this.#queue.first(); index !== null; index = this.#queue.first()) {
      const event = this.#queue.event(index);
      if (event.at > until) break;
      this.#sampleBefore(event.at);
      const flow = this.#flows[index];
      if (flow === undefined) break;
      switch (event.kind) {
        case 'release':
          this.#release(flow);
          break;
        case 'close':
          this.#close(flow);
          break;
        case 'attempt':
          this.#attempt(flow, event.at, Math.min(until, this.#nextSample));
          break;
      }
      this.#queue.change(index, nextEvent(flow));
    }
    this.#sampleBefore(until + SECONDS_PER_MINUTE, until);
    return {
      state: this.#state(),
      loads: this.#flows.map((flow) => ({
        attempted: flow.attempted,
        connected: flow.attempted - flow.failed,
        failed: flow.failed,
        open: flow.ports.length - flow.closing,
        lastFailed: flow.lastFailed,
        workersDone: doneAt(flow.workers),
      })),
      samples: this.#samples,
    };
  }

  /** Takes the samples of all minutes before `at`. */
  #sampleBefore(at: number, last = Infinity): void {
    while (this.#nextSample < at && this.#nextSample <= last) {
      this.#samples.push({
        at: this.#nextSample,
        usedTcp: this.#pools.tcp.used,
        usedUdp: this.#pools.udp.used,
        open: this.#open,
        attempted: this.#attempted,
        connected: this.#attempted - this.#failed,
        failed: this.#failed,
      });
      this.#nextSample += SECONDS_PER_MINUTE;
    }
  }

  #release(flow: Flow): void {
    const { destination } = flow;
    destination.pool.giveBack(destination.towards, flow.ports[flow.releasing] ?? 0);
    flow.releasing += 1;
    forget(flow);
  }

  #close(flow: Flow): void {
    flow.closing += 1;
    flow.destination.open -= 1;
    this.#open -= 1;
  }

  #attempt(flow: Flow, at: number, horizon: number): void {
    const { destination } = flow;
    const port = this.#free(destination) > 0 ? destination.pool.take(destination.towards) : null;
    if (port !== null) {
      this.#count(flow, 1, 0);
      const closes = flow.life.closes(at);
      flow.workers?.tried(at, closes);
      flow.closes.push(closes);
      flow.ports.push(port);
      destination.open += 1;
      this.#open += 1;
      return;
    }
    this.#count(flow, 1, 1);
    flow.lastFailed = at;
    if (flow.workers !== null) {
      flow.workers.tried(at, null);
      return;
    }
    // Until something ends, whatever the flow tries fails as well.
    const relief = Math.min(horizon, this.#nextEnd(this.#rivals(destination)));
    const more = attemptsBefore(flow, relief);
    if (more > 0) {
      this.#count(flow, more, more);
      flow.lastFailed = lastAttemptTime(flow);
    }
  }

  #count(flow: Flow, attempted: number, failed: number): void {
    flow.attempted += attempted;
    flow.failed += failed;
    flow.destination.attempted += attempted;
    flow.destination.failed += failed;
    this.#attempted += attempted;
    this.#failed += failed;
  }

  #free({ towards, pool, open }: Destination): number {
    return Math.min(
      pool.size - towards.taken.size,
      this.#size.connectionsToOneDestination - open,
      this.#size.connections - this.#open,
    );
  }

  /** Returns the flows one of which must end something before the destination has room. */
  #rivals(destination: Destination): readonly Flow[] {
    const ownPorts = destination.key.protocol === 'tcp' || this.#size.udpPortsAreShared;
    return ownPorts && this.#open < this.#size.connections ? destination.flows : this.#flows;
  }

  /** Returns when the next connection of these flows closes or gives its port back. */
  #nextEnd(flows: readonly Flow[]): number {
    return flows.reduce((least, flow) => Math.min(least, closesNext(flow), releasesNext(flow)), Infinity);
  }

  #state(): InventoryState {
    return {
      usedPorts: { tcp: this.#pools.tcp.used, udp: this.#pools.udp.used },
      destinations: [...this.#destinations.values()].map((each): DestinationState => ({
        ...each.key,
        open: each.open,
        taken: each.flows.reduce((sum, flow) => sum + flow.ports.length - flow.releasing, 0),
        free: this.#free(each),
        attempted: each.attempted,
        failed: each.failed,
      })),
    };
  }
}

function doneAt(workers: Workers | null): number | null {
  return workers === null || workers.doneAt === Infinity ? null : workers.doneAt;
}

function checkLoad({ connections, perSecond, workers }: ConnectionLoad): void {
  if (workers !== undefined) {
    if (connections !== null || perSecond !== null) {
      throw new RangeError('workers decide how many connections there are, and how fast');
    }
    if (!(workers.giveUpAfter > 0)) throw new RangeError('a worker gives up after more than 0 seconds');
    return;
  }
  if (connections === null && perSecond === null) {
    throw new RangeError('a load without an end needs a rate');
  }
  if (perSecond !== null && !(perSecond > 0)) {
    throw new RangeError(`a rate must be above 0, not ${perSecond}`);
  }
}

function destinationKey(
  inventory: PortInventory,
  { protocol, destination: { address, port } }: ConnectionLoad,
): Destination['key'] {
  const wholeAddress = protocol === 'udp' && inventory.method === 'load-balancer';
  return { protocol, address, port: wholeAddress ? null : port };
}

function attemptTime({ load, attempted, workers }: Flow): number {
  if (workers !== null) return workers.next();
  const { start, perSecond, connections, stop } = load;
  if (connections !== null && attempted >= connections) return Infinity;
  const at = perSecond === null ? start : start + attempted / perSecond;
  return stop !== null && at >= stop && at > start ? Infinity : at;
}

function lastAttemptTime({ load: { start, perSecond }, attempted }: Flow): number {
  return perSecond === null ? start : start + (attempted - 1) / perSecond;
}

/** Returns how many attempts of the flow come before `at`, from its next one on. */
function attemptsBefore(flow: Flow, at: number): number {
  if (attemptTime(flow) >= at) return 0;
  const { start, perSecond, connections, stop } = flow.load;
  const left = (connections ?? Infinity) - flow.attempted;
  if (perSecond === null) return left;
  const before = Math.min(at, stop ?? Infinity);
  // One fewer than the sum says: the last is left to the exact comparison of its time.
  const sum = Math.ceil((before - start) * perSecond) - 1 - flow.attempted;
  return Math.max(0, Math.min(left, sum));
}

function closesNext({ closes, closing }: Flow): number {
  return closes[closing] ?? Infinity;
}

function releasesNext({ closes, releasing, life }: Flow): number {
  const closed = closes[releasing];
  return closed === undefined ? Infinity : closed + life.hold;
}

interface FlowEvent {
  readonly at: number;
  readonly kind: 'close' | 'release' | 'attempt';
}

function nextEvent(flow: Flow): FlowEvent {
  const close = closesNext(flow);
  const release = releasesNext(flow);
  const attempt = attemptTime(flow);
  if (close <= release && close <= attempt) return { at: close, kind: 'close' };
  if (release <= attempt) return { at: release, kind: 'release' };
  return { at: attempt, kind: 'attempt' };
}

/** Drops connections whose port is back, now and then. */
function forget(flow: Flow): void {
  if (flow.releasing < 10_000 || flow.releasing * 2 < flow.ports.length) return;
  flow.closes = flow.closes.slice(flow.releasing);
  flow.ports = flow.ports.slice(flow.releasing);
  flow.closing -= flow.releasing;
  flow.releasing = 0;
}

/** The next event of each flow; the first of all is on top. */
class EventQueue {
  readonly #events: FlowEvent[];
  /** A heap of indices of flows. */
  readonly #heap: number[];

  constructor(events: readonly FlowEvent[]) {
    this.#events = [...events];
    this.#heap = this.#events.map((_, index) => index);
    for (let at = this.#heap.length >> 1; at >= 0; at -= 1) this.#sink(at);
  }

  /** Returns the flow whose event is next, or null if there are no flows. */
  first(): number | null {
    return this.#heap[0] ?? null;
  }

  event(index: number): FlowEvent {
    return this.#events[index] ?? { at: Infinity, kind: 'attempt' };
  }

  /** Sets the next event of the flow that is first; no earlier than the one before. */
  change(index: number, event: FlowEvent): void {
    this.#events[index] = event;
    this.#sink(0);
  }

  #sink(from: number): void {
    const heap = this.#heap;
    let at = from;
    for (;;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && this.#before(heap[child] ?? 0, heap[least] ?? 0)) least = child;
      }
      if (least === at) return;
      [heap[at], heap[least]] = [heap[least] ?? 0, heap[at] ?? 0];
      at = least;
    }
  }

  #before(one: number, other: number): boolean {
    const a = this.event(one);
    const b = this.event(other);
    if (a.at !== b.at) return a.at < b.at;
    const late = Number(a.kind === 'attempt') - Number(b.kind === 'attempt');
    return late === 0 ? one < other : late < 0;
  }
}
