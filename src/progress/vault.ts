/**
 * Where entries are kept, as the store asks for it: one transaction after the other, each all or
 * nothing. The browser's database is one; these two stand in where there is none.
 */
import { V2, type Texts } from './texts.ts';

export type KeptIn = 'indexed-db' | 'local-storage' | 'memory';

export interface Decision<T> {
  readonly put: ReadonlyMap<string, unknown>;
  readonly drop: readonly string[];
  readonly result: T;
}

export interface Vault {
  readonly name: KeptIn;
  /**
   * Reads the records of some keys, or all, and does what `decide` says with nobody in between.
   * Rejects with nothing written if there is no room or the browser refuses.
   */
  change<T>(
    keys: readonly string[] | 'all',
    decide: (found: ReadonlyMap<string, unknown>) => Decision<T>,
  ): Promise<T>;
  close(): void;
}

/**
 * Entries in `localStorage` alone. What is put is written in the order of the map, then what is
 * dropped goes: a tab that is closed in between leaves a state that opening it understands.
 */
export function textVault(texts: Texts): Vault {
  return {
    name: 'local-storage',
    change: async (keys, decide) => {
      const found = new Map<string, unknown>();
      for (const key of keys === 'all' ? keysOf(texts) : keys) {
        const text = texts.getItem(V2 + key);
        if (text !== null) found.set(key, parsed(text));
      }
      const { put, drop, result } = decide(found);
      const before: [string, string | null][] = [];
      try {
        for (const [key, record] of put) {
          const text = JSON.stringify(record);
          const there = texts.getItem(V2 + key);
          if (there === text) continue;
          texts.setItem(V2 + key, text);
          before.push([key, there]);
        }
      } catch (refused) {
        for (const [key, text] of before.reverse()) {
          if (text === null) texts.removeItem(V2 + key);
          else texts.setItem(V2 + key, text);
        }
        throw refused;
      }
      for (const key of drop) texts.removeItem(V2 + key);
      return result;
    },
    close: () => undefined,
  };
}

/** The keys of all entries among the texts; names that begin with `~` and are not entries' go with them. */
export function keysOf(texts: Texts): readonly string[] {
  const keys: string[] = [];
  for (let i = 0; i < texts.length; i += 1) {
    const key = texts.key(i);
    if (key?.startsWith(V2) === true) keys.push(key.slice(V2.length));
  }
  return keys;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Entries until the tab closes. */
export function memoryVault(): Vault {
  const records = new Map<string, unknown>();
  return {
    name: 'memory',
    change: async (keys, decide) => {
      const all = keys === 'all' ? [...records.keys()] : keys;
      const found = new Map(all.filter((key) => records.has(key)).map((key) => [key, records.get(key)]));
      const { put, drop, result } = decide(found);
      for (const [key, record] of put) records.set(key, record);
      for (const key of drop) records.delete(key);
      return result;
    },
    close: () => undefined,
  };
}
