/** The workers of a load: each opens its next connection when its last one is over, and not too soon. */
import type { ConnectionLoad } from './load.ts';

export class Workers {
  readonly #load: ConnectionLoad;
  readonly #pool: NonNullable<ConnectionLoad['workers']>;
  /** Attempts that each worker has made. */
  readonly #made: Uint32Array;
  /** When each worker may begin; Infinity for one that is done. */
  readonly #freeAt: Float64Array;
  /** A heap of workers that are not done, the one that may begin first on top. */
  readonly #heap: number[];
  #done: number;

  constructor(load: ConnectionLoad, pool: NonNullable<ConnectionLoad['workers']>) {
    this.#load = load;
    this.#pool = pool;
    this.#made = new Uint32Array(pool.count);
    this.#freeAt = new Float64Array(pool.count).fill(load.start + (pool.interval ?? 0));
    this.#heap = Array.from({ length: pool.count }, (_, worker) => worker);
    this.#done = load.start;
  }

  /** When the last worker was done, as far as is known; later than the run if some go on. */
  get doneAt(): number {
    return this.#heap.length === 0 ? this.#done : Infinity;
  }

  /** When the next connection is tried; Infinity if none will be. */
  next(): number {
    const [worker] = this.#heap;
    const at = worker === undefined ? Infinity : (this.#freeAt[worker] ?? Infinity);
    const { stop } = this.#load;
    return stop !== null && at >= stop ? Infinity : at;
  }

  /** Takes note of what became of the attempt that was next; `closes` is null if there was no port. */
  tried(at: number, closes: number | null): void {
    const [worker] = this.#heap;
    if (worker === undefined) return;
    const made = (this.#made[worker] ?? 0) + 1;
    this.#made[worker] = made;
    const { interval, giveUpAfter, attempts } = this.#pool;
    const unanswered = closes === null || this.#load.end === 'half-open';
    const over = unanswered ? at + giveUpAfter : this.#load.openFor === null ? Infinity : closes;
    const last = attempts !== null && made >= attempts;
    if (over !== Infinity && !last) {
      this.#freeAt[worker] = Math.max(over, interval === null ? 0 : at + interval);
      this.#sink();
      return;
    }
    // A connection that is kept has its worker's other requests as well.
    if (over !== Infinity) this.#done = Math.max(this.#done, over);
    const end = this.#heap.pop();
    if (end !== undefined && this.#heap.length > 0) {
      this.#heap[0] = end;
      this.#sink();
    }
  }

  /** Moves what stands on top down to where it belongs. This runs for every connection of a load. */
  #sink(): void {
    const heap = this.#heap;
    const top = heap[0];
    if (top === undefined) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      let least = heap[child];
      if (least === undefined) break;
      const right = heap[child + 1];
      if (right !== undefined && this.#before(right, least)) {
        child += 1;
        least = right;
      }
      if (!this.#before(least, top)) break;
      heap[at] = least;
      at = child;
    }
    heap[at] = top;
  }

  #before(one: number, other: number): boolean {
    const a = this.#freeAt[one] ?? 0;
    const b = this.#freeAt[other] ?? 0;
    return a === b ? one < other : a < b;
  }
}
