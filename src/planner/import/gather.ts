/** Finds the objects in pasted documents, wherever a command, a template or a query puts them. */
import { armKey } from '../../model/azure/resource-store.ts';
import { nameOf, typeOfId } from './arm-object.ts';
import type { ArmObject } from './arm-object.ts';
import { rawObject, shortly, textOf } from './bag.ts';
import type { ImportDocument } from './documents.ts';
import type { ImportLog } from './left-out.ts';
import { looksLikeTemplate, resourcesOfTemplate } from './template.ts';

type Raw = Readonly<Record<string, unknown>>;

/** What one answer of kubectl holds; all of it comes from one cluster. */
export interface KubernetesText {
  readonly label: string;
  readonly objects: readonly Raw[];
}

export interface Gathered {
  /** Whole resources and parts of them, in the order of the texts. */
  readonly objects: readonly ArmObject[];
  /** Resources of which only their name is known (`az resource list`). */
  readonly listed: readonly ArmObject[];
  readonly kubernetes: readonly KubernetesText[];
}

export function gather(documents: readonly ImportDocument[], log: ImportLog): Gathered {
  const objects: ArmObject[] = [];
  const listed: ArmObject[] = [];
  const kubernetes: KubernetesText[] = [];
  const add = (raw: Raw, id: string, type: string): void => {
    const object = { id, key: armKey(id), type, raw };
    (isBare(raw) ? listed : objects).push(object);
  };

  const visit = (data: unknown, label: string, found: Raw[]): void => {
    if (Array.isArray(data)) {
      for (const each of data as readonly unknown[]) visit(each, label, found);
      return;
    }
    const raw = rawObject(data);
    if (raw === null) {
      if (data !== null)
        leaveText(log, label, shortly(data), 'It is neither an object nor a list of objects.');
      return;
    }
    if (typeof raw['apiVersion'] === 'string' && typeof raw['kind'] === 'string' && !('$schema' in raw)) {
      if (Array.isArray(raw['items'])) {
        for (const each of raw['items'] as readonly unknown[]) {
          const item = rawObject(each);
          // Lists of one kind (PodList) leave the kind of their items out.
          if (item !== null) {
            found.push(
              item['kind'] === undefined
                ? { ...item, apiVersion: raw['apiVersion'], kind: raw['kind'].replace(/List$/, '') }
                : item,
            );
          }
        }
        return;
      }
      if (rawObject(raw['metadata']) !== null) {
        found.push(raw);
        return;
      }
    }
    if (looksLikeTemplate(raw)) {
      for (const each of resourcesOfTemplate(raw, label, log)) add(each.raw, each.id, each.type);
      return;
    }
    const id = raw['id'];
    if (typeof id === 'string') {
      const type = typeOfId(id);
      if (type !== null) {
        add(raw, id, type);
        return;
      }
      if (/^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+$/i.test(id)) return;
    }
    const lists = ['value', 'data', 'resources', 'items'].filter((key) => Array.isArray(raw[key]));
    if (lists.length > 0 && !looksWorkedOut(raw)) {
      for (const key of lists) visit(raw[key], label, found);
      return;
    }
    // az network vnet create prints {"newVNet": {…}}.
    const inner = Object.values(raw).filter((each) => typeof rawObject(each)?.['id'] === 'string');
    if (inner.length === Object.keys(raw).length && inner.length > 0) {
      for (const each of inner) visit(each, label, found);
      return;
    }
    leaveText(log, label, shapeOf(raw), looksWorkedOut(raw) ? WORKED_OUT : NO_OBJECT);
  };

  for (const { label, data } of documents) {
    const found: Raw[] = [];
    visit(data, label, found);
    if (found.length > 0) kubernetes.push({ label, objects: found });
  }
  return { objects, listed, kubernetes };
}

const WORKED_OUT =
  'This is what Azure worked out, and not what the network is made of: paste the route tables, security groups and NICs instead.';
const NO_OBJECT = 'It has no id of ARM and no kind of Kubernetes, so nobody can say what it is.';

/** Effective routes and rules: answers, not resources. */
function looksWorkedOut(raw: Raw): boolean {
  const list = raw['value'];
  const first = Array.isArray(list) ? rawObject((list as readonly unknown[])[0]) : raw;
  return first !== null && ('nextHopType' in first || 'effectiveSecurityRules' in first) && !('id' in first);
}

function leaveText(log: ImportLog, label: string, what: string, effect: string): void {
  log.add({ kind: 'text', name: label, what, effect, weight: 'may-matter' });
}

function shapeOf(raw: Raw): string {
  if (typeof raw['id'] === 'string') return `an object with the id ${shortly(raw['id'])}`;
  const keys = Object.keys(raw).slice(0, 4);
  return keys.length === 0
    ? 'an empty object'
    : `an object with ${keys.map((key) => shortly(key)).join(', ')}`;
}

/** What every resource has in a list of all resources, and no more. */
const GENERIC = new Set([
  'changedtime',
  'createdtime',
  'etag',
  'extendedlocation',
  'id',
  'identity',
  'kind',
  'location',
  'managedby',
  'name',
  'plan',
  'properties',
  'provisioningstate',
  'resourcegroup',
  'sku',
  'subscriptionid',
  'systemdata',
  'tags',
  'tenantid',
  'type',
  'zones',
]);

/** These have nothing of their own but a name. */
const NOTHING_MORE = ['microsoft.network/applicationsecuritygroups'];

function isBare(raw: Raw): boolean {
  if (NOTHING_MORE.includes(typeOfId(textOf(raw['id'])) ?? '')) return false;
  if (rawObject(raw['properties']) !== null) return false;
  return Object.keys(raw).every((key) => GENERIC.has(key.toLowerCase()));
}

/** Returns the id of what an object is a part of, and the collection it stands in. */
export function parentOf(object: ArmObject): { readonly key: string; readonly collection: string } {
  const parts = object.id.split('/');
  return {
    key: armKey(parts.slice(0, -2).join('/')),
    collection: (parts.at(-2) ?? nameOf(object.id)).toLowerCase(),
  };
}
