/** Holds every outbound type against what a cluster needs, with a reason for each judgement. */
import { outboundMigration } from '../model/aks/outbound-migration.ts';
import type { MigrationType, NetworkKind } from '../model/aks/outbound-migration.ts';
import { locationDisplayName } from '../model/azure/locations.ts';
import { REGIONS_WITHOUT_NAT_V2 } from '../model/limits/aks.ts';
import { networksOf } from './outbound-migration.ts';
import { firewallSize, loadBalancerSize, natGatewaySize } from './outbound-size.ts';
import type { EgressLoad, EgressSize } from './outbound-size.ts';
import { OUTBOUND_STANDING, OUTBOUND_SUPPORT } from './outbound-support.ts';
import type { OutboundFeature } from './outbound-support.ts';
import { VNET_NAMES } from './outbound-words.ts';
import { rankOptions } from './ranking.ts';
import type { ContradictionOf, Effect, Ranked, Ranking, ReasonFor } from './ranking.ts';

/** What can be asked for: wishes of the support table, and what is a number, a place or a cluster. */
export type OutboundRequirement =
  OutboundFeature | 'vnet' | 'connections' | 'addresses' | 'region' | 'existing' | 'in-place';

export interface OutboundNeeds extends EgressLoad {
  readonly features: readonly OutboundFeature[];
  /** Null: either would do. */
  readonly vnet: NetworkKind | null;
  /** Whether somebody said so, or the cluster that exists leaves no choice. */
  readonly vnetKnownBy: 'vnet' | 'existing';
  /** ARM's short name; null: not said. */
  readonly region: string | null;
  readonly existing: MigrationType | null;
  readonly inPlace: 'required' | 'not-required';
}

export type OutboundReason = ReasonFor<OutboundRequirement>;
export type OutboundCandidate = Ranked<MigrationType, OutboundRequirement>;
export type OutboundContradiction = ContradictionOf<OutboundRequirement>;
export type OutboundChoice = Ranking<MigrationType, OutboundRequirement>;

/** In the order in which they are recommended where nothing else decides. */
export const OUTBOUND_OPTIONS: readonly MigrationType[] = [
  'loadBalancer',
  'managedNATGateway',
  'userAssignedNATGateway',
  'userDefinedRouting',
  'none',
  'block',
  'managedNATGatewayV2',
];

export const OUTBOUND_REQUIREMENTS: Readonly<Record<OutboundRequirement, string>> = {
  'fixed-address': 'Addresses that a partner allows',
  'fqdn-filter': 'Egress filtered by name',
  inspection: 'Everything past an appliance',
  isolated: 'No internet at all',
  'zone-redundant': 'A way out that outlives a zone',
  ipv6: 'IPv6',
  windows: 'Windows nodes',
  ping: 'Ping to the internet',
  vnet: 'The kind of VNet',
  connections: 'The number of connections',
  addresses: 'The number of addresses',
  region: 'The region',
  existing: 'The cluster that exists',
  'in-place': 'No new cluster',
};

/** Returns every type with its reasons, ranked. */
export function chooseOutboundType(needs: OutboundNeeds): OutboundChoice {
  return rankOptions(
    OUTBOUND_OPTIONS.map((option) => ({ option, reasons: reasonsFor(option, needs) })),
    (option) => OUTBOUND_STANDING[option].value,
  );
}

/** Returns the addresses and ports of a type, or null where nothing is translated. */
export function sizeOf(option: MigrationType, needs: EgressLoad): EgressSize | null {
  switch (option) {
    case 'loadBalancer':
      return loadBalancerSize(needs);
    case 'managedNATGateway':
    case 'managedNATGatewayV2':
    case 'userAssignedNATGateway':
      return natGatewaySize(needs);
    case 'userDefinedRouting':
      return firewallSize(needs);
    case 'none':
    case 'block':
      return null;
  }
}

/** Returns whether a region has StandardV2 NAT gateways; a region that nobody named has them. */
export function hasStandardV2(region: string | null): boolean {
  return region === null || !REGIONS_WITHOUT_NAT_V2.value.includes(region);
}

/** Returns whether what is asked for takes a gateway of SKU StandardV2. */
export function needsStandardV2(option: MigrationType, { features }: OutboundNeeds): boolean {
  return (
    option === 'managedNATGatewayV2' ||
    features.some((feature) => OUTBOUND_SUPPORT[feature].value[option].sku === 'StandardV2')
  );
}

function reasonsFor(option: MigrationType, needs: OutboundNeeds): readonly OutboundReason[] {
  const standing = OUTBOUND_STANDING[option];
  return [
    ...vnetReasons(option, needs),
    ...internetReasons(option, needs),
    ...needs.features.map((feature) => featureReason(option, feature, needs)),
    ...sizeReasons(option, needs),
    ...moveReasons(option, needs),
    {
      requirements: [],
      effect: option === 'managedNATGatewayV2' ? 'rules-out' : 'note',
      text: standing.value,
      source: standing.source,
      read: standing.read,
    },
  ];
}

