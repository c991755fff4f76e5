/** The flags of `subnet-split`, and reading them into what the splitter takes. */
import { LONGEST_SUBNET_PREFIX } from '../../model/limits/azure-network.ts';
import { formatPrefix } from '../../model/ip/prefix.ts';
import type { Prefix } from '../../model/ip/prefix.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { CalculatorFlag } from '../calculator.ts';
import { cutName, InputReader } from '../input.ts';
import type { FlagValues, InputIssue, NamedPrefix } from '../input.ts';
import { usableAddresses } from '../subnet-splitter.ts';
import type { SplitInput, SplitMode, SubnetRequest } from '../subnet-splitter.ts';

export const SUBNET_SPLIT_FLAGS: readonly CalculatorFlag[] = [
  {
    name: 'prefix',
    aliases: ['cidr', 'vnet', 'address-prefix', 'address-prefixes', 'address-space', 'space', 'network', 'p'],
    takes: 'one',
    placeholder: 'PREFIX',
    label: 'Address space',
    help: 'The address space to divide, usually that of a virtual network.',
    required: true,
  },
  {
    name: 'into',
    aliases: ['new-prefix', 'newprefix', 'prefix-length', 'new-prefix-length', 'length', 'mask', 'size'],
    takes: 'one',
    placeholder: 'LENGTH',
    label: 'Into subnets of length',
    help: 'Cut it into subnets of this prefix length, for example 24 or /24.',
  },
  {
    name: 'count',
    aliases: ['parts', 'into-parts', 'number', 'subnets', 'subnet-count'],
    takes: 'one',
    placeholder: 'N',
    label: 'Number of subnets',
    help: 'Cut it into so many equal parts, each as large as can be. With a length as well: the first so many free ones.',
  },
  {
    name: 'hosts',
    aliases: ['host', 'sizes', 'needs', 'needed-hosts', 'allocate', 'subnet', 'addresses'],
    takes: 'many',
    placeholder: '[NAME=]N|/LENGTH',
    label: 'Subnets by need',
    help: 'One subnet per entry, with room for so many addresses besides the five that Azure keeps: 100,50 or web=100 db=50. web=/26 asks for a length.',
  },
  {
    name: 'existing',
    aliases: ['used', 'taken', 'existing-subnets', 'existing-subnet', 'reserved', 'exclude'],
    takes: 'many',
    placeholder: '[NAME=]PREFIX',
    label: 'Already taken',
    help: 'Prefixes in use; new subnets keep clear of them, and overlaps between them are named.',
  },
  {
    name: 'check',
    aliases: ['check-overlap', 'overlaps', 'candidates', 'candidate'],
    takes: 'optional',
    placeholder: '[[NAME=]PREFIX]',
    label: 'Check these prefixes',
    help: 'Prefixes you want to add: compared with the space, with what is taken, and with each other.',
    terminalHelp:
      'Any overlap, or a prefix outside the space, then makes the exit code 1; --check without a value does only that.',
    rare: true,
  },
];

export interface SplitRequest extends SplitInput {
  /** Prefixes to check beside those that exist. */
  readonly candidates: readonly NamedPrefix[];
  /** Whether an overlap is a failure or a remark. */
  readonly overlapsAre: 'failures' | 'remarks';
}

export function readSubnetSplit(values: FlagValues): Result<SplitRequest, readonly InputIssue[]> {
  const reader = new InputReader(values);
  const space = reader.prefix('prefix');
  if (!reader.isGiven('prefix')) {
    reader.refuse(
      'prefix',
      null,
      'is missing: which address space is to be divided?',
      '--prefix 10.224.0.0/16',
    );
  }
  const existing = reader.namedPrefixes('existing');
  const candidates = reader.namedPrefixes('check');
  const mode = readMode(reader, space);
  if (space === null || mode === null || reader.issues.length > 0) return err(reader.issues);
  const overlapsAre = reader.isGiven('check') ? 'failures' : 'remarks';
  return ok({ space, mode, existing, candidates, overlapsAre });
}

