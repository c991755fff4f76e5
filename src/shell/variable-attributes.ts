/**
 * Which variables are exported, read-only and so on. just-bash 3.4 gives each run a copy of the variables, but all of
 * them the same sets of names: `sh -c 'unset https_proxy'` in a container would take that variable from every program
 * that is run there later, and `readonly A=1` would refuse it to them.
 */
import type { Bash } from 'just-bash';

/** Returns what puts the sets back to what they are now. */
export function attributesOf(bash: Bash): () => void {
  const state: unknown = Reflect.get(bash, 'state');
  if (typeof state !== 'object' || state === null || !('exportedVars' in state))
    throw new Error('just-bash keeps the names of exported variables in its state');
  const before = new Map(setsOf(state));
  return () => {
    for (const [key] of setsOf(state)) if (!before.has(key)) Reflect.set(state, key, undefined);
    for (const [key, names] of before) Reflect.set(state, key, new Set(names));
  };
}

/** Copies, since the sets themselves change. */
function setsOf(state: object): readonly (readonly [string, ReadonlySet<unknown>])[] {
  return Object.entries(state).flatMap(([key, value]: [string, unknown]) =>
    value instanceof Set ? [[key, new Set(value)] as const] : [],
  );
}
