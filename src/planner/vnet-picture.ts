/** Where the subnets of a plan lie in the VNet, what each is used for, and what is left. */
import { MANAGED_VNET_PREFIX } from '../model/limits/aks.ts';
import { SHORTEST_VIRTUAL_NETWORK_PREFIX } from '../model/limits/azure-network.ts';
import { addressCount, firstAddress, prefix, prefixAround, prefixCovers } from '../model/ip/prefix.ts';
import type { Prefix } from '../model/ip/prefix.ts';
import type { NamedPrefix } from './input.ts';
import { chosenLength } from './ip-plan.ts';
import type { IpPlan, IpPlanInput } from './ip-plan.ts';
import { addressesPerUnit, nodeNeeds, roomOf } from './node-needs.ts';
import type { RangeKind } from './node-needs.ts';
import { splitSubnets } from './subnet-splitter.ts';

/** `azure`: kept by Azure, or stranded beside what it keeps. `other`: load balancers, endpoints, machines. */
export type PartKind = 'azure' | 'nodes' | 'pods' | 'other' | 'surge' | 'growth' | 'left';

export interface RangePart {
  readonly kind: PartKind;
  readonly addresses: number;
}

/** A range of the cluster with what fills it, in addresses. */
export interface PictureRange {
  readonly range: RangeKind;
  /** Null where only the length is known: a pod CIDR that nobody has chosen yet. */
  readonly prefix: Prefix | null;
  readonly length: number;
  readonly origin: 'given' | 'chosen';
  readonly addresses: number;
  readonly parts: readonly RangePart[];
  /** Addresses that it would have to have more; 0 where all fits. */
  readonly missing: number;
}

export interface VnetPicture {
  readonly vnet: Prefix;
  readonly origin: 'given' | 'chosen';
  readonly subnets: readonly PictureRange[];
  readonly existing: readonly NamedPrefix[];
  readonly free: readonly Prefix[];
  readonly freeAddresses: number;
  /** Subnets that found no room in the VNet. */
  readonly unplaced: readonly { readonly range: RangeKind; readonly length: number }[];
  /** Outside the VNet; null for plans whose pods have addresses of the VNet. */
  readonly podCidr: PictureRange | null;
}

export interface PictureInput extends IpPlanInput {
  readonly vnet: Prefix | null;
  readonly existing: readonly NamedPrefix[];
  readonly subnetPrefix: Prefix | null;
  readonly podSubnetPrefix: Prefix | null;
  readonly podCidrPrefix: Prefix | null;
}

/**
 * Returns a picture for each plan, all of the same VNet so that they can be compared: the given one,
 * or the smallest that holds every plan. Null for a plan that no VNet can hold.
 */
export function pictureVnets(plans: readonly IpPlan[], input: PictureInput): readonly (VnetPicture | null)[] {
  if (input.vnet !== null) {
    const { vnet } = input;
    return plans.map((plan) => picture(plan, input, vnet, 'given'));
  }
  const alone = plans.map((plan) => smallestVnet(plan, input));
  const widest = alone.reduce((a, b) => (a === null || (b !== null && b.length < a.length) ? b : a), null);
  return plans.map((plan, index) =>
    widest === null || alone[index] === null ? null : picture(plan, input, widest, 'chosen'),
  );
}

/** The smallest block with room for the plan, around what was given or where AKS itself makes VNets. */
function smallestVnet(plan: IpPlan, input: PictureInput): Prefix | null {
  const given = givenPrefixes(input);
  const start = given[0] ?? prefix(MANAGED_VNET_PREFIX.value);
  const longest = given[0]?.length ?? 29;
  for (let length = longest; length >= SHORTEST_VIRTUAL_NETWORK_PREFIX.value; length--) {
    const vnet = prefixAround(firstAddress(start), length);
    if (!given.every((each) => prefixCovers(vnet, each))) continue;
    const split = place(plan, input, vnet);
    if (split !== null && split.unplaced.length === 0) return vnet;
  }
  return null;
}

function givenPrefixes(input: PictureInput): readonly Prefix[] {
  return [input.subnetPrefix, input.podSubnetPrefix, ...input.existing.map((each) => each.prefix)].filter(
    (each) => each !== null,
  );
}

