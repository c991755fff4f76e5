import type { Cloud } from '../cloud.ts';
import { NAT_GATEWAY_IDLE_TIMEOUT, NAT_GATEWAYS_PER_REGION } from '../limits/nat-gateway.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { deleteByName } from './delete-by-name.ts';
import type { AzureError } from './error.ts';
import { checkGatewayAddresses, gatewayRefused } from './nat-gateway-checks.ts';
import { placeOf } from './resource-place.ts';
import { listResources, nextEtag, putResource, requireResource, sameId } from './resource-store.ts';
import type { NatGateway } from './resources.ts';

const TYPE = 'Microsoft.Network/natGateways';

export interface NatGatewayInput {
  readonly resourceGroup: string;
  readonly name: string;
  readonly location?: string;
  /** `Standard` if absent, also for a gateway that is there, whose SKU nothing changes. */
  readonly sku?: NatGateway['sku']['name'];
  /** Of TCP connections, in minutes. */
  readonly idleTimeoutInMinutes?: number;
  /** Ids of public IP addresses; none if absent. */
  readonly publicIpAddressIds?: readonly string[];
  /** Ids of public IP prefixes; none if absent. */
  readonly publicIpPrefixIds?: readonly string[];
  /** Those of the gateway that is there, if absent. */
  readonly zones?: readonly string[] | null;
  readonly tags?: NatGateway['tags'];
}

/**
 * Creates a NAT gateway, or replaces the properties of the one with that name: addresses that are not
 * named again are let go. Errors: `ResourceGroupNotFound`, `InvalidResourceName`,
 * `LocationNotAvailableForResourceType`, `InvalidResourceLocation`, `NatGatewayCountLimitReached`, and those
 * of `gatewayRefused` and `checkGatewayAddresses`.
 */
export function createNatGateway(cloud: Cloud, input: NatGatewayInput): Result<Cloud, AzureError> {
  const place = placeOf(cloud, TYPE, input, {
    most: NAT_GATEWAYS_PER_REGION.value,
    code: 'NatGatewayCountLimitReached',
    what: 'nat gateways',
  });
  if (!place.ok) return place;
  const { existing, own } = place.value;
  const { id } = own;
  return settle(cloud, existing, {
    ...own,
    tags: input.tags ?? existing?.tags ?? null,
    type: TYPE,
    sku: { name: input.sku ?? 'Standard' },
    idleTimeoutInMinutes: input.idleTimeoutInMinutes ?? NAT_GATEWAY_IDLE_TIMEOUT.value.default,
    publicIpAddresses: once(input.publicIpAddressIds ?? []),
    publicIpPrefixes: once(input.publicIpPrefixIds ?? []),
    zones: input.zones === undefined ? (existing?.zones ?? null) : input.zones,
    etag: nextEtag(cloud, id, existing?.etag),
    provisioningState: 'Succeeded',
  });
}

/** What to change; absent keys stay. */
export interface NatGatewayChanges {
  readonly sku?: NatGateway['sku']['name'];
  readonly idleTimeoutInMinutes?: number;
  readonly publicIpAddressIds?: readonly string[];
  readonly publicIpPrefixIds?: readonly string[];
  readonly tags?: NatGateway['tags'];
}

/** Changes a NAT gateway. Errors: `ResourceGroupNotFound`, `ResourceNotFound`, and as `createNatGateway`. */
export function updateNatGateway(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
  changes: NatGatewayChanges,
): Result<Cloud, AzureError> {
  const found = requireResource(cloud, TYPE, resourceGroup, name);
  if (!found.ok) return found;
  const gateway = found.value;
  return settle(cloud, gateway, {
    ...gateway,
    sku: { name: changes.sku ?? gateway.sku.name },
    idleTimeoutInMinutes: changes.idleTimeoutInMinutes ?? gateway.idleTimeoutInMinutes,
    publicIpAddresses:
      changes.publicIpAddressIds === undefined ? gateway.publicIpAddresses : once(changes.publicIpAddressIds),
    publicIpPrefixes:
      changes.publicIpPrefixIds === undefined ? gateway.publicIpPrefixes : once(changes.publicIpPrefixIds),
    tags: changes.tags === undefined ? gateway.tags : changes.tags,
    etag: nextEtag(cloud, gateway.id, gateway.etag),
  });
}

/** Deletes a NAT gateway; one that does not exist is no error. Error: `CannotDeleteNatGatewayAssociatedToSubnet`. */
export function deleteNatGateway(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
): Result<Cloud, AzureError> {
  return deleteByName(cloud, TYPE, resourceGroup, name);
}

function settle(cloud: Cloud, existing: NatGateway | null, gateway: NatGateway): Result<Cloud, AzureError> {
  const refused = gatewayRefused(existing, gateway);
  if (refused !== null) return err(refused);
  const held = checkGatewayAddresses(cloud, gateway);
  if (!held.ok) return held;
  let next = letGo(cloud, gateway.id);
  for (const { id } of held.value.addresses) next = hold(next, id, gateway.id);
  for (const { id } of held.value.prefixes) next = hold(next, id, gateway.id);
  return ok(
    putResource(next, {
      ...gateway,
      publicIpAddresses: held.value.addresses.map(({ id }) => ({ id })),
      publicIpPrefixes: held.value.prefixes.map(({ id }) => ({ id })),
    }),
  );
}

function once(ids: readonly string[]): NatGateway['publicIpAddresses'] {
  return ids.filter((id, at) => ids.findIndex((other) => sameId(other, id)) === at).map((id) => ({ id }));
}

function letGo(cloud: Cloud, gatewayId: string): Cloud {
  const held = [
    ...listResources(cloud, 'Microsoft.Network/publicIPAddresses'),
    ...listResources(cloud, 'Microsoft.Network/publicIPPrefixes'),
  ].filter(({ natGateway }) => natGateway !== undefined && sameId(natGateway.id, gatewayId));
  return held.reduce((next, { natGateway: _gone, ...rest }) => putResource(next, rest), cloud);
}

function hold(cloud: Cloud, id: string, gatewayId: string): Cloud {
  const resource = cloud.resources[id.toLowerCase()];
  if (
    resource?.type !== 'Microsoft.Network/publicIPAddresses' &&
    resource?.type !== 'Microsoft.Network/publicIPPrefixes'
  ) {
    throw new Error(`${id} is no public address`);
  }
  return putResource(cloud, { ...resource, natGateway: { id: gatewayId } });
}
