/**
 * What a request asks of a cluster's way out, as a profile without the ids of what will be made: what is not
 * named stays as it was, and gets the service's default where nothing was. Codes of the refusals are those of
 * the AKS resource provider.
 */
import type { AzureError } from '../azure/error.ts';
import { azureError } from '../azure/error.ts';
import type { SubResource } from '../azure/resources.ts';
import {
  ALLOCATED_OUTBOUND_PORTS,
  MANAGED_NAT_ADDRESSES,
  MANAGED_NAT_V2_DEFAULT_FROM,
  MANAGED_OUTBOUND_ADDRESSES,
  REGIONS_WITHOUT_NAT_V2,
} from '../limits/aks.ts';
import { OUTBOUND_RULE_IDLE_TIMEOUT } from '../limits/load-balancer.ts';
import { NAT_GATEWAY_IDLE_TIMEOUT } from '../limits/nat-gateway.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import type { NatGatewayProfile, NetworkProfile, OutboundType } from './managed-cluster.ts';
import type { LoadBalancerProfile } from './outbound-load-balancer.ts';

export type OutboundProfile = Pick<
  NetworkProfile,
  'outboundType' | 'loadBalancerProfile' | 'natGatewayProfile'
>;

/** Absent keys: not asked for. Ids are ARM ids. */
export interface OutboundInput {
  /** Of addresses that AKS makes; 1 to begin with. One of this and the next two. */
  readonly managedOutboundIpCount?: number;
  readonly outboundIps?: readonly string[];
  readonly outboundIpPrefixes?: readonly string[];
  /** 0 lets Azure share the ports out by the number of nodes. */
  readonly allocatedOutboundPorts?: number;
  readonly idleTimeoutInMinutes?: number;
  readonly natGateway?: NatGatewayInput;
}

export interface NatGatewayInput {
  readonly sku?: NatGatewayProfile['sku'];
  /** Of addresses that AKS makes; 1 to begin with. Either this, or addresses and prefixes of one's own. */
  readonly managedOutboundIpCount?: number;
  readonly outboundIps?: readonly string[];
  readonly outboundIpPrefixes?: readonly string[];
  readonly idleTimeoutInMinutes?: number;
}

export interface ProfileRequest {
  readonly outboundType: OutboundType;
  readonly input: OutboundInput;
  /** Null for a new cluster. */
  readonly before: OutboundProfile | null;
  readonly location: string;
  /** Virtual time. */
  readonly now: number;
}

/**
 * Returns the profile that a request leads to. Errors: `InvalidLoadBalancerProfile`,
 * `InvalidLoadBalancerProfileManagedOutboundIPCount`, `InvalidLoadBalancerProfileIdleTimeoutInMinutes`,
 * `InvalidLoadBalancerProfileAllocatedOutboundPorts`, `InvalidParameter` for a profile that the type has not, `InvalidUserDefinedRoutingWithLoadBalancerProfile`,
 * `InvalidNATGatewayProfileManagedOutboundIPCount`, `InvalidNATGatewayProfileIdleTimeoutInMinutes`,
 * `InvalidNATGatewayProfile`, `UnsupportedOutboundType`.
 */
export function readOutboundProfile(request: ProfileRequest): Result<OutboundProfile, AzureError> {
  const { outboundType, input } = request;
  const { natGateway = {}, ...balancer } = input;
  if (outboundType !== 'loadBalancer' && isAsked(balancer)) {
    return err(
      outboundType === 'userDefinedRouting'
        ? azureError(
            'InvalidUserDefinedRoutingWithLoadBalancerProfile',
            'UserDefinedRouting and load balancer profile are mutually exclusive. Please refer to http://aka.ms/aks/outboundtype for more details',
            'networkProfile.loadBalancerProfile',
          )
        : notOfType('loadBalancerProfile', 'Load balancer profile', 'loadBalancer', outboundType),
    );
  }
  if (outboundType !== 'managedNATGateway' && isAsked(natGateway)) {
    return err(notOfType('natGatewayProfile', 'NAT gateway profile', 'managedNATGateway', outboundType));
  }
  switch (outboundType) {
    case 'loadBalancer': {
      const profile = loadBalancerProfile(request.before?.loadBalancerProfile ?? null, balancer);
      return profile.ok
        ? ok({ outboundType, loadBalancerProfile: profile.value, natGatewayProfile: null })
        : profile;
    }
    case 'managedNATGateway': {
      const profile = natGatewayProfile(request, request.before?.natGatewayProfile ?? null, natGateway);
      return profile.ok
        ? ok({ outboundType, loadBalancerProfile: null, natGatewayProfile: profile.value })
        : profile;
    }
    case 'userAssignedNATGateway':
    case 'userDefinedRouting':
    case 'none':
    case 'block':
      return ok({ outboundType, loadBalancerProfile: null, natGatewayProfile: null });
  }
}

