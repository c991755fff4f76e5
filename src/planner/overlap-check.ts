/** Ranges around a cluster, held against each other and against the rules of Azure and AKS. */
import {
  FORBIDDEN_CLUSTER_RANGES,
  POD_RANGE_PREFIX_LENGTH,
  SHORTEST_SERVICE_PREFIX,
} from '../model/limits/aks.ts';
import { SERVICE_RANGES } from '../model/limits/aks-plugins.ts';
import {
  FORBIDDEN_ADDRESS_SPACES,
  LONGEST_SUBNET_PREFIX,
  RESERVED_ADDRESSES_PER_SUBNET,
  SHORTEST_VIRTUAL_NETWORK_PREFIX,
  SYSTEM_ROUTES_TO_NONE,
} from '../model/limits/azure-network.ts';
import { addressPlus, formatAddress, sameAddress } from '../model/ip/address.ts';
import type { Address } from '../model/ip/address.ts';
import {
  firstAddress,
  formatPrefix,
  lastAddress,
  prefix,
  prefixContains,
  prefixCovers,
  prefixesOverlap,
} from '../model/ip/prefix.ts';
import type { Prefix } from '../model/ip/prefix.ts';

export type RangeKind = 'vnet' | 'subnet' | 'peer' | 'on-premises' | 'pod' | 'service' | 'forbidden';

export interface PlacedRange {
  readonly kind: RangeKind;
  /** As a sentence names it: `VNet hub`, `pod CIDR`. */
  readonly name: string;
  readonly prefix: Prefix;
}

/** `refused`: Azure or AKS says no. `breaks`: accepted, and traffic goes wrong. `avoid`: advised against. */
export type Severity = 'refused' | 'breaks' | 'avoid';

export interface Finding {
  readonly severity: Severity;
  readonly between: readonly PlacedRange[];
  /** The addresses both claim; null where the finding is no overlap. */
  readonly shared: Prefix | null;
  readonly rule: string;
  /** What to do about it. */
  readonly instead: string;
  /** The error code of what is refused; null for what is accepted. */
  readonly code: string | null;
}

interface Advice {
  readonly severity: 'breaks' | 'avoid';
  readonly rule: string;
  readonly instead: string;
}

/** A refusal always has the code with which it is refused. */
interface Refusal {
  readonly severity: 'refused';
  readonly rule: string;
  readonly instead: string;
  readonly code: string;
}

type Rule = Advice | Refusal;

/** What AKS answers where a range breaks a rule that has no code of its own. */
const INVALID = 'InvalidParameter';

