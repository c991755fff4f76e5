/** Connections: the tunnel from a VPN gateway to the device of a site. */
import type { Cloud } from '../cloud.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { deleteByName } from './delete-by-name.ts';
import type { AzureError } from './error.ts';
import type { LocalNetworkGateway, VirtualNetworkGateway, VpnConnection } from './gateway-resources.ts';
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
import { refusedWithoutCode } from './virtual-network-gateway-checks.ts';
import { notProvisioned } from './virtual-network-gateway-presence.ts';

const TYPE = 'Microsoft.Network/connections';

export interface VpnConnectionInput {
  readonly resourceGroup: string;
  readonly name: string;
  readonly location?: string;
  readonly virtualNetworkGatewayId: string;
  readonly localNetworkGatewayId: string;
  readonly sharedKey: string;
  readonly enableBgp: boolean;
  readonly routingWeight?: number;
  readonly tags?: VpnConnection['tags'];
}

/**
 * Creates a connection, or replaces the one with that name. Errors: those of `placeOf`,
 * `InvalidResourceReference`, `ReferencedResourceNotProvisioned` while the gateway is being made, and
 * `NotSimulated` for a second connection between the same two or for BGP that one of them does not speak.
 */
export function createVpnConnection(cloud: Cloud, input: VpnConnectionInput): Result<Cloud, AzureError> {
  const place = placeOf(cloud, TYPE, input);
  if (!place.ok) return place;
  const { existing, own } = place.value;
  return settle(cloud, {
    ...own,
    type: TYPE,
    tags: input.tags ?? existing?.tags ?? null,
    connectionType: 'IPsec',
    virtualNetworkGateway1: { id: input.virtualNetworkGatewayId },
    localNetworkGateway2: { id: input.localNetworkGatewayId },
    sharedKey: input.sharedKey,
    enableBgp: input.enableBgp,
    routingWeight: input.routingWeight ?? 10,
    etag: nextEtag(cloud, own.id, existing?.etag),
    provisioningState: 'Succeeded',
  });
}

/** What to change; absent keys stay. */
export type VpnConnectionChanges = Partial<
  Pick<VpnConnection, 'sharedKey' | 'enableBgp' | 'routingWeight' | 'tags'>
>;

/** Changes a connection. Errors: `ResourceGroupNotFound`, `ResourceNotFound`, and as `createVpnConnection`. */
export function updateVpnConnection(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
  changes: VpnConnectionChanges,
): Result<Cloud, AzureError> {
  const found = requireResource(cloud, TYPE, resourceGroup, name);
  if (!found.ok) return found;
  return settle(cloud, {
    ...found.value,
    ...changes,
    etag: nextEtag(cloud, found.value.id, found.value.etag),
  });
}

/** Deletes a connection; one that does not exist is no error. */
export function deleteVpnConnection(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
): Result<Cloud, AzureError> {
  return deleteByName(cloud, TYPE, resourceGroup, name);
}

function settle(cloud: Cloud, connection: VpnConnection): Result<Cloud, AzureError> {
  const { id, location } = connection;
  const gateway = getResource(
    cloud,
    connection.virtualNetworkGateway1.id,
    'Microsoft.Network/virtualNetworkGateways',
  );
  if (gateway?.location !== location) {
    return err(invalidReference(connection.virtualNetworkGateway1.id, id));
  }
  const site = getResource(
    cloud,
    connection.localNetworkGateway2.id,
    'Microsoft.Network/localNetworkGateways',
  );
  if (site === null) return err(invalidReference(connection.localNetworkGateway2.id, id));
  const refusal =
    notProvisioned(cloud, gateway, id) ?? second(cloud, connection) ?? noBgp(connection, gateway, site);
  if (refusal !== null) return err(refusal);
  return ok(
    putResource(cloud, {
      ...connection,
      virtualNetworkGateway1: { id: gateway.id },
      localNetworkGateway2: { id: site.id },
    }),
  );
}

function second(cloud: Cloud, connection: VpnConnection): AzureError | null {
  const other = listResources(cloud, TYPE).find(
    (one) =>
      !sameId(one.id, connection.id) &&
      sameId(one.virtualNetworkGateway1.id, connection.virtualNetworkGateway1.id) &&
      sameId(one.localNetworkGateway2.id, connection.localNetworkGateway2.id),
  );
  return other === undefined
    ? null
    : refusedWithoutCode(
        `A second connection between the same gateways, which ${other.name} connects already,`,
      );
}

function noBgp(
  { enableBgp }: VpnConnection,
  gateway: VirtualNetworkGateway,
  site: LocalNetworkGateway,
): AzureError | null {
  if (!enableBgp) return null;
  if (!gateway.enableBgp) {
    return refusedWithoutCode(`A connection with BGP from gateway ${gateway.name}, which has BGP disabled,`);
  }
  return site.bgpSettings === null || site.bgpSettings.bgpPeeringAddress === null
    ? refusedWithoutCode(
        `A connection with BGP to local gateway ${site.name}, which has no ASN and no address for BGP,`,
      )
    : null;
}

/** The connections of one gateway, in order of creation. */
export function connectionsOf(cloud: Cloud, gateway: VirtualNetworkGateway): readonly VpnConnection[] {
  return listResources(cloud, TYPE).filter((one) => sameId(one.virtualNetworkGateway1.id, gateway.id));
}

/** Returns a connection by name, or null. */
export function findVpnConnection(cloud: Cloud, resourceGroup: string, name: string): VpnConnection | null {
  return findResource(cloud, TYPE, resourceGroup, name);
}
