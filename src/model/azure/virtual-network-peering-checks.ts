/**
 * What Azure refuses about a peering. Wording: error messages of real deployments, as published in
 * Azure/ResourceModules issue 731, hashicorp/terraform-provider-azurerm issues 2872 and 14051,
 * hashicorp/terraform issue 30569.
 */
import type { Cloud } from '../cloud.ts';
import { prefix, prefixesOverlap } from '../ip/prefix.ts';
import { PEERINGS_PER_VIRTUAL_NETWORK } from '../limits/peering.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { azureError } from './error.ts';
import type { AzureError } from './error.ts';
import { getResource, sameId } from './resource-store.ts';
import type { VirtualNetwork, VirtualNetworkPeering } from './resources.ts';
import { gatewayOf, hasGateway, notProvisioned } from './virtual-network-gateway-presence.ts';

const MORE = 'For more information please refer to https://aka.ms/VnetPeeringInfo';

/** A peering about to be stored: `local` has it, `remote` is what it names. */
export interface PeeringRequest {
  readonly local: VirtualNetwork;
  readonly remote: VirtualNetwork;
  readonly peering: VirtualNetworkPeering;
}

/** Returns the peering by which a VNet refers to another one, or null. */
export function peeringTo(vnet: VirtualNetwork, remoteId: string): VirtualNetworkPeering | null {
  return vnet.virtualNetworkPeerings.find((one) => sameId(one.remoteVirtualNetwork.id, remoteId)) ?? null;
}

/**
 * Checks that a peering may be stored. Errors: `AnotherPeeringAlreadyReferencesRemoteVnet`, too many
 * peerings, `VnetAddressSpacesOverlap`, `VnetAddressSpaceOverlapsWithAlreadyPeeredVnet`,
 * `RemotePeeringIsDisconnected`, `RemoteVnetHasNoGateways` and what else gateways need.
 */
export function checkPeering(cloud: Cloud, request: PeeringRequest): Result<null, AzureError> {
  const refusal =
    secondReference(request) ??
    tooMany(request) ??
    overlap(request) ??
    overlapWithThird(request) ??
    disconnectedRemote(request) ??
    missingGateway(cloud, request);
  return refusal === null ? ok(null) : err(refusal);
}

/** Refuses a new address space of a VNet that overlaps one it is peered with, as last synced or as of now. */
export function checkPeeredSpace(
  cloud: Cloud,
  vnet: VirtualNetwork,
  addressPrefixes: readonly string[],
): Result<null, AzureError> {
  for (const peering of vnet.virtualNetworkPeerings) {
    const remote = getResource(cloud, peering.remoteVirtualNetwork.id, 'Microsoft.Network/virtualNetworks');
    const overlapping = overlaps(addressPrefixes, [
      ...peering.remoteAddressSpace.addressPrefixes,
      ...(remote?.addressSpace.addressPrefixes ?? []),
    ]);
    if (overlapping.length === 0) continue;
    return err(
      azureError(
        'VnetAddressSpaceOverlapsWithAlreadyPeeredVnet',
        `Cannot update address space of virtual network ${vnet.id} because it overlaps with address space of virtual network ${peering.remoteVirtualNetwork.id} already peered with it. Overlapping address prefixes: ${unique(overlapping.map(([own]) => own))}. ${MORE}`,
      ),
    );
  }
  return ok(null);
}

function secondReference({ local, remote, peering }: PeeringRequest): AzureError | null {
  const other = peeringTo(local, remote.id);
  if (other === null || sameId(other.id, peering.id)) return null;
  return azureError(
    'AnotherPeeringAlreadyReferencesRemoteVnet',
    `Peering ${other.id} already references remote virtual network ${remote.id}. Cannot add another peering referencing the same remote virtual network.`,
  );
}

function tooMany({ local, peering }: PeeringRequest): AzureError | null {
  const isNew = !local.virtualNetworkPeerings.some((one) => sameId(one.id, peering.id));
  if (!isNew || local.virtualNetworkPeerings.length < PEERINGS_PER_VIRTUAL_NETWORK.value) return null;
  return azureError(
    'VnetPeeringCountLimitReached',
    `Cannot create more than ${PEERINGS_PER_VIRTUAL_NETWORK.value} peerings for virtual network ${local.id}.`,
  );
}

