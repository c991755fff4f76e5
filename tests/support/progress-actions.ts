/** What can happen to kept progress, done to a machine with two tabs and to the model beside it. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Entry, Json } from '../../src/progress/entry.ts';
import { progressFileText } from '../../src/progress/merge-file.ts';
import { uniteQuizEntries } from '../../src/progress/quiz-entry.ts';
import type { ProgressStore } from '../../src/progress/progress-store.ts';
import { rememberText, remembered, textOf, V1, type Texts } from '../../src/progress/texts.ts';
import type { Machine, StorageMoods, Tab } from './kept-progress.ts';
import { ProgressModel, valuesOf } from './progress-model.ts';

type Which = 0 | 1;

interface Write {
  readonly key: string;
  readonly value: Json;
}

type Whole = 'reset' | 'undo-reset' | 'import' | 'undo-import';

export type Action =
  | { readonly kind: 'put'; readonly tab: Which; readonly entry: Write }
  /** Both tabs at once, neither waiting for the other. */
  | { readonly kind: 'race'; readonly one: Write; readonly other: Write }
  /** A lesson writes its text and opens no store. */
  | { readonly kind: 'lesson'; readonly entry: Write }
  /** A page of the first version, still open somewhere. */
  | { readonly kind: 'old-page'; readonly entry: Write }
  | { readonly kind: 'remove'; readonly tab: Which; readonly key: string }
  | { readonly kind: 'whole'; readonly tab: Which; readonly what: Whole }
  | { readonly kind: 'export'; readonly tab: Which }
  | { readonly kind: 'reload'; readonly tab: Which }
  /** The tab is closed from outside after so many steps of storage. */
  | {
      readonly kind: 'die';
      readonly tab: Which;
      readonly steps: number;
      readonly doing: Write | Whole | 'opening';
    }
  | { readonly kind: 'clock'; readonly by: number }
  /** Storage fails for a while; what is written meanwhile counts if it was acknowledged as kept. */
  | { readonly kind: 'outage'; readonly moods: StorageMoods; readonly writes: readonly Write[] };

const lesson = fc.record({
  key: fc.constantFrom('prediction.a/b#c', 'prediction.d#e', 'read.a/b'),
  value: fc.oneof(fc.string(), fc.lorem()),
});
const check = fc.record({ at: fc.integer({ min: 0, max: 30 }), verdict: fc.constantFrom('right', 'wrong') });
const quiz = fc.record({
  key: fc.constantFrom('quiz.a#b', 'quiz.c#d'),
  value: fc.record({
    answer: fc.record({ kind: fc.constant('number'), text: fc.integer({ min: 0, max: 9 }).map(String) }),
    state: fc.constantFrom('draft', 'checked'),
    history: fc.array(check, { maxLength: 1 }),
  }),
});
const labState = fc.record({
  seed: fc.constant('amber'),
  script: fc.string({ maxLength: 5 }),
  log: fc.array(fc.record({ kind: fc.constant('line'), text: fc.string({ maxLength: 5 }) }), {
    maxLength: 3,
  }),
  passed: fc.constant([]),
});
const lab = fc.record({
  key: fc.constant('lab.one'),
  value: fc.record({
    version: fc.constant(1),
    lab: fc.constant('one'),
    now: labState,
    before: fc.constant(null),
  }),
});
const review = fc.record({
  key: fc.constant('review.a#b'),
  value: fc.record({ row: fc.nat({ max: 3 }), history: fc.array(check, { maxLength: 1 }) }),
});
const other = fc.record({
  key: fc.constantFrom('unheard-of.a#b', 'unheard-of.x'),
  value: fc.jsonValue({ maxDepth: 2 }),
});
/** Without the prototype tricks that fast-check adds: they are the reader's own test. */
const plain = (made: unknown): Write => JSON.parse(JSON.stringify(made)) as Write;
const write: fc.Arbitrary<Write> = fc.oneof(
  lesson.map(({ key, value }) =>
    key.startsWith('read') ? { key, value: { first: 1, last: 2, seconds: value.length } } : { key, value },
  ),
  quiz.map(plain),
  lab.map(plain),
  review.map(plain),
  other.map(plain),
);
const ofPage = write.filter(({ key }) => /^(prediction|quiz)/.test(key));
const tab = fc.constantFrom<Which>(0, 1);
const whole = fc.constantFrom<Whole>('reset', 'undo-reset', 'import', 'undo-import');

