/**
 * What the learner has done, as the pages ask for it. An entry is written to `localStorage` at once
 * and then to the vault; whoever opens the store next takes the later of the two. So a tab that is
 * closed at any moment loses nothing, and a browser without either still works until the tab closes.
 */
import {
  asideKey,
  combined,
  isKey,
  isLive,
  onTop,
  readStamped,
  united,
  type Entry,
  type Json,
  type Stamped,
} from './entry.ts';
import { gathered, type Gathered } from './gather.ts';
import { readResetStamp, RESET_STAMP } from './snapshot.ts';
import { copyShown, dumpOf, entriesOf, isShownAtOnce, tidyTexts } from './text-copies.ts';
import { nextStamp, raiseFloor, textOf, V1, V2, writeText } from './texts.ts';
import type { CanUndo, Change, Message, Ports } from './ports.ts';
import type { Decision, KeptIn } from './vault.ts';

/** Long ago, and as long as all stamps are: later ones take its place in a full storage. */
const FIRST_FLOOR = 1_000_000_000_000;

interface Waiting {
  readonly record: Stamped;
  /** `again`: a later attempt, which must not win over what was done since. */
  readonly attempt: 'first' | 'again';
  readonly told: readonly ((kept: KeptIn) => void)[];
}

export class EntryStore {
  protected readonly ports: Ports;
  readonly #listeners = new Set<(change: Change) => void>();
  /** Not yet safe in the vault; the newest of each key. */
  protected readonly waiting = new Map<string, Waiting>();
  /** What neither the vault nor the texts took: tried again whenever something else is taken. */
  protected readonly unsaved = new Map<string, Stamped>();
  readonly #records = new Map<string, Stamped>();
  #reset = 0;
  protected undoables: CanUndo = { reset: false, import: false };
  #turn: Promise<unknown> = Promise.resolve();

  protected constructor(ports: Ports) {
    this.ports = ports;
  }

  /** Rejects if the vault cannot be read. */
  protected async begin(): Promise<void> {
    // Before the first reading, or what another tab writes in between would stay unknown here.
    const end = this.ports.channel?.listen((message) => {
      this.#hear(message);
    });
    try {
      await this.refresh();
    } catch (refused) {
      end?.();
      throw refused;
    }
  }

  /**
   * `full`: the browser took what was there before, but has no room for something that was done since.
   * `memory`: it keeps nothing. Either way that is gone when this tab closes, and the page should say so.
   */
  get state(): 'kept' | 'full' | 'memory' {
    if (this.ports.vault.name === 'memory') return 'memory';
    return this.unsaved.size > 0 ? 'full' : 'kept';
  }

  get canUndo(): CanUndo {
    return this.undoables;
  }

  get(key: string): Entry | null {
    const record = this.#records.get(key);
    return isLive(record) ? { at: record.at, value: record.value } : null;
  }

  /** The entries whose keys begin with a prefix, such as `quiz.`, by key. */
  entries(prefix = ''): ReadonlyMap<string, Entry> {
    const found = new Map<string, Entry>();
    for (const [key, record] of this.#records) {
      if (key.startsWith(prefix) && isLive(record)) found.set(key, { at: record.at, value: record.value });
    }
    return found;
  }