/** By the two kinds in alphabetic order; a pair that is absent may overlap. */
const RULES: Readonly<Record<string, Rule>> = {
  'peer+vnet': {
    severity: 'refused',
    rule: 'VNets with overlapping address spaces cannot be peered.',
    instead: 'Give one of the two VNets another address space.',
    code: 'VnetAddressSpacesOverlap',
  },
  'peer+peer': {
    severity: 'refused',
    rule: 'A VNet cannot be peered with two VNets that overlap each other.',
    instead: 'Give one of the two peers another address space.',
    code: 'VnetAddressSpaceOverlapsWithAlreadyPeeredVnet',
  },
  'vnet+vnet': {
    severity: 'refused',
    rule: 'The prefixes of one VNet may not overlap.',
    instead: 'Name only the larger one, or choose another.',
    code: 'AddressPrefixesOverlap',
  },
  'subnet+subnet': {
    severity: 'refused',
    rule: 'Subnets of one VNet may not overlap.',
    instead: 'Move one of them; calc subnet-split finds free room.',
    code: 'NetcfgSubnetRangesOverlap',
  },
  'on-premises+vnet': {
    severity: 'breaks',
    rule: 'Addresses of the VNet stay in the VNet: on-premises hosts that have them cannot be reached.',
    instead: 'Choose a VNet range that is not used on premises.',
  },
  'on-premises+subnet': {
    severity: 'breaks',
    rule: 'Addresses of the subnet stay in the VNet: on-premises hosts that have them cannot be reached.',
    instead: 'Choose a subnet range that is not used on premises.',
  },
  'on-premises+peer': {
    severity: 'breaks',
    rule: 'Two networks answer for the same addresses, and the longest prefix decides which is reached.',
    instead: 'Renumber one of them, or keep the routes apart.',
  },
  'peer+subnet': {
    severity: 'refused',
    rule: 'A peer may not hold addresses of a subnet of this VNet.',
    instead: 'Give the peer or the subnet another range.',
    code: 'VnetAddressSpacesOverlap',
  },
  'pod+subnet': {
    severity: 'refused',
    rule: 'The pod CIDR may not overlap a subnet of the VNet.',
    instead: 'Choose another pod CIDR.',
    code: 'NetworkProfileCIDROverlapVNET',
  },
  'pod+vnet': {
    severity: 'avoid',
    rule: 'AKS compares the pod CIDR with every subnet; a subnet added here later is refused or cut off, and a migration to Overlay refuses it already.',
    instead: 'Choose a pod CIDR outside the VNet.',
  },
  'peer+pod': {
    severity: 'breaks',
    rule: 'Pods send these addresses into the pod network, so hosts of the peer that have them cannot be reached.',
    instead: 'Choose another pod CIDR.',
  },
  'on-premises+pod': {
    severity: 'breaks',
    rule: 'Pods send these addresses into the pod network, so on-premises hosts that have them cannot be reached.',
    instead: 'Choose another pod CIDR.',
  },
  'pod+service': {
    severity: 'refused',
    rule: 'The pod CIDR and the Service CIDR may not overlap.',
    instead: 'Choose another Service CIDR; no other network needs to know it.',
    code: 'PodCidrOverlapServiceCidr',
  },
  'service+subnet': {
    severity: 'refused',
    rule: 'The Service CIDR may not overlap a subnet of the VNet.',
    instead: 'Choose another Service CIDR; no other network needs to know it.',
    code: 'ServiceCidrOverlapExistingSubnetsCidr',
  },
  'service+vnet': {
    severity: 'avoid',
    rule: 'The Service CIDR should lie outside the VNet: AKS refuses it as soon as a subnet is there, also at an upgrade.',
    instead: 'Choose a Service CIDR outside the VNet.',
  },
  'peer+service': {
    severity: 'breaks',
    rule: 'The nodes answer for Service addresses, so hosts of the peer that have them cannot be reached.',
    instead: 'Choose another Service CIDR.',
  },
  'on-premises+service': {
    severity: 'breaks',
    rule: 'The nodes answer for Service addresses, so on-premises hosts that have them cannot be reached.',
    instead: 'Choose another Service CIDR.',
  },
};

export interface OverlapInput {
  readonly ranges: readonly PlacedRange[];
  readonly dnsServiceAddress: Address | null;
}

/** Returns every finding: overlaps pair by pair in the order given, then the rules for single ranges. */
export function checkOverlaps({ ranges, dnsServiceAddress }: OverlapInput): readonly Finding[] {
  return [
    ...ranges.flatMap((first, index) =>
      ranges.slice(index + 1).flatMap((second) => findingOf(first, second)),
    ),
    ...ranges.flatMap(forbiddenFindings),
    ...strayFindings(ranges),
    ...ranges.flatMap(sizeFindings),
    ...ranges
      .filter((each) => each.kind === 'service')
      .flatMap((each) => serviceFindings(each, dnsServiceAddress)),
    ...ranges.flatMap(publicFindings),
  ];
}

/** A subnet inside its own VNet is where it belongs. */
function findingOf(first: PlacedRange, second: PlacedRange): readonly Finding[] {
  if (!prefixesOverlap(first.prefix, second.prefix)) return [];
  const shared = prefixCovers(first.prefix, second.prefix) ? second.prefix : first.prefix;
  const rule = ruleFor(first, second);
  return rule === null ? [] : [{ code: null, ...rule, between: [first, second], shared }];
}

