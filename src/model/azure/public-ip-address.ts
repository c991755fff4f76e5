import type { Cloud } from '../cloud.ts';
import {
  DOMAIN_NAME_LABEL,
  PUBLIC_IP_ADDRESSES_PER_REGION,
  PUBLIC_IP_IDLE_TIMEOUT,
} from '../limits/azure-network.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { deleteByName } from './delete-by-name.ts';
import { azureError } from './error.ts';
import type { AzureError } from './error.ts';
import { drawPublicAddress, freePublicAddress } from './public-address-draw.ts';
import { placeOf } from './resource-place.ts';
import {
  getResource,
  invalidReference,
  listResources,
  nextEtag,
  putResource,
  requireResource,
  sameId,
} from './resource-store.ts';
import type { PublicIpAddress, PublicIpPrefix } from './resources.ts';

const TYPE = 'Microsoft.Network/publicIPAddresses';

export interface PublicIpAddressInput {
  readonly resourceGroup: string;
  readonly name: string;
  readonly location?: string;
  readonly allocationMethod?: PublicIpAddress['publicIPAllocationMethod'];
  readonly idleTimeoutInMinutes?: number;
  /** `Standard` if absent; StandardV2 addresses are for StandardV2 NAT gateways alone. */
  readonly sku?: Exclude<PublicIpAddress['sku']['name'], 'Basic'>;
  readonly zones?: readonly string[] | null;
  readonly tags?: Readonly<Record<string, string>> | null;
  /** First part of the name `LABEL.REGION.cloudapp.azure.com`; none if absent or null. */
  readonly dnsLabel?: string | null;
  readonly ipTags?: PublicIpAddress['ipTags'];
  /** Id of the prefix that the address comes from, with its zones; any address if absent or null. */
  readonly publicIPPrefixId?: string | null;
}

/**
 * Creates a Standard public address, or changes the one with that name, whose address stays. Errors:
 * `ResourceGroupNotFound`, `InvalidResourceName`, `LocationNotAvailableForResourceType`,
 * `InvalidResourceLocation`, `PublicIPAddressAllocationMethodNotSupported`,
 * `PublicIPAddressIdleTimeoutInvalid`, `PublicIPCountLimitReached`, `InvalidDomainNameLabel`, `DnsRecordInUse`,
 * `InvalidResourceReference` for the prefix; `NotSimulated` for another SKU than the address or its prefix has.
 */
export function createPublicIpAddress(cloud: Cloud, input: PublicIpAddressInput): Result<Cloud, AzureError> {
  const place = placeOf(cloud, TYPE, input, {
    most: PUBLIC_IP_ADDRESSES_PER_REGION.value,
    code: 'PublicIPCountLimitReached',
    what: 'public IP addresses',
  });
  if (!place.ok) return place;
  const { existing, own } = place.value;
  const { id } = own;
  const from = prefixOf(
    cloud,
    input.publicIPPrefixId ?? existing?.publicIPPrefix?.id ?? null,
    id,
    own.location,
  );
  if (!from.ok) return from;
  const sku = input.sku ?? 'Standard';
  const unfit = checkSku(sku, existing, from.value);
  if (unfit !== null) return err(unfit);
  const address =
    existing?.ipAddress ??
    (from.value === null
      ? drawPublicAddress(cloud, input.name, id)
      : freePublicAddress(cloud, from.value.ipPrefix));
  if (address === null) {
    return err(
      azureError(
        'PublicIPAddressPoolExhausted',
        from.value === null
          ? `No public IP address is left for ${id}: this workbook hands out the documentation ranges of RFC 5737 only.`
          : `No public IP address is left for ${id} in public IP prefix ${from.value.id} (${from.value.ipPrefix}).`,
      ),
    );
  }
  return settle(cloud, {
    ...own,
    tags: input.tags ?? existing?.tags ?? null,
    type: TYPE,
    ipAddress: address,
    publicIPAllocationMethod: input.allocationMethod ?? 'Static',
    publicIPAddressVersion: 'IPv4',
    idleTimeoutInMinutes: input.idleTimeoutInMinutes ?? PUBLIC_IP_IDLE_TIMEOUT.value.lowest,
    sku: { name: sku, tier: 'Regional' },
    zones: input.zones ?? from.value?.zones ?? null,
    ipConfiguration: existing?.ipConfiguration ?? null,
    ...(existing?.natGateway === undefined ? {} : { natGateway: existing.natGateway }),
    etag: nextEtag(cloud, id, existing?.etag),
    provisioningState: 'Succeeded',
    ...dnsSettings(input.dnsLabel ?? null, own.location),
    ...(input.ipTags === undefined || input.ipTags.length === 0 ? {} : { ipTags: input.ipTags }),
    ...(from.value === null ? {} : { publicIPPrefix: { id: from.value.id } }),
  });
}