/** Returns whether StandardV2 NAT gateways can be made in a region. */
export function hasNatGatewayV2(location: string): boolean {
  return !REGIONS_WITHOUT_NAT_V2.value.includes(location);
}

function isAsked(input: object): boolean {
  return Object.values(input).some((value) => value !== undefined);
}

function notOfType(key: string, what: string, wanted: OutboundType, type: OutboundType): AzureError {
  return azureError(
    'InvalidParameter',
    `${what} is only allowed with outbound type ${wanted}. The outbound type of this cluster is ${type}.`,
    `networkProfile.${key}`,
  );
}

function references(ids: readonly string[] | undefined): readonly SubResource[] {
  return (ids ?? []).map((id) => ({ id }));
}

function loadBalancerProfile(
  before: LoadBalancerProfile | null,
  input: Omit<OutboundInput, 'natGateway'>,
): Result<LoadBalancerProfile, AzureError> {
  const { managedOutboundIpCount, outboundIps, outboundIpPrefixes } = input;
  const given = [managedOutboundIpCount, outboundIps, outboundIpPrefixes].filter((one) => one !== undefined);
  if (given.length > 1 || outboundIps?.length === 0 || outboundIpPrefixes?.length === 0) {
    return err(
      azureError(
        'InvalidLoadBalancerProfile',
        'Load balancer profile must specify exactly one of ManagedOutboundIPs, OutboundIPPrefixes and OutboundIPs. Please refer to http://aka.ms/slb.',
        'networkProfile.loadBalancerProfile',
      ),
    );
  }
  const count =
    managedOutboundIpCount ?? (given.length > 0 ? null : (before?.managedOutboundIPs?.count ?? null));
  const kept = given.length > 0 ? null : before;
  const addresses = outboundIps === undefined ? (kept?.outboundIPs ?? []) : references(outboundIps);
  const prefixes =
    outboundIpPrefixes === undefined ? (kept?.outboundIPPrefixes ?? []) : references(outboundIpPrefixes);
  const managed = addresses.length + prefixes.length > 0 ? null : { count: count ?? 1 };
  const { lowest, highest } = MANAGED_OUTBOUND_ADDRESSES.value;
  if (managed !== null && (managed.count < lowest || managed.count > highest)) {
    return err(
      azureError(
        'InvalidLoadBalancerProfileManagedOutboundIPCount',
        `The managed outbound IP count ${managed.count} of the load balancer profile is invalid. It must be between ${lowest} and ${highest}.`,
        'networkProfile.loadBalancerProfile.managedOutboundIPs.count',
      ),
    );
  }
  const ports = input.allocatedOutboundPorts ?? before?.allocatedOutboundPorts ?? null;
  const allowed = ALLOCATED_OUTBOUND_PORTS.value;
  if (ports !== null && (ports % allowed.step !== 0 || ports < allowed.lowest || ports > allowed.highest)) {
    // Wording of the first: https://github.com/jenkins-infra/azure/pull/582.
    const problem =
      ports % allowed.step !== 0
        ? `must be a multiple of ${allowed.step}`
        : `must be between ${allowed.lowest} and ${allowed.highest}`;
    return err(
      azureError(
        'InvalidLoadBalancerProfileAllocatedOutboundPorts',
        `Load balancer profile allocated ports ${problem}. Refer to https://aka.ms/aks/slb-ports for more details.`,
        'networkProfile.loadBalancerProfile.allocatedOutboundPorts',
      ),
    );
  }
  const idle = input.idleTimeoutInMinutes ?? before?.idleTimeoutInMinutes ?? null;
  const minutes = OUTBOUND_RULE_IDLE_TIMEOUT.value;
  if (idle !== null && (idle < minutes.lowest || idle > minutes.highest)) {
    return err(
      azureError(
        'InvalidLoadBalancerProfileIdleTimeoutInMinutes',
        `The idle timeout of ${idle} minutes of the load balancer profile is invalid. It must be between ${minutes.lowest} and ${minutes.highest}.`,
        'networkProfile.loadBalancerProfile.idleTimeoutInMinutes',
      ),
    );
  }
  return ok({
    allocatedOutboundPorts: ports,
    effectiveOutboundIPs: before?.effectiveOutboundIPs ?? [],
    idleTimeoutInMinutes: idle,
    managedOutboundIPs: managed,
    ...(addresses.length === 0 ? {} : { outboundIPs: addresses }),
    ...(prefixes.length === 0 ? {} : { outboundIPPrefixes: prefixes }),
  });
}

