/**
 * A cluster's way out: what its outbound type has AKS make, and the same again whenever AKS works on the
 * cluster. What a request may ask for is checked in outbound-profile.ts and outbound-checks.ts.
 */
import type { AzureError } from '../azure/error.ts';
import { removeUnused } from '../azure/resource-removal.ts';
import { armKey } from '../azure/resource-store.ts';
import type { Cloud } from '../cloud.ts';
import { ok } from '../result.ts';
import type { Result } from '../result.ts';
import type { ManagedCluster } from './managed-cluster.ts';
import { ownerOf } from './outbound-addresses.ts';
import type { OutboundOwner } from './outbound-addresses.ts';
import { provideBlock, withdrawBlock } from './outbound-block.ts';
import { provideLoadBalancer, withdrawLoadBalancer } from './outbound-load-balancer.ts';
import { provideNatGateway, withdrawNatGateway } from './outbound-nat-gateway.ts';
import type { OutboundProfile } from './outbound-profile.ts';

export interface Provided {
  readonly cloud: Cloud;
  /** With the ids of what the way out uses. */
  readonly profile: OutboundProfile;
}

/** Makes what a checked profile asks for. What is there already stays. Errors: those of the resources. */
export function provideOutbound(
  cloud: Cloud,
  owner: OutboundOwner,
  profile: OutboundProfile,
): Result<Provided, AzureError> {
  switch (profile.outboundType) {
    case 'loadBalancer': {
      const { loadBalancerProfile } = profile;
      if (loadBalancerProfile === null) return ok({ cloud, profile });
      const made = provideLoadBalancer(cloud, owner, loadBalancerProfile);
      if (!made.ok) return made;
      const filled = { ...loadBalancerProfile, effectiveOutboundIPs: made.value.addresses };
      return ok({ cloud: made.value.cloud, profile: { ...profile, loadBalancerProfile: filled } });
    }
    case 'managedNATGateway': {
      const natGatewayProfile = profile.natGatewayProfile ?? null;
      if (natGatewayProfile === null) return ok({ cloud, profile });
      const made = provideNatGateway(cloud, owner, natGatewayProfile);
      if (!made.ok) return made;
      const filled = { ...natGatewayProfile, effectiveOutboundIPs: made.value.addresses };
      return ok({ cloud: made.value.cloud, profile: { ...profile, natGatewayProfile: filled } });
    }
    case 'block': {
      const made = provideBlock(cloud, owner);
      return made.ok ? ok({ cloud: made.value, profile }) : made;
    }
    case 'userAssignedNATGateway':
    case 'userDefinedRouting':
    case 'none':
      return ok({ cloud, profile });
  }
}

/**
 * Gives a running cluster another way out, or the same one with other numbers: the new one is made first, so
 * that none of its addresses is one of before; then what AKS made for the old one goes, and what was brought is
 * free. Errors: those of `provideOutbound`.
 */
export function changeOutbound(
  cloud: Cloud,
  cluster: ManagedCluster,
  profile: OutboundProfile,
): Result<{ readonly cloud: Cloud; readonly cluster: ManagedCluster }, AzureError> {
  const before = cluster.networkProfile;
  const owner = { ...ownerOf(cluster), rounds: roundsAfter(cluster, profile) };
  const made = provideOutbound(cloud, owner, profile);
  if (!made.ok) return made;
  const after: ManagedCluster = {
    ...cluster,
    networkProfile: { ...before, ...made.value.profile },
    simulation: { ...cluster.simulation, outboundRounds: owner.rounds },
  };
  let next = made.value.cloud;
  if (before.outboundType !== profile.outboundType) next = withdraw(next, cluster, after);
  return ok({
    cloud: removeManaged(next, managedIds(before), managedIds(made.value.profile)),
    cluster: after,
  });
}

function withdraw(cloud: Cloud, before: ManagedCluster, after: ManagedCluster): Cloud {
  switch (before.networkProfile.outboundType) {
    case 'loadBalancer':
      return withdrawLoadBalancer(cloud, after);
    case 'managedNATGateway':
      return withdrawNatGateway(cloud, ownerOf(before));
    case 'block':
      return withdrawBlock(cloud, ownerOf(before));
    case 'userAssignedNATGateway':
    case 'userDefinedRouting':
    case 'none':
      return cloud;
  }
}

/** A way out that was given up once is made of other addresses the next time; so is a gateway of another SKU. */
function roundsAfter(cluster: ManagedCluster, profile: OutboundProfile): OutboundOwner['rounds'] {
  const { loadBalancer, natGateway } = ownerOf(cluster).rounds;
  const { outboundType, natGatewayProfile, loadBalancerProfile } = cluster.networkProfile;
  const gone = outboundType !== profile.outboundType;
  const sku = natGatewayProfile?.sku !== profile.natGatewayProfile?.sku;
  const handedOver =
    loadBalancerProfile !== null &&
    loadBalancerProfile.managedOutboundIPs !== null &&
    profile.loadBalancerProfile?.managedOutboundIPs === null;
  return {
    loadBalancer: loadBalancer + (outboundType === 'loadBalancer' && (gone || handedOver) ? 1 : 0),
    natGateway: natGateway + (outboundType === 'managedNATGateway' && (gone || sku) ? 1 : 0),
  };
}

/** Addresses that AKS made for a profile. */
function managedIds(profile: OutboundProfile): readonly string[] {
  const { loadBalancerProfile, natGatewayProfile } = profile;
  const balanced = (loadBalancerProfile?.managedOutboundIPs ?? null) === null ? null : loadBalancerProfile;
  const translated =
    (natGatewayProfile?.managedOutboundIPProfile ?? null) === null ? null : natGatewayProfile;
  return [balanced, translated].flatMap((one) => one?.effectiveOutboundIPs ?? []).map(({ id }) => id);
}

function removeManaged(cloud: Cloud, before: readonly string[], after: readonly string[]): Cloud {
  const kept = new Set(after.map(armKey));
  return before
    .filter((id) => !kept.has(armKey(id)))
    .reduce((next, id) => {
      const removed = removeUnused(next, id);
      return removed.ok ? removed.value : next;
    }, cloud);
}
