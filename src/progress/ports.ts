/** What a store of progress stands on, and what it tells. */
import type { Stamped } from './entry.ts';
import type { Texts } from './texts.ts';
import type { Vault } from './vault.ts';

/** To and from the other tabs. */
export interface Channel {
  post(message: Message): void;
  /** Returns what ends the listening. */
  listen(hear: (message: Message) => void): () => void;
  close(): void;
}

export interface Message {
  readonly changed?: readonly (readonly [string, Stamped])[];
  /** The stamp of a reset: what is not later is gone. */
  readonly reset?: number;
  readonly canUndo?: CanUndo;
}

export interface CanUndo {
  readonly reset: boolean;
  readonly import: boolean;
}

export interface Ports {
  readonly vault: Vault;
  /** Null where the browser refuses `localStorage`. */
  readonly texts: Texts | null;
  readonly channel: Channel | null;
  readonly now: () => number;
}

export interface Change {
  /** Of the entries that are new, other or gone. */
  readonly keys: readonly string[];
  readonly by: 'this-tab' | 'another-tab';
}
