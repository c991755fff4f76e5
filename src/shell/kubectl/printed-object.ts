/** What the API server would send for an object: our own fields gone, keys in the server's order. */
import { stringify } from 'yaml';
import { goFloats } from '../../model/kubernetes/manifest-scalars.ts';
import type { Service } from '../../model/kubernetes/objects.ts';
import type { ApiObject } from './resource-types.ts';
import { withServiceAccount } from './service-account-volume.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Returns the object without the fields that only the simulation has, keys sorted as Go's encoder does. */
export function printedObject(object: ApiObject): JsonObject {
  const { simulation: _ours, ...printed } = object as ApiObject & { readonly simulation?: unknown };
  const content =
    object.kind === 'NodeNetworkConfig'
      ? withoutEmpty(printed)
      : object.kind === 'Service'
        ? { ...object, spec: { ...object.spec, ...familiesOf(object) } }
        : object.kind === 'Pod'
          ? { ...printed, spec: withServiceAccount(object) }
          : printed;
  return sorted({ ...content, metadata: withoutEmptyMaps(object.metadata) }) as JsonObject;
}

/** Every Service has them; what is sent to the server may leave them out. */
function familiesOf({ metadata, spec }: Service): object {
  if ((metadata.uid as string | undefined) === undefined) return {};
  return { ipFamilies: ['IPv4'], ipFamilyPolicy: spec.ipFamilyPolicy ?? 'SingleStack' };
}

/** A custom resource is kept as its controller wrote it, and Azure's leaves out what is empty. */
function withoutEmpty<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutEmpty) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(
    ([, each]: [string, unknown]) => each !== '' && !(Array.isArray(each) && each.length === 0),
  );
  return Object.fromEntries(entries.map(([key, each]: [string, unknown]) => [key, withoutEmpty(each)])) as T;
}

/** Go leaves out labels and annotations that nobody has (`omitempty`). */
function withoutEmptyMaps({ labels, annotations, ...metadata }: ApiObject['metadata']): object {
  const isEmpty = (pairs: object | undefined) => pairs === undefined || Object.keys(pairs).length === 0;
  return {
    ...metadata,
    ...(isEmpty(labels) ? {} : { labels }),
    ...(isEmpty(annotations) ? {} : { annotations }),
  };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, each]) => [key, sorted(each)]),
  );
}

/** Returns a value of an object as text: scalars bare, structures as JSON. */
export function textOfValue(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined ? '' : (JSON.stringify(value) ?? '');
}

export function printList(objects: readonly JsonObject[]): JsonObject {
  return { apiVersion: 'v1', items: objects, kind: 'List', metadata: { resourceVersion: '' } };
}

export function toJson(value: JsonObject): string {
  return `${JSON.stringify(value, null, 4)}\n`;
}

export function toYaml(value: JsonObject): string {
  return stringify(value, {
    indentSeq: false,
    lineWidth: 0,
    defaultStringType: 'PLAIN',
    defaultKeyType: 'PLAIN',
    // sigs.k8s.io/yaml follows YAML 1.1 when it decides what needs quotes.
    version: '1.1',
    customTags: goFloats,
  });
}
