/** The source ports of one protocol: which are taken towards which destination. */
import { MinHeap } from './min-heap.ts';

/**
 * Which port a new connection gets.
 * - `first-available`: the lowest that is not taken towards its destination, as a load balancer does
 *   (https://github.com/MicrosoftDocs/azure-docs, load-balancer-outbound-connections.md as of 2020-09-30:
 *   "the first available SNAT port is used").
 * - `unused-first`: one that nobody uses, and only if there is none one that serves other destinations, as
 *   a NAT gateway does (https://learn.microsoft.com/azure/nat-gateway/nat-gateway-snat). Azure picks at
 *   random; the lowest stands for it here, so that a run can be repeated.
 */
export type PortChoice = 'first-available' | 'unused-first';

/** Ports towards one destination. Made by `PortPool.destination`. */
export interface Towards {
  readonly taken: Set<number>;
  /** Ports below `next` that may be free; those that are taken again meanwhile are skipped when popped. */
  readonly returned: MinHeap;
  next: number;
}

export class PortPool {
  readonly size: number;
  readonly #choice: PortChoice;
  readonly #destinationsOf: Uint32Array;
  readonly #unused = new MinHeap();
  #nextUnused = 0;
  #used = 0;

  constructor(size: number, choice: PortChoice) {
    this.size = size;
    this.#choice = choice;
    this.#destinationsOf = new Uint32Array(size);
  }

  /** Ports that are taken towards at least one destination. */
  get used(): number {
    return this.#used;
  }

  destination(): Towards {
    return { taken: new Set(), returned: new MinHeap(), next: 0 };
  }

  /** Takes a port towards a destination and returns it, counted from 0, or null if all are taken. */
  take(towards: Towards): number | null {
    if (towards.taken.size === this.size) return null;
    const port = (this.#choice === 'unused-first' ? this.#takeUnused() : null) ?? this.#lowest(towards);
    towards.taken.add(port);
    const before = this.#destinationsOf[port] ?? 0;
    this.#destinationsOf[port] = before + 1;
    if (before === 0) this.#used += 1;
    return port;
  }

  /** Gives a port back that `take` returned for the same destination. */
  giveBack(towards: Towards, port: number): void {
    if (!towards.taken.delete(port)) throw new RangeError(`port ${port} is not taken`);
    if (port < towards.next) towards.returned.push(port);
    const left = (this.#destinationsOf[port] ?? 0) - 1;
    this.#destinationsOf[port] = left;
    if (left > 0) return;
    this.#used -= 1;
    if (this.#choice === 'unused-first') this.#unused.push(port);
  }

  #takeUnused(): number | null {
    for (;;) {
      const port = this.#unused.pop();
      if (port === null) break;
      if (this.#destinationsOf[port] === 0) return port;
    }
    while (this.#nextUnused < this.size) {
      const port = this.#nextUnused;
      this.#nextUnused += 1;
      if (this.#destinationsOf[port] === 0) return port;
    }
    return null;
  }

  #lowest(towards: Towards): number {
    for (;;) {
      const port = towards.returned.pop();
      if (port === null) break;
      if (!towards.taken.has(port)) return port;
    }
    for (;;) {
      const port = towards.next;
      towards.next += 1;
      if (!towards.taken.has(port)) return port;
    }
  }
}
