import type { Cloud } from '../cloud.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { azureError, notSimulated, refusedToo } from './error.ts';
import type { AzureError } from './error.ts';
import { checkLoadBalancer } from './load-balancer-checks.ts';
import { checkLoadBalancerParts } from './load-balancer-rule-checks.ts';
import { leaveBackendPools, scaleSetsIn } from './load-balancer-membership.ts';
import { attachPublicIpAddress, detachPublicIpAddresses } from './public-ip-address.ts';
import {
  armKey,
  getResource,
  invalidReference,
  listResources,
  nextEtag,
  putResource,
  sameId,
} from './resource-store.ts';
import type { FrontendIpConfiguration, LoadBalancer } from './resources.ts';
import { sameSubscription } from './subscription-choice.ts';
import { claimAddress, freeAddress } from './subnet-addresses.ts';
import { findSubnet } from './subnet.ts';

const TYPE = 'Microsoft.Network/loadBalancers';

/** A frontend as asked for: one of the two ids. */
export interface FrontendRequest {
  readonly id: string;
  readonly name: string;
  readonly publicIPAddressId: string | null;
  /** Kept as it is: only AKS makes frontends of prefixes. Absent: none. */
  readonly publicIPPrefixId?: string;
  readonly subnetId: string | null;
  /** Static if given; else Azure hands out an address of the subnet, which stays. */
  readonly privateIPAddress: string | null;
  readonly zones: readonly string[] | null;
}

/** Returns what a load balancer's frontends were asked to be. */
export function frontendRequests(balancer: LoadBalancer): readonly FrontendRequest[] {
  return balancer.frontendIPConfigurations.map((one) => ({
    id: one.id,
    name: one.name,
    publicIPAddressId: one.publicIPAddress?.id ?? null,
    ...(one.publicIPPrefix === undefined ? {} : { publicIPPrefixId: one.publicIPPrefix.id }),
    subnetId: one.subnet?.id ?? null,
    privateIPAddress: one.privateIPAllocationMethod === 'Static' ? one.privateIPAddress : null,
    zones: one.zones ?? null,
  }));
}

/**
 * Carries out a PUT of a whole load balancer, as every change of a part is one: its frontends get their
 * addresses, what it no longer names is let go. Errors: `InvalidResourceReference`, `PublicIPAddressInUse`,
 * those of `claimAddress`,
 * `freeAddress`, `checkLoadBalancer` and `checkLoadBalancerParts`, a pool that a scale set uses.
 */
export function putLoadBalancer(
  cloud: Cloud,
  balancer: LoadBalancer,
  requests: readonly FrontendRequest[] = frontendRequests(balancer),
): Result<Cloud, AzureError> {
  const existing = getResource(cloud, balancer.id, TYPE);
  const kind = checkOneKind(requests);
  if (kind !== null) return err(kind);
  const left = leavePools(cloud, existing, balancer) ?? keptByPrivateLink(cloud, balancer, requests);
  if (left !== null) return err(left);
  let next = cloud;
  for (const one of existing?.frontendIPConfigurations ?? []) next = detachPublicIpAddresses(next, one.id);
  let put: LoadBalancer = {
    ...balancer,
    frontendIPConfigurations: [],
    etag: nextEtag(cloud, balancer.id, existing?.etag),
  };
  next = putResource(next, put);
  const before = (request: FrontendRequest): FrontendIpConfiguration | undefined =>
    existing?.frontendIPConfigurations.find((one) => sameId(one.id, request.id));
  // Who keeps an address comes first, so that nobody else takes it in the same request.
  const keeps = (request: FrontendRequest): boolean => keptAddress(request, before(request)) !== null;
  const inTurn = [...requests.filter(keeps), ...requests.filter((each) => !keeps(each))];
  const place = (id: string): number => requests.findIndex((each) => sameId(each.id, id));
  for (const request of inTurn) {
    const built = buildFrontend(next, put, request, before(request));
    if (!built.ok) return built;
    const frontends = [...put.frontendIPConfigurations, built.value.frontend];
    put = { ...put, frontendIPConfigurations: frontends.sort((a, b) => place(a.id) - place(b.id)) };
    next = putResource(built.value.cloud, put);
  }
  const refusal = checkLoadBalancer(next, put) ?? checkLoadBalancerParts(next, put);
  if (refusal !== null) return err(refusal);
  return ok(leaveBackendPools(next, goingPools(existing, balancer)));
}

