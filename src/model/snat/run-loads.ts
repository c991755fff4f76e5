/** What happens to an inventory of source ports while programs open connections, over virtual time. */
import { EventQueue } from './event-queue.ts';
import type { DestinationState, InventoryState, PortInventory } from './inventory.ts';
import type { ConnectionLoad } from './load.ts';
import { PortPool } from './port-pool.ts';
import { inventorySize } from './ports.ts';
import type { InventorySize } from './ports.ts';
import {
  attemptsBefore,
  closesNext,
  destinationKey,
  forget,
  lastAttemptTime,
  nextEvent,
  releasesNext,
  startLoad,
} from './running-load.ts';
import type { Destination, RunningLoad } from './running-load.ts';
import type { Workers } from './workers.ts';

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

class Run {
  readonly #size: InventorySize;
  readonly #pools: { readonly tcp: PortPool; readonly udp: PortPool };
  readonly #destinations = new Map<string, Destination>();
  readonly #flows: readonly RunningLoad[];
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
      const flow = startLoad(inventory, load, destination);
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

  #release(flow: RunningLoad): void {
    const { destination } = flow;
    destination.pool.giveBack(destination.towards, flow.ports[flow.releasing] ?? 0);
    flow.releasing += 1;
    forget(flow);
  }

  #close(flow: RunningLoad): void {
    flow.closing += 1;
    flow.destination.open -= 1;
    this.#open -= 1;
  }

  #attempt(flow: RunningLoad, at: number, horizon: number): void {
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

  #count(flow: RunningLoad, attempted: number, failed: number): void {
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
  #rivals(destination: Destination): readonly RunningLoad[] {
    const ownPorts = destination.key.protocol === 'tcp' || this.#size.udpPortsAreShared;
    return ownPorts && this.#open < this.#size.connections ? destination.flows : this.#flows;
  }

  /** Returns when the next connection of these flows closes or gives its port back. */
  #nextEnd(flows: readonly RunningLoad[]): number {
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