  /** Resolves with where the value is now. Throws on a key that is none, and on what is not JSON. */
  put(key: string, value: unknown): Promise<KeptIn> {
    const text = JSON.stringify(value) as string | undefined;
    if (!isKey(key) || text === undefined) throw new TypeError(`not an entry: ${key}`);
    const last = this.#latest(key);
    const mine = JSON.parse(text) as Json;
    const now = this.ports.now();
    return this.#write(key, {
      stamp: this.#stampAfter(last?.stamp ?? 0),
      at: isLive(last) ? Math.max(now, last.at + 1) : now,
      value: isLive(last) ? united(key, last.value, mine) : mine,
    });
  }

  remove(key: string): Promise<KeptIn> {
    return this.#write(key, { stamp: this.#stampAfter(this.#latest(key)?.stamp ?? 0), gone: true });
  }

  /** Keeps a copy of a value that cannot be read, so that what comes after does not overwrite it. */
  putAside(key: string): Promise<KeptIn> | null {
    const entry = this.get(key);
    if (entry === null) return null;
    const text = JSON.stringify(entry.value);
    const aside = asideKey(key, text, (free) => this.get(free)?.value ?? null);
    return this.get(aside) === null ? this.put(aside, text) : null;
  }

  /**
   * Calls the listener after each change, here or in another tab, and when `state` may be another, until
   * the returned function is called.
   */
  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Reads everything again: at the beginning, and when a page comes back that the browser had frozen. */
  refresh(): Promise<void> {
    return this.inTurn(() => this.read());
  }

  /** Takes over what vault and texts have, and brings the vault up to date if it has room. Rejects if it cannot be read. */
  protected async read(): Promise<void> {
    const { vault, texts, now } = this.ports;
    const before = this.#reset;
    const dump = dumpOf(texts);
    const gather = (found: ReadonlyMap<string, unknown>): Gathered => gathered(found, dump, now());
    const upToDate = await this.change('all', (found) => {
      const result = gather(found);
      return { put: result.put, drop: result.drop, result };
    });
    // A full vault can still be read; what only the texts have stays there.
    const read =
      upToDate ??
      (await vault.change('all', (found) => ({ put: new Map(), drop: [], result: gather(found) })));
    this.undoables = read.canUndo;
    // A reset that was undone elsewhere, unless this tab has heard of another one meanwhile.
    if (read.reset < before && this.#reset === before) this.#reset = read.reset;
    this.forget(read.reset, 'another-tab');
    this.#adopt(read.records, 'another-tab');
    if (texts !== null) raiseFloor(texts, FIRST_FLOOR);
    if (texts !== null && upToDate !== null) tidyTexts(texts, dump, read.records, vault.name);
  }

  close(): void {
    this.ports.channel?.close();
    this.ports.vault.close();
    this.#listeners.clear();
  }

  #write(key: string, record: Stamped): Promise<KeptIn> {
    this.#records.set(key, record);
    const { texts } = this.ports;
    try {
      // The text is there the moment the learner has done something.
      if (texts !== null) writeText(texts, key, record);
    } catch {
      if (texts !== null) {
        // The stamp still fits where there is no room for the text: it is as long as the one before.
        raiseFloor(texts, record.stamp);
        if (!isLive(record)) texts.removeItem(V2 + key);
      }
    }
    const kept = new Promise<KeptIn>((resolve) => {
      this.#await(key, record, 'first', [resolve]);
    });
    this.#notify([key], 'this-tab');
    return kept;
  }

  #await(key: string, record: Stamped, attempt: Waiting['attempt'], told: Waiting['told']): void {
    const before = this.waiting.get(key);
    this.waiting.set(key, { record, attempt, told: [...(before?.told ?? []), ...told] });
    if (before === undefined) void this.inTurn(() => this.#save(key));
  }

  async #save(key: string): Promise<void> {
    const waiting = this.waiting.get(key);
    if (waiting === undefined) return;
    this.waiting.delete(key);
    const { record, attempt, told } = waiting;
    const saved = await this.change([key, RESET_STAMP], (found) => {
      const reset = readResetStamp(found.get(RESET_STAMP));
      const stored = readStamped(found.get(key));
      const there = stored !== null && stored.stamp > reset ? stored : null;
      const mine =
        attempt === 'first' ? onTop(key, record, there, reset) : (combined(key, record, there) ?? record);
      return { put: new Map([[key, mine]]), drop: [], result: mine };
    });
    const kept = saved === null ? this.#keptWithoutVault(key, record) : this.#saved(key, record, saved);
    for (const tell of told) tell(kept);
  }

  #saved(key: string, record: Stamped, saved: Stamped): KeptIn {
    const { texts, vault } = this.ports;
    if (texts !== null) {
      texts.removeItem(V1 + key);
      const isCopy = vault.name !== 'local-storage' && !(isShownAtOnce(key) && isLive(saved));
      if (isCopy && textOf(texts, key)?.stamp === record.stamp) {
        raiseFloor(texts, saved.stamp);
        texts.removeItem(V2 + key);
      }
    }
    const wasUnsaved = this.unsaved.delete(key);
    this.publish(new Map([[key, saved]]), this.undoables);
    const again = [...this.unsaved];
    this.unsaved.clear();
    for (const [other, unsaved] of again) {
      if (!this.waiting.has(other)) this.#await(other, unsaved, 'again', []);
    }
    if (wasUnsaved || again.length > 0) this.#notify([key], 'this-tab');
    return vault.name;
  }

  #keptWithoutVault(key: string, record: Stamped): KeptIn {
    const { texts } = this.ports;
    if (texts !== null && textOf(texts, key)?.stamp === record.stamp) return 'local-storage';
    if (!this.waiting.has(key)) this.unsaved.set(key, record);
    // The value was told when it was put; now the state is another.
    this.#notify([key], 'this-tab');
    return 'memory';
  }

  /** The entries as this tab and the vault know them together, and a stamp after all of them. */
  protected together(found: ReadonlyMap<string, unknown>): {
    readonly there: ReadonlyMap<string, Stamped>;
    readonly stamp: number;
  } {
    const reset = Math.max(this.#reset, readResetStamp(found.get(RESET_STAMP)));
    const there = new Map<string, Stamped>();
    let last = reset;
    const kept = [...found].flatMap(([key, data]) => {
      const record = isKey(key) ? readStamped(data) : null;
      return record === null ? [] : [[key, record] as const];
    });
    for (const [key, record] of [...kept, ...this.#records]) {
      last = Math.max(last, record.stamp);
      if (record.stamp <= reset) continue;
      const both = combined(key, there.get(key) ?? null, record);
      if (both !== null) there.set(key, both);
    }
    return { there, stamp: this.#stampAfter(last) };
  }

  /** What this tab knows of a key, and what another may just have written. */
  #latest(key: string): Stamped | null {
    const text = this.ports.texts === null ? null : textOf(this.ports.texts, key);
    return combined(
      key,
      this.#records.get(key) ?? null,
      text !== null && text.stamp > this.#reset ? text : null,
    );
  }

  #stampAfter(last: number): number {
    return nextStamp(this.ports.texts, this.ports.now(), Math.max(last, this.#reset));
  }

  /** Null if the vault refuses. */
  protected async change<T>(
    keys: readonly string[] | 'all',
    decide: (found: ReadonlyMap<string, unknown>) => Decision<T>,
  ): Promise<T | null> {
    try {
      return await this.ports.vault.change(keys, decide);
    } catch {
      return null;
    }
  }

  /** Takes over what is new, keeps the copies that pages read, and tells this tab and the others. */
  protected publish(changed: ReadonlyMap<string, Stamped>, canUndo: CanUndo): void {
    if (this.ports.texts !== null) copyShown(this.ports.texts, changed, 'these');
    this.#adopt(changed, 'this-tab');
    this.undoable(canUndo, { changed: [...changed] });
  }

  protected undoable(canUndo: CanUndo, message: Message): void {
    this.undoables = canUndo;
    this.ports.channel?.post({ ...message, canUndo });
  }

  #hear(message: Message): void {
    if (message.canUndo !== undefined) this.undoables = message.canUndo;
    if (message.reset !== undefined) this.forget(message.reset, 'another-tab');
    if (message.changed !== undefined) this.#adopt(new Map(message.changed), 'another-tab');
  }

  protected takeTexts(): void {
    const { texts } = this.ports;
    if (texts !== null) this.#adopt(new Map(entriesOf(texts)), 'another-tab');
  }

  #adopt(records: ReadonlyMap<string, Stamped>, by: Change['by']): void {
    const keys: string[] = [];
    for (const [key, data] of records) {
      const record = isKey(key) ? readStamped(data) : null;
      if (record === null || record.stamp <= this.#reset) continue;
      const there = this.#records.get(key) ?? null;
      const both = combined(key, there, record);
      if (both === null || (there?.stamp === both.stamp && JSON.stringify(there) === JSON.stringify(both)))
        continue;
      this.#records.set(key, both);
      keys.push(key);
    }
    this.#notify(keys, by);
  }

  /** Lets go of what a reset made stale. */
  protected forget(reset: number, by: Change['by']): void {
    if (reset <= this.#reset) return;
    this.#reset = reset;
    const gone = [...this.#records].filter(([key, { stamp }]) => stamp <= reset && !this.waiting.has(key));
    for (const [key] of gone) this.#records.delete(key);
    this.#notify(
      gone.map(([key]) => key),
      by,
    );
  }

  #notify(keys: readonly string[], by: Change['by']): void {
    if (keys.length === 0) return;
    for (const listener of [...this.#listeners]) listener({ keys, by });
  }

  /** One after the other: what was asked for first is done first. */
  protected inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => null);
    return turn;
  }
}
