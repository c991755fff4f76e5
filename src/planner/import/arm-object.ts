/** What every ARM object has, read the same way for all. */
import type { Cloud } from '../../model/cloud.ts';
import type { ArmKey, ResourceBase } from '../../model/azure/resources.ts';
import { Bag, rawObject } from './bag.ts';
import type { ImportLog } from './left-out.ts';

/** An object of ARM with who it is. */
export interface ArmObject {
  readonly id: string;
  readonly key: ArmKey;
  /** Lower-cased, with those of its parents: `microsoft.network/virtualnetworks/subnets`. */
  readonly type: string;
  readonly raw: Readonly<Record<string, unknown>>;
}

/** What a reader is given besides the object. */
export interface ReadContext {
  /** For what has to be drawn, and default rules. */
  readonly cloud: Cloud;
  readonly log: ImportLog;
}

/** `virtualNetworks/hub/subnets/apps`: the id without its group and provider. */
export function labelOf(id: string): string {
  const parts = id.split('/');
  const at = parts.findIndex((part) => part.toLowerCase() === 'providers');
  return at < 0 ? id.slice(0, 120) : parts.slice(at + 2).join('/');
}

export function groupOf(id: string): string {
  return /\/resourceGroups\/([^/]+)/i.exec(id)?.[1] ?? '';
}

export function nameOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

export function bagOfObject(object: ArmObject, log: ImportLog): Bag {
  return new Bag(object.raw, labelOf(object.id), object.key, log);
}

const ETAG = 'W/"00000000-0000-0000-0000-000000000000"';

export function etagOf(bag: Bag): string {
  return bag.text('etag') ?? ETAG;
}

/** Returns what every resource has. A failed deployment is what the model knows of other states. */
export function baseOf(object: ArmObject, bag: Bag): ResourceBase {
  return {
    id: object.id,
    name: bag.text('name') ?? nameOf(object.id),
    resourceGroup: groupOf(object.id),
    location: normalised(bag.text('location') ?? ''),
    tags: bag.tags(),
    etag: etagOf(bag),
    provisioningState: provisioningState(bag),
  };
}

function provisioningState(bag: Bag): ResourceBase['provisioningState'] {
  const state = rawText(bag.raw('provisioningState')).toLowerCase();
  if (state === 'failed') {
    bag.leave(
      'provisioningState = Failed',
      'The last change of it failed in Azure; the answer is that of what its JSON says.',
      'may-matter',
    );
  }
  return state === 'failed' ? 'Failed' : 'Succeeded';
}

function rawText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** `West Europe` is `westeurope`. */
function normalised(location: string): string {
  return location.replaceAll(' ', '').toLowerCase();
}

/** Returns the id of a part: its own, else one made of its parent's and its name. */
export function partId(
  bag: Bag,
  parent: string,
  collection: string,
): { readonly id: string; readonly name: string } {
  const id = bag.text('id');
  const name = bag.text('name') ?? (id === null ? 'default' : nameOf(id));
  return { id: id ?? `${parent}/${collection}/${name}`, name };
}

/** Leaves out IPv6 by name, which the model does not have. */
export function onlyIpv4(bag: Bag, key: string, prefixes: readonly string[]): readonly string[] {
  const six = prefixes.filter((prefix) => prefix.includes(':'));
  for (const prefix of six) {
    bag.leave(`${key} ${prefix}`, 'IPv6 is not modelled: flows over IPv6 cannot be asked.', 'no-packets');
  }
  return prefixes.filter((prefix) => !prefix.includes(':'));
}

/** Returns the type of an id with those of its parents, lower-cased; null for what is no id of a resource. */
export function typeOfId(id: string): string | null {
  const match = /\/providers\/([^/]+)\/(.+)$/i.exec(id);
  if (match === null) return null;
  const parts = (match[2] ?? '').split('/');
  const types = parts.filter((_, index) => index % 2 === 0);
  return parts.length % 2 === 0 ? `${match[1] ?? ''}/${types.join('/')}`.toLowerCase() : null;
}

export function rawId(raw: unknown): string | null {
  const id = rawObject(raw)?.['id'];
  return typeof id === 'string' ? id : null;
}
