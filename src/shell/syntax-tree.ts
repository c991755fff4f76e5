/** Changes in the syntax trees of just-bash, which has no visitor of its own. */

/**
 * Returns the tree with the nodes replaced for which `change` returns another one; what a change returns is
 * not looked into again. Null: the node stays, and its children are asked. What does not change is shared.
 */
export function replaced(node: unknown, change: (node: object) => object | null): unknown {
  if (typeof node !== 'object' || node === null) return node;
  const other = Array.isArray(node) ? null : change(node);
  return other ?? withChildren(node, (child) => replaced(child, change));
}

/** Returns the node with what becomes of each of its children; the very same node if each stays what it is. */
export function withChildren(node: object, become: (child: object) => unknown): object {
  let copy: object | null = null;
  // Not Object.entries: every line that runs comes through here, several times.
  for (const key in node) {
    const child: unknown = Reflect.get(node, key);
    if (typeof child !== 'object' || child === null) continue;
    const other = become(child);
    if (other === child) continue;
    copy ??= Array.isArray(node) ? [...(node as readonly unknown[])] : { ...node };
    Reflect.set(copy, key, other);
  }
  return copy ?? node;
}