export const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('put'), tab, entry: write }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('race'), one: write, other: write }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('lesson'), entry: ofPage }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('old-page'), entry: ofPage }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove'), tab, key: write.map(({ key }) => key) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('whole'), tab, what: whole }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('export'), tab }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('reload'), tab }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('die'),
      tab,
      steps: fc.integer({ min: 0, max: 12 }),
      doing: fc.oneof(write, whole, fc.constant('opening' as const)),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('clock'), by: fc.integer({ min: -5000, max: 5000 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('outage'),
      moods: fc.record({
        texts: fc.constantFrom('works', 'full'),
        database: fc.constantFrom('works', 'full', 'refuses'),
      }),
      writes: fc.array(write, { minLength: 1, maxLength: 4 }),
    }),
  },
);

/** Plays the actions, compares after each, and returns the store of a tab opened at the end. */
export async function play(
  machine: Machine,
  moods: StorageMoods,
  actions: readonly Action[],
): Promise<ProgressStore> {
  machine.moods = moods;
  const player = new Player(machine, moods);
  await player.begin();
  for (const each of actions) await player.play(each);
  return player.end();
}

class Player {
  readonly #machine: Machine;
  readonly #moods: StorageMoods;
  #model = new ProgressModel();
  #tabs: Tab[] = [];
  #exported: { readonly text: string; readonly entries: ReadonlyMap<string, Entry> } | null = null;

  constructor(machine: Machine, moods: StorageMoods) {
    this.#machine = machine;
    this.#moods = moods;
  }

  async begin(): Promise<void> {
    this.#tabs = [this.#machine.tab(), this.#machine.tab()];
    for (const tab of this.#tabs) await tab.open();
  }

  async end(): Promise<ProgressStore> {
    const last = await this.#machine.tab().open();
    this.#expect(last);
    return last;
  }

  async play(action: Action): Promise<void> {
    this.#machine.time += 1;
    switch (action.kind) {
      case 'put':
        await this.#put(this.#store(action.tab), action.entry);
        break;
      case 'race':
        await this.#race(action.one, action.other);
        break;
      case 'lesson':
        this.#lesson(action.entry);
        break;
      case 'old-page':
        await this.#oldPage(action.entry);
        break;
      case 'remove':
        await this.#store(action.tab).remove(action.key);
        this.#model.entries.delete(action.key);
        break;
      case 'whole':
        await this.#whole(this.#store(action.tab), action.what, this.#model);
        break;
      case 'export':
        this.#export(this.#store(action.tab));
        break;
      case 'reload':
        await this.#reopen(action.tab);
        break;
      case 'die':
        await this.#die(action.tab, action.steps, action.doing);
        break;
      case 'clock':
        this.#machine.time += action.by;
        break;
      case 'outage':
        await this.#outage(action.moods, action.writes);
        break;
    }
    await settled();
    for (const tab of this.#tabs) this.#expect(tab.store);
  }

  #expect(store: ProgressStore | null): void {
    expect(valuesOf(store?.entries() ?? new Map())).toEqual(this.#model.values());
  }

  #store(which: Which): ProgressStore {
    const store = this.#tabs[which]?.store ?? null;
    if (store === null) throw new Error('the tab is not open');
    return store;
  }

  async #put(store: ProgressStore, { key, value }: Write): Promise<void> {
    const kept = await store.put(key, value);
    expect(kept).not.toBe('memory');
    this.#model.put(key, { at: store.get(key)?.at ?? 0, value });
  }

  async #race(one: Write, other: Write): Promise<void> {
    const [first, second] = [this.#store(0), this.#store(1)];
    await Promise.all([first.put(one.key, one.value), second.put(other.key, other.value)]);
    await settled();
    const at = (key: string): number => first.get(key)?.at ?? 0;
    // Either may be the later; both tabs agree on which.
    const [before, after] = orderIn(first, one, other);
    this.#model.put(before.key, { at: at(before.key), value: before.value });
    this.#model.put(after.key, { at: at(after.key), value: after.value });
  }

