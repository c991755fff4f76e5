/** Where texts are kept on the learner's machine. */
export interface Shelf {
  readonly name: 'local-storage' | 'indexed-db' | 'memory';
  get(key: string): Promise<string | null>;
  /** Rejects if the text cannot be kept: no room, or forbidden. */
  set(key: string, text: string): Promise<void>;
}

/** How safe a text is that was just written. `memory` is gone when the tab closes. */
export type KeptIn = Shelf['name'];

/**
 * Writes to the first shelf that takes the text and reads the newest copy of any, so that a full or
 * forbidden `localStorage` costs nothing but speed.
 */
export class ShelfStack {
  readonly #shelves: readonly Shelf[];
  #writes: Promise<unknown> = Promise.resolve();
  readonly #now: () => number;

  constructor(shelves: readonly Shelf[], now: () => number) {
    this.#shelves = shelves;
    this.#now = now;
  }

  async get(key: string): Promise<string | null> {
    await this.#writes;
    const copies = await Promise.all(
      this.#shelves.map((shelf) => shelf.get(key).then(unstamped, () => null)),
    );
    const found = copies.filter((copy) => copy !== null);
    found.sort((a, b) => b.at - a.at);
    return found[0]?.text ?? null;
  }

  /** Resolves with where the text is now; writes happen in the order they were asked for. */
  set(key: string, text: string): Promise<KeptIn | 'nowhere'> {
    const stamped = `${this.#now()} ${text}`;
    const turn = this.#writes.then(async (): Promise<KeptIn | 'nowhere'> => {
      for (const shelf of this.#shelves) {
        try {
          await shelf.set(key, stamped);
          return shelf.name;
        } catch {
          // The next one may take it.
        }
      }
      return 'nowhere';
    });
    this.#writes = turn;
    return turn;
  }
}

function unstamped(stored: string | null): { readonly at: number; readonly text: string } | null {
  if (stored === null) return null;
  const space = stored.indexOf(' ');
  const at = Number(stored.slice(0, space));
  return space > 0 && Number.isFinite(at) ? { at, text: stored.slice(space + 1) } : null;
}

export function memoryShelf(): Shelf {
  const texts = new Map<string, string>();
  return {
    name: 'memory',
    get: (key) => Promise.resolve(texts.get(key) ?? null),
    set: (key, text) => {
      texts.set(key, text);
      return Promise.resolve();
    },
  };
}
