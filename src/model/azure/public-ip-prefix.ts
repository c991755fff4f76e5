import type { Cloud } from '../cloud.ts';
import { PUBLIC_IP_PREFIX_LENGTH } from '../limits/azure-network.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { deleteByName } from './delete-by-name.ts';
import { azureError } from './error.ts';
import type { AzureError } from './error.ts';
import { drawPublicPrefix } from './public-address-draw.ts';
import { placeOf } from './resource-place.ts';
import { nextEtag, putResource, requireResource } from './resource-store.ts';
import type { PublicIpPrefix } from './resources.ts';

const TYPE = 'Microsoft.Network/publicIPPrefixes';

export interface PublicIpPrefixInput {
  readonly resourceGroup: string;
  readonly name: string;
  readonly location?: string;
  /** 28 for sixteen addresses to 31 for two. */
  readonly prefixLength: number;
  /** `Standard` if absent; a StandardV2 prefix is for a StandardV2 NAT gateway alone. */
  readonly sku?: PublicIpPrefix['sku']['name'];
  readonly zones?: readonly string[] | null;
  readonly tags?: PublicIpPrefix['tags'];
}

/**
 * Creates a prefix of public addresses, or sets the tags of the one with that name, whose block stays. Errors:
 * `ResourceGroupNotFound`, `InvalidResourceName`, `LocationNotAvailableForResourceType`,
 * `InvalidResourceLocation`; `NotSimulated` for a length that Azure refuses too, or where the documentation
 * ranges have no room left.
 */
export function createPublicIpPrefix(cloud: Cloud, input: PublicIpPrefixInput): Result<Cloud, AzureError> {
  const place = placeOf(cloud, TYPE, input);
  if (!place.ok) return place;
  const { existing, own } = place.value;
  const { id } = own;
  const { shortest, longest } = PUBLIC_IP_PREFIX_LENGTH.value;
  const { prefixLength } = input;
  const changed = existing !== null && existing.prefixLength !== prefixLength;
  if (prefixLength < shortest || prefixLength > longest || changed) {
    return err(
      azureError(
        'NotSimulated',
        `A public IP prefix of length ${prefixLength} ${changed ? `in the place of one of ${existing.prefixLength}` : `(${shortest} to ${longest})`} is not simulated in this workbook. Real Azure refuses it too.`,
      ),
    );
  }
  const sku = input.sku ?? 'Standard';
  if (existing !== null && existing.sku.name !== sku) {
    return err(
      azureError(
        'NotSimulated',
        `SKU ${sku} for public IP prefix ${existing.name}, which is ${existing.sku.name}, is not simulated in this workbook. Real Azure refuses it too.`,
      ),
    );
  }
  const block = existing?.ipPrefix ?? drawPublicPrefix(cloud, id, prefixLength);
  if (block === null) {
    return err(
      azureError(
        'NotSimulated',
        `One more public IP prefix of length ${prefixLength} is not simulated in this workbook, which hands out the documentation ranges of RFC 5737 only.`,
      ),
    );
  }
  return ok(
    putResource(cloud, {
      ...own,
      tags: input.tags ?? existing?.tags ?? null,
      type: TYPE,
      ipPrefix: block,
      prefixLength,
      publicIPAddressVersion: 'IPv4',
      sku: { name: sku, tier: 'Regional' },
      zones: input.zones ?? existing?.zones ?? null,
      ...(existing?.natGateway === undefined ? {} : { natGateway: existing.natGateway }),
      etag: nextEtag(cloud, id, existing?.etag),
      provisioningState: 'Succeeded',
    }),
  );
}

/** Sets the tags of a prefix. Errors: `ResourceGroupNotFound`, `ResourceNotFound`. */
export function tagPublicIpPrefix(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
  tags: PublicIpPrefix['tags'],
): Result<Cloud, AzureError> {
  const found = requireResource(cloud, TYPE, resourceGroup, name);
  if (!found.ok) return found;
  const { id, etag } = found.value;
  return ok(putResource(cloud, { ...found.value, tags, etag: nextEtag(cloud, id, etag) }));
}

/** Deletes a prefix; one that does not exist is no error. Error: `InUsePublicIpPrefixCannotBeDeleted`. */
export function deletePublicIpPrefix(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
): Result<Cloud, AzureError> {
  return deleteByName(cloud, TYPE, resourceGroup, name);
}
