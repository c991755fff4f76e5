/** The browser's database as a vault. The first version's store is taken over when it is upgraded. */
import { OLD } from './gather.ts';
import type { Decision, Vault } from './vault.ts';

const DATABASE = 'aks-networking-workbook';
const ENTRIES = 'entries';
const OLD_STORE = 'texts';
const V1 = 'workbook.v1.';
/** A browser that does not answer (some do after a crash) must not hold the page up. */
const PATIENCE_MILLISECONDS = 4000;

/** Rejects where the browser has no database for this site, or does not answer. */
export async function browserVault(factory: IDBFactory = indexedDB): Promise<Vault> {
  let database = open(factory);
  let isOpen = true;
  const first = await database;
  // Another tab may need to upgrade it, and browsers close databases under pressure: it is opened again.
  const forget = (opened: IDBDatabase): void => {
    opened.onversionchange = () => {
      opened.close();
      isOpen = false;
    };
    opened.onclose = () => {
      isOpen = false;
    };
  };
  forget(first);
  return {
    name: 'indexed-db',
    change: async (keys, decide) => {
      if (!isOpen) {
        database = open(factory);
        isOpen = true;
        database.then(forget, () => {
          isOpen = false;
        });
      }
      return inTransaction(await database, keys, decide);
    },
    close: () => {
      void database.then((opened) => {
        opened.close();
      });
    },
  };
}

function inTransaction<T>(
  database: IDBDatabase,
  keys: readonly string[] | 'all',
  decide: (found: ReadonlyMap<string, unknown>) => Decision<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(ENTRIES, 'readwrite');
    const store = transaction.objectStore(ENTRIES);
    const outcome: { result?: T; thrown?: unknown } = {};
    const write = (found: ReadonlyMap<string, unknown>): void => {
      try {
        const { put, drop, result } = decide(found);
        for (const [key, record] of put) store.put(record, key);
        for (const key of drop) store.delete(key);
        outcome.result = result;
      } catch (error) {
        outcome.thrown = error;
        transaction.abort();
      }
    };
    if (keys === 'all') readAll(store, write);
    else readSome(store, keys, write);
    transaction.oncomplete = () => {
      resolve(outcome.result as T);
    };
    transaction.onabort = () => {
      reject(asError(outcome.thrown ?? transaction.error));
    };
  });
}

function readAll(store: IDBObjectStore, then: (found: ReadonlyMap<string, unknown>) => void): void {
  const keys = store.getAllKeys();
  const values = store.getAll();
  values.onsuccess = () => {
    then(new Map(keys.result.map((key, index) => [nameOf(key), values.result[index] as unknown])));
  };
}

function readSome(
  store: IDBObjectStore,
  keys: readonly string[],
  then: (found: ReadonlyMap<string, unknown>) => void,
): void {
  const found = new Map<string, unknown>();
  let left = keys.length;
  if (left === 0) then(found);
  for (const key of keys) {
    const request = store.get(key);
    request.onsuccess = () => {
      if (request.result !== undefined) found.set(key, request.result);
      left -= 1;
      if (left === 0) then(found);
    };
  }
}

function open(factory: IDBFactory): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = factory.open(DATABASE, 2);
    const impatient = setTimeout(() => {
      reject(new Error('the browser did not open its database in time'));
    }, PATIENCE_MILLISECONDS);
    opening.onupgradeneeded = () => {
      upgrade(opening);
    };
    opening.onsuccess = () => {
      clearTimeout(impatient);
      resolve(opening.result);
    };
    opening.onerror = () => {
      clearTimeout(impatient);
      reject(asError(opening.error));
    };
  });
}

/** One transaction: the old texts are gone exactly when their copies are safe. */
function upgrade(opening: IDBOpenDBRequest): void {
  const { result: database, transaction } = opening;
  const entries = database.createObjectStore(ENTRIES);
  if (transaction === null || !database.objectStoreNames.contains(OLD_STORE)) return;
  const walk = transaction.objectStore(OLD_STORE).openCursor();
  walk.onsuccess = () => {
    const cursor = walk.result;
    if (cursor === null) {
      database.deleteObjectStore(OLD_STORE);
      return;
    }
    const key = nameOf(cursor.key);
    entries.put(cursor.value, OLD + (key.startsWith(V1) ? key.slice(V1.length) : key));
    cursor.continue();
  };
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('the browser refused to store this');
}

/** Keys of both stores are texts; the database itself allows more. */
function nameOf(key: IDBValidKey): string {
  return typeof key === 'string' ? key : JSON.stringify(key);
}
