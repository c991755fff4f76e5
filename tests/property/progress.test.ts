/**
 * Whatever happens to tabs and storage, nothing that was acknowledged is lost: random sequences of
 * writes, reloads, tabs closed in the middle of a write, two tabs at once, lessons that only write
 * texts, pages of the first version, imports, resets and full storage, beside a simple model.
 */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { browserVault } from '../../src/progress/browser-vault.ts';
import { progressFileText } from '../../src/progress/merge-file.ts';
import type { ProgressStore } from '../../src/progress/progress-store.ts';
import { Machine, type StorageMoods } from '../support/kept-progress.ts';
import { action, play, type Action } from '../support/progress-actions.ts';

const MACHINES: readonly {
  readonly name: string;
  readonly runs: number;
  readonly moods: Partial<StorageMoods>;
}[] = [
  { name: 'database and localStorage', runs: Number(process.env.RUNS ?? 1000), moods: {} },
  { name: 'localStorage alone', runs: Number(process.env.RUNS ?? 300), moods: { database: 'refuses' } },
  { name: 'the database alone', runs: Number(process.env.RUNS ?? 300), moods: { texts: 'refuses' } },
];

for (const { name, runs, moods } of MACHINES) {
  test(`nothing acknowledged is lost: ${name}`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 30 }), async (actions) => {
        await play(new Machine(), { texts: 'works', database: 'works', ...moods }, actions);
      }),
      { numRuns: runs },
    );
  }, 120_000);
}

test('nothing acknowledged is lost: on an IndexedDB', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 15 }), async (actions) => {
      const factory = new IDBFactory();
      const machine = new Machine(() => browserVault(factory));
      await play(machine, { texts: 'works', database: 'works' }, actions);
    }),
    { numRuns: 60 },
  );
}, 120_000);

test('the property fails for a store that forgets', async () => {
  const forgetful = new Machine(async () => {
    const vault = await new Machine().vault();
    return {
      ...vault,
      change: (keys, decide) => vault.change(keys, (found) => ({ ...decide(found), put: new Map() })),
    };
  });
  const actions: readonly Action[] = [
    { kind: 'put', tab: 0, entry: { key: 'unheard-of.a#b', value: 1 } },
    { kind: 'reload', tab: 0 },
  ];
  await expect(play(forgetful, { texts: 'refuses', database: 'works' }, actions)).rejects.toThrow();
});

test('an exported file brings everything back on another machine', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 15 }), async (actions) => {
      const store = await play(new Machine(), { texts: 'works', database: 'works' }, actions);
      const file = store.exportFile({ title: 'AKS', version: '1' });
      const machine = new Machine();
      // Times in a file that are still to come count as now.
      machine.time += 1_000_000;
      const other: ProgressStore = await machine.tab().open();
      const imported = await other.importFile(progressFileText(file));
      expect(imported.ok).toBe(true);
      expect(Object.fromEntries(other.entries())).toEqual(Object.fromEntries(store.entries()));
    }),
    { numRuns: 100 },
  );
}, 60_000);
