/**
 * One object of pasted JSON. Names of properties are equal without regard to case, and those under
 * `properties` (ARM's own form) stand beside the others, as azure-cli prints them. Whoever reads a
 * property takes it; what nobody took is named at the end.
 */
import type { ArmKey, SubResource } from '../../model/azure/resources.ts';
import { armKey } from '../../model/azure/resource-store.ts';
import type { ImportLog, Weight } from './left-out.ts';

type Raw = Readonly<Record<string, unknown>>;

/** Returns an object's own entries; null for what is none. `__proto__` is a key like any other here. */
export function rawObject(value: unknown): Raw | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Raw) : null;
}

/** Keys that say nothing about packets, whatever has them. */
const EVERYWHERE = new Set(
  [
    'id',
    'name',
    'type',
    'etag',
    'tags',
    'location',
    'resourceGroup',
    'resourceGuid',
    'provisioningState',
    'systemData',
    'managedBy',
    'kind',
    'apiVersion',
    'subscriptionId',
    'tenantId',
    'extendedLocation',
    'dependsOn',
    'comments',
    'createdTime',
    'changedTime',
    'displayName',
    'properties',
    'scope',
  ].map((key) => key.toLowerCase()),
);

/** What is known of properties that the model does not have: lower-cased name to what it may change. */
export interface Unmodelled {
  /** Without effect on packets. */
  readonly harmless?: readonly string[];
  /** Named if it is not empty and not false, with what it may change. */
  readonly matters?: Readonly<Record<string, string>>;
  /** The same, where no flow through the object can be known without it. */
  readonly decides?: Readonly<Record<string, string>>;
}

export class Bag {
  readonly #entries = new Map<string, readonly [key: string, value: unknown]>();
  readonly #taken = new Set<string>();
  /** `virtualNetworks/hub/subnets/apps`. */
  readonly label: string;
  /** The object of the model that this is, or is part of. */
  readonly on: ArmKey | null;
  readonly log: ImportLog;
  readonly #value: Raw;

