/**
 * The flags of `az aks create` and `az aks update` for a cluster's way out: what each means, and what azure-cli checks
 * itself (acs/_validators.py, acs/managed_cluster_decorator.py). The flags of azure-cli 2.91.0 and their
 * checks: https://github.com/Azure/azure-cli/pull/34017, whose wording is not on record here.
 */
import type { ManagedCluster, NatGatewayProfile, OutboundType } from '../../model/aks/managed-cluster.ts';
import type { NatGatewayInput, OutboundInput } from '../../model/aks/outbound-profile.ts';
import { MANAGED_NAT_ADDRESSES } from '../../model/limits/aks.ts';
import { OUTBOUND_RULE_IDLE_TIMEOUT } from '../../model/limits/load-balancer.ts';
import { NAT_GATEWAY_IDLE_TIMEOUT } from '../../model/limits/nat-gateway.ts';
import { ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { AzArguments, AzFailure, AzOption } from './command.ts';
import { choice, integer, refused, since, text } from './option.ts';
import { given, optionalNumber, optionalText, usageFailure } from './outcome.ts';

type Checked = Result<null, AzFailure>;

const TYPES: readonly OutboundType[] = [
  'loadBalancer',
  'managedNATGateway',
  'userAssignedNATGateway',
  'userDefinedRouting',
  'none',
  'block',
];
/** The preview's name of a type that is a SKU today; taken in order to say so. */
const FORMER_TYPE = 'managedNATGatewayV2';
const SKUS: readonly NatGatewayProfile['sku'][] = ['Standard', 'StandardV2'];

export const outboundType: AzOption = choice(
  '--outbound-type',
  [...TYPES, FORMER_TYPE],
  'How outbound traffic will be configured for a cluster.',
  {
    // https://github.com/Azure/azure-cli/pull/31095
    newerValues: {
      none: '2.71.0',
      block: 'the extension aks-preview',
      [FORMER_TYPE]: 'the extension aks-preview',
    },
  },
);

/** All but `--outbound-type`. */
export const outboundOptions: readonly AzOption[] = [
  integer('--load-balancer-idle-timeout', 'Load balancer idle timeout in minutes.'),
  integer('--load-balancer-managed-outbound-ip-count', 'Load balancer managed outbound IP count.'),
  text('--load-balancer-outbound-ip-prefixes', 'Load balancer outbound IP prefix resource IDs.'),
  text('--load-balancer-outbound-ips', 'Load balancer outbound IP resource IDs.'),
  integer('--load-balancer-outbound-ports', 'Load balancer outbound allocated ports.'),
  integer('--nat-gateway-idle-timeout', 'NAT gateway idle timeout in minutes.'),
  integer('--nat-gateway-managed-outbound-ip-count', 'NAT gateway managed outbound IP count.'),
  ...since(
    '2.91.0',
    choice('--outbound-type-sku', SKUS, 'SKU of the managed NAT gateway.'),
    text('--nat-gateway-outbound-ips', 'Comma-separated public IP resource IDs for the NAT gateway.'),
    text(
      '--nat-gateway-outbound-ip-prefixes',
      'Comma-separated public IP prefix resource IDs for the NAT gateway.',
    ),
    ...refused(
      'a second address family is not part of this course',
      'integer:--nat-gateway-managed-outbound-ipv6-count',
    ),
  ),
];

/** Checks each value on its own, as the parser's validators do. */
export function checkOutboundNumbers(args: AzArguments): Checked {
  for (const [dest, option] of [
    ['loadBalancerOutboundIps', '--load-balancer-outbound-ips'],
    ['loadBalancerOutboundIpPrefixes', '--load-balancer-outbound-ip-prefixes'],
  ] as const) {
    const ids = optionalText(args, dest)?.split(',');
    if (ids?.some((id) => id.trim() === '') === true) {
      return usageFailure(`${option} cannot contain whitespace`);
    }
  }
  const ports = optionalNumber(args, 'loadBalancerOutboundPorts');
  if (ports !== undefined && ports % 8 !== 0) {
    return usageFailure('--load-balancer-allocated-ports must be a multiple of 8');
  }
  if (ports !== undefined && (ports < 0 || ports > 64_000)) {
    return usageFailure('--load-balancer-allocated-ports must be in the range [0,64000]');
  }
  const ranges = [
    ['loadBalancerIdleTimeout', '--load-balancer-idle-timeout', OUTBOUND_RULE_IDLE_TIMEOUT.value],
    [
      'natGatewayManagedOutboundIpCount',
      '--nat-gateway-managed-outbound-ip-count',
      MANAGED_NAT_ADDRESSES.value,
    ],
    ['natGatewayIdleTimeout', '--nat-gateway-idle-timeout', NAT_GATEWAY_IDLE_TIMEOUT.value],
  ] as const;
  for (const [dest, option, { lowest, highest }] of ranges) {
    const value = optionalNumber(args, dest);
    // azure-cli 2.45 stops the load balancer's at 100; the API and later documentation say 120.
    if (value !== undefined && (value < lowest || value > highest)) {
      return usageFailure(`${option} must be in the range [${lowest},${highest}]`);
    }
  }
  return checkGatewayFlags(args);
}

/** Flags that only a StandardV2 gateway can follow. */
const V2_ONLY = [
  ['natGatewayOutboundIps', '--nat-gateway-outbound-ips'],
  ['natGatewayOutboundIpPrefixes', '--nat-gateway-outbound-ip-prefixes'],
] as const;

function checkGatewayFlags(args: AzArguments): Checked {
  const type = optionalText(args, 'outboundType');
  if (type === FORMER_TYPE) {
    return usageFailure(
      '--outbound-type managedNATGatewayV2 is no longer supported. Use --outbound-type managedNATGateway --outbound-type-sku StandardV2 instead.',
    );
  }
  const sku = optionalText(args, 'outboundTypeSku');
  const own = V2_ONLY.find(([dest]) => (optionalText(args, dest) ?? '') !== '');
  const used = own?.[1] ?? (sku === undefined ? null : '--outbound-type-sku');
  if (used !== null && type !== undefined && type !== 'managedNATGateway') {
    return usageFailure(`${used} can only be used with --outbound-type managedNATGateway.`);
  }
  if (own === undefined) return ok(null);
  if (sku === 'Standard') return usageFailure(`${own[1]} requires --outbound-type-sku StandardV2.`);
  if (optionalNumber(args, 'natGatewayManagedOutboundIpCount') === undefined) return ok(null);
  return usageFailure(
    `${own[1]} cannot be used together with --nat-gateway-managed-outbound-ip-count: a NAT gateway has either managed outbound IPs or outbound IPs of your own.`,
  );
}

/** Returns the type of a new cluster. Errors: what azure-cli says of flags that do not fit it. */
export function readNewOutboundType(args: AzArguments): Result<OutboundType, AzFailure> {
  const asked = TYPES.find((each) => each === optionalText(args, 'outboundType'));
  if (asked === undefined) {
    const used =
      V2_ONLY.find(([dest]) => (optionalText(args, dest) ?? '') !== '')?.[1] ??
      (optionalText(args, 'outboundTypeSku') === undefined ? null : '--outbound-type-sku');
    if (used !== null) {
      return usageFailure(`${used} can only be used with --outbound-type managedNATGateway.`);
    }
  }
  const type = asked ?? 'loadBalancer';
  const fits = checkFit(
    args,
    type,
    (optionalText(args, 'vnetSubnetId') ?? '') === '' ? 'managed' : 'brought',
  );
  return fits.ok ? ok(type) : fits;
}

/**
 * Returns the type that a running cluster is to have; undefined if the flags name none. Errors: as
 * `readNewOutboundType`, for flags that do not fit the type the cluster has or is to have.
 */
export function readOutboundTypeChange(
  args: AzArguments,
  cluster: ManagedCluster | null,
): Result<OutboundType | undefined, AzFailure> {
  const asked = TYPES.find((each) => each === optionalText(args, 'outboundType'));
  if (cluster === null) return ok(asked);
  const type = asked ?? cluster.networkProfile.outboundType;
  const brought = cluster.agentPoolProfiles.some((pool) => pool.vnetSubnetId !== null);
  if (type !== 'managedNATGateway' && optionalText(args, 'outboundTypeSku') !== undefined) {
    return usageFailure('--outbound-type-sku can only be used with outbound type managedNATGateway.');
  }
  const fits = checkFit(args, type, brought ? 'brought' : 'managed');
  return fits.ok ? ok(asked) : fits;
}

function checkFit(args: AzArguments, type: OutboundType, network: 'managed' | 'brought'): Checked {
  if (type === 'userDefinedRouting' && network === 'managed') {
    return usageFailure(
      '--vnet-subnet-id must be specified for userDefinedRouting and it must be pre-configured with a route table with egress rules',
    );
  }
  if (type === 'userAssignedNATGateway' && network === 'managed') {
    return usageFailure(
      '--vnet-subnet-id must be specified for userAssignedNATGateway and it must be pre-configured with a NAT gateway with outbound ips',
    );
  }
  if (type === 'managedNATGateway' && network === 'brought') {
    return usageFailure('--vnet-subnet-id cannot be specified for managedNATGateway');
  }
  if (type !== 'loadBalancer') {
    if (
      isSet(optionalNumber(args, 'loadBalancerManagedOutboundIpCount')) ||
      (optionalText(args, 'loadBalancerOutboundIps') ?? '') !== '' ||
      (optionalText(args, 'loadBalancerOutboundIpPrefixes') ?? '') !== ''
    ) {
      return usageFailure(`${type} type doesn't support customizing the standard load balancer ips`);
    }
    if (
      isSet(optionalNumber(args, 'loadBalancerIdleTimeout')) ||
      isSet(optionalNumber(args, 'loadBalancerOutboundPorts'))
    ) {
      return usageFailure(`${type} type doesn't support customizing the standard load balancer config`);
    }
  }
  if (
    type !== 'managedNATGateway' &&
    (isSet(optionalNumber(args, 'natGatewayManagedOutboundIpCount')) ||
      isSet(optionalNumber(args, 'natGatewayIdleTimeout')))
  ) {
    return usageFailure(`${type} type doesn't support customizing the standard nat gateway ips`);
  }
  return ok(null);
}

/** Python takes 0 for nothing. */
function isSet(value: number | undefined): boolean {
  return value !== undefined && value !== 0;
}

/** Returns what the flags ask of the way out; ids are taken as they are. */
export function readOutbound(args: AzArguments): OutboundInput {
  const natGateway = given<NatGatewayInput>({
    sku: SKUS.find((each) => each === optionalText(args, 'outboundTypeSku')),
    managedOutboundIpCount: optionalNumber(args, 'natGatewayManagedOutboundIpCount'),
    outboundIps: idsOf(args, 'natGatewayOutboundIps'),
    outboundIpPrefixes: idsOf(args, 'natGatewayOutboundIpPrefixes'),
    idleTimeoutInMinutes: optionalNumber(args, 'natGatewayIdleTimeout'),
  });
  return given<OutboundInput>({
    managedOutboundIpCount: optionalNumber(args, 'loadBalancerManagedOutboundIpCount'),
    outboundIps: idsOf(args, 'loadBalancerOutboundIps'),
    outboundIpPrefixes: idsOf(args, 'loadBalancerOutboundIpPrefixes'),
    allocatedOutboundPorts: optionalNumber(args, 'loadBalancerOutboundPorts'),
    idleTimeoutInMinutes: optionalNumber(args, 'loadBalancerIdleTimeout'),
    natGateway: Object.keys(natGateway).length === 0 ? undefined : natGateway,
  });
}

function idsOf(args: AzArguments, dest: string): readonly string[] | undefined {
  const value = optionalText(args, dest);
  return value === undefined || value === '' ? undefined : value.split(',').map((id) => id.trim());
}
