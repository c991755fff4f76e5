/** `kubectl patch --type json`: RFC 6902. */
import { err, ok, type Result } from '../../model/result.ts';

/** Returns the object after the operations; the error is what the API server says about the first that fails. */
export function jsonPatch(object: unknown, operations: unknown): Result<unknown, string> {
  if (!Array.isArray(operations))
    return err('error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  let current: unknown = structuredClone(object);
  for (const operation of operations as readonly unknown[]) {
    const { op, path, from, value } = fields(operation);
    const pointer = pointerOf(path);
    if (pointer === null) return err(`unable to parse path '${String(path)}'`);
    const next = applyOne(current, String(op), pointer, pointerOf(from), value, String(path));
    if (!next.ok) return next;
    current = next.value;
  }
  return ok(current);
}

type Pointer = readonly string[];

function applyOne(
  whole: unknown,
  op: string,
  pointer: Pointer,
  from: Pointer | null,
  value: unknown,
  path: string,
): Result<unknown, string> {
  switch (op) {
    case 'add':
      return put(whole, pointer, value, 'insert', path);
    case 'replace':
      return at(whole, pointer) === undefined
        ? err(`replace operation does not apply: doc is missing key: ${path}: missing value`)
        : put(whole, pointer, value, 'overwrite', path);
    case 'remove':
      return at(whole, pointer) === undefined
        ? err(`remove operation does not apply: doc is missing path: "${path}": missing value`)
        : ok(removed(whole, pointer));
    case 'test':
      return JSON.stringify(at(whole, pointer)) === JSON.stringify(value)
        ? ok(whole)
        : err(`testing value ${path} failed: test failed`);
    case 'copy':
    case 'move': {
      const moved = from === null ? undefined : at(whole, from);
      if (from === null || moved === undefined) return err(`${op} operation does not apply: missing value`);
      return put(op === 'move' ? removed(whole, from) : whole, pointer, moved, 'insert', path);
    }
  }
  return err(`Unexpected kind: ${op}`);
}

function fields(operation: unknown): Readonly<Record<string, unknown>> {
  return typeof operation === 'object' && operation !== null ? { ...operation } : {};
}

function pointerOf(path: unknown): Pointer | null {
  if (path === '') return [];
  if (typeof path !== 'string' || !path.startsWith('/')) return null;
  return path
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function at(whole: unknown, pointer: Pointer): unknown {
  let value = whole;
  for (const part of pointer) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.entries(value).find(([key]) => key === part)?.[1];
  }
  return value;
}

function put(
  whole: unknown,
  pointer: Pointer,
  value: unknown,
  how: 'insert' | 'overwrite',
  path: string,
): Result<unknown, string> {
  const [first, ...rest] = pointer;
  if (first === undefined) return ok(value);
  const missing = err(
    `${how === 'insert' ? 'add' : 'replace'} operation does not apply: doc is missing path: "${path}": missing value`,
  );
  if (Array.isArray(whole)) {
    const list = [...(whole as readonly unknown[])];
    const index = first === '-' ? list.length : Number(first);
    if (!Number.isInteger(index) || index < 0 || index > list.length) return missing;
    if (rest.length > 0) {
      const below = put(list[index], rest, value, how, path);
      if (!below.ok) return below;
      list[index] = below.value;
    } else list.splice(index, how === 'insert' ? 0 : 1, value);
    return ok(list);
  }
  if (typeof whole !== 'object' || whole === null) return missing;
  const below = put(at(whole, [first]), rest, value, how, path);
  return below.ok ? ok({ ...whole, [first]: below.value }) : below;
}

function removed(whole: unknown, pointer: Pointer): unknown {
  const [first, ...rest] = pointer;
  if (first === undefined || typeof whole !== 'object' || whole === null) return whole;
  if (Array.isArray(whole)) {
    const list = whole as readonly unknown[];
    const index = Number(first);
    return rest.length === 0 ? list.toSpliced(index, 1) : list.with(index, removed(list[index], rest));
  }
  const entries = Object.entries(whole);
  return Object.fromEntries(
    rest.length === 0
      ? entries.filter(([key]) => key !== first)
      : entries.map(([key, value]: [string, unknown]) => [key, key === first ? removed(value, rest) : value]),
  );
}
