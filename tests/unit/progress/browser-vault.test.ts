import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { expect, test } from 'vitest';
import { browserVault } from '../../../src/progress/browser-vault.ts';
import type { Vault } from '../../../src/progress/vault.ts';

const all = (vault: Vault): Promise<Record<string, unknown>> =>
  vault.change('all', (found) => ({ put: new Map(), drop: [], result: Object.fromEntries(found) }));

const put = (vault: Vault, records: Record<string, unknown>): Promise<null> =>
  vault.change([], () => ({ put: new Map(Object.entries(records)), drop: [], result: null }));

test('what is put is found by everybody who opens the database, and what is dropped is gone', async () => {
  const factory = new IDBFactory();
  const vault = await browserVault(factory);
  await put(vault, { a: { stamp: 1 }, b: 'text', '~c': 3 });
  await vault.change(['a', 'none'], (found) => {
    expect(Object.fromEntries(found)).toEqual({ a: { stamp: 1 } });
    return { put: new Map(), drop: ['b'], result: null };
  });
  expect(await all(await browserVault(factory))).toEqual({ a: { stamp: 1 }, '~c': 3 });
});

test('changes of two tabs do not mix', async () => {
  const factory = new IDBFactory();
  const vaults = [await browserVault(factory), await browserVault(factory)];
  const add = (vault: Vault): Promise<null> =>
    vault.change(['sum'], (found) => ({
      put: new Map([['sum', Number(found.get('sum') ?? 0) + 1]]),
      drop: [],
      result: null,
    }));
  await Promise.all(Array.from({ length: 20 }, (_, i) => add(vaults[i % 2] as Vault)));
  expect(await all(vaults[0] as Vault)).toEqual({ sum: 20 });
});

test.each([
  ['a decision that throws', new Map<string, unknown>(), 'ours'],
  [
    'a record that cannot be stored',
    new Map<string, unknown>([
      ['b', 2],
      ['c', () => 'a function'],
    ]),
    null,
  ],
])('%s writes nothing at all', async (_, records, bug) => {
  const vault = await browserVault(new IDBFactory());
  await put(vault, { a: 1 });
  const change = vault.change('all', () => {
    if (bug !== null) throw new Error(bug);
    return { put: records, drop: ['a'], result: null };
  });
  await expect(change).rejects.toThrow(bug ?? /./);
  expect(await all(vault)).toEqual({ a: 1 });
});

test('a later version may upgrade the database while this one is open', async () => {
  const factory = new IDBFactory();
  const vault = await browserVault(factory);
  await put(vault, { a: 1 });
  await new Promise<void>((resolve, reject) => {
    const upgrading = factory.open('aks-networking-workbook', 3);
    upgrading.onsuccess = () => {
      upgrading.result.close();
      resolve();
    };
    upgrading.onblocked = () => {
      reject(new Error('blocked'));
    };
  });
  // Then nothing can be kept here any more, and that is said, not hidden.
  await expect(put(vault, { a: 2 })).rejects.toThrow();
  await expect(browserVault(factory)).rejects.toThrow();
});

test('a database that the browser closed is opened again', async () => {
  const factory = new IDBFactory();
  const vault = await browserVault(factory);
  await put(vault, { a: 1 });
  await new Promise((resolve) => {
    factory.deleteDatabase('aks-networking-workbook').onsuccess = resolve;
  });
  await put(vault, { b: 2 });
  expect(await all(vault)).toEqual({ b: 2 });
});
