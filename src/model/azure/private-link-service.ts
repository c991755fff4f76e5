/**
 * Private Link services: the address of a load balancer's frontend, offered to other virtual networks.
 * Source: https://learn.microsoft.com/azure/private-link/private-link-service-overview
 */
import { drawGuid } from '../chance.ts';
import type { Cloud } from '../cloud.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import type { AzureError } from './error.ts';
import { checkPrivateLinkService } from './private-link-service-checks.ts';
import { requireResourceGroup } from './resource-group.ts';
import { placeOf } from './resource-place.ts';
import { removeUnused } from './resource-removal.ts';
import {
  armKey,
  findResource,
  invalidReference,
  listResources,
  nextEtag,
  putResource,
  requireResource,
} from './resource-store.ts';
import type { PrivateLinkService } from './resources.ts';
import { claimAddress, freeAddress } from './subnet-addresses.ts';
import { findSubnet } from './subnet.ts';

const TYPE = 'Microsoft.Network/privateLinkServices';

export interface NatAddressInput {
  readonly name: string;
  readonly subnetId: string;
  /** Static if given; else Azure hands out the lowest free address, and keeps it. */
  readonly privateIPAddress: string | null;
  /** One of them is; if none says so, the first. */
  readonly primary?: boolean;
}

export interface PrivateLinkServiceInput {
  readonly resourceGroup: string;
  readonly name: string;
  readonly location?: string;
  /** Ids of frontends of load balancers. */
  readonly frontends: readonly string[];
  readonly ipConfigurations: readonly NatAddressInput[];
  readonly enableProxyProtocol?: boolean;
  readonly fqdns?: readonly string[];
  /** Subscription ids, or `*`. */
  readonly visibility?: readonly string[];
  readonly autoApproval?: readonly string[];
  readonly tags?: Readonly<Record<string, string>> | null;
}

/**
 * Creates a Private Link service, or replaces the one with that name, which keeps its alias and its
 * connections. Errors: `ResourceGroupNotFound`, `InvalidResourceName`, `InvalidResourceLocation`,
 * `LocationNotAvailableForResourceType`, `InvalidResourceReference`, those of `checkPrivateLinkService`, and
 * those of `claimAddress` and `freeAddress`.
 */
export function createPrivateLinkService(
  cloud: Cloud,
  input: PrivateLinkServiceInput,
): Result<Cloud, AzureError> {
  const place = placeOf(cloud, TYPE, input);
  if (!place.ok) return place;
  const { existing, own } = place.value;
  const { id } = own;
  const { name } = own;
  const bare: PrivateLinkService = {
    ...own,
    tags: input.tags ?? null,
    type: TYPE,
    alias:
      existing?.alias ??
      `${name}.${drawGuid(cloud, `private-link-alias/${armKey(id)}`)}.${own.location}.azure.privatelinkservice`,
    loadBalancerFrontendIpConfigurations: input.frontends.map((one) => ({ id: one })),
    ipConfigurations: [],
    enableProxyProtocol: input.enableProxyProtocol ?? false,
    fqdns: input.fqdns ?? [],
    visibility: { subscriptions: input.visibility ?? [] },
    autoApproval: { subscriptions: input.autoApproval ?? [] },
    privateEndpointConnections: existing?.privateEndpointConnections ?? [],
    etag: nextEtag(cloud, id, existing?.etag),
    provisioningState: 'Succeeded',
  };
  const checked = checkPrivateLinkService(
    cloud,
    bare,
    input.ipConfigurations.map((one) => one.subnetId),
  );
  if (!checked.ok) return checked;
  return giveAddresses(
    putResource(cloud, { ...bare, loadBalancerFrontendIpConfigurations: checked.value }),
    { ...bare, loadBalancerFrontendIpConfigurations: checked.value },
    input.ipConfigurations,
    existing,
  );
}

