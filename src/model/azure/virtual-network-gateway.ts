/** VPN gateways: one in each VNet at most, in its GatewaySubnet, with public addresses of their own. */
import type { Cloud } from '../cloud.ts';
import { addressPlus, formatAddress } from '../ip/address.ts';
import { lastAddress, prefix } from '../ip/prefix.ts';
import { VPN_GATEWAY_ASN, VPN_GATEWAY_CREATION_MINUTES } from '../limits/vpn-gateway.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { deleteByName } from './delete-by-name.ts';
import { azureError } from './error.ts';
import type { AzureError } from './error.ts';
import type { BgpSettings, VirtualNetworkGateway } from './gateway-resources.ts';
import { attachPublicIpAddress, detachPublicIpAddresses } from './public-ip-address.ts';
import { placeOf } from './resource-place.ts';
import {
  findResource,
  getResource,
  invalidReference,
  listResources,
  nextEtag,
  putResource,
  requireResource,
  sameId,
} from './resource-store.ts';
import { checkGatewayAddresses, checkGatewaySubnet } from './virtual-network-gateway-checks.ts';
import { networkOfGateway } from './virtual-network-gateway-presence.ts';

const TYPE = 'Microsoft.Network/virtualNetworkGateways';

export interface BgpInput {
  readonly asn?: number;
  readonly bgpPeeringAddress?: string;
  readonly peerWeight?: number;
}

export interface VirtualNetworkGatewayInput {
  readonly resourceGroup: string;
  readonly name: string;
  readonly location?: string;
  /** Id of the VNet, whose GatewaySubnet is taken. */
  readonly virtualNetworkId: string;
  /** One, or two for an active-active gateway. */
  readonly publicIpAddressIds: readonly string[];
  readonly sku: string;
  readonly vpnGatewayGeneration?: string;
  readonly bgp?: BgpInput;
  readonly enableBgp: boolean;
  readonly gatewayDefaultSiteId?: string | null;
  readonly tags?: VirtualNetworkGateway['tags'];
  /** Whether whoever asks waits until the gateway is made, or it is still being made when the request returns. */
  readonly waits: 'until-made' | 'not';
}

/**
 * Creates a VPN gateway, or replaces the properties of the one with that name. Errors: those of `placeOf`,
 * `checkGatewaySubnet`, `checkGatewayAddresses` and `attachPublicIpAddress`; `InvalidResourceReference` for
 * the default site.
 */
export function createVirtualNetworkGateway(
  cloud: Cloud,
  input: VirtualNetworkGatewayInput,
): Result<Cloud, AzureError> {
  const place = placeOf(cloud, TYPE, input);
  if (!place.ok) return place;
  const { existing, own } = place.value;
  const made = cloud.now + VPN_GATEWAY_CREATION_MINUTES.value * 60;
  const beingMade = existing === null && input.waits === 'not' && cloud.clock === 'running';
  return settle(cloud, {
    ...own,
    type: TYPE,
    tags: input.tags ?? existing?.tags ?? null,
    gatewayType: 'Vpn',
    vpnType: 'RouteBased',
    sku: { name: input.sku, tier: input.sku },
    vpnGatewayGeneration: input.vpnGatewayGeneration ?? generationOf(input.sku),
    activeActive: input.publicIpAddressIds.length === 2,
    enableBgp: input.enableBgp,
    bgpSettings: bgpOf(input.bgp ?? {}, existing?.bgpSettings ?? null),
    ...((input.gatewayDefaultSiteId ?? null) === null
      ? {}
      : { gatewayDefaultSite: { id: input.gatewayDefaultSiteId ?? '' } }),
    ...(beingMade ? { readyAt: made } : {}),
    ipConfigurations: configurations(own.id, input.virtualNetworkId, input.publicIpAddressIds),
    etag: nextEtag(cloud, own.id, existing?.etag),
    provisioningState: 'Succeeded',
  });
}

/** What to change; absent keys stay, null takes away. */
export interface VirtualNetworkGatewayChanges {
  readonly sku?: string;
  readonly virtualNetworkId?: string;
  readonly publicIpAddressIds?: readonly string[];
  readonly bgp?: BgpInput;
  readonly enableBgp?: boolean;
  readonly gatewayDefaultSiteId?: string | null;
  readonly tags?: VirtualNetworkGateway['tags'];
}

/** Changes a gateway. Errors: `ResourceGroupNotFound`, `ResourceNotFound`, and as `createVirtualNetworkGateway`. */
export function updateVirtualNetworkGateway(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
  changes: VirtualNetworkGatewayChanges,
): Result<Cloud, AzureError> {
  const found = requireResource(cloud, TYPE, resourceGroup, name);
  if (!found.ok) return found;
  const { gatewayDefaultSite, ...gateway } = found.value;
  const site =
    changes.gatewayDefaultSiteId === undefined ? gatewayDefaultSite?.id : changes.gatewayDefaultSiteId;
  const addresses =
    changes.publicIpAddressIds ?? gateway.ipConfigurations.map(({ publicIPAddress }) => publicIPAddress.id);
  const network = changes.virtualNetworkId ?? virtualNetworkId(found.value);
  return settle(cloud, {
    ...gateway,
    sku: changes.sku === undefined ? gateway.sku : { name: changes.sku, tier: changes.sku },
    activeActive: addresses.length === 2,
    enableBgp: changes.enableBgp ?? gateway.enableBgp,
    bgpSettings: bgpOf(changes.bgp ?? {}, gateway.bgpSettings),
    ...(site === undefined || site === null ? {} : { gatewayDefaultSite: { id: site } }),
    tags: changes.tags === undefined ? gateway.tags : changes.tags,
    ipConfigurations: configurations(gateway.id, network, addresses),
    etag: nextEtag(cloud, gateway.id, gateway.etag),
  });
}

