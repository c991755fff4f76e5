/**
 * `--set a.b=c`, `--add list key=value`, `--remove a.b [index]` on the printed form of a resource. What
 * they may change is what the command can carry back to the model; the rest is refused, not ignored.
 */
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { AzArguments, AzFailure, Json } from './command.ts';
import { isList, isObject, plainText } from './output-format.ts';
import { refusedByAzure } from './outcome.ts';
import { notSimulated } from '../../model/azure/error.ts';

type JsonObject = { readonly [key: string]: Json };

/** The properties that changed; each reader returns undefined for one that did not. */
export interface Edited {
  readonly json: JsonObject;
  readonly value: (path: string) => Json | undefined;
  readonly text: (path: string) => string | null | undefined;
  readonly list: (path: string) => readonly string[] | undefined;
  /** The ids of a list of references; none where it was taken away. */
  readonly references: (path: string) => readonly string[] | undefined;
  readonly boolean: (path: string) => boolean | undefined;
  readonly number: (path: string) => number | undefined;
  readonly tags: (path: string) => Readonly<Record<string, string>> | null | undefined;
}

/** A property that may change, where its path does not say enough. */
export interface Settable {
  readonly path: string;
  /** The only values it may have, in any case. */
  readonly values?: readonly string[];
  /** A text, number or boolean that may be taken away; lists and references always may. */
  readonly removable?: true;
  /** A list of references to other resources: objects with an id. */
  readonly references?: 'list';
}

/**
 * Applies the generic arguments and returns what changed. `settable` lists the paths that may change. A
 * value that does not fit its property is refused, since no reader below could carry it back.
 */
export function editResource(
  resource: JsonObject,
  args: AzArguments,
  settable: readonly (string | Settable)[],
): Result<Edited, AzFailure> {
  let json: Json = resource;
  for (const kind of ['set', 'add', 'remove'] as const) {
    const groups = args[kind];
    if (!isList(groups)) continue;
    for (const group of groups) {
      const words = isList(group) ? group.map(plainText) : [plainText(group)];
      const next = applyOne(json, kind, words, args['forceString'] === true);
      if (!next.ok) return next;
      json = next.value;
    }
  }
  if (!isObject(json)) throw new Error('a resource stopped being an object');
  const properties = settable.map((one) => (typeof one === 'string' ? { path: one } : one));
  const stray = changedPaths(resource, json, '').find(
    (path) => !properties.some((one) => path === one.path || path.startsWith(`${one.path}.`)),
  );
  if (stray !== undefined) return refusedByAzure(notSimulated(`Changing the property ${stray}`));
  for (const property of properties) {
    const path = property.path.split('.');
    const was = valueAt(resource, path) ?? null;
    const now = valueAt(json, path) ?? null;
    if (JSON.stringify(was) !== JSON.stringify(now) && !fits(property, was, now)) {
      return refusedByAzure({
        code: 'InvalidRequestFormat',
        message: `Cannot parse the request. The value ${JSON.stringify(now)} does not fit the property ${property.path}.`,
      });
    }
  }
  return ok(readers(resource, json));
}

/** References to other resources, which are objects with an id. */
const REFERENCES = [
  'basePolicy',
  'firewallPolicy',
  'natGateway',
  'networkSecurityGroup',
  'publicIPAddress',
  'routeTable',
];

function isReference(value: Json): value is JsonObject {
  return isObject(value) && typeof value['id'] === 'string';
}

function fits(property: Settable, was: Json, now: Json): boolean {
  const { path, values, references } = property;
  if (references === 'list') return now === null || (isList(now) && now.every(isReference));
  if (values !== undefined) {
    return typeof now === 'string' && values.some((one) => one.toLowerCase() === now.toLowerCase());
  }
  if (now === null) return property.removable === true || was === null || typeof was === 'object';
  if (path === 'tags') return isObject(now);
  if (REFERENCES.includes(path)) return isReference(now);
  if (isList(was)) return isList(now);
  if (typeof now === 'object') return false;
  if (typeof was === 'boolean') return ['true', 'false'].includes(String(now));
  if (typeof was === 'number') return plainText(now).trim() !== '' && !Number.isNaN(Number(now));
  return true;
}

function readers(before: JsonObject, json: JsonObject): Edited {
  const value = (path: string): Json | undefined => {
    const now = valueAt(json, path.split('.'));
    return JSON.stringify(now) === JSON.stringify(valueAt(before, path.split('.')))
      ? undefined
      : (now ?? null);
  };
  const typed =
    <T>(read: (found: Json) => T | undefined) =>
    (path: string): T | undefined => {
      const found = value(path);
      return found === undefined ? undefined : read(found);
    };
  return {
    json,
    value,
    text: typed((found) => (found === null ? null : typeof found === 'object' ? undefined : String(found))),
    list: typed((found) => (isList(found) ? found.map(String) : undefined)),
    references: typed((found) =>
      found === null
        ? []
        : isList(found)
          ? found.filter(isReference).map((one) => plainText(one['id']))
          : undefined,
    ),
    boolean: typed((found) =>
      typeof found === 'boolean' ? found : found === 'true' ? true : found === 'false' ? false : undefined,
    ),
    number: typed((found) => {
      const number = typeof found === 'number' || typeof found === 'string' ? Number(found) : Number.NaN;
      return Number.isNaN(number) ? undefined : number;
    }),
    tags: typed((found) =>
      found === null
        ? null
        : isObject(found)
          ? Object.fromEntries(Object.entries(found).map(([key, item]) => [key, plainText(item)]))
          : undefined,
    ),
  };
}