/** Static addresses are claimed before others are handed out. */
function giveAddresses(
  cloud: Cloud,
  service: PrivateLinkService,
  wanted: readonly NatAddressInput[],
  existing: PrivateLinkService | null,
): Result<Cloud, AzureError> {
  const given = new Map<NatAddressInput, PrivateLinkService['ipConfigurations'][number]>();
  const primary = wanted.find((one) => one.primary === true) ?? wanted[0];
  let next = cloud;
  const inOrder = [
    ...wanted.filter((one) => one.privateIPAddress !== null),
    ...wanted.filter((one) => one.privateIPAddress === null),
  ];
  for (const one of inOrder) {
    const id = `${service.id}/ipConfigurations/${one.name}`;
    const found = findSubnet(next, one.subnetId);
    if (found === null) return err(invalidReference(one.subnetId, service.id));
    const kept = existing?.ipConfigurations.find(
      (each) =>
        armKey(each.id) === armKey(id) &&
        armKey(each.subnet.id) === armKey(found.subnet.id) &&
        each.privateIPAllocationMethod === 'Dynamic',
    );
    const address =
      one.privateIPAddress !== null
        ? claimAddress(next, found.subnet, one.privateIPAddress, id)
        : kept === undefined
          ? freeAddress(next, found.subnet)
          : ok(kept.privateIPAddress);
    if (!address.ok) return address;
    given.set(one, {
      id,
      name: one.name,
      primary: one === primary,
      privateIPAddress: address.value,
      privateIPAllocationMethod: one.privateIPAddress === null ? 'Dynamic' : 'Static',
      subnet: { id: found.subnet.id },
    });
    next = putResource(next, {
      ...service,
      ipConfigurations: wanted.flatMap((each) => given.get(each) ?? []),
    });
  }
  return ok(next);
}

/** What to change in a Private Link service; absent keys stay. */
export type PrivateLinkServiceChanges = Partial<
  Pick<
    PrivateLinkServiceInput,
    'frontends' | 'enableProxyProtocol' | 'fqdns' | 'visibility' | 'autoApproval' | 'tags'
  >
>;

/** Changes a Private Link service. Errors: `ResourceNotFound`, and those of `createPrivateLinkService`. */
export function updatePrivateLinkService(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
  changes: PrivateLinkServiceChanges,
): Result<Cloud, AzureError> {
  const found = requireResource(cloud, TYPE, resourceGroup, name);
  if (!found.ok) return found;
  const service = found.value;
  return createPrivateLinkService(cloud, {
    resourceGroup,
    name,
    location: service.location,
    frontends: service.loadBalancerFrontendIpConfigurations.map(({ id }) => id),
    ipConfigurations: service.ipConfigurations.map((one) => ({
      name: one.name,
      subnetId: one.subnet.id,
      privateIPAddress: one.privateIPAllocationMethod === 'Static' ? one.privateIPAddress : null,
      primary: one.primary,
    })),
    enableProxyProtocol: service.enableProxyProtocol,
    fqdns: service.fqdns,
    visibility: service.visibility.subscriptions,
    autoApproval: service.autoApproval.subscriptions,
    tags: service.tags,
    ...changes,
  });
}

/**
 * Deletes a Private Link service; one that does not exist is no error. Error:
 * `PrivateLinkServiceWithPrivateEndpointConnectionsCannotBeDeleted`
 * (https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/create-upgrade-delete/cannot-delete-load-balancer-private-link-service).
 */
export function deletePrivateLinkService(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
): Result<Cloud, AzureError> {
  const group = requireResourceGroup(cloud, resourceGroup);
  if (!group.ok) return group;
  const service = findResource(cloud, TYPE, resourceGroup, name);
  return service === null ? ok(cloud) : removeUnused(cloud, service.id);
}

/** Returns the Private Link service that a frontend has, by the frontend's id, or null. */
export function privateLinkServiceOf(cloud: Cloud, frontendId: string): PrivateLinkService | null {
  const key = armKey(frontendId);
  return (
    listResources(cloud, TYPE).find((one) =>
      one.loadBalancerFrontendIpConfigurations.some(({ id }) => armKey(id) === key),
    ) ?? null
  );
}

/** Returns a Private Link service by id or by alias, without regard to case, or null. */
export function findPrivateLinkService(cloud: Cloud, idOrAlias: string): PrivateLinkService | null {
  const key = armKey(idOrAlias);
  return (
    listResources(cloud, TYPE).find((one) => armKey(one.id) === key || armKey(one.alias) === key) ?? null
  );
}
