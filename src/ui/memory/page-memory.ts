/**
 * What a page remembers on this machine (a committed prediction, a quiz answer): one entry per
 * place, under one prefix, so that progress can export it. A browser that forbids storage forgets.
 */
const PREFIX = 'workbook.v1.';

export type MemoryKind = 'prediction' | 'quiz';

/** What a page says where it cannot remember. */
export const NOT_KEPT =
  'Your browser lets this page store nothing, so your answer is gone when you leave it.';

export function memoryKey(kind: MemoryKind, id: string): string {
  return `${PREFIX}${kind}.${id}`;
}

export function recall(kind: MemoryKind, id: string): unknown {
  try {
    const text = localStorage.getItem(memoryKey(kind, id));
    return text === null ? null : (JSON.parse(text) as unknown);
  } catch {
    return null;
  }
}

/** Returns `not-kept` where storage is full or forbidden: the page works on, and says that it forgets. */
export function remember(kind: MemoryKind, id: string, value: unknown): 'kept' | 'not-kept' {
  try {
    localStorage.setItem(memoryKey(kind, id), JSON.stringify(value));
    return 'kept';
  } catch {
    return 'not-kept';
  }
}

export function forget(kind: MemoryKind, id: string): void {
  try {
    localStorage.removeItem(memoryKey(kind, id));
  } catch {
    // Storage is forbidden: there is nothing to forget.
  }
}