  #texts(): Texts {
    return this.#machine.tab().texts();
  }

  #lesson({ key, value: said }: Write): void {
    if (this.#moods.texts === 'refuses') return;
    const texts = this.#texts();
    // A quiz adds to the history that it remembers.
    const value = key.startsWith('quiz.') ? uniteQuizEntries(remembered(texts, key), said) : said;
    rememberText(texts, this.#machine.time, key, value);
    expect(remembered(texts, key)).toEqual(value);
    const record = textOf(texts, key);
    if (record === null) throw new Error('the text is not there');
    // The browser tells the other tabs.
    for (const tab of this.#tabs) tab.hear({ changed: [[key, record]] });
    this.#model.put(key, { at: 'at' in record ? record.at : 0, value });
  }

  /** Its text counts from when the next store opens. */
  async #oldPage({ key, value }: Write): Promise<void> {
    if (this.#moods.texts === 'refuses') return;
    const old = key.startsWith('quiz.') ? withoutHistory(value) : value;
    this.#machine.texts.set(V1 + key, JSON.stringify(old));
    expect(remembered(this.#texts(), key)).toEqual(old);
    const store = await this.#reopen(0);
    const read = key.startsWith('quiz.') ? { ...(old as object), history: [] } : old;
    this.#model.put(key, { at: store.get(key)?.at ?? 0, value: read });
    await this.#store(1).refresh();
  }

  async #whole(store: ProgressStore, what: Whole, model: ProgressModel): Promise<void> {
    if (what === 'reset') {
      const kept = await store.reset();
      expect(kept).not.toBe('refused');
      model.reset();
    } else if (what === 'undo-reset') {
      const undone = await store.undoReset();
      expect(undone).toBe(model.aside === null ? 'nothing-to-undo' : 'undone');
      model.undoReset();
    } else if (what === 'import') {
      if (this.#exported === null) return;
      const imported = await store.importFile(this.#exported.text);
      expect(imported.ok).toBe(true);
      model.importFile(this.#exported.entries);
    } else {
      if (model.imported === null) return;
      expect(await store.undoImport()).toBe('undone');
      model.undoImport();
    }
  }

  #export(store: ProgressStore): void {
    const file = store.exportFile({ title: 'AKS', version: '1' });
    this.#exported = { text: progressFileText(file), entries: new Map(Object.entries(file.entries)) };
  }

  async #reopen(which: Which): Promise<ProgressStore> {
    this.#tabs[which]?.close();
    const tab = this.#machine.tab();
    this.#tabs[which] = tab;
    return tab.open();
  }

  /** After it the store has what was before, or what would have been after, or has done a part of the keys. */
  async #die(which: Which, steps: number, doing: Write | Whole | 'opening'): Promise<void> {
    const tab = this.#tabs[which];
    if (tab === undefined) return;
    const after = this.#model.copy();
    // What the next to open reads when there is something left to write.
    const dying = doing === 'opening' ? this.#machine.tab() : tab;
    dying.stepsLeft = steps;
    const doingIt = this.#doing(dying, doing, after).catch((error: unknown) => {
      // A closed tab sees neither answer nor error.
      if (dying.state === 'open') throw error;
    });
    await Promise.race([doingIt, dying.closed]);
    const finished = dying.state === 'open';
    dying.stepsLeft = Infinity;
    if (doing === 'opening') dying.close();
    const store = await this.#reopen(which);
    if (finished) this.#model = after;
    else this.#follow(store, after, doing);
    await this.#store(which === 0 ? 1 : 0).refresh();
  }

  async #doing(tab: Tab, doing: Write | Whole | 'opening', after: ProgressModel): Promise<void> {
    if (doing === 'opening') {
      await tab.open();
      return;
    }
    const { store } = tab;
    if (store === null) return;
    if (typeof doing === 'string') {
      await this.#modelWhole(store, doing, after);
      return;
    }
    // The model first: it is what would be there if the tab lived.
    after.put(doing.key, { at: this.#machine.time, value: doing.value });
    await store.put(doing.key, doing.value);
    const at = store.get(doing.key)?.at;
    const entry = after.entries.get(doing.key);
    if (at !== undefined && entry !== undefined) after.entries.set(doing.key, { ...entry, at });
  }

  async #modelWhole(store: ProgressStore, what: Whole, after: ProgressModel): Promise<void> {
    const wanted = after.copy();
    if (what === 'reset') wanted.reset();
    else if (what === 'undo-reset') wanted.undoReset();
    else if (what === 'import') wanted.importFile(this.#exported?.entries ?? new Map());
    else if (wanted.imported === null) return;
    else wanted.undoImport();
    after.become(wanted);
    if (what === 'reset') await store.reset();
    else if (what === 'undo-reset') await store.undoReset();
    else if (what === 'import') await store.importFile(this.#exported?.text ?? '');
    else await store.undoImport();
  }

  /** Takes over what is there, after seeing that each entry is what it was or what it was to be. */
  #follow(store: ProgressStore, after: ProgressModel, doing: Write | Whole | 'opening'): void {
    const [was, wanted, is] = [this.#model.values(), after.values(), valuesOf(store.entries())];
    for (const key of new Set([...Object.keys(was), ...Object.keys(wanted), ...Object.keys(is)])) {
      expect([was[key], wanted[key]], `${key} after the tab was closed`).toContainEqual(is[key]);
    }
    const parts = this.#moods.database === 'refuses' && typeof doing === 'string';
    if (!parts) expect([was, wanted]).toContainEqual(is);
    const isAside = store.canUndo.reset;
    const model = new ProgressModel();
    for (const [key, entry] of store.entries()) model.entries.set(key, entry);
    model.aside = !isAside
      ? null
      : doing === 'reset'
        ? equal(is, wanted)
          ? after.aside
          : this.#model.aside
        : this.#model.aside;
    model.imported = typeof doing === 'string' && doing !== 'opening' ? null : this.#keptImport(model);
    this.#model = model;
  }

  /** The import can still be undone; what is the same object in the model stays so. */
  #keptImport(model: ProgressModel): ProgressModel['imported'] {
    for (const [key, { after }] of this.#model.imported ?? []) {
      const old = this.#model.entries.get(key);
      if (old === after && equal(model.entries.get(key)?.value ?? null, after.value))
        model.entries.set(key, after);
    }
    return this.#model.imported;
  }

  async #outage(moods: StorageMoods, writes: readonly Write[]): Promise<void> {
    const normal = this.#machine.moods;
    this.#machine.moods = {
      texts: normal.texts === 'works' ? moods.texts : normal.texts,
      database: normal.database === 'works' ? moods.database : normal.database,
    };
    const store = await this.#reopen(0);
    const uncertain = new Map<string, Json[]>();
    for (const { key, value } of writes) {
      this.#machine.time += 1;
      const before = this.#model.entries.get(key)?.value;
      const kept = await store.put(key, value);
      const at = store.get(key)?.at ?? 0;
      const wanted = this.#model.copy();
      wanted.put(key, { at, value });
      if (kept !== 'memory') {
        this.#model.put(key, { at, value });
        uncertain.delete(key);
      } else {
        const candidates = uncertain.get(key) ?? (before === undefined ? [] : [before]);
        uncertain.set(key, [...candidates, wanted.entries.get(key)?.value ?? null]);
      }
    }
    this.#machine.moods = normal;
    const healed = await this.#reopen(0);
    await this.#reopen(1);
    for (const [key, candidates] of uncertain) {
      const is = healed.get(key);
      if (is === null) {
        expect(this.#model.entries.has(key), `${key} after an outage`).toBe(false);
      } else {
        expect(candidates, `${key} after an outage`).toContainEqual(is.value);
        this.#model.entries.set(key, is);
      }
    }
  }
}

function orderIn(store: ProgressStore, one: Write, other: Write): readonly [Write, Write] {
  if (one.key !== other.key) return [one, other];
  const is = store.get(one.key)?.value ?? null;
  const bare = (value: Json): Json => (/^(quiz|review)\./.test(one.key) ? withoutHistory(value) : value);
  return equal(bare(is), bare(one.value)) ? [other, one] : [one, other];
}

function withoutHistory(value: Json): Json {
  const { history: _, ...rest } = value as Readonly<Record<string, Json>>;
  return rest;
}

function equal(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** What tabs tell each other has arrived. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
}
