/** Changes in the syntax trees of just-bash, which has no visitor of its own. */

/**
 * Returns the tree with the nodes replaced for which `change` returns another one; what a change returns is
 * not looked into again. Null: the node stays, and its children are asked. What does not change is shared.
 */
export function replaced(node: unknown, change: (node: object) => object | null): unknown {
  if (Array.isArray(node)) {
    const copy = node.map((each: unknown) => replaced(each, change));
    return copy.some((each, at) => each !== node[at]) ? copy : node;
  }
  if (typeof node !== 'object' || node === null) return node;
  const other = change(node);
  if (other !== null) return other;
  let changed = false;
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(node)) {
    copy[key] = replaced(value, change);
    changed ||= copy[key] !== value;
  }
  return changed ? copy : node;
}
