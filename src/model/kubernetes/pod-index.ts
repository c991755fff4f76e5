/** The pods of a store in the ways they are asked for, made once per store: there may be 200,000 of them. */
import type { KubernetesState, Pod } from './objects.ts';

type PodStore = KubernetesState['pods'];

/** Oldest first. */
export type PodsByOwner = ReadonlyMap<string, readonly Pod[]>;

interface PodIndex {
  readonly pods: ReadonlyMap<string, Pod>;
  /** Null until somebody asked. */
  readonly byOwner: PodsByOwner | null;
}

const indexes = new WeakMap<PodStore, PodIndex>();

/** Returns what is known about a store: at least its pods by their keys, oldest first. */
export function podIndex(store: PodStore): PodIndex {
  const known = indexes.get(store);
  if (known !== undefined) return known;
  const index = { pods: new Map(Object.entries(store)), byOwner: null };
  indexes.set(store, index);
  return index;
}

/** Keeps what is known about a store for whoever looks at it next. */
export function rememberPods(store: PodStore, index: PodIndex): void {
  indexes.set(store, index);
}
