import { memoryShelf, ShelfStack, type Shelf } from './shelf.ts';

const PREFIX = 'workbook.v1.';
const DATABASE = 'aks-networking-workbook';
const STORE = 'texts';

/** What this browser offers, best first. Nothing here throws where storage is forbidden. */
export function browserShelves(): ShelfStack {
  return new ShelfStack([localShelf(), indexedShelf(), memoryShelf()], () => Date.now());
}

function localShelf(): Shelf {
  return {
    name: 'local-storage',
    get: async (key) => Promise.resolve(localStorage.getItem(PREFIX + key)),
    set: async (key, text) => {
      localStorage.setItem(PREFIX + key, text);
      return Promise.resolve();
    },
  };
}

function indexedShelf(): Shelf {
  return {
    name: 'indexed-db',
    get: async (key) => {
      const found: unknown = await inStore('readonly', (store) => store.get(PREFIX + key));
      return typeof found === 'string' ? found : null;
    },
    set: async (key, text) => {
      await inStore('readwrite', (store) => store.put(text, PREFIX + key));
    },
  };
}

async function inStore<T>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const database = await openDatabase();
  try {
    const transaction = database.transaction(STORE, mode);
    const request = work(transaction.objectStore(STORE));
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => {
        resolve();
      };
      const fail = (): void => {
        reject(transaction.error ?? new Error('the browser refused to store this'));
      };
      transaction.onabort = fail;
      transaction.onerror = fail;
    });
    return request.result;
  } finally {
    database.close();
  }
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore(STORE);
    };
    opening.onsuccess = () => {
      resolve(opening.result);
    };
    opening.onerror = () => {
      reject(opening.error ?? new Error('the browser has no database for this site'));
    };
  });
}