function overlap({ local, remote, peering }: PeeringRequest): AzureError | null {
  const overlapping = overlaps(local.addressSpace.addressPrefixes, remote.addressSpace.addressPrefixes);
  if (overlapping.length === 0) return null;
  return azureError(
    'VnetAddressSpacesOverlap',
    `Cannot create or update peering ${peering.id}. Virtual networks ${local.id} and ${remote.id} cannot be peered because their address spaces overlap. Overlapping address prefixes: ${overlapping.flat().join(', ')}. ${MORE}`,
  );
}

/** A third VNet counts as peered while any peering names it, even a disconnected one. */
function overlapWithThird({ local, remote, peering }: PeeringRequest): AzureError | null {
  const sides = [
    { from: local, which: 'first', to: remote, whose: 'second' },
    { from: remote, which: 'second', to: local, whose: 'first' },
  ];
  for (const { from, which, to, whose } of sides) {
    for (const third of to.virtualNetworkPeerings) {
      if (sameId(third.remoteVirtualNetwork.id, from.id)) continue;
      const overlapping = overlaps(
        from.addressSpace.addressPrefixes,
        third.remoteAddressSpace.addressPrefixes,
      );
      if (overlapping.length === 0) continue;
      return azureError(
        'VnetAddressSpaceOverlapsWithAlreadyPeeredVnet',
        `Cannot create or update peering ${peering.id}. Virtual networks ${local.id} and ${remote.id} cannot be peered because address space of the ${which} virtual network overlaps with address space of virtual network ${third.remoteVirtualNetwork.id} already peered with the ${whose} virtual network. Overlapping address prefixes: ${unique(overlapping.map(([own]) => own))}. ${MORE}`,
      );
    }
  }
  return null;
}

function disconnectedRemote({ local, remote, peering }: PeeringRequest): AzureError | null {
  const back = peeringTo(remote, local.id);
  if (back?.peeringState !== 'Disconnected') return null;
  return azureError(
    'RemotePeeringIsDisconnected',
    `Cannot create or update peering ${peering.id} because remote peering ${back.id} referencing parent virtual network ${local.id} is in Disconnected state. Update or re-create the remote peering to get it back to Initiated state. Peering gets Disconnected when remote vnet or remote peering is deleted and re-created.`,
  );
}

function missingGateway(cloud: Cloud, { local, remote, peering }: PeeringRequest): AzureError | null {
  const back = peeringTo(remote, local.id);
  if (!peering.allowGatewayTransit && back?.useRemoteGateways === true) {
    return azureError(
      'RemotePeeringUsesGateways',
      `Peering ${peering.id} cannot have AllowGatewayTransit flag set to false, because corresponding remote peering ${back.id} has UseRemoteGateways flag set to true.`,
    );
  }
  if (!peering.useRemoteGateways) return null;
  const cannot = `Peering ${peering.id} cannot have UseRemoteGateways flag set to true`;
  const other = local.virtualNetworkPeerings.find(
    (one) => one.useRemoteGateways && !sameId(one.id, peering.id),
  );
  if (other !== undefined) {
    return azureError(
      'AnotherPeeringAlreadyUsesRemoteGateways',
      `${cannot}, because another peering ${other.id} already has UseRemoteGateways flag set to true.`,
    );
  }
  if (peering.allowGatewayTransit) {
    return azureError(
      'PeeringGatewayFlagsConflict',
      `${cannot}, because it has AllowGatewayTransit flag set to true.`,
    );
  }
  if (hasGateway(cloud, local)) {
    return azureError(
      'VnetHasGateways',
      `${cannot}, because virtual network ${local.id} already has a gateway.`,
    );
  }
  if (!hasGateway(cloud, remote)) {
    return azureError(
      'RemoteVnetHasNoGateways',
      `Peering ${peering.id} cannot have UseRemoteGateway flag set to true because remote virtual network ${remote.id} referenced by the peering does not have any gateways.`,
    );
  }
  const gateway = gatewayOf(cloud, remote);
  const beingMade = gateway === null ? null : notProvisioned(cloud, gateway, peering.id);
  if (beingMade !== null) return beingMade;
  if (back !== null && !back.allowGatewayTransit) {
    return azureError(
      'RemotePeeringDoesNotAllowGatewayTransit',
      `${cannot}, because corresponding remote peering ${back.id} has AllowGatewayTransit flag set to false.`,
    );
  }
  return null;
}

/** The pairs of prefixes that overlap, one from each side. */
function overlaps(own: readonly string[], others: readonly string[]): readonly (readonly [string, string])[] {
  return own.flatMap((one) =>
    others
      .filter((other) => prefixesOverlap(prefix(one), prefix(other)))
      .map((other) => [one, other] as const),
  );
}

function unique(texts: readonly string[]): string {
  return [...new Set(texts)].join(', ');
}