function ruleFor(first: PlacedRange, second: PlacedRange): Rule | null {
  if (first.kind === 'forbidden' && second.kind === 'forbidden') return null;
  if (first.kind === 'forbidden' || second.kind === 'forbidden') {
    const own = first.kind === 'forbidden' ? first : second;
    return {
      severity: 'avoid',
      rule: `You named ${formatPrefix(own.prefix)} as forbidden.`,
      instead: 'Choose a range outside it.',
    };
  }
  return RULES[[first.kind, second.kind].sort().join('+')] ?? null;
}

/** What AKS keeps for itself, and what no VNet may hold. */
function forbiddenFindings(range: PlacedRange): readonly Finding[] {
  switch (range.kind) {
    case 'vnet':
    case 'subnet':
    case 'pod':
    case 'service': {
      const forVnets = FORBIDDEN_ADDRESS_SPACES.value;
      const forAks = FORBIDDEN_CLUSTER_RANGES.value.filter(
        (each) => !forVnets.some((other) => other.prefix === each),
      );
      // A VNet that Azure itself refuses never gets as far as AKS.
      const isVnet = range.kind === 'vnet' || range.kind === 'subnet';
      return [
        ...forAks.map((each) => ({ range: prefix(each), why: 'AKS keeps it for itself', code: INVALID })),
        ...forVnets.map((each) => ({
          range: prefix(each.prefix),
          why: `Azure keeps it: ${each.why}`,
          code: isVnet ? 'AddressPrefixNotAllowed' : INVALID,
        })),
      ]
        .filter((each) => prefixesOverlap(range.prefix, each.range))
        .map(({ range: forbidden, why, code }) => ({
          severity: 'refused',
          between: [range, { kind: 'forbidden', name: 'forbidden range', prefix: forbidden }],
          shared: prefixCovers(range.prefix, forbidden) ? forbidden : range.prefix,
          rule: `No VNet, pod or Service range of a cluster may touch ${formatPrefix(forbidden)} (${why}).`,
          instead: 'Choose a range that does not touch it.',
          code,
        }));
    }
    case 'peer':
    case 'on-premises':
    case 'forbidden':
      return [];
  }
}

/** Subnets that lie in no prefix of the VNet. */
function strayFindings(ranges: readonly PlacedRange[]): readonly Finding[] {
  const spaces = ranges.filter((each) => each.kind === 'vnet');
  if (spaces.length === 0) return [];
  return ranges
    .filter((each) => each.kind === 'subnet')
    .filter((subnet) => !spaces.some((space) => prefixCovers(space.prefix, subnet.prefix)))
    .map((subnet) => ({
      severity: 'refused',
      between: [subnet],
      shared: null,
      rule: 'A subnet lies inside one prefix of its VNet.',
      instead: `Choose a range inside ${spaces.map((each) => formatPrefix(each.prefix)).join(' or ')}.`,
      code: 'NetcfgSubnetRangeOutsideVnet',
    }));
}

