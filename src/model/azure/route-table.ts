import type { Cloud } from '../cloud.ts';
import { formatAddress, parseAddress } from '../ip/address.ts';
import { formatPrefix } from '../ip/prefix.ts';
import {
  ROUTE_TABLES_PER_REGION,
  ROUTES_PER_ROUTE_TABLE,
  SERVICE_TAG_ROUTES_PER_ROUTE_TABLE,
} from '../limits/azure-network.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { parseAddressPrefix } from './address-space.ts';
import { azureError, notSimulated } from './error.ts';
import type { AzureError } from './error.ts';
import { requireResourceGroup } from './resource-group.ts';
import { checkNetworkName } from './resource-name.ts';
import { placeOf } from './resource-place.ts';
import { removeUnused } from './resource-removal.ts';
import {
  armKey,
  childNotFound,
  findResource,
  nextEtag,
  putResource,
  requireResource,
} from './resource-store.ts';
import type { Route, RouteNextHopType, RouteTable } from './resources.ts';
import { canonicalServiceTag, readServiceTag } from './service-tags.ts';
import { checkRoutesOnSubnets } from './subnet-route-table.ts';

const TYPE = 'Microsoft.Network/routeTables';

export interface RouteTableInput {
  readonly resourceGroup: string;
  readonly name: string;
  readonly location?: string;
  readonly disableBgpRoutePropagation?: boolean;
  readonly tags?: Readonly<Record<string, string>> | null;
}

/**
 * Creates a route table, or replaces the one with that name, whose routes are gone: the whole of it is put
 * (https://github.com/Azure/azure-cli/issues/10970, 2020-05-12: by design).
 * Errors: `ResourceGroupNotFound`, `InvalidResourceName`, `LocationNotAvailableForResourceType`,
 * `InvalidResourceLocation`, `RouteTableCountLimitReached`.
 */
export function createRouteTable(cloud: Cloud, input: RouteTableInput): Result<Cloud, AzureError> {
  const place = placeOf(cloud, TYPE, input, {
    most: ROUTE_TABLES_PER_REGION.value,
    code: 'RouteTableCountLimitReached',
    what: 'route tables',
  });
  if (!place.ok) return place;
  const { existing, own } = place.value;
  const { id } = own;
  return ok(
    putResource(cloud, {
      ...own,
      tags: input.tags ?? null,
      type: TYPE,
      disableBgpRoutePropagation: input.disableBgpRoutePropagation ?? false,
      routes: [],
      etag: nextEtag(cloud, id, existing?.etag),
      provisioningState: 'Succeeded',
    }),
  );
}

export interface RouteTableChanges {
  readonly disableBgpRoutePropagation?: boolean;
  readonly tags?: Readonly<Record<string, string>> | null;
}

/** Changes a route table; absent keys stay. Errors: `ResourceGroupNotFound`, `ResourceNotFound`. */
export function updateRouteTable(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
  changes: RouteTableChanges,
): Result<Cloud, AzureError> {
  const found = requireResource(cloud, TYPE, resourceGroup, name);
  if (!found.ok) return found;
  const table = found.value;
  return ok(
    putResource(cloud, {
      ...table,
      disableBgpRoutePropagation: changes.disableBgpRoutePropagation ?? table.disableBgpRoutePropagation,
      tags: changes.tags === undefined ? table.tags : changes.tags,
      etag: nextEtag(cloud, table.id, table.etag),
    }),
  );
}

/** Deletes a route table; one that does not exist is no error. Error: `InUseRouteTableCannotBeDeleted`. */
export function deleteRouteTable(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
): Result<Cloud, AzureError> {
  const group = requireResourceGroup(cloud, resourceGroup);
  if (!group.ok) return group;
  const table = findResource(cloud, TYPE, resourceGroup, name);
  return table === null ? ok(cloud) : removeUnused(cloud, table.id);
}

export interface RouteName {
  readonly resourceGroup: string;
  readonly routeTable: string;
  readonly name: string;
}