function readMode(reader: InputReader, space: Prefix | null): SplitMode | null {
  const hosts = reader.texts('hosts');
  if (reader.isGiven('hosts')) {
    for (const other of ['into', 'count']) {
      if (reader.isGiven(other)) {
        reader.refuse(other, null, 'cannot be combined with --hosts.', 'one of the two alone.');
      }
    }
    if (hosts.length === 0) reader.refuse('hosts', null, 'names no subnet.', '100,50 or web=100 db=50');
    const requests = hosts.flatMap((text) => readRequest(reader, text) ?? []);
    return { kind: 'requests', requests: withDistinctNames(reader, requests) };
  }
  const length = readLength(reader, space);
  const count = reader.integer('count', { lowest: 1, highest: 2 ** LONGEST_SUBNET_PREFIX.value });
  if (reader.isGiven('into') && length === null) return null;
  if (reader.isGiven('count') && count === null) return null;
  if (length !== null) return count === null ? { kind: 'every', length } : { kind: 'first', length, count };
  if (count === null) return { kind: 'describe' };
  return space === null ? null : equalParts(reader, space, count);
}

function readLength(reader: InputReader, space: Prefix | null): number | null {
  const text = reader.single('into');
  if (text === null) return null;
  const length = reader.prefixLength('into', text, LONGEST_SUBNET_PREFIX.value);
  if (length === null) return null;
  if (length > LONGEST_SUBNET_PREFIX.value) return refuseTooSmall(reader, 'into', text, length);
  if (space !== null && length < space.length) {
    const parts = text.startsWith('/') ? '' : ` For ${length} parts, use --count ${length}.`;
    return reader.refuse(
      'into',
      text,
      `a /${length} is larger than the space ${formatPrefix(space)} itself.${parts}`,
      `a length from ${space.length} to ${LONGEST_SUBNET_PREFIX.value}.`,
    );
  }
  return length;
}

function equalParts(reader: InputReader, space: Prefix, count: number): SplitMode | null {
  const length = space.length + Math.ceil(Math.log2(count));
  if (length <= LONGEST_SUBNET_PREFIX.value) return { kind: 'first', length, count };
  const most = 2 ** Math.max(0, LONGEST_SUBNET_PREFIX.value - space.length);
  return reader.refuse(
    'count',
    String(count),
    `${count} parts of ${formatPrefix(space)} would be /${length}, and Azure's smallest subnet is /${LONGEST_SUBNET_PREFIX.value}.`,
    space.length > LONGEST_SUBNET_PREFIX.value ? 'a larger --prefix.' : `${most} or fewer.`,
  );
}

function readRequest(reader: InputReader, text: string): SubnetRequest | null {
  const { name, rest } = cutName(text);
  if (rest.startsWith('/')) {
    const length = reader.prefixLength('hosts', rest, LONGEST_SUBNET_PREFIX.value);
    if (length === null) return null;
    if (length > LONGEST_SUBNET_PREFIX.value) return refuseTooSmall(reader, 'hosts', text, length);
    return { name, wants: { kind: 'length', length } };
  }
  const hosts = reader.integerOf('hosts', rest, { lowest: 1, highest: usableAddresses(0) });
  return hosts === null ? null : { name, wants: { kind: 'hosts', hosts } };
}

function withDistinctNames(
  reader: InputReader,
  requests: readonly SubnetRequest[],
): readonly SubnetRequest[] {
  const seen = new Set<string>();
  for (const { name } of requests) {
    if (name === null) continue;
    if (seen.has(name.toLowerCase())) {
      reader.refuse('hosts', name, `two subnets are called "${name}".`, 'a name of its own for each.');
    }
    seen.add(name.toLowerCase());
  }
  return requests;
}

function refuseTooSmall(reader: InputReader, flag: string, text: string, length: number): null {
  const smallest = LONGEST_SUBNET_PREFIX.value;
  return reader.refuse(
    flag,
    text,
    `a /${length} has ${2 ** (32 - length)} addresses, and Azure keeps five of every subnet: its smallest is /${smallest} (${usableAddresses(smallest)} usable).`,
    `/${smallest}`,
  );
}
