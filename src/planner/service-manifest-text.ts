/** The one Service in a text of YAML or JSON, or what is wrong with it and where. */
import { isMap, isPair, isScalar, isSeq, parseAllDocuments } from 'yaml';
import type { Document } from 'yaml';
import { decodeManifest } from '../model/kubernetes/decode-manifest.ts';
import type { ManifestProblem } from '../model/kubernetes/decode-manifest.ts';
import { goTags } from '../model/kubernetes/manifest-scalars.ts';
import type { ServiceManifest } from '../model/kubernetes/manifest.ts';
import { err, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import { hasManyAliases, placeTooDeep, repeatedKeys } from '../model/yaml-bounds.ts';
import type { TextPlace } from '../model/yaml-bounds.ts';

/** What a text or a Service is refused for. */
export interface LocatedProblem {
  /** Who refuses: the reader of YAML, the server's decoder, its checks, this calculator, the cloud provider. */
  readonly by: 'yaml' | 'decoding' | 'validation' | 'preview' | 'cloud-provider' | 'azure';
  /** `spec.ports[0].port`; null for the text as a whole. */
  readonly path: string | null;
  readonly place: TextPlace;
  /** One line or more. */
  readonly message: string;
}

export interface ServiceText {
  readonly manifest: ServiceManifest;
  /** Where a path of the Service is: the key, or what it would be inside of. */
  readonly locate: (path: string | null) => TextPlace;
  /** The UID that an object written by the server has; null in one of your own. */
  readonly uid: string | null;
  /** Other documents of the text, which are not previewed. */
  readonly others: readonly string[];
}

/** Longer than any Service, and short enough to read while somebody types. */
export const LONGEST_TEXT = 65_536;
const DEEPEST = 64;
const MOST_ALIASES = 100;
/** Whoever has more mends the first ones first. */
const MOST_ERRORS = 100;
const START: TextPlace = { line: 1, column: 1 };

type Problems = readonly LocatedProblem[];

/** Returns the Service; all unknown fields and YAML errors at once, each with its place. */
export function readServiceText(text: string): Result<ServiceText, Problems> {
  if (text.trim() === '')
    return refuse('yaml', null, START, 'There is no manifest: paste the YAML of a Service.');
  if (text.length > LONGEST_TEXT) {
    const place = { line: text.slice(0, LONGEST_TEXT).split('\n').length, column: 1 };
    return refuse(
      'preview',
      null,
      place,
      `The text has ${text.length.toLocaleString('en')} characters, and this calculator reads ${LONGEST_TEXT.toLocaleString('en')}.`,
    );
  }
  const deep = placeTooDeep(text, DEEPEST);
  if (deep !== null) return refuse('preview', null, deep, `Nested more than ${DEEPEST} levels deep.`);
  if (hasManyAliases(text))
    return refuse('preview', null, START, 'Values are repeated by name (*) too often.');
  const documents = parse(text);
  if (documents === null) return refuse('preview', null, START, 'Nested too deeply to be read.');
  const broken = documents.flatMap((document) =>
    [
      ...document.errors.map((error) => ({ at: error.pos[0], message: firstLine(error.message) })),
      ...repeatedKeys(document.contents).map((at) => ({ at, message: 'Map keys must be unique.' })),
    ]
      .sort((one, other) => one.at - other.at)
      .slice(0, MOST_ERRORS)
      .map(({ at, message }): LocatedProblem => ({
        by: 'yaml',
        path: null,
        place: placeAt(at, text),
        message,
      })),
  );
  if (broken.length > 0) return err(broken);
  const found = documents.flatMap((document) => objectsIn(document, text));
  const unreadable = found.find((each) => 'problem' in each);
  if (unreadable !== undefined && 'problem' in unreadable) return err([unreadable.problem]);
  const objects = found.flatMap((each) => ('data' in each ? [each] : []));
  return chooseService(objects);
}

interface FoundObject {
  readonly data: unknown;
  readonly kind: string | null;
  readonly name: string;
  readonly start: TextPlace;
  readonly locate: ServiceText['locate'];
}

function chooseService(objects: readonly FoundObject[]): Result<ServiceText, Problems> {
  const services = objects.filter((each) => each.kind === 'Service');
  const [service, second] = services;
  if (second !== undefined) {
    return refuse(
      'preview',
      'kind',
      second.locate('kind'),
      `A second Service, ${second.name}: one is previewed at a time, since each has objects of its own.`,
    );
  }
  const [first] = objects;
  const chosen = service ?? first;
  if (chosen === undefined)
    return refuse('yaml', null, START, 'There is no manifest: nothing but comments or empty documents.');
  if (service === undefined && chosen.kind !== null) {
    return refuse(
      'preview',
      'kind',
      chosen.locate('kind'),
      `A ${chosen.kind}: this calculator previews Services, and the text has none.`,
    );
  }
  const decoded = decodeManifest(chosen.data);
  if (!decoded.ok) return err(problemsOfDecoding(decoded.error, chosen));
  if (decoded.value.kind !== 'Service') throw new Error('the kind was a Service');
  return ok({
    manifest: decoded.value,
    locate: chosen.locate,
    uid: uidOf(chosen.data),
    others: objects
      .filter((each) => each !== chosen)
      .map((each) => `${each.kind ?? 'object'} ${each.name} (line ${each.start.line})`),
  });
}

/** What names are made of has to look like one. */
export const UID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function uidOf(data: unknown): string | null {
  const uid = recordOf(recordOf(data)?.['metadata'])?.['uid'];
  return typeof uid === 'string' && UID.test(uid) ? uid.toLowerCase() : null;
}

function refuse(
  by: LocatedProblem['by'],
  path: string | null,
  place: TextPlace,
  message: string,
): Result<never, Problems> {
  return err([{ by, path, place, message }]);
}

/** As kubectl reads it: YAML 1.1, where `yes` is true. Null where the parser runs out of stack. */
function parse(text: string): readonly Document[] | null {
  try {
    const documents = parseAllDocuments(text, {
      version: '1.1',
      customTags: goTags,
      merge: true,
      strict: true,
      // The parser compares each key with each other one; repeatedKeys does not.
      uniqueKeys: false,
      logLevel: 'silent',
    });
    return Array.isArray(documents) ? documents : [];
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function objectsIn(
  document: Document,
  text: string,
): readonly (FoundObject | { readonly problem: LocatedProblem })[] {
  const { contents } = document;
  if (contents === null) return [];
  const start = placeAt(contents.range?.[0] ?? 0, text);
  let data: unknown;
  try {
    data = document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (error) {
    const message = error instanceof RangeError ? 'Nested too deeply to be read.' : firstLine(String(error));
    return [{ problem: { by: 'yaml', path: null, place: start, message } }];
  }
  if (data === null || data === undefined) return [];
  const locateIn = (base: readonly (string | number)[]) => (path: string | null) =>
    placeAt(offsetOf(contents, [...base, ...segmentsOf(asWritten(path ?? ''))]), text);
  const asObject = (value: unknown, base: readonly (string | number)[]): FoundObject => {
    const record = recordOf(value);
    const kind = record?.['kind'];
    const name = recordOf(record?.['metadata'])?.['name'];
    const locate = locateIn(base);
    return {
      data: value,
      kind: typeof kind === 'string' ? kind : null,
      name: typeof name === 'string' ? name : 'without a name',
      start: locate(null),
      locate,
    };
  };
  const whole = asObject(data, []);
  const items = recordOf(data)?.['items'];
  if (whole.kind?.endsWith('List') === true && Array.isArray(items))
    return items.map((item: unknown, at) => asObject(item, ['items', at]));
  return [whole];
}

/** The API server spells this one path in a way that no manifest does. */
function asWritten(path: string): string {
  return path.replace(/^spec\.LoadBalancerSourceRanges\b/, 'spec.loadBalancerSourceRanges');
}

function problemsOfDecoding(problem: ManifestProblem, { locate }: FoundObject): Problems {
  const at = (path: string | null, message: string): LocatedProblem => ({
    by: 'decoding',
    path,
    place: locate(path),
    message,
  });
  switch (problem.kind) {
    case 'no-object':
      return [at(null, 'A manifest must be an object: keys with values.')];
    case 'missing':
      return problem.fields.map((field) => at(null, `${field} not set.`));
    case 'kind-not-simulated':
      return [at('kind', `The kind ${problem.kindName} is not simulated in this workbook.`)];
    case 'no-such-kind':
      return [
        at('apiVersion', `No matches for kind "${problem.kindName}" in version "${problem.apiVersion}".`),
      ];
    case 'mistyped':
      return [at(problem.field.path, `${problem.field.message}.${hintFor(problem.field.path)}`)];
    case 'unknown-fields':
      return problem.paths.map((path) => at(path, `strict decoding error: unknown field "${path}".`));
    case 'fields-not-simulated':
      return problem.paths.map((path) =>
        at(path, `The field ${path} is not simulated in this workbook; a real API server may accept it.`),
      );
    case 'nameless':
      return [at('metadata', 'metadata.name is missing: a Service needs a name.')];
  }
}

/** The mistake that nearly everybody makes once. */
function hintFor(path: string): string {
  return /^metadata\.(annotations|labels)\[/.test(path)
    ? ' Values of annotations and labels are texts: put quotes around it.'
    : '';
}

/** Cuts `metadata.annotations["a.b/c"]` and `spec.ports[0].port` into keys and indexes. */
export function segmentsOf(path: string): readonly (string | number)[] {
  const segments: (string | number)[] = [];
  for (const match of path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|\[([^\]"]+)\]|([^.[\]]+)/g)) {
    const [, quoted, index, bare, name] = match;
    if (quoted !== undefined) segments.push(quoted.replaceAll(/\\(.)/g, '$1'));
    else if (index !== undefined) segments.push(Number(index));
    else segments.push(bare ?? name ?? '');
  }
  return segments;
}

/** The offset of the key (or item) that a path leads to; of the last that exists, where it leads further. */
function offsetOf(root: unknown, segments: readonly (string | number)[]): number {
  let node: unknown = root;
  let offset = startOf(root) ?? 0;
  for (const segment of segments) {
    if (isMap(node)) {
      const pair = node.items.find(
        (each) => isPair(each) && isScalar(each.key) && String(each.key.value) === String(segment),
      );
      if (pair === undefined) return offset;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof segment === 'number') {
      const item: unknown = node.items[segment];
      if (item === undefined) return offset;
      offset = startOf(item) ?? offset;
      node = item;
    } else return offset;
  }
  return offset;
}

function startOf(node: unknown): number | null {
  if (typeof node !== 'object' || node === null || !('range' in node)) return null;
  const { range } = node;
  return Array.isArray(range) && typeof range[0] === 'number' ? range[0] : null;
}

function placeAt(offset: number, text: string): TextPlace {
  const before = text.slice(0, Math.max(0, offset)).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function firstLine(message: string): string {
  return `${(message.split('\n')[0] ?? message).replace(/ at line \d+, column \d+:?$/, '').replace(/[.:]$/, '')}.`;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : null;
}
