/** A map that makes some of its entries only when somebody asks for them. */

/** Entries that are made together. */
export interface Part<V> {
  readonly entries: () => ReadonlyMap<string, V>;
}

/**
 * Returns entries that are there from the start and entries of parts, which are made when one of them
 * is first asked for. Whoever goes through the whole map makes all parts; the order is that of `first`,
 * then of the parts, whatever was made before. Keys are unique over all parts.
 */
export class PartedMap<V> implements ReadonlyMap<string, V> {
  readonly #first: ReadonlyMap<string, V>;
  readonly #parts: readonly Part<V>[];
  readonly #partOf: (key: string) => Part<V> | null;
  #whole: ReadonlyMap<string, V> | null = null;

  /** `partOf` returns the part that has a key if any has it. */
  constructor(
    first: ReadonlyMap<string, V>,
    parts: readonly Part<V>[],
    partOf: (key: string) => Part<V> | null,
  ) {
    this.#first = first;
    this.#parts = parts;
    this.#partOf = partOf;
  }

  get(key: string): V | undefined {
    return this.#first.get(key) ?? this.#partOf(key)?.entries().get(key);
  }

  has(key: string): boolean {
    return this.#first.has(key) || this.#partOf(key)?.entries().has(key) === true;
  }

  get size(): number {
    return this.#all().size;
  }

  forEach(visit: (value: V, key: string, map: ReadonlyMap<string, V>) => void): void {
    for (const [key, value] of this.#all()) visit(value, key, this);
  }

  entries(): MapIterator<[string, V]> {
    return this.#all().entries();
  }

  keys(): MapIterator<string> {
    return this.#all().keys();
  }

  values(): MapIterator<V> {
    return this.#all().values();
  }

  [Symbol.iterator](): MapIterator<[string, V]> {
    return this.entries();
  }

  #all(): ReadonlyMap<string, V> {
    if (this.#whole !== null) return this.#whole;
    const whole = new Map(this.#first);
    for (const part of this.#parts) for (const [key, value] of part.entries()) whole.set(key, value);
    this.#whole = whole;
    return whole;
  }
}
