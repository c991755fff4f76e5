/** A binary heap of numbers: the lowest comes out first. */
export class MinHeap {
  readonly #items: number[] = [];

  push(item: number): void {
    const items = this.#items;
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = items[parent] ?? 0;
      if (above <= item) break;
      items[at] = above;
      at = parent;
    }
    items[at] = item;
  }

  /** Removes and returns the lowest, or null if there is none. */
  pop(): number | null {
    const items = this.#items;
    const last = items.pop();
    const lowest = items[0];
    if (last === undefined) return null;
    if (lowest === undefined) return last;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && (items[child + 1] ?? 0) < (items[child] ?? 0)) child += 1;
      const below = items[child] ?? 0;
      if (last <= below) break;
      items[at] = below;
      at = child;
    }
    items[at] = last;
    return lowest;
  }
}
