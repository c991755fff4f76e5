/**
 * What a page remembers on this machine (a committed prediction, a quiz answer): one entry per
 * place, under one prefix, so that progress can export it. A browser that forbids storage forgets.
 */
const PREFIX = 'workbook.v1.';

export type MemoryKind = 'prediction' | 'quiz';

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

export function remember(kind: MemoryKind, id: string, value: unknown): void {
  try {
    localStorage.setItem(memoryKey(kind, id), JSON.stringify(value));
  } catch {
    // Storage is full or forbidden: the page works on, it only forgets.
  }
}

export function forget(kind: MemoryKind, id: string): void {
  try {
    localStorage.removeItem(memoryKey(kind, id));
  } catch {
    // As above.
  }
}