export interface RouteProperties {
  /** A prefix, or a service tag. */
  readonly addressPrefix: string;
  readonly nextHopType: RouteNextHopType;
  readonly nextHopIpAddress?: string | null;
}

/** Returns a route by name. Errors: `ResourceGroupNotFound`, `ResourceNotFound` (the table), `NotFound`. */
export function requireRoute(
  cloud: Cloud,
  name: RouteName,
): Result<{ readonly routeTable: RouteTable; readonly route: Route }, AzureError> {
  const table = requireResource(cloud, TYPE, name.resourceGroup, name.routeTable);
  if (!table.ok) return table;
  const route = table.value.routes.find((one) => armKey(one.name) === armKey(name.name));
  if (route === undefined) return err(childNotFound(`${table.value.id}/routes/${name.name}`));
  return ok({ routeTable: table.value, route });
}

/**
 * Creates a route, or replaces the one with that name. Errors: `InvalidResourceName`,
 * `InvalidAddressPrefixFormat`, `InvalidCIDRNotation`, `RouteConflict`, `RouteCountLimitReached`,
 * `ServiceTagRouteCountLimitReached`, `MissingNextHopIpAddress`, `NextHopIpAddressNotAllowed`,
 * `InvalidIPAddressFormat`, and those of `checkRoutesOnSubnets`.
 */
export function createRoute(
  cloud: Cloud,
  name: RouteName,
  properties: RouteProperties,
): Result<Cloud, AzureError> {
  const table = requireResource(cloud, TYPE, name.resourceGroup, name.routeTable);
  if (!table.ok) return table;
  return changeRoutes(cloud, table.value.id, [{ name: name.name, ...properties }], []);
}

/** Changes a route; absent keys stay. Errors: as `createRoute`, and `NotFound`. */
export function updateRoute(
  cloud: Cloud,
  name: RouteName,
  changes: Partial<RouteProperties>,
): Result<Cloud, AzureError> {
  const found = requireRoute(cloud, name);
  if (!found.ok) return found;
  const { routeTable, route } = found.value;
  const { addressPrefix, nextHopType, nextHopIpAddress } = route;
  return changeRoutes(
    cloud,
    routeTable.id,
    [{ name: route.name, addressPrefix, nextHopType, nextHopIpAddress, ...changes }],
    [],
  );
}

/** Deletes a route; one that does not exist is no error. Errors: the table's absence. */
export function deleteRoute(cloud: Cloud, name: RouteName): Result<Cloud, AzureError> {
  const table = requireResource(cloud, TYPE, name.resourceGroup, name.routeTable);
  return table.ok ? changeRoutes(cloud, table.value.id, [], [name.name]) : table;
}

/**
 * Puts and removes several routes of a table at once, as the cloud controller does for nodes: first
 * the removals, then the routes in order, each replacing one of its name. Errors: as `createRoute`.
 */
export function changeRoutes(
  cloud: Cloud,
  routeTableId: string,
  put: readonly (RouteProperties & { readonly name: string })[],
  remove: readonly string[],
): Result<Cloud, AzureError> {
  const table = cloud.resources[armKey(routeTableId)];
  if (table === undefined || table.type !== TYPE) return err(childNotFound(routeTableId));
  const removed = new Set(remove.map(armKey));
  const routes = new Map(
    table.routes.filter((one) => !removed.has(armKey(one.name))).map((one) => [armKey(one.name), one]),
  );
  const holders = new Map([...routes.values()].map((one) => [armKey(one.addressPrefix), one.name]));
  for (const { name, ...properties } of put) {
    const existing = routes.get(armKey(name));
    const built = buildRoute(cloud, table, existing?.name ?? name, properties, existing);
    if (!built.ok) return built;
    const holder = holders.get(armKey(built.value.addressPrefix));
    if (holder !== undefined && armKey(holder) !== armKey(name)) {
      return err(
        azureError(
          'RouteConflict',
          `Route: ${name} conflicts with Route: ${holder}. Routes cannot have the same AddressPrefix.`,
        ),
      );
    }
    if (existing !== undefined) holders.delete(armKey(existing.addressPrefix));
    holders.set(armKey(built.value.addressPrefix), built.value.name);
    routes.set(armKey(name), built.value);
  }
  if (routes.size > ROUTES_PER_ROUTE_TABLE.value && routes.size > table.routes.length) {
    return err(
      azureError(
        'RouteCountLimitReached',
        `Cannot create more than ${ROUTES_PER_ROUTE_TABLE.value} routes for route table ${table.id}.`,
      ),
    );
  }
  const tagged = (list: Iterable<Route>): number =>
    [...list].filter(({ addressPrefix }) => readServiceTag(addressPrefix) !== null).length;
  const mostTagged = SERVICE_TAG_ROUTES_PER_ROUTE_TABLE.value;
  if (tagged(routes.values()) > mostTagged && tagged(routes.values()) > tagged(table.routes)) {
    return err(
      azureError(
        // That Azure refuses the next one is documented; the name of the code is ours.
        'ServiceTagRouteCountLimitReached',
        `Cannot create more than ${mostTagged} routes with service tags for route table ${table.id}.`,
      ),
    );
  }
  const fits = checkRoutesOnSubnets(cloud, table, [...routes.values()]);
  if (!fits.ok) return fits;
  return ok(
    putResource(cloud, {
      ...table,
      routes: [...routes.values()],
      etag: nextEtag(cloud, table.id, table.etag),
    }),
  );
}