function checkOneKind(requests: readonly FrontendRequest[]): AzureError | null {
  for (const { id, name, publicIPAddressId, publicIPPrefixId, subnetId } of requests) {
    if (publicIPPrefixId !== undefined) continue;
    if ((publicIPAddressId === null) === (subnetId === null)) {
      return azureError(
        'InvalidRequestFormat',
        `Cannot parse the request. Frontend IP configuration ${name} (${id}) must have either a public IP address or a subnet.`,
      );
    }
  }
  const internal = requests.filter((one) => one.subnetId !== null);
  if (internal.length > 0 && internal.length < requests.length) {
    return refusedToo('A load balancer with public and with internal frontends');
  }
  const networks = new Set(internal.map((one) => armKey(one.subnetId ?? '').split('/subnets/')[0]));
  return networks.size > 1 ? refusedToo('A load balancer with frontends in two virtual networks') : null;
}

function buildFrontend(
  cloud: Cloud,
  balancer: LoadBalancer,
  request: FrontendRequest,
  before: FrontendIpConfiguration | undefined,
): Result<{ readonly cloud: Cloud; readonly frontend: FrontendIpConfiguration }, AzureError> {
  const { id, name, publicIPAddressId, publicIPPrefixId, subnetId, zones } = request;
  if (publicIPPrefixId !== undefined) {
    const part = { publicIPAddress: null, privateIPAddress: null, subnet: null };
    return ok({ cloud, frontend: { id, name, ...part, publicIPPrefix: { id: publicIPPrefixId }, zones } });
  }
  if (publicIPAddressId !== null) {
    if (!sameSubscription(publicIPAddressId, id)) return err(elsewhere(publicIPAddressId));
    const address = getResource(cloud, publicIPAddressId, 'Microsoft.Network/publicIPAddresses');
    if (address === null || address.location !== balancer.location) {
      return err(invalidReference(publicIPAddressId, balancer.id));
    }
    const attached = attachPublicIpAddress(cloud, address, id);
    if (!attached.ok) return attached;
    const frontend = {
      id,
      name,
      publicIPAddress: { id: address.id },
      privateIPAddress: null,
      subnet: null,
      zones,
    };
    return ok({ cloud: attached.value, frontend });
  }
  if (!sameSubscription(subnetId ?? '', id)) return err(elsewhere(subnetId ?? ''));
  const found = findSubnet(cloud, subnetId ?? '');
  if (found === null || found.virtualNetwork.location !== balancer.location) {
    return err(invalidReference(subnetId ?? '', balancer.id));
  }
  const { subnet } = found;
  const kept = keptAddress(request, before);
  const address =
    request.privateIPAddress !== null
      ? claimAddress(cloud, subnet, request.privateIPAddress, id)
      : kept !== null
        ? ok(kept)
        : freeAddress(cloud, subnet);
  if (!address.ok) return address;
  return ok({
    cloud,
    frontend: {
      id,
      name,
      publicIPAddress: null,
      privateIPAddress: address.value,
      privateIPAllocationMethod: request.privateIPAddress === null ? 'Dynamic' : 'Static',
      subnet: { id: subnet.id },
      zones,
    },
  });
}

/** The address that a frontend has and goes on having: one that Azure chose stays as long as the subnet does. */
function keptAddress(
  { subnetId, privateIPAddress }: FrontendRequest,
  before: FrontendIpConfiguration | undefined,
): string | null {
  const subnet = before?.subnet ?? null;
  if (subnet === null || subnetId === null || !sameId(subnet.id, subnetId)) return null;
  const has = before?.privateIPAddress ?? null;
  return privateIPAddress === null || privateIPAddress === has ? has : null;
}

function elsewhere(id: string): AzureError {
  return notSimulated(`A frontend with ${id}, which is in another subscription,`);
}

function goingPools(existing: LoadBalancer | null, balancer: LoadBalancer): readonly string[] {
  return (existing?.backendAddressPools ?? [])
    .map(({ id }) => id)
    .filter((id) => !balancer.backendAddressPools.some((one) => sameId(one.id, id)));
}

function leavePools(cloud: Cloud, existing: LoadBalancer | null, balancer: LoadBalancer): AzureError | null {
  for (const id of goingPools(existing, balancer)) {
    const [set] = scaleSetsIn(cloud, id);
    if (set !== undefined) {
      return azureError(
        'LoadBalancerBackendAddressPoolInUseByVirtualMachineScaleSet',
        `Cannot remove backend address pool ${id.slice(id.lastIndexOf('/') + 1)} from load balancer since it is in use by virtual machine scale set ${set.id}.`,
      );
    }
  }
  return null;
}

/** A frontend that a Private Link service stands on cannot go. */
function keptByPrivateLink(
  cloud: Cloud,
  balancer: LoadBalancer,
  requests: readonly FrontendRequest[],
): AzureError | null {
  const prefix = `${armKey(balancer.id)}/`;
  for (const service of listResources(cloud, 'Microsoft.Network/privateLinkServices')) {
    const missing = service.loadBalancerFrontendIpConfigurations.find(
      ({ id }) => armKey(id).startsWith(prefix) && !requests.some((one) => sameId(one.id, id)),
    );
    if (missing !== undefined) return invalidReference(missing.id, service.id);
  }
  return null;
}