function failure(message: string): Result<never, AzFailure> {
  return err({ kind: 'usage', message, exitCode: 1 });
}

function applyOne(
  json: Json,
  kind: 'set' | 'add' | 'remove',
  words: readonly string[],
  forceString: boolean,
): Result<Json, AzFailure> {
  switch (kind) {
    case 'set':
      return words.reduce<Result<Json, AzFailure>>((so, word) => {
        if (!so.ok) return so;
        const equals = word.indexOf('=');
        if (equals < 1) return failure(`invalid syntax: --set KEY=VALUE (got '${word}')`);
        const path = pathOf(word.slice(0, equals));
        return replaceAt(so.value, path, () => ok(literal(word.slice(equals + 1), forceString)), word);
      }, ok(json));
    case 'add': {
      const [target = '', ...values] = words;
      if (values.length === 0) return failure('invalid syntax: --add PATH KEY=VALUE [KEY=VALUE ...]');
      return replaceAt(
        json,
        pathOf(target),
        (list) =>
          list === undefined || list === null || isList(list)
            ? ok([...(isList(list) ? list : []), ...addedItems(values, forceString)])
            : failure(`Couldn't find '${target}' as a list in the resource.`),
        target,
      );
    }
    case 'remove': {
      const [target = '', index] = words;
      const path = pathOf(target);
      if (valueAt(json, path) === undefined) {
        return failure(`Couldn't find '${target}' in ''. Available options: ${available(json, path)}`);
      }
      if (index === undefined) return removeAt(json, path, target);
      return replaceAt(
        json,
        path,
        (list) => {
          const at = Number(index);
          if (!isList(list) || !(at in list)) return failure(`index ${index} doesn't exist on ${target}`);
          return ok(list.toSpliced(at, 1));
        },
        target,
      );
    }
  }
}

function available(json: Json, path: readonly string[]): string {
  const holder = valueAt(json, path.slice(0, -1));
  return isObject(holder) ? Object.keys(holder).sort().join(', ') : '';
}

/** `a.b[0].c` as its parts. */
function pathOf(text: string): readonly string[] {
  return text
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .split('.')
    .map(camelCase);
}

/** azure-cli takes `address_prefix` and `addressPrefix` alike. */
function camelCase(part: string): string {
  return part.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** A key of the object, whatever its case. */
function keyIn(holder: JsonObject, key: string): string {
  return Object.keys(holder).find((one) => one.toLowerCase() === key.toLowerCase()) ?? key;
}

function valueAt(json: Json | undefined, path: readonly string[]): Json | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return json;
  if (isList(json)) return valueAt(json[Number(key)], rest);
  return isObject(json) ? valueAt(own(json, keyIn(json, key)), rest) : undefined;
}

/** A property of the object itself: `constructor` and `__proto__` are none. */
function own(holder: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(holder, key) ? holder[key] : undefined;
}

function replaceAt(
  json: Json | undefined,
  path: readonly string[],
  change: (value: Json | undefined) => Result<Json, AzFailure>,
  label: string,
): Result<Json, AzFailure> {
  const [key, ...rest] = path;
  if (key === undefined) return change(json);
  if (isList(json)) {
    const at = Number(key);
    if (!(at in json)) return failure(`index ${key} doesn't exist on ${label}`);
    const inner = replaceAt(json[at], rest, change, label);
    return inner.ok ? ok(json.with(at, inner.value)) : inner;
  }
  if (json !== undefined && json !== null && !isObject(json)) {
    return failure(`Couldn't find '${key}' in '${label}'.`);
  }
  const holder = isObject(json) ? json : {};
  const name = keyIn(holder, key);
  const inner = replaceAt(own(holder, name), rest, change, label);
  return inner.ok ? ok({ ...holder, [name]: inner.value }) : inner;
}

function removeAt(json: Json, path: readonly string[], label: string): Result<Json, AzFailure> {
  const last = path.at(-1) ?? '';
  return replaceAt(
    json,
    path.slice(0, -1),
    (holder) => {
      if (!isObject(holder)) return failure(`Couldn't find '${last}' in '${label}'.`);
      // A list becomes empty, as azure-cli does; anything else is gone.
      const key = keyIn(holder, last);
      if (isList(own(holder, key))) return ok({ ...holder, [key]: [] });
      const { [key]: _removed, ...kept } = holder;
      return ok(kept);
    },
    label,
  );
}

function literal(text: string, forceString: boolean): Json {
  if (forceString) return text;
  try {
    const parsed: unknown = JSON.parse(text);
    return toJson(parsed);
  } catch {
    return text.toLowerCase() === 'true' ? true : text.toLowerCase() === 'false' ? false : text;
  }
}

function toJson(value: unknown): Json {
  if (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean'
  ) {
    return value;
  }
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item)]));
  }
  return null;
}

/** `a=1 b=2` makes one object; words without `=` are items of their own. */
function addedItems(values: readonly string[], forceString: boolean): readonly Json[] {
  const entries: [string, Json][] = [];
  const items: Json[] = [];
  for (const value of values) {
    const equals = value.indexOf('=');
    if (equals > 0 && !value.startsWith('{')) {
      entries.push([value.slice(0, equals), literal(value.slice(equals + 1), forceString)]);
    } else {
      items.push(literal(value, forceString));
    }
  }
  return entries.length > 0 ? [...items, Object.fromEntries(entries)] : items;
}

function changedPaths(before: Json | undefined, after: Json | undefined, path: string): readonly string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (!isObject(before) || !isObject(after)) return [path];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) =>
    changedPaths(own(before, key), own(after, key), path === '' ? key : `${path}.${key}`),
  );
}