function buildRoute(
  cloud: Cloud,
  table: RouteTable,
  name: string,
  properties: RouteProperties,
  existing: Route | undefined,
): Result<Route, AzureError> {
  const named = checkNetworkName(`${TYPE}/routes`, name);
  if (!named.ok) return named;
  const id = existing?.id ?? `${table.id}/routes/${name}`;
  const addressPrefix = checkDestination(properties.addressPrefix, id);
  if (!addressPrefix.ok) return addressPrefix;
  const nextHop = checkNextHop(properties, name, id);
  if (!nextHop.ok) return nextHop;
  return ok({
    id,
    name,
    addressPrefix: addressPrefix.value,
    nextHopType: properties.nextHopType,
    nextHopIpAddress: nextHop.value,
    hasBgpOverride: false,
    etag: nextEtag(cloud, id, existing?.etag),
    provisioningState: 'Succeeded',
  });
}

/** Tags of addresses inside networks, whose routes are the system's. */
const NOT_FOR_ROUTES = ['VirtualNetwork', 'Internet', 'AzureLoadBalancer'];

/** Returns a prefix in canonical form, or a service tag as Azure spells it. */
function checkDestination(text: string, id: string): Result<string, AzureError> {
  const tag = canonicalServiceTag(text);
  if (tag === null) {
    const parsed = parseAddressPrefix(text, id);
    return parsed.ok ? ok(formatPrefix(parsed.value)) : parsed;
  }
  return NOT_FOR_ROUTES.includes(tag) || /^AzurePlatform/.test(tag)
    ? err(notSimulated(`A route to the service tag ${tag}`))
    : ok(tag);
}

function checkNextHop(
  properties: RouteProperties,
  name: string,
  id: string,
): Result<string | null, AzureError> {
  const text = properties.nextHopIpAddress ?? null;
  if (properties.nextHopType !== 'VirtualAppliance') {
    if (text === null) return ok(null);
    return err(
      azureError(
        // That Azure refuses it is documented; the name of the code is ours.
        'NextHopIpAddressNotAllowed',
        `NextHopIpAddress is only allowed in route ${name} when NextHopType is VirtualAppliance, not ${properties.nextHopType}.`,
      ),
    );
  }
  if (text === null) {
    return err(
      azureError(
        'MissingNextHopIpAddress',
        `NextHopIpAddress cannot be Null or Empty in route ${name} when NextHopType is VirtualAppliance.`,
      ),
    );
  }
  const parsed = parseAddress(text);
  if (parsed.ok) return ok(formatAddress(parsed.value));
  return err(
    azureError(
      'InvalidIPAddressFormat',
      `The next hop IP address ${text} of route ${id} is not formatted correctly. It should be an IPv4 address, for example 10.0.0.4.`,
    ),
  );
}
