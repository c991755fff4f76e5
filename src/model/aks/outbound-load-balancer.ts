/** The load balancer `kubernetes` that gives a cluster's nodes their public source address. */
import type { AzureError } from '../azure/error.ts';
import { attachPublicIpAddress, detachPublicIpAddresses } from '../azure/public-ip-address.ts';
import { removeUnused } from '../azure/resource-removal.ts';
import {
  armKey,
  findResource,
  getResource,
  nextEtag,
  putResource,
  resourceId,
  sameId,
} from '../azure/resource-store.ts';
import type { FrontendIpConfiguration, LoadBalancer, SubResource } from '../azure/resources.ts';
import type { Cloud } from '../cloud.ts';
import { DEFAULT_OUTBOUND_IDLE_TIMEOUT } from '../limits/aks.ts';
import { ok } from '../result.ts';
import type { Result } from '../result.ts';
import { OUTBOUND_BACKEND_POOL } from './agent-pool-scale-set.ts';
import { reconcileBackendPools } from './cloud-provider/reconcile-backend-pools.ts';
import { loadBalancerSettings } from './cloud-provider/settings.ts';
import type { ManagedCluster, NetworkProfile } from './managed-cluster.ts';
import { makeAddresses, ownerTags } from './outbound-addresses.ts';
import type { OutboundOwner } from './outbound-addresses.ts';

const BALANCER = 'Microsoft.Network/loadBalancers';
const PUBLIC_ADDRESS = 'Microsoft.Network/publicIPAddresses';
const MANAGED_TYPE = 'aks-slb-managed-outbound-ip';

export type LoadBalancerProfile = NonNullable<NetworkProfile['loadBalancerProfile']>;

/**
 * Makes the load balancer with its outbound rule as a profile that was checked asks for, and returns what
 * its public frontends use: ids of addresses or of prefixes. What Services have on it stays. Errors: those of
 * `makeAddresses`; `PublicIPAddressInUse`.
 */
export function provideLoadBalancer(
  cloud: Cloud,
  owner: OutboundOwner,
  profile: LoadBalancerProfile,
): Result<{ readonly cloud: Cloud; readonly addresses: readonly SubResource[] }, AzureError> {
  const { resourceGroup, location } = owner;
  const id = resourceId(cloud, resourceGroup, BALANCER, 'kubernetes');
  const before = getResource(cloud, id, BALANCER);
  let next = cloud;
  let frontends: readonly FrontendIpConfiguration[];
  let addresses: readonly SubResource[];
  if (profile.managedOutboundIPs === null && (profile.outboundIPPrefixes ?? []).length > 0) {
    addresses = profile.outboundIPPrefixes ?? [];
    frontends = namesOf(addresses).map((name, at) => ({
      ...frontend(id, name),
      publicIPPrefix: { id: addresses[at]?.id ?? '' },
    }));
  } else {
    const made =
      profile.managedOutboundIPs === null
        ? ok({ cloud, addresses: profile.outboundIPs ?? [] })
        : makeAddresses(cloud, owner, {
            purpose: 'outbound-ip',
            round: owner.rounds.loadBalancer,
            count: profile.managedOutboundIPs.count,
            sku: 'Standard',
            tags: { 'aks-managed-type': MANAGED_TYPE },
          });
    if (!made.ok) return made;
    next = made.value.cloud;
    addresses = made.value.addresses;
    frontends = namesOf(addresses).map((name, at) => ({
      ...frontend(id, name),
      publicIPAddress: addresses[at] ?? null,
    }));
  }
  const held = holdAddresses(next, before, frontends, profile.managedOutboundIPs !== null);
  if (!held.ok) return held;
  next = held.value;
  const kept = servicePartsOf(before);
  const backend = (name: string): { readonly id: string; readonly name: string } => ({
    id: `${id}/backendAddressPools/${name}`,
    name,
  });
  next = putResource(next, {
    id,
    name: 'kubernetes',
    resourceGroup,
    location,
    tags: ownerTags(cloud, owner),
    type: BALANCER,
    sku: { name: 'Standard', tier: 'Regional' },
    frontendIPConfigurations: [...frontends, ...kept.frontendIPConfigurations],
    backendAddressPools: [backend(OUTBOUND_BACKEND_POOL), backend('kubernetes')],
    loadBalancingRules: kept.loadBalancingRules,
    probes: kept.probes,
    outboundRules: [
      {
        id: `${id}/outboundRules/aksOutboundRule`,
        name: 'aksOutboundRule',
        protocol: 'All',
        allocatedOutboundPorts: profile.allocatedOutboundPorts ?? 0,
        idleTimeoutInMinutes: profile.idleTimeoutInMinutes ?? DEFAULT_OUTBOUND_IDLE_TIMEOUT.value,
        enableTcpReset: true,
        frontendIPConfigurations: frontends.map((one) => ({ id: one.id })),
        backendAddressPool: { id: backend(OUTBOUND_BACKEND_POOL).id },
      },
    ],
    etag: nextEtag(next, id, before?.etag),
    provisioningState: 'Succeeded',
  });
  return ok({ cloud: next, addresses });
}

