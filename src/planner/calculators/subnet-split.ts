/** `calc subnet-split`: the subnet splitter for the terminal and the page. */
import { formatAddress } from '../../model/ip/address.ts';
import { addressCount, formatPrefix } from '../../model/ip/prefix.ts';
import { ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import { addressSpaceWarnings } from '../address-space-warnings.ts';
import type { Calculator, CalculatorAnswer, Json } from '../calculator.ts';
import type { FlagValues, InputIssue, NamedPrefix } from '../input.ts';
import { findOverlaps, MOST_LISTED, splitSubnets } from '../subnet-splitter.ts';
import type { Overlap, PlannedSubnet, SplitPlan, SubnetRequest, Unplaced } from '../subnet-splitter.ts';
import { readSubnetSplit, SUBNET_SPLIT_FLAGS } from './subnet-split-flags.ts';
import type { SplitRequest } from './subnet-split-flags.ts';

/** The plan with everything that is said about it: what the page draws and the terminal prints. */
export interface SubnetSplit extends SplitPlan {
  readonly request: SplitRequest;
  /** Overlaps among existing and checked prefixes together. */
  readonly overlaps: readonly Overlap[];
  readonly warnings: readonly string[];
  /** Reports whether everything asked for was placed and, with --check, nothing overlaps. */
  readonly fits: boolean;
}

export const subnetSplit: Calculator = {
  name: 'subnet-split',
  title: 'Subnet splitter',
  summary: "Divides an address space into subnets, with Azure's five reserved addresses in each.",
  positional: 'prefix',
  flags: SUBNET_SPLIT_FLAGS,
  examples: [
    { does: 'Every /24 of a range', line: '--prefix 10.224.0.0/16 --into 24' },
    { does: 'Four equal parts', line: '--prefix 10.224.0.0/16 --count 4' },
    {
      does: 'Subnets by need, beside one that exists',
      line: '--prefix 10.224.0.0/16 --hosts nodes=300,vms=50 --existing aks=10.224.0.0/24',
    },
    {
      does: 'Does a new prefix collide?',
      line: '--prefix 10.224.0.0/12 --existing 10.224.0.0/16 --check 10.224.8.0/24',
    },
  ],
  notes: [
    `Azure keeps the first four addresses and the last of each subnet, so a /24 has 251 to give out.`,
    `At most ${MOST_LISTED.toLocaleString('en')} subnets are listed; "subnetCount" counts all.`,
    'Exit code 1: a subnet could not be placed, or --check found an overlap. 2: an input is wrong.',
  ],
  run: (values): Result<CalculatorAnswer, readonly InputIssue[]> => {
    const split = runSubnetSplit(values);
    if (!split.ok) return split;
    const { value } = split;
    return ok({ json: toJson(value), text: toText(value), exitCode: value.fits ? 0 : 1 });
  },
};

/** Returns the plan as data; the page draws it. */
export function runSubnetSplit(values: FlagValues): Result<SubnetSplit, readonly InputIssue[]> {
  const request = readSubnetSplit(values);
  if (!request.ok) return request;
  const plan = splitSubnets(request.value);
  const { existing, candidates, overlapsAre, space, mode } = request.value;
  const overlaps = findOverlaps([...existing, ...candidates]);
  const outside = [...plan.outside, ...splitSubnets({ ...request.value, existing: candidates }).outside];
  const warnings = [
    ...addressSpaceWarnings(space),
    ...outside.map((each) => `${nameOf(each)} does not lie inside ${formatPrefix(space)}.`),
    ...overlaps.map(overlapSentence),
    ...plan.unplaced.map((each) => unplacedSentence(each, space.length)),
    ...(plan.missing > 0 ? [missingSentence(plan)] : []),
    ...(mode.kind === 'every' && plan.subnetCount === 0 ? [`No /${mode.length} is free.`] : []),
    ...(plan.subnetCount > plan.subnets.length
      ? [
          `Only the first ${plan.subnets.length} of ${plan.subnetCount.toLocaleString('en')} subnets are listed.`,
        ]
      : []),
  ];
  const isClean = overlaps.length === 0 && outside.length === 0;
  const fits = plan.unplaced.length === 0 && plan.missing === 0 && (overlapsAre === 'remarks' || isClean);
  return ok({ ...plan, request: request.value, overlaps, outside, warnings, fits });
}

export function nameOf({ name, prefix }: NamedPrefix): string {
  return name === null ? formatPrefix(prefix) : `${name} (${formatPrefix(prefix)})`;
}

export function requestLabel({ name, wants }: SubnetRequest): string {
  const size = wants.kind === 'hosts' ? addressCountText(wants.hosts) : `a /${wants.length}`;
  return name === null ? size : `${name} (${size})`;
}

export function overlapSentence({ first, second, shared }: Overlap): string {
  return `${nameOf(first)} overlaps ${nameOf(second)}: both hold ${formatPrefix(shared)}.`;
}

function unplacedSentence(
  { request, length, freeAddresses, largestFree }: Unplaced,
  spaceLength: number,
): string {
  const label = requestLabel(request);
  if (length < spaceLength)
    return `No room for ${label}: it takes a /${length}, larger than the whole space.`;
  const largest =
    largestFree === null ? 'nothing is free' : `the largest free block is ${formatPrefix(largestFree)}`;
  const enough = freeAddresses >= 2 ** (32 - length);
  const why = enough
    ? `${freeAddresses.toLocaleString('en')} addresses are free, but scattered: ${largest}`
    : largest;
  return `No room for ${label}: it takes a /${length}, and ${why}.`;
}

function missingSentence(plan: SplitPlan): string {
  const wanted = plan.subnetCount + plan.missing;
  const where = plan.existing.length === 0 ? '' : ' beside what is taken';
  return `Only ${plan.subnetCount} of ${wanted} subnets fit${where}.`;
}

function toJson(split: SubnetSplit): CalculatorAnswer['json'] {
  const { space, request } = split;
  return {
    prefix: formatPrefix(space.prefix),
    addresses: space.addresses,
    usableAddresses: space.usable,
    reserved: space.reserved.map(formatAddress),
    firstUsable: space.firstUsable === null ? null : formatAddress(space.firstUsable),
    lastUsable: space.lastUsable === null ? null : formatAddress(space.lastUsable),
    fits: split.fits,
    subnetCount: split.subnetCount,
    subnets: split.subnets.map(subnetJson),
    unplaced: split.unplaced.map((each) => ({ ...requestJson(each.request), prefixLength: each.length })),
    missing: split.missing,
    existing: split.existing.map(namedJson),
    checked: request.candidates.map(namedJson),
    overlaps: split.overlaps.map((each) => ({
      first: namedJson(each.first),
      second: namedJson(each.second),
      shared: formatPrefix(each.shared),
    })),
    outside: split.outside.map(namedJson),
    free: split.free.map(formatPrefix),
    freeAddresses: split.freeAddresses,
    warnings: split.warnings,
  };
}

function subnetJson(subnet: PlannedSubnet): Json {
  return {
    ...(subnet.request === null ? { name: null } : requestJson(subnet.request)),
    prefix: formatPrefix(subnet.prefix),
    addresses: subnet.addresses,
    usableAddresses: subnet.usable,
    reserved: subnet.reserved.map(formatAddress),
    firstUsable: subnet.firstUsable === null ? null : formatAddress(subnet.firstUsable),
    lastUsable: subnet.lastUsable === null ? null : formatAddress(subnet.lastUsable),
  };
}

function requestJson({ name, wants }: SubnetRequest): { readonly [key: string]: Json } {
  return wants.kind === 'hosts' ? { name, neededAddresses: wants.hosts } : { name };
}

function namedJson({ name, prefix }: NamedPrefix): Json {
  return { name, prefix: formatPrefix(prefix) };
}

function toText(split: SubnetSplit): readonly string[] {
  const { space } = split;
  return [
    `${formatPrefix(space.prefix)}: ${addressCountText(space.addresses)}; as one subnet, Azure gives out ${space.usable.toLocaleString('en')}.`,
    ...(split.subnets.length > 0 ? ['', ...subnetTable(split.subnets)] : []),
    ...(split.existing.length > 0 ? ['', `Taken: ${split.existing.map(nameOf).join(', ')}`] : []),
    '',
    split.free.length === 0
      ? 'Free: nothing.'
      : `Free: ${addressCountText(split.freeAddresses)} in ${listed(split.free.map(formatPrefix))}.`,
    ...split.warnings.map((warning) => `Warning: ${warning}`),
  ];
}

const MOST_IN_SENTENCE = 12;

function listed(texts: readonly string[]): string {
  const rest = texts.length - MOST_IN_SENTENCE;
  const shown = texts.slice(0, MOST_IN_SENTENCE).join(', ');
  return rest > 0 ? `${shown} and ${rest} more` : shown;
}

/** One row per subnet; Azure's five stand in it because that is what people forget. */
function subnetTable(subnets: readonly PlannedSubnet[]): readonly string[] {
  const rows = subnets.map((each, index) => [
    each.request?.name ?? String(index + 1),
    formatPrefix(each.prefix),
    each.request?.wants.kind === 'hosts' ? String(each.request.wants.hosts) : '',
    String(each.usable),
    each.firstUsable === null || each.lastUsable === null
      ? 'none'
      : `${formatAddress(each.firstUsable)} - ${formatAddress(each.lastUsable)}`,
    reservedText(each),
  ]);
  return table(['Name', 'Prefix', 'Needed', 'Usable', 'Given out', 'Kept by Azure'], rows);
}

function reservedText({ reserved, prefix }: PlannedSubnet): string {
  const last = reserved.at(-1);
  const [first, ...rest] = reserved.slice(0, -1).map(formatAddress);
  if (first === undefined || last === undefined || addressCount(prefix) < 8) return '';
  return `${first} - .${rest.at(-1)?.split('.').at(-1) ?? ''}, ${formatAddress(last)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  // A column nobody has a value in says nothing.
  const columns = head.map((_, i) => i).filter((i) => rows.some((row) => (row[i] ?? '') !== ''));
  const lines = [head, ...rows].map((row) => columns.map((i) => row[i] ?? ''));
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => (line[i] ?? '').length)));
  return lines.map((line) =>
    line
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function addressCountText(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'address' : 'addresses'}`;
}
