/**
 * What a page remembers on this machine (a committed prediction, a quiz answer). It is written to
 * `localStorage` at once and there in the first frame after a reload; the store of progress takes it
 * over from there. Where `localStorage` takes nothing, the store itself is loaded.
 */
import type { Json } from './entry.ts';
import type { ProgressStore } from './store.ts';
import { isComplete, markComplete, remembered, rememberText, V2 } from './texts.ts';

/** The event of a page that wrote a text: the browser tells only the other tabs. Its detail is the text's name. */
export const REMEMBERED = 'workbook-remembered';

export type MemoryKind = 'prediction' | 'quiz' | 'read';

/** What a page says where it cannot remember. */
export const NOT_KEPT =
  'Your browser lets this page store nothing, so your answer is gone when you leave it.';

export function recall(kind: MemoryKind, id: string): Json {
  try {
    return remembered(localStorage, `${kind}.${id}`);
  } catch {
    return null;
  }
}

/** Resolves with `not-kept` where all storage is full or forbidden: the page works on, and says that it forgets. */
export async function remember(kind: MemoryKind, id: string, value: unknown): Promise<'kept' | 'not-kept'> {
  const key = `${kind}.${id}`;
  try {
    rememberText(localStorage, Date.now(), key, value as Json);
    window.dispatchEvent(new CustomEvent(REMEMBERED, { detail: V2 + key }));
    return 'kept';
  } catch {
    return rememberElsewhere(key, value).catch(() => 'not-kept');
  }
}

/**
 * Calls the listener with what was remembered elsewhere: in another tab from now on, or earlier in
 * the database, where `localStorage` had no room for it. Returns what ends that.
 */
export function whenRemembered(kind: MemoryKind, id: string, listen: (value: Json) => void): () => void {
  const key = `${kind}.${id}`;
  const onStorage = (event: StorageEvent): void => {
    if (event.key === V2 + key && event.newValue !== null) listen(recall(kind, id));
  };
  window.addEventListener('storage', onStorage);
  if (!isAllAtHand()) {
    void store().then(
      (opened) => {
        const entry = opened.get(key);
        if (entry !== null) listen(entry.value);
      },
      // The page has remembered what it can.
      () => undefined,
    );
  }
  return () => {
    window.removeEventListener('storage', onStorage);
  };
}

async function rememberElsewhere(key: string, value: unknown): Promise<'kept' | 'not-kept'> {
  try {
    markComplete(localStorage, 'incomplete');
  } catch {
    // Forbidden: then every page looks elsewhere.
  }
  const kept = await (await store()).put(key, value);
  return kept === 'memory' ? 'not-kept' : 'kept';
}

function isAllAtHand(): boolean {
  try {
    return isComplete(localStorage);
  } catch {
    return false;
  }
}

/** Only where it is needed: lessons send no script that they can do without. */
async function store(): Promise<ProgressStore> {
  return (await import('./store.ts')).openProgress();
}
