/** What `kubectl patch` sends, applied to an object: merge patches (RFC 7386) and strategic ones. */
import { err, ok, type Result } from '../../model/result.ts';

type Data = Readonly<Record<string, unknown>>;

/** Returns the object with the patch's fields in place of its own; null removes a field. */
export function mergePatch(object: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const merged: Record<string, unknown> = isRecord(object) ? { ...object } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}

/** Directives of strategic merge patches that lists and maps of these kinds hardly ever need. */
const UNMODELLED_DIRECTIVE = /^\$(deleteFromPrimitiveList|setElementOrder|retainKeys)/;

/**
 * Returns the object after a strategic merge: as a merge patch, but lists whose items have a key are
 * merged item by item (k8s.io/apimachinery/pkg/util/strategicpatch). The error names a directive that
 * is not simulated.
 */
export function strategicPatch(object: unknown, patch: unknown): Result<unknown, string> {
  if (!isRecord(patch)) return ok(patch);
  if (patch['$patch'] === 'replace') return ok(without(patch, '$patch'));
  const merged: Record<string, unknown> = isRecord(object) ? { ...object } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (UNMODELLED_DIRECTIVE.test(key)) return err(key);
    if (value === null) delete merged[key];
    else if (Array.isArray(value)) {
      const list = strategicList(key, merged[key], value);
      if (!list.ok) return list;
      merged[key] = list.value;
    } else {
      const below = strategicPatch(merged[key], value);
      if (!below.ok) return below;
      merged[key] = below.value;
    }
  }
  return ok(merged);
}

/** `patchMergeKey` of the lists that have one; every other list is replaced. */
function mergeKeyOf(list: string, items: readonly unknown[]): string | null {
  switch (list) {
    case 'containers':
    case 'initContainers':
    case 'env':
    case 'volumes':
      return 'name';
    case 'volumeMounts':
      return 'mountPath';
    case 'ports':
      return items.some((item) => isRecord(item) && 'containerPort' in item) ? 'containerPort' : 'port';
  }
  return null;
}

function strategicList(
  name: string,
  object: unknown,
  patch: readonly unknown[],
): Result<readonly unknown[], string> {
  const present: readonly unknown[] = Array.isArray(object) ? object : [];
  const key = mergeKeyOf(name, [...present, ...patch]);
  if (key === null) return ok(patch);
  if (patch.some((item) => isRecord(item) && item['$patch'] === 'replace'))
    return ok(patch.filter((item) => !isRecord(item) || item['$patch'] !== 'replace'));
  const merged = [...present];
  for (const item of patch) {
    if (!isRecord(item)) return ok(patch);
    const at = merged.findIndex((each) => isRecord(each) && each[key] === item[key]);
    if (item['$patch'] === 'delete') {
      if (at >= 0) merged.splice(at, 1);
      continue;
    }
    const next = strategicPatch(merged[at], item);
    if (!next.ok) return next;
    if (at < 0) merged.push(next.value);
    else merged[at] = next.value;
  }
  return ok(merged);
}

function without(data: Data, key: string): Data {
  return Object.fromEntries(Object.entries(data).filter(([name]) => name !== key));
}

function isRecord(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
