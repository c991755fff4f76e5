/** Shortens a name in its middle, where names of nodes and pods say least: `aks-nodepool…000000`. */
export function clipped(name: string, most: number): string {
  if (name.length <= most) return name;
  const kept = Math.max(2, most - 1);
  const head = Math.ceil(kept / 2);
  return `${name.slice(0, head)}…${name.slice(name.length - (kept - head))}`;
}
