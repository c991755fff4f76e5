/** What each load does next, in order. */
import type { LoadEvent } from './running-load.ts';

/** The next event of each load; the first of all is on top. */
export class EventQueue {
  readonly #events: LoadEvent[];
  /** A heap of indices of loads. */
  readonly #heap: number[];

  constructor(events: readonly LoadEvent[]) {
    this.#events = [...events];
    this.#heap = this.#events.map((_, index) => index);
    for (let at = this.#heap.length >> 1; at >= 0; at -= 1) this.#sink(at);
  }

  /** Returns the load whose event is next, or null if there are no loads. */
  first(): number | null {
    return this.#heap[0] ?? null;
  }

  event(index: number): LoadEvent {
    return this.#events[index] ?? { at: Infinity, kind: 'attempt' };
  }

  /** Sets the next event of the load that is first; no earlier than the one before. */
  change(index: number, event: LoadEvent): void {
    this.#events[index] = event;
    this.#sink(0);
  }

  /** Moves what stands at a place down to where it belongs. This runs for every connection of a load. */
  #sink(from: number): void {
    const heap = this.#heap;
    const moving = heap[from];
    if (moving === undefined) return;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      let least = heap[child];
      if (least === undefined) break;
      const right = heap[child + 1];
      if (right !== undefined && this.#before(right, least)) {
        child += 1;
        least = right;
      }
      if (!this.#before(least, moving)) break;
      heap[at] = least;
      at = child;
    }
    heap[at] = moving;
  }

  #before(one: number, other: number): boolean {
    const a = this.event(one);
    const b = this.event(other);
    if (a.at !== b.at) return a.at < b.at;
    const late = Number(a.kind === 'attempt') - Number(b.kind === 'attempt');
    return late === 0 ? one < other : late < 0;
  }
}