function prefixOf(
  cloud: Cloud,
  prefixId: string | null,
  id: string,
  location: string,
): Result<PublicIpPrefix | null, AzureError> {
  if (prefixId === null) return ok(null);
  const found = getResource(cloud, prefixId, 'Microsoft.Network/publicIPPrefixes');
  return found?.location === location ? ok(found) : err(invalidReference(prefixId, id));
}

/** Azure refuses these too, with codes that are not documented. */
function checkSku(
  sku: PublicIpAddress['sku']['name'],
  existing: PublicIpAddress | null,
  from: PublicIpPrefix | null,
): AzureError | null {
  const refused = (what: string): AzureError =>
    azureError('NotSimulated', `${what} is not simulated in this workbook. Real Azure refuses it too.`);
  if (existing !== null && existing.sku.name !== sku) {
    return refused(`SKU ${sku} for public IP address ${existing.name}, which is ${existing.sku.name},`);
  }
  if (from === null || existing !== null) return null;
  if (from.sku.name !== sku) {
    return refused(`A ${sku} address of the ${from.sku.name} public IP prefix ${from.name}`);
  }
  return from.natGateway === undefined
    ? null
    : refused(
        `An address of public IP prefix ${from.name}, which NAT gateway ${from.natGateway.id} has whole,`,
      );
}

/** Returns the DNS settings of a label as ARM prints them; nothing for none. */
function dnsSettings(label: string | null, location: string): Pick<PublicIpAddress, 'dnsSettings'> {
  if (label === null || label === '') return {};
  return { dnsSettings: { domainNameLabel: label, fqdn: `${label}.${location}.cloudapp.azure.com` } };
}

export interface PublicIpAddressChanges {
  readonly allocationMethod?: PublicIpAddress['publicIPAllocationMethod'];
  readonly idleTimeoutInMinutes?: number;
  readonly tags?: Readonly<Record<string, string>> | null;
  /** Null takes the label away. */
  readonly dnsLabel?: string | null;
}

/** Changes a public address; absent keys stay. Errors: as `createPublicIpAddress`, and `ResourceNotFound`. */
export function updatePublicIpAddress(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
  changes: PublicIpAddressChanges,
): Result<Cloud, AzureError> {
  const found = requireResource(cloud, TYPE, resourceGroup, name);
  if (!found.ok) return found;
  const address = found.value;
  const { dnsSettings: named, ...unnamed } = address;
  const label = changes.dnsLabel === undefined ? (named?.domainNameLabel ?? null) : changes.dnsLabel;
  return settle(cloud, {
    ...unnamed,
    ...dnsSettings(label, address.location),
    publicIPAllocationMethod: changes.allocationMethod ?? address.publicIPAllocationMethod,
    idleTimeoutInMinutes: changes.idleTimeoutInMinutes ?? address.idleTimeoutInMinutes,
    tags: changes.tags === undefined ? address.tags : changes.tags,
    etag: nextEtag(cloud, address.id, address.etag),
  });
}

/** Deletes a public address; one that does not exist is no error. Error: `PublicIPAddressCannotBeDeleted`. */
export function deletePublicIpAddress(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
): Result<Cloud, AzureError> {
  return deleteByName(cloud, TYPE, resourceGroup, name);
}

