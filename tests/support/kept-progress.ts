/** A browser's storage for tests of kept progress: tabs that can be closed in the middle of a write. */
import { ProgressStore } from '../../src/progress/progress-store.ts';
import type { Channel, Message } from '../../src/progress/ports.ts';
import type { Texts } from '../../src/progress/texts.ts';
import { memoryVault, textVault, type Vault } from '../../src/progress/vault.ts';

/** How one kind of storage behaves. `full` takes nothing that is longer than what is there. */
export type Mood = 'works' | 'full' | 'refuses';

export interface StorageMoods {
  readonly texts: Mood;
  readonly database: Mood;
}

/** What outlives tabs: texts, database, the clock, and the tabs that hear each other. */
export class Machine {
  readonly texts = new Map<string, string>();
  readonly tabs = new Set<Tab>();
  time = 1_800_000_000_000;
  readonly vault: () => Promise<Vault>;
  moods: StorageMoods = { texts: 'works', database: 'works' };

  /** `vault` opens the database for a tab; a plain map, if none is given. */
  constructor(vault?: () => Promise<Vault>) {
    const database = mapVault();
    this.vault = vault ?? (() => Promise.resolve(database));
  }

  tab(): Tab {
    const tab = new Tab(this);
    this.tabs.add(tab);
    return tab;
  }
}

/** A tab: everything it asks of the machine goes through here, and nothing once it is closed. */
export class Tab {
  readonly machine: Machine;
  state: 'open' | 'closed' = 'open';
  /** So many more steps of storage until the tab is closed from outside. */
  stepsLeft = Infinity;
  store: ProgressStore | null = null;
  /** Resolves when the tab is closed: what it was asked for before may never be answered. */
  readonly closed: Promise<void>;
  #tellClosed: () => void = () => undefined;
  #hear: ((message: Message) => void)[] = [];

  constructor(machine: Machine) {
    this.machine = machine;
    this.closed = new Promise((resolve) => {
      this.#tellClosed = resolve;
    });
  }

  /** Opens the store on the best that works, as `openProgress` does. */
  async open(): Promise<ProgressStore> {
    const { texts, database } = this.machine.moods;
    const ports = { texts: texts === 'refuses' ? null : this.texts(), channel: this.#channel() };
    const now = (): number => this.machine.time;
    if (database !== 'refuses') {
      const vault = await this.#vault();
      this.store = await ProgressStore.open({ ...ports, vault, now }).catch(() => null);
    }
    const rest = ports.texts === null ? memoryVault() : textVault(ports.texts);
    this.store ??= await ProgressStore.open({ ...ports, vault: rest, now });
    return this.store;
  }

  /** What is left undone stays undone. */
  close(): void {
    this.state = 'closed';
    this.machine.tabs.delete(this);
    this.#tellClosed();
  }

  hear(message: Message): void {
    if (this.state === 'open') for (const hear of this.#hear) hear(message);
  }

  texts(): Texts {
    const { machine } = this;
    const { texts } = machine;
    const step = (): void => {
      this.#step();
    };
    return {
      get length() {
        return texts.size;
      },
      key: (index) => [...texts.keys()][index] ?? null,
      getItem: (key) => texts.get(key) ?? null,
      setItem: (key, text) => {
        step();
        const { texts: mood } = machine.moods;
        if (mood === 'refuses') throw new DOMException('refused', 'SecurityError');
        if (mood === 'full' && text.length > (texts.get(key)?.length ?? -1)) {
          throw new DOMException('full', 'QuotaExceededError');
        }
        texts.set(key, text);
      },
      removeItem: (key) => {
        step();
        texts.delete(key);
      },
    };
  }

  /** The machine's database, with a tab that may be closed before a write, or before it hears of it. */
  async #vault(): Promise<Vault> {
    const inner = await this.machine.vault();
    let turn: Promise<unknown> = Promise.resolve();
    return {
      name: 'indexed-db',
      change: (keys, decide) => {
        const next = turn.then(async () => {
          this.#step();
          const { database } = this.machine.moods;
          const done = await inner.change(keys, (found) => {
            const decision = decide(found);
            // The store may have taken the end of the tab for a refusal.
            if (this.state === 'closed') throw new TabClosed();
            if (database === 'refuses') throw new DOMException('refused', 'UnknownError');
            if (database === 'full' && decision.put.size > 0) {
              throw new DOMException('full', 'QuotaExceededError');
            }
            return decision;
          });
          this.#step();
          return done;
        });
        turn = next.catch(() => null);
        return next;
      },
      close: () => {
        inner.close();
      },
    };
  }

  #channel(): Channel {
    return {
      post: (message) => {
        if (this.state === 'closed') return;
        const copy = JSON.stringify(message);
        for (const other of this.machine.tabs) {
          if (other !== this)
            void Promise.resolve().then(() => {
              other.hear(JSON.parse(copy) as Message);
            });
        }
      },
      listen: (hear) => {
        this.#hear.push(hear);
        return () => {
          this.#hear = this.#hear.filter((each) => each !== hear);
        };
      },
      close: () => undefined,
    };
  }

  /** A closed tab does nothing more: whatever it was about to do ends here. */
  #step(): void {
    if (this.stepsLeft <= 0) this.close();
    this.stepsLeft -= 1;
    if (this.state === 'closed') throw new TabClosed();
  }
}

export class TabClosed extends Error {}

/** A database that keeps what JSON keeps, one transaction at a time. */
function mapVault(): Vault {
  const records = new Map<string, string>();
  return {
    name: 'indexed-db',
    change: async (keys, decide) => {
      await Promise.resolve();
      const found = new Map<string, unknown>();
      for (const key of keys === 'all' ? [...records.keys()] : keys) {
        const text = records.get(key);
        if (text !== undefined) found.set(key, JSON.parse(text));
      }
      const { put, drop, result } = decide(found);
      for (const [key, record] of put) records.set(key, JSON.stringify(record));
      for (const key of drop) records.delete(key);
      return result;
    },
    close: () => undefined,
  };
}