function natGatewayProfile(
  { location, now }: ProfileRequest,
  before: NatGatewayProfile | null,
  input: NatGatewayInput,
): Result<NatGatewayProfile, AzureError> {
  const own = input.outboundIps !== undefined || input.outboundIpPrefixes !== undefined;
  const available = hasNatGatewayV2(location);
  if (input.sku !== undefined && input.sku !== before?.sku) {
    const wanted = available ? 'StandardV2' : 'Standard';
    if (input.sku !== wanted) return err(unsupportedSku(input.sku, location, available));
  }
  const today = now >= Date.parse(MANAGED_NAT_V2_DEFAULT_FROM.value) / 1000 || own;
  const sku = input.sku ?? before?.sku ?? (today && available ? 'StandardV2' : 'Standard');
  if (own && sku === 'Standard') return err(unsupportedSku('StandardV2', location, available));
  const addresses =
    input.outboundIps === undefined ? (before?.outboundIPs ?? []) : references(input.outboundIps);
  const prefixes =
    input.outboundIpPrefixes === undefined
      ? (before?.outboundIPPrefixes ?? [])
      : references(input.outboundIpPrefixes);
  const brings = addresses.length + prefixes.length > 0;
  const asked = input.managedOutboundIpCount;
  const both =
    brings && (asked !== undefined || (before !== null && before.managedOutboundIPProfile !== null));
  if (both || (own && !brings)) {
    return err(
      azureError(
        'InvalidNATGatewayProfile',
        'NAT gateway profile must specify either ManagedOutboundIPProfile or OutboundIPs and OutboundIPPrefixes. Which of them a cluster has cannot be changed as long as the NAT gateway keeps its SKU.',
        'networkProfile.natGatewayProfile',
      ),
    );
  }
  const managed = brings ? null : { count: asked ?? before?.managedOutboundIPProfile?.count ?? 1 };
  const { lowest, highest } = MANAGED_NAT_ADDRESSES.value;
  if (managed !== null && (managed.count < lowest || managed.count > highest)) {
    return err(
      azureError(
        'InvalidNATGatewayProfileManagedOutboundIPCount',
        `The managed outbound IP count ${managed.count} of the NAT gateway profile is invalid. It must be between ${lowest} and ${highest}.`,
        'networkProfile.natGatewayProfile.managedOutboundIPProfile.count',
      ),
    );
  }
  const minutes = NAT_GATEWAY_IDLE_TIMEOUT.value;
  const idle = input.idleTimeoutInMinutes ?? before?.idleTimeoutInMinutes ?? minutes.default;
  if (idle < minutes.lowest || idle > minutes.highest) {
    return err(
      azureError(
        'InvalidNATGatewayProfileIdleTimeoutInMinutes',
        `The idle timeout of ${idle} minutes of the NAT gateway profile is invalid. It must be between ${minutes.lowest} and ${minutes.highest}.`,
        'networkProfile.natGatewayProfile.idleTimeoutInMinutes',
      ),
    );
  }
  return ok({
    sku,
    idleTimeoutInMinutes: idle,
    managedOutboundIPProfile: managed,
    outboundIPs: addresses,
    outboundIPPrefixes: prefixes,
    effectiveOutboundIPs: before?.effectiveOutboundIPs ?? [],
  });
}

/** The code is documented, the wording is not. */
function unsupportedSku(sku: NatGatewayProfile['sku'], location: string, available: boolean): AzureError {
  return azureError(
    'UnsupportedOutboundType',
    available
      ? `Outbound type managedNATGateway with sku ${sku} is not supported in region ${location}, where StandardV2 NAT gateways are available. A StandardV2 NAT gateway cannot go back to Standard either.`
      : `Outbound type managedNATGateway with sku ${sku} is not supported in region ${location}, where StandardV2 NAT gateways are not available.`,
    'networkProfile.natGatewayProfile.sku',
  );
}