/** What is too large or too small to be what it is meant to be. */
function sizeFindings(range: PlacedRange): readonly Finding[] {
  const shortest = SHORTEST_VIRTUAL_NETWORK_PREFIX.value;
  const longest = LONGEST_SUBNET_PREFIX.value;
  const { length } = range.prefix;
  const single = { severity: 'refused', between: [range], shared: null } as const;
  switch (range.kind) {
    case 'vnet':
    case 'peer':
      return length >= shortest && length <= longest
        ? []
        : [
            {
              ...single,
              rule: `A prefix of a VNet has a length from /${shortest} to /${longest}.`,
              instead:
                length < shortest ? `A /${shortest} is the largest.` : `A /${longest} is the smallest.`,
              code: 'AddressPrefixSizeNotAllowed',
            },
          ];
    case 'subnet':
      return length <= longest
        ? []
        : [
            {
              ...single,
              rule: `Azure keeps ${RESERVED_ADDRESSES_PER_SUBNET.value} addresses of each subnet, so a /${length} has none to give.`,
              instead: `A /${longest} is the smallest.`,
              code: 'NetcfgInvalidSubnet',
            },
          ];
    case 'pod':
      return length <= POD_RANGE_PREFIX_LENGTH.value
        ? []
        : [
            {
              ...single,
              rule: `Each node takes a /${POD_RANGE_PREFIX_LENGTH.value} of the pod CIDR, and a /${length} has none.`,
              instead: 'Choose a larger pod CIDR, such as a /16.',
              code: INVALID,
            },
          ];
    case 'service':
    case 'on-premises':
    case 'forbidden':
      return [];
  }
}

function serviceFindings(service: PlacedRange, dns: Address | null): readonly Finding[] {
  const findings: Finding[] = [];
  const single = { between: [service], shared: null };
  const shortest = SHORTEST_SERVICE_PREFIX.value;
  if (service.prefix.length <= shortest) {
    findings.push({
      ...single,
      severity: service.prefix.length < shortest ? 'refused' : 'avoid',
      rule: `The Service CIDR must be smaller than /${shortest}.`,
      instead: `A /${shortest + 4} has room for ${(2 ** (32 - shortest - 4)).toLocaleString('en')} Services.`,
      code: service.prefix.length < shortest ? INVALID : null,
    });
  }
  if (dns === null) return findings;
  const first = firstAddress(service.prefix);
  const api = addressPlus(first, 1);
  const conventional = addressPlus(first, 10);
  const better =
    conventional !== null && prefixContains(service.prefix, conventional)
      ? `Take ${formatAddress(conventional)}.`
      : 'Take another address of the Service CIDR.';
  if (!prefixContains(service.prefix, dns)) {
    findings.push({
      ...single,
      severity: 'refused',
      rule: `The DNS service address ${formatAddress(dns)} must lie inside the Service CIDR.`,
      instead: better,
      code: 'DnsServiceIpOutOfServiceCidr',
    });
  } else if (sameAddress(dns, first) || (api !== null && sameAddress(dns, api))) {
    findings.push({
      ...single,
      severity: 'refused',
      rule: `The DNS service address ${formatAddress(dns)} may not be the first of the Service CIDR, which kubernetes.default has.`,
      instead: better,
      code: 'DnsServiceIpConflicting',
    });
  } else if (sameAddress(dns, lastAddress(service.prefix))) {
    findings.push({
      ...single,
      severity: 'refused',
      rule: `The DNS service address ${formatAddress(dns)} may not be the last of the Service CIDR.`,
      instead: better,
      code: 'DnsBroadcastAddressConflicting',
    });
  }
  return findings;
}

/** RFC 1918 and RFC 6598 are exactly where Azure has a system route to nowhere; Services may have a little more. */
function publicFindings(range: PlacedRange): readonly Finding[] {
  const { value: allowed } = range.kind === 'service' ? SERVICE_RANGES : SYSTEM_ROUTES_TO_NONE;
  if (allowed.some((each) => prefixCovers(prefix(each), range.prefix))) return [];
  const single = { between: [range], shared: null, code: null };
  const instead = `Choose a range inside ${allowed.join(', ')}.`;
  switch (range.kind) {
    case 'service':
      return [
        { ...single, severity: 'refused', code: INVALID, rule: 'AKS refuses public Service CIDRs.', instead },
      ];
    case 'pod':
    case 'vnet':
      return [
        {
          ...single,
          severity: 'breaks',
          rule: 'Internet hosts that have these public addresses cannot be reached from inside.',
          instead,
        },
      ];
    case 'subnet':
    case 'peer':
    case 'on-premises':
    case 'forbidden':
      return [];
  }
}
