/** Local network gateways: what Azure is told of a site on-premises. */
import type { Cloud } from '../cloud.ts';
import { parseAddress } from '../ip/address.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { formatPrefix } from '../ip/prefix.ts';
import { parseAddressPrefix } from './address-space.ts';
import { deleteByName } from './delete-by-name.ts';
import { azureError } from './error.ts';
import type { AzureError } from './error.ts';
import type { BgpSettings, LocalNetworkGateway } from './gateway-resources.ts';
import { placeOf } from './resource-place.ts';
import { nextEtag, putResource, requireResource } from './resource-store.ts';
import type { BgpInput } from './virtual-network-gateway.ts';

const TYPE = 'Microsoft.Network/localNetworkGateways';

export interface LocalNetworkGatewayInput {
  readonly resourceGroup: string;
  readonly name: string;
  readonly location?: string;
  /** The public address of the site's VPN device. */
  readonly gatewayIpAddress?: string | null;
  readonly addressPrefixes?: readonly string[];
  readonly bgp?: BgpInput;
  readonly tags?: LocalNetworkGateway['tags'];
}

/**
 * Creates a local network gateway, or replaces the one with that name. Errors: those of `placeOf` and
 * `parseAddressPrefix`, `InvalidIPAddressFormat`.
 */
export function createLocalNetworkGateway(
  cloud: Cloud,
  input: LocalNetworkGatewayInput,
): Result<Cloud, AzureError> {
  const place = placeOf(cloud, TYPE, input);
  if (!place.ok) return place;
  const { existing, own } = place.value;
  return settle(cloud, {
    ...own,
    type: TYPE,
    tags: input.tags ?? existing?.tags ?? null,
    gatewayIpAddress: input.gatewayIpAddress ?? null,
    localNetworkAddressSpace: { addressPrefixes: input.addressPrefixes ?? [] },
    bgpSettings: input.bgp === undefined ? null : bgpOf(input.bgp, null),
    etag: nextEtag(cloud, own.id, existing?.etag),
    provisioningState: 'Succeeded',
  });
}

/** What to change; absent keys stay. */
export type LocalNetworkGatewayChanges = Pick<
  LocalNetworkGatewayInput,
  'gatewayIpAddress' | 'addressPrefixes' | 'bgp' | 'tags'
>;

/** Changes a local network gateway. Errors: `ResourceGroupNotFound`, `ResourceNotFound`, and as for creation. */
export function updateLocalNetworkGateway(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
  changes: LocalNetworkGatewayChanges,
): Result<Cloud, AzureError> {
  const found = requireResource(cloud, TYPE, resourceGroup, name);
  if (!found.ok) return found;
  const site = found.value;
  return settle(cloud, {
    ...site,
    gatewayIpAddress:
      changes.gatewayIpAddress === undefined ? site.gatewayIpAddress : changes.gatewayIpAddress,
    localNetworkAddressSpace: {
      addressPrefixes: changes.addressPrefixes ?? site.localNetworkAddressSpace.addressPrefixes,
    },
    bgpSettings: changes.bgp === undefined ? site.bgpSettings : bgpOf(changes.bgp, site.bgpSettings),
    tags: changes.tags === undefined ? site.tags : changes.tags,
    etag: nextEtag(cloud, site.id, site.etag),
  });
}

/** Deletes a local network gateway; one that does not exist is no error. Error: `ResourceInUse`. */
export function deleteLocalNetworkGateway(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
): Result<Cloud, AzureError> {
  return deleteByName(cloud, TYPE, resourceGroup, name);
}

function bgpOf(wanted: BgpInput, was: BgpSettings | null): BgpSettings {
  return {
    asn: wanted.asn ?? was?.asn ?? 0,
    bgpPeeringAddress: wanted.bgpPeeringAddress ?? was?.bgpPeeringAddress ?? null,
    peerWeight: wanted.peerWeight ?? was?.peerWeight ?? 0,
  };
}

function settle(cloud: Cloud, site: LocalNetworkGateway): Result<Cloud, AzureError> {
  const prefixes: string[] = [];
  for (const text of site.localNetworkAddressSpace.addressPrefixes) {
    const parsed = parseAddressPrefix(text, site.id);
    if (!parsed.ok) return parsed;
    prefixes.push(formatPrefix(parsed.value));
  }
  for (const text of [site.gatewayIpAddress, site.bgpSettings?.bgpPeeringAddress ?? null]) {
    if (text !== null && !parseAddress(text).ok) {
      return err(
        azureError(
          'InvalidIPAddressFormat',
          `The IP address ${text} of resource ${site.id} is not formatted correctly. It should be an IPv4 address, for example 10.0.0.4.`,
        ),
      );
    }
  }
  return ok(
    putResource(cloud, { ...site, localNetworkAddressSpace: { addressPrefixes: [...new Set(prefixes)] } }),
  );
}