/** Takes the way out off the load balancer; without Services the load balancer goes too. */
export function withdrawLoadBalancer(cloud: Cloud, cluster: ManagedCluster): Cloud {
  const before = findResource(cloud, BALANCER, cluster.nodeResourceGroup, 'kubernetes');
  if (before === null) return cloud;
  const scope = { cluster, settings: loadBalancerSettings(cluster) };
  const kept = servicePartsOf(before);
  const bare = freeFrontends(
    putResource(cloud, {
      ...before,
      ...kept,
      outboundRules: [],
      backendAddressPools: before.backendAddressPools.filter(({ name }) => name !== OUTBOUND_BACKEND_POOL),
      etag: nextEtag(cloud, before.id, before.etag),
    }),
    before,
    kept.frontendIPConfigurations,
  );
  if (kept.frontendIPConfigurations.length > 0) return reconcileBackendPools(bare, scope);
  const removed = removeUnused(reconcileBackendPools(bare, scope, before.id), before.id);
  return removed.ok ? removed.value : bare;
}

function frontend(balancer: string, name: string): FrontendIpConfiguration {
  return {
    id: `${balancer}/frontendIPConfigurations/${name}`,
    name,
    publicIPAddress: null,
    privateIPAddress: null,
    subnet: null,
    zones: null,
  };
}

/** A frontend has the name of what it uses; of two names that are the same the second gets a number. */
function namesOf(resources: readonly SubResource[]): readonly string[] {
  const names = resources.map(({ id }) => id.split('/').at(-1) ?? '');
  return names.map((name, at) => {
    const earlier = names.slice(0, at).filter((each) => armKey(each) === armKey(name)).length;
    return earlier === 0 ? name : `${name}-${earlier}`;
  });
}

/** Gives the addresses to these frontends, and frees those that outbound frontends had before. */
function holdAddresses(
  cloud: Cloud,
  before: LoadBalancer | null,
  frontends: readonly FrontendIpConfiguration[],
  managed: boolean,
): Result<Cloud, AzureError> {
  let next =
    before === null ? cloud : freeFrontends(cloud, before, servicePartsOf(before).frontendIPConfigurations);
  for (const { id, publicIPAddress } of frontends) {
    const address = getResource(next, publicIPAddress?.id ?? '', PUBLIC_ADDRESS);
    if (address === null) continue;
    const idleTimeoutInMinutes = managed ? DEFAULT_OUTBOUND_IDLE_TIMEOUT.value : address.idleTimeoutInMinutes;
    const attached = attachPublicIpAddress(next, { ...address, idleTimeoutInMinutes }, id);
    if (!attached.ok) return attached;
    next = attached.value;
  }
  return ok(next);
}

function freeFrontends(cloud: Cloud, before: LoadBalancer, kept: readonly FrontendIpConfiguration[]): Cloud {
  return before.frontendIPConfigurations
    .filter(({ id }) => !kept.some((one) => sameId(one.id, id)))
    .reduce((next, { id }) => detachPublicIpAddresses(next, id), cloud);
}

/** What Services have on the load balancer, which outbound rules have nothing to do with. */
function servicePartsOf(
  balancer: LoadBalancer | null,
): Pick<LoadBalancer, 'frontendIPConfigurations' | 'loadBalancingRules' | 'probes'> {
  if (balancer === null) return { frontendIPConfigurations: [], loadBalancingRules: [], probes: [] };
  const outbound = new Set(
    balancer.outboundRules.flatMap((rule) => rule.frontendIPConfigurations.map(({ id }) => armKey(id))),
  );
  const { loadBalancingRules, probes } = balancer;
  return {
    frontendIPConfigurations: balancer.frontendIPConfigurations.filter(({ id }) => !outbound.has(armKey(id))),
    loadBalancingRules,
    probes,
  };
}