function prefixOf(input: PictureInput, range: RangeKind): Prefix | null {
  switch (range) {
    case 'node-subnet':
      return input.subnetPrefix;
    case 'pod-subnet':
      return input.podSubnetPrefix;
    case 'pod-cidr':
      return input.podCidrPrefix;
  }
}

/** Places the subnets that have no prefix yet beside those that have one; null if one is too large for any VNet. */
function place(plan: IpPlan, input: PictureInput, vnet: Prefix) {
  const subnets = plan.now.ranges.filter((each) => each.range !== 'pod-cidr');
  const wanted = subnets.map(({ range }) => ({
    range,
    length: chosenLength(plan, input, range),
    given: prefixOf(input, range),
  }));
  const requests = [];
  for (const { range, length, given } of wanted) {
    if (length === null) return null;
    if (given === null) requests.push({ name: range, wants: { kind: 'length' as const, length } });
  }
  const taken = wanted.flatMap(({ given }) => (given === null ? [] : [{ name: null, prefix: given }]));
  return splitSubnets({
    space: vnet,
    mode: { kind: 'requests', requests },
    existing: [...input.existing, ...taken],
  });
}

function picture(
  plan: IpPlan,
  input: PictureInput,
  vnet: Prefix,
  origin: 'given' | 'chosen',
): VnetPicture | null {
  const split = place(plan, input, vnet);
  if (split === null) return null;
  const placed = (range: RangeKind): Prefix | null =>
    prefixOf(input, range) ?? split.subnets.find((each) => each.request?.name === range)?.prefix ?? null;
  const subnets = plan.now.ranges
    .filter(({ range }) => range !== 'pod-cidr' && placed(range) !== null)
    .flatMap(({ range }) => pictureRange(plan, input, range, placed(range)));
  const unplaced = plan.now.ranges.flatMap(({ range }) => {
    const length = chosenLength(plan, input, range);
    return range === 'pod-cidr' || placed(range) !== null || length === null ? [] : [{ range, length }];
  });
  const [podCidr = null] = plan.now.ranges
    .filter(({ range }) => range === 'pod-cidr')
    .flatMap(({ range }) => pictureRange(plan, input, range, input.podCidrPrefix));
  return {
    vnet,
    origin,
    subnets,
    existing: input.existing,
    free: split.free,
    freeAddresses: split.freeAddresses,
    unplaced,
    podCidr,
  };
}

function pictureRange(
  plan: IpPlan,
  input: PictureInput,
  range: RangeKind,
  at: Prefix | null,
): readonly PictureRange[] {
  const length = at?.length ?? chosenLength(plan, input, range);
  if (length === null) return [];
  const addresses = at === null ? 2 ** (32 - length) : addressCount(at);
  const parts = partsOf(plan, input, range, length);
  const used = parts.reduce((sum, each) => sum + each.addresses, 0);
  const left = addresses - used;
  return [
    {
      range,
      prefix: at,
      length,
      origin: at !== null && prefixOf(input, range) !== null ? 'given' : 'chosen',
      addresses,
      parts: [...parts, { kind: 'left', addresses: left }].filter(
        (part): part is RangePart => part.addresses > 0,
      ),
      missing: Math.max(0, -left),
    },
  ];
}

function partsOf(plan: IpPlan, input: PictureInput, range: RangeKind, length: number): readonly RangePart[] {
  const index = plan.now.ranges.findIndex((each) => each.range === range);
  const now = plan.now.ranges[index];
  const grown = plan.grown.ranges[index];
  if (now === undefined || grown === undefined) return [];
  const perUnit = addressesPerUnit(now.unit);
  const other = range === 'node-subnet' ? input.extraAddresses : 0;
  const full = (maxPods: number) => nodeNeeds(plan.ipam, maxPods)[index]?.full ?? 0;
  const steady = input.pools.reduce((sum, nodes, pool) => sum + nodes * full(plan.maxPods[pool] ?? 0), 0);
  const nodes = range === 'node-subnet' ? plan.now.nodes : 0;
  const surge = now.needed - steady - other;
  return [
    { kind: 'azure', addresses: 2 ** (32 - length) - roomOf(now.unit, length) * perUnit },
    { kind: 'nodes', addresses: nodes },
    { kind: 'pods', addresses: (steady - nodes) * perUnit },
    { kind: 'other', addresses: other },
    { kind: 'surge', addresses: surge * perUnit },
    { kind: 'growth', addresses: Math.max(0, grown.needed - now.needed) * perUnit },
  ];
}