/**
 * Deletes a gateway; one that does not exist is no error. Errors: `ResourceGroupNotFound`,
 * `VirtualNetworkGatewayCannotBeDeleted` while a connection uses it, `NotSimulated` while a peer does.
 */
export function deleteVirtualNetworkGateway(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
): Result<Cloud, AzureError> {
  const gateway = findResource(cloud, TYPE, resourceGroup, name);
  const user = gateway === null ? undefined : peeringThatUses(cloud, gateway);
  if (user !== undefined) {
    return err(
      azureError(
        'NotSimulated',
        `Deleting gateway ${name}, which peering ${user} uses (useRemoteGateways), is not simulated in this workbook. Real Azure refuses it too.`,
      ),
    );
  }
  return deleteByName(cloud, TYPE, resourceGroup, name);
}

/** Returns the id of the VNet that a gateway is in, as it was written. */
export function virtualNetworkId({ ipConfigurations: [first] }: VirtualNetworkGateway): string {
  return (first?.subnet.id ?? '').replace(/\/subnets\/[^/]+$/i, '');
}

function peeringThatUses(cloud: Cloud, gateway: VirtualNetworkGateway): string | undefined {
  return listResources(cloud, 'Microsoft.Network/virtualNetworks')
    .flatMap(({ virtualNetworkPeerings }) => virtualNetworkPeerings)
    .find(
      (peering) =>
        peering.useRemoteGateways && sameId(peering.remoteVirtualNetwork.id, networkOfGateway(gateway)),
    )?.id;
}

function configurations(
  id: string,
  networkId: string,
  addresses: readonly string[],
): VirtualNetworkGateway['ipConfigurations'] {
  return addresses.map((address, at) => ({
    id: `${id}/ipConfigurations/vnetGatewayConfig${at}`,
    name: `vnetGatewayConfig${at}`,
    publicIPAddress: { id: address },
    subnet: { id: `${networkId}/subnets/GatewaySubnet` },
  }));
}

/** VpnGw2 and larger may be of either; without a word they are of the first. */
function generationOf(sku: string): string {
  return sku.startsWith('VpnGw4') || sku.startsWith('VpnGw5') ? 'Generation2' : 'Generation1';
}

/** The address for BGP is filled in once the subnet is known. */
function bgpOf(wanted: BgpInput, was: BgpSettings | null): BgpSettings {
  return {
    asn: wanted.asn ?? was?.asn ?? VPN_GATEWAY_ASN.value,
    bgpPeeringAddress: wanted.bgpPeeringAddress ?? was?.bgpPeeringAddress ?? null,
    peerWeight: wanted.peerWeight ?? was?.peerWeight ?? 0,
  };
}

function settle(cloud: Cloud, gateway: VirtualNetworkGateway): Result<Cloud, AzureError> {
  const addresses = checkGatewayAddresses(
    cloud,
    gateway,
    gateway.ipConfigurations.map(({ publicIPAddress }) => publicIPAddress.id),
  );
  if (!addresses.ok) return addresses;
  const [first] = gateway.ipConfigurations;
  const subnet = checkGatewaySubnet(cloud, gateway, first?.subnet.id ?? '');
  if (!subnet.ok) return subnet;
  const site = gateway.gatewayDefaultSite?.id;
  if (site !== undefined && getResource(cloud, site, 'Microsoft.Network/localNetworkGateways') === null) {
    return err(invalidReference(site, gateway.id));
  }
  const before = getResource(cloud, gateway.id, TYPE);
  let next = (before?.ipConfigurations ?? []).reduce((so, { id }) => detachPublicIpAddresses(so, id), cloud);
  for (const [at, { id }] of gateway.ipConfigurations.entries()) {
    const held = addresses.value[at];
    const address =
      held === undefined ? null : getResource(next, held.id, 'Microsoft.Network/publicIPAddresses');
    if (address === null) throw new Error(`${gateway.id} has an address that is not there`);
    const attached = attachPublicIpAddress(next, address, id);
    if (!attached.ok) return attached;
    next = attached.value;
  }
  // The last address of the subnet that can be used: https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-bgp-overview
  const last = addressPlus(lastAddress(prefix(subnet.value.addressPrefix)), -1);
  const bgpSettings = gateway.bgpSettings && {
    ...gateway.bgpSettings,
    bgpPeeringAddress: gateway.bgpSettings.bgpPeeringAddress ?? (last === null ? null : formatAddress(last)),
  };
  return ok(
    putResource(next, {
      ...gateway,
      bgpSettings,
      ipConfigurations: gateway.ipConfigurations.map((each, at) => ({
        ...each,
        subnet: { id: subnet.value.id },
        publicIPAddress: { id: addresses.value[at]?.id ?? each.publicIPAddress.id },
      })),
    }),
  );
}
