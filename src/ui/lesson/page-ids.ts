/** Element ids that are unique on a page and the same in every build. */
const counters = new WeakMap<object, Map<string, number>>();

/** `fact-limit-1`, `fact-limit-2` ... for one page; `page` is any object that lives as long as its rendering. */
export function pageId(page: object, stem: string): string {
  const count = occurrence(page, stem) + 1;
  return `${stem.toLowerCase().replace(/[^a-z0-9]+/g, '-')}-${count}`;
}

/** How often this was asked on this page before. */
export function occurrence(page: object, key: string): number {
  const counts = counters.get(page) ?? new Map<string, number>();
  counters.set(page, counts);
  const before = counts.get(key) ?? 0;
  counts.set(key, before + 1);
  return before;
}