/**
 * Returns the cloud in which `address` belongs to the IP configuration (or frontend) with this id.
 * Errors: `PublicIPAddressInUse` if another one holds it, or a NAT gateway; `PublicIPAndLBSkuDoNotMatch` or
 * `NotSimulated` for a StandardV2 address, which is for NAT gateways alone
 * (https://learn.microsoft.com/azure/nat-gateway/troubleshoot-nat).
 */
export function attachPublicIpAddress(
  cloud: Cloud,
  address: PublicIpAddress,
  holderId: string,
): Result<Cloud, AzureError> {
  const holder = address.ipConfiguration ?? address.natGateway ?? null;
  if (holder !== null && !sameId(holder.id, holderId)) {
    return err(
      azureError(
        'PublicIPAddressInUse',
        `Resource ${holderId} is referencing public IP address ${address.id} that is already allocated to resource ${holder.id}.`,
      ),
    );
  }
  if (address.sku.name === 'StandardV2') return err(forNatGatewaysOnly(address, holderId));
  return ok(putResource(cloud, { ...address, ipConfiguration: { id: holderId } }));
}

/** The code for a load balancer, with its text, is that of any other mismatch of SKUs (https://github.com/Azure/terraform-azurerm-loadbalancer/issues/32). */
function forNatGatewaysOnly(address: PublicIpAddress, holderId: string): AzureError {
  const [balancer, frontend] = holderId.split(/\/frontendIPConfigurations\//i);
  if (frontend !== undefined) {
    return azureError(
      'PublicIPAndLBSkuDoNotMatch',
      `Standard sku load balancer ${balancer ?? ''} cannot reference ${address.sku.name} sku publicIP ${address.id}.`,
    );
  }
  return azureError(
    'NotSimulated',
    `The StandardV2 address ${address.name} on anything but a StandardV2 NAT gateway is not simulated in this workbook. Real Azure refuses it too.`,
  );
}

/** Returns the cloud in which no public address belongs to the holder with this id. */
export function detachPublicIpAddresses(cloud: Cloud, holderId: string): Cloud {
  return listResources(cloud, TYPE)
    .filter((one) => one.ipConfiguration !== null && sameId(one.ipConfiguration.id, holderId))
    .reduce((next, one) => putResource(next, { ...one, ipConfiguration: null }), cloud);
}

function settle(cloud: Cloud, address: PublicIpAddress): Result<Cloud, AzureError> {
  if (address.publicIPAllocationMethod === 'Dynamic') {
    return err(
      azureError(
        'PublicIPAddressAllocationMethodNotSupported',
        `Standard sku publicIp ${address.id} must have AllocationMethod set to Static.`,
      ),
    );
  }
  const { lowest, highest } = PUBLIC_IP_IDLE_TIMEOUT.value;
  if (address.idleTimeoutInMinutes < lowest || address.idleTimeoutInMinutes > highest) {
    return err(
      azureError(
        'PublicIPAddressIdleTimeoutInvalid',
        `The idle timeout of public IP address ${address.id} must be between ${lowest} and ${highest} minutes. Value provided: ${address.idleTimeoutInMinutes}.`,
      ),
    );
  }
  const unusable = checkDnsName(cloud, address);
  return unusable === null ? ok(putResource(cloud, address)) : err(unusable);
}

/** A label is unique in its region, over all subscriptions. */
function checkDnsName(cloud: Cloud, { id, dnsSettings: named }: PublicIpAddress): AzureError | null {
  if (named === undefined) return null;
  const pattern = DOMAIN_NAME_LABEL.value;
  if (!new RegExp(pattern).test(named.domainNameLabel)) {
    return azureError(
      'InvalidDomainNameLabel',
      `The domain name label ${named.domainNameLabel} is invalid. It must conform to the following regular expression: ${pattern}.`,
    );
  }
  const used = listResources(cloud, TYPE).some(
    (one) => !sameId(one.id, id) && one.dnsSettings?.fqdn.toLowerCase() === named.fqdn.toLowerCase(),
  );
  if (!used) return null;
  return azureError('DnsRecordInUse', `DNS record ${named.fqdn} is already used by another public IP.`);
}
