/** Reading ranges that calculators of cluster addresses share, with the refusals that AKS gives. */
import { FORBIDDEN_CLUSTER_RANGES, POD_RANGE_PREFIX_LENGTH } from '../model/limits/aks.ts';
import { LONGEST_SUBNET_PREFIX } from '../model/limits/azure-network.ts';
import { formatPrefix, prefix, prefixesOverlap } from '../model/ip/prefix.ts';
import type { Prefix } from '../model/ip/prefix.ts';
import type { InputReader } from './input.ts';

/** A range that was given whole, or by its length alone. */
export interface GivenRange {
  readonly prefix: Prefix | null;
  readonly length: number | null;
}

/** Reads `10.0.0.0/24`, `/24` or `24` as a subnet. */
export function readSubnetRange(reader: InputReader, flag: string): GivenRange {
  const given = readRange(reader, flag, LONGEST_SUBNET_PREFIX.value);
  if (given.length !== null && given.length > LONGEST_SUBNET_PREFIX.value) {
    reader.refuse(
      flag,
      `/${given.length}`,
      `a /${given.length} is no subnet: Azure keeps five addresses of each, and its smallest is /${LONGEST_SUBNET_PREFIX.value}.`,
      `/${LONGEST_SUBNET_PREFIX.value}`,
    );
  }
  return given;
}

/** Reads the same as a pod range, which has a /24 for each node. */
export function readPodRange(reader: InputReader, flag: string): GivenRange {
  const given = readRange(reader, flag, POD_RANGE_PREFIX_LENGTH.value);
  if (given.length !== null && given.length > POD_RANGE_PREFIX_LENGTH.value) {
    reader.refuse(
      flag,
      `/${given.length}`,
      `a /${given.length} has no room for one node: each takes a /${POD_RANGE_PREFIX_LENGTH.value}.`,
      `a /${POD_RANGE_PREFIX_LENGTH.value} or larger.`,
    );
  }
  return given;
}

function readRange(reader: InputReader, flag: string, longest: number): GivenRange {
  const text = reader.single(flag);
  if (text === null) return { prefix: null, length: null };
  if (/^\/?\d+$/.test(text)) return { prefix: null, length: reader.prefixLength(flag, text, longest) };
  const range = reader.prefix(flag);
  if (range === null) return { prefix: null, length: null };
  for (const forbidden of FORBIDDEN_CLUSTER_RANGES.value) {
    if (!prefixesOverlap(range, prefix(forbidden))) continue;
    const name = formatPrefix(range);
    reader.refuse(flag, name, `${name} overlaps ${forbidden}, which AKS keeps for itself.`);
  }
  return { prefix: range, length: range.length };
}
