/** Reading flags with a value for each node pool: `3,10`, or by name as in `system=3 user=10`. */
import { LINUX_POOL_NAME_LENGTH, NODES_PER_CLUSTER } from '../model/limits/aks.ts';
import { cutName } from './input.ts';
import type { InputReader } from './input.ts';

export interface PoolSizes {
  /** As the learner calls them, or `pool 1`, `pool 2`. */
  readonly names: readonly string[];
  /** Nodes that the plan is made for: the autoscaler's maximum where there is one. */
  readonly pools: readonly number[];
  /** Nodes before the autoscaler adds any; null without an autoscaler. */
  readonly atFirst: readonly number[] | null;
}

export function readPools(reader: InputReader): PoolSizes {
  const givenBy = reader.isGiven('nodes') ? 'nodes' : 'max-count';
  const names = readNames(reader, givenBy);
  const nodes = readCounts(reader, 'nodes', names);
  const most = readCounts(reader, 'max-count', names);
  if (!reader.isGiven('nodes') && !reader.isGiven('max-count')) {
    reader.refuse('nodes', null, 'is missing: how many nodes are planned?', '--nodes 3');
  }
  if (most.length === 0) return { names, pools: nodes, atFirst: null };
  if (nodes.length === 0) return { names, pools: most, atFirst: null };
  if (most.length !== nodes.length) {
    const message = `has ${most.length} for ${poolCount(nodes.length)}; give one for each pool.`;
    reader.refuse('max-count', most.join(','), message);
  }
  for (const [index, highest] of most.entries()) {
    const now = nodes[index] ?? 0;
    if (now <= highest) continue;
    const message = `${highest} is less than the ${now} nodes there are.`;
    reader.refuse('max-count', `${highest}`, message, `${now}`);
  }
  return { names, pools: most, atFirst: nodes };
}

/**
 * Reads a flag that has one value for all pools, or one for each, in their order or by name. Returns
 * none, one or as many values as there are pools; `read` gives null for what it has refused.
 */
export function readPerPool<T>(
  reader: InputReader,
  flag: string,
  names: readonly string[],
  read: (text: string) => T | null,
): readonly T[] {
  const texts = inPoolOrder(reader, flag, names);
  if (texts.length > 1 && names.length > 0 && texts.length !== names.length) {
    const message = `has ${texts.length} for ${poolCount(names.length)}; give one for all, or one for each.`;
    reader.refuse(flag, texts.join(','), message);
  }
  return texts.flatMap((text) => {
    const value = read(text);
    return value === null ? [] : [value];
  });
}

function poolCount(count: number): string {
  return `${count} ${count === 1 ? 'pool' : 'pools'}`;
}

function readNames(reader: InputReader, flag: 'nodes' | 'max-count'): readonly string[] {
  const given = reader.texts(flag).map((text) => ({ text, ...cutName(text) }));
  const strange = given.find(({ name }) => name !== null && !isPoolName(name));
  if (strange !== undefined) {
    const { name, rest, text } = strange;
    const message = `"${name ?? ''}" names no node pool: 1 to ${LINUX_POOL_NAME_LENGTH.value} lowercase letters and digits, a letter first.`;
    reader.refuse(flag, text, message, `web=${rest}, or --${name ?? ''} ${rest} if a flag is meant.`);
  } else refuseNameless(reader, flag, given);
  const names = given.map(({ name }, index) => name ?? `pool ${index + 1}`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    reader.refuse(flag, twice, `two pools are called "${twice}".`, 'a name of its own for each.');
  }
  return names;
}

/** As the names of Linux pools are; those of Windows pools are shorter. */
function isPoolName(name: string): boolean {
  return /^[a-z][a-z0-9]*$/.test(name) && name.length <= LINUX_POOL_NAME_LENGTH.value;
}

interface NamedText {
  readonly text: string;
  readonly name: string | null;
}

/** Refuses a value without a name among values with one, and reports whether there is one. */
function refuseNameless(reader: InputReader, flag: string, given: readonly NamedText[]): boolean {
  const nameless = given.find((each) => each.name === null);
  if (nameless === undefined || given.every((each) => each.name === null)) return false;
  const message = `"${nameless.text}" has no pool's name, and others have one.`;
  reader.refuse(flag, nameless.text, message, 'a name for each, or for none.');
  return true;
}

/** The values of a flag without names, in the order of the pools. */
function inPoolOrder(reader: InputReader, flag: string, names: readonly string[]): readonly string[] {
  const given = reader.texts(flag).map((text) => ({ text, ...cutName(text) }));
  if (given.every((each) => each.name === null)) return given.map((each) => each.text);
  if (refuseNameless(reader, flag, given)) return [];
  const strange = given.find((each) => each.name !== null && !names.includes(each.name));
  if (strange !== undefined) {
    const message = `"${strange.name ?? ''}" is no pool of this plan.`;
    reader.refuse(flag, strange.text, message, `one of ${names.join(', ')}.`);
    return [];
  }
  const missing = names.find((name) => !given.some((each) => each.name === name));
  if (missing !== undefined || given.length !== names.length) {
    const message =
      missing === undefined ? 'names a pool more than once.' : `has no value for the pool ${missing}.`;
    reader.refuse(flag, given.map((each) => each.text).join(','), message, 'one value for each pool.');
    return [];
  }
  return names.flatMap((name) => given.filter((each) => each.name === name).map((each) => each.rest));
}

function readCounts(
  reader: InputReader,
  flag: 'nodes' | 'max-count',
  names: readonly string[],
): readonly number[] {
  if (reader.isGiven(flag) && reader.texts(flag).length === 0) {
    reader.refuse(flag, null, 'is missing: how many nodes are planned?', `--${flag} 3`);
  }
  const gap = reader.raw(flag).find((text) => /^\s*[,;]|[,;]\s*[,;]/.test(text));
  if (gap !== undefined) reader.refuse(flag, gap, `"${gap}" has a comma with no number before it.`);
  const isNamedByThis = flag === 'nodes' || !reader.isGiven('nodes');
  const texts = isNamedByThis
    ? reader.texts(flag).map((text) => cutName(text).rest)
    : inPoolOrder(reader, flag, names);
  return texts.flatMap((text) => {
    if (/^0\d+$/.test(text)) {
      const why = `"${text}" begins with a zero; a comma separates pools, and never thousands.`;
      reader.refuse(flag, text, why, 'digits without a comma, as in 1000');
      return [];
    }
    const nodes = reader.integerOf(flag, text, { lowest: 1, highest: NODES_PER_CLUSTER.value });
    return nodes === null ? [] : [nodes];
  });
}
