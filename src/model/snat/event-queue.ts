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