  constructor(value: Raw, label: string, on: ArmKey | null, log: ImportLog) {
    this.label = label;
    this.on = on;
    this.log = log;
    this.#value = value;
    for (const source of [rawObject(value['properties']), value]) {
      for (const [key, entry] of Object.entries(source ?? {})) {
        // The outer one wins, unless it only says that there is nothing.
        if (entry === null && this.#entries.has(key.toLowerCase())) continue;
        this.#entries.set(key.toLowerCase(), [key, entry]);
      }
    }
  }

  /** Returns the same, untouched, as an object with a key of its own. */
  under(on: ArmKey): Bag {
    return new Bag(this.#value, this.label, on, this.log);
  }

  raw(key: string): unknown {
    const name = key.toLowerCase();
    this.#taken.add(name);
    return this.#entries.get(name)?.[1] ?? undefined;
  }

  has(key: string): boolean {
    const value = this.#entries.get(key.toLowerCase())?.[1];
    return value !== undefined && value !== null;
  }

  /** Returns a text, or a number as text; null if there is none. */
  text(key: string): string | null {
    const value = this.raw(key);
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return String(value);
    if (value !== undefined) this.unreadable(key, value, 'may-matter');
    return null;
  }

  number(key: string, fallback: number): number {
    const value = this.raw(key);
    if (value === undefined || value === '') return fallback;
    const found = typeof value === 'string' ? Number(value) : value;
    if (typeof found === 'number' && Number.isFinite(found)) return found;
    this.unreadable(key, value, 'decides');
    return fallback;
  }

  flag(key: string, fallback: boolean): boolean {
    const value = this.raw(key);
    if (value === undefined) return fallback;
    if (typeof value === 'boolean') return value;
    if (typeof value === 'string' && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
    this.unreadable(key, value, 'decides');
    return fallback;
  }

  /** Returns one of the words, however its letters are written. Another word is named and decides. */
  choice<T extends string>(key: string, words: readonly T[], fallback: T): T {
    const value = this.raw(key);
    if (value === undefined || value === '') return fallback;
    const found = words.find(
      (word) => typeof value === 'string' && word.toLowerCase() === value.toLowerCase(),
    );
    if (found !== undefined) return found;
    this.unreadable(key, value, 'decides');
    return fallback;
  }

  list(key: string): readonly unknown[] {
    const value = this.raw(key);
    if (Array.isArray(value)) return value as readonly unknown[];
    if (value !== undefined) this.unreadable(key, value, 'decides');
    return [];
  }

  texts(key: string): readonly string[] {
    return this.list(key).flatMap((value) => {
      if (typeof value === 'string') return [value];
      if (typeof value === 'number') return [String(value)];
      this.unreadable(key, value, 'decides');
      return [];
    });
  }

  /** Returns an object inside this one; null if there is none. */
  bag(key: string): Bag | null {
    const value = this.raw(key);
    const raw = rawObject(value);
    if (raw !== null) return new Bag(raw, `${this.label} ${key}`, this.on, this.log);
    if (value !== undefined) this.unreadable(key, value, 'decides');
    return null;
  }

  /** Returns the objects of a list, each with its own name. `on` is the key of a part by its id. */
  bags(key: string): readonly Bag[] {
    return this.list(key).flatMap((value, index) => {
      const raw = rawObject(value);
      if (raw === null) {
        this.unreadable(key, value, 'decides');
        return [];
      }
      const name = typeof raw['name'] === 'string' ? raw['name'] : String(index + 1);
      return [new Bag(raw, `${this.label}/${key}/${name}`, this.on, this.log)];
    });
  }

  /** Returns a reference `{id}`, or a bare id; null if there is none. */
  reference(key: string): SubResource | null {
    const value = this.raw(key);
    if (value === undefined) return null;
    const id = idOf(value);
    if (id === null) this.unreadable(key, value, 'decides');
    return id === null ? null : { id };
  }

  references(key: string): readonly SubResource[] {
    return this.list(key).flatMap((value) => {
      const id = idOf(value);
      if (id === null) this.unreadable(key, value, 'decides');
      return id === null ? [] : [{ id }];
    });
  }

  tags(): Readonly<Record<string, string>> | null {
    const raw = rawObject(this.raw('tags'));
    if (raw === null) return null;
    return Object.fromEntries(
      Object.entries(raw).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
    );
  }

  unreadable(key: string, value: unknown, weight: Weight): void {
    this.log.add({
      kind: 'property',
      name: this.label,
      what: `${key} = ${shortly(value)}`,
      effect: 'This value is none that the model knows.',
      weight,
      on: this.on,
    });
  }

  leave(
    what: string,
    effect: string,
    weight: Weight,
    more: { near?: readonly ArmKey[]; only?: 'internet' } = {},
  ): void {
    this.log.add({ kind: 'property', name: this.label, what, effect, weight, on: this.on, ...more });
  }

  /** Names what nobody took. */
  finish({ harmless = [], matters = {}, decides = {} }: Unmodelled = {}): void {
    const quiet = new Set(harmless.map((key) => key.toLowerCase()));
    const lower = (record: Readonly<Record<string, string>>) =>
      new Map(Object.entries(record).map(([key, effect]) => [key.toLowerCase(), effect]));
    const [matter, decide] = [lower(matters), lower(decides)];
    for (const [name, [key, value]] of this.#entries) {
      if (this.#taken.has(name) || EVERYWHERE.has(name) || quiet.has(name) || isEmpty(value)) continue;
      const known = decide.get(name) ?? matter.get(name);
      if (known !== undefined && value === false) continue;
      this.log.add({
        kind: 'property',
        name: this.label,
        what: `${key} = ${shortly(value)}`,
        effect: known ?? 'The model does not know this property, so nobody here can say what it changes.',
        weight: decide.has(name) ? 'decides' : 'may-matter',
        on: this.on,
        near: idsIn(value),
      });
    }
  }
}

/** A value as text; what is no text is none. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  if (Array.isArray(value)) return value.every(isEmpty);
  const raw = rawObject(value);
  return raw !== null && Object.values(raw).every(isEmpty);
}

function idOf(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  const id = rawObject(value)?.['id'];
  return typeof id === 'string' && id !== '' ? id : null;
}

const LONGEST = 60;

/** A value for a message: shortened, on one line. */
export function shortly(value: unknown): string {
  const text = (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).replaceAll(/\s+/g, ' ');
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

const ARM_ID = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/[^/]+\/[^/]+\/[^/]+/i;
const MOST_IDS = 200;

/** Returns the ids that stand anywhere in a value, once each. */
export function idsIn(value: unknown): readonly ArmKey[] {
  const found = new Set<ArmKey>();
  const visit = (each: unknown): void => {
    if (found.size >= MOST_IDS) return;
    if (typeof each === 'string') {
      if (ARM_ID.test(each)) found.add(armKey(each));
    } else if (Array.isArray(each)) each.forEach(visit);
    else if (typeof each === 'object' && each !== null) Object.values(each).forEach(visit);
  };
  visit(value);
  return [...found];
}

/** Returns the IPv4 addresses that stand as whole values anywhere in a value. */
export function addressesIn(value: unknown): readonly string[] {
  const found = new Set<string>();
  const visit = (each: unknown): void => {
    if (found.size >= MOST_IDS) return;
    if (typeof each === 'string') {
      if (/^\d{1,3}(\.\d{1,3}){3}$/.test(each)) found.add(each);
    } else if (Array.isArray(each)) each.forEach(visit);
    else if (typeof each === 'object' && each !== null) Object.values(each).forEach(visit);
  };
  visit(value);
  return [...found];
}