const EGRESS = {
  source: OUTBOUND_STANDING.loadBalancer.source,
  read: OUTBOUND_STANDING.loadBalancer.read,
};

function vnetReasons(option: MigrationType, { vnet, vnetKnownBy }: OutboundNeeds): readonly OutboundReason[] {
  if (vnet === null) return [];
  const kinds = networksOf(option);
  const [only] = kinds;
  if (kinds.includes(vnet) || only === undefined) return [];
  return [
    {
      requirements: [vnetKnownBy],
      effect: 'rules-out',
      text: `Exists in ${VNET_NAMES[only]} only.`,
      ...EGRESS,
    },
  ];
}

/** Whoever does not ask for isolation needs the internet. */
function internetReasons(
  option: MigrationType,
  { features, vnet, vnetKnownBy }: OutboundNeeds,
): readonly OutboundReason[] {
  if (features.includes('isolated')) return [];
  if (option === 'block') {
    const text = 'Security rules deny the internet, and nodes cannot pull their images from there.';
    return [{ requirements: [], effect: 'rules-out', text, ...EGRESS }];
  }
  if (option !== 'none') return [];
  return vnet === 'managed'
    ? [
        {
          requirements: [vnetKnownBy],
          effect: 'rules-out',
          text: 'AKS makes no way out, and in a VNet that it makes there is none of yours.',
          ...EGRESS,
        },
      ]
    : [
        {
          requirements: [],
          effect: 'condition',
          text: 'AKS makes no way out and checks none: you build it, or nodes cannot pull their images.',
          ...EGRESS,
        },
      ];
}

const EFFECTS = {
  yes: 'supports',
  no: 'rules-out',
  condition: 'condition',
  unknown: 'unknown',
} as const satisfies Readonly<Record<string, Effect>>;

function featureReason(
  option: MigrationType,
  feature: OutboundFeature,
  { region, features }: OutboundNeeds,
): OutboundReason {
  const limit = OUTBOUND_SUPPORT[feature];
  const { support, why, sku } = limit.value[option];
  const isOwnWay = option === 'none' && (feature === 'fqdn-filter' || feature === 'inspection');
  if (features.includes('isolated') && isOwnWay) {
    return {
      requirements: ['isolated', feature],
      effect: 'rules-out',
      text: 'Where nothing leaves there is nothing to filter and nothing to look at.',
      source: limit.source,
      read: limit.read,
    };
  }
  if (sku === 'StandardV2' && region !== null && !hasStandardV2(region)) {
    return {
      requirements: [feature, 'region'],
      effect: 'rules-out',
      text: `${why} ${locationDisplayName(region) ?? region} has no StandardV2 gateways.`,
      source: REGIONS_WITHOUT_NAT_V2.source,
      read: REGIONS_WITHOUT_NAT_V2.read,
    };
  }
  return {
    requirements: [feature],
    effect: EFFECTS[support],
    text: why,
    source: limit.source,
    read: limit.read,
  };
}

function sizeReasons(option: MigrationType, needs: OutboundNeeds): readonly OutboundReason[] {
  const size = sizeOf(option, needs);
  if (size === null || needs.features.includes('isolated')) return [];
  const { effect, text, because, from } = size;
  const asked = needs.connections !== null || needs.busiestNode !== null;
  return [
    {
      requirements: because === 'addresses' ? ['connections', 'addresses'] : asked ? ['connections'] : [],
      effect,
      text,
      source: from.source,
      read: from.read,
    },
  ];
}

function moveReasons(
  option: MigrationType,
  { existing, inPlace, vnet }: OutboundNeeds,
): readonly OutboundReason[] {
  if (existing === null) return [];
  const network = vnet ?? networksOf(existing)[0] ?? 'managed';
  const { decided, why, source } = outboundMigration(existing, option, network);
  const sourced = { source: `${source.title}, ${source.url}`, read: source.date };
  const required = inPlace === 'required';
  const requirements: readonly OutboundRequirement[] = required ? ['existing', 'in-place'] : ['existing'];
  switch (decided) {
    case 'same':
      return [{ requirements, effect: 'supports', text: 'Is what the cluster has.', ...sourced }];
    case 'yes':
      return [
        {
          requirements,
          effect: 'condition',
          text: `In place: ${why} Addresses change, and established connections break.`,
          ...sourced,
        },
      ];
    case 'no':
      return [
        {
          requirements,
          effect: required ? 'rules-out' : 'new-cluster',
          text: `Needs a new cluster. ${why}`,
          ...sourced,
        },
      ];
  }
}
