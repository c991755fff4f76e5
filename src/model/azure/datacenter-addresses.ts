/**
 * Public addresses that are known to be Azure's, and what follows for service tags
 * (https://learn.microsoft.com/azure/virtual-network/service-tags-overview).
 */
import type { Cloud } from '../cloud.ts';
import { everyAddress, noAddress, setIntersect, setOf, setSubtract, setUnion } from '../ip/address-set.ts';
import type { AddressSet } from '../ip/address-set.ts';
import { parseAddress } from '../ip/address.ts';
import { hostPrefix, parsePrefix, prefix } from '../ip/prefix.ts';
import type { Prefix } from '../ip/prefix.ts';
import { hostsOutside } from '../outside-host.ts';
import { getResource, listResources } from './resource-store.ts';
import { readServiceTag } from './service-tags.ts';

/** Space that no router of the internet carries: IANA's special-purpose registry, RFC 6890, less the documentation ranges. */
const NOT_ON_THE_INTERNET = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '168.63.129.16/32',
  '224.0.0.0/3',
].map(prefix);

/** Addresses that the internet routes. RFC 5737's documentation ranges count: they play the public ones here. */
export const PUBLIC: AddressSet = setSubtract(everyAddress, setOf(...NOT_ON_THE_INTERNET));

/** The key of addresses of which it is known that they are none of Azure's. */
const OUTSIDE_AZURE = 'outside Azure';

/** Datacenter addresses by region, the region in small letters; and those outside of all regions. */
export type HeldAddresses = ReadonlyMap<string, AddressSet>;

/**
 * Returns the public addresses of which it is known whether they are Azure's. In a region are those that
 * subscriptions hold, alone or as prefixes, and those of the clusters' API servers. Outside are the hosts of the
 * internet, but for those that play a part of Microsoft's.
 */
export function heldAddresses(
  cloud: Cloud,
  readPrefix: (text: string) => Prefix | null = prefixOf,
): HeldAddresses {
  const held = new Map<string, Prefix[]>();
  const hold = (location: string, text: string | null): void => {
    const found = text === null ? null : readPrefix(text);
    if (found === null) return;
    const region = location === OUTSIDE_AZURE ? location : location.toLowerCase();
    const known = held.get(region);
    if (known === undefined) held.set(region, [found]);
    else known.push(found);
  };
  for (const { location, ipAddress } of listResources(cloud, 'Microsoft.Network/publicIPAddresses')) {
    hold(location, ipAddress);
  }
  for (const { location, ipPrefix } of listResources(cloud, 'Microsoft.Network/publicIPPrefixes')) {
    hold(location, ipPrefix);
  }
  for (const [key, state] of Object.entries(cloud.kubernetes)) {
    const cluster = getResource(cloud, key, 'Microsoft.ContainerService/ManagedClusters');
    if (cluster !== null) hold(cluster.location, state.controlPlane.apiServer.address);
  }
  for (const host of hostsOutside(cloud)) {
    if (host.kind === 'internet' && !host.dnsNames.some(isMicrosofts)) hold(OUTSIDE_AZURE, host.address);
  }
  return new Map([...held].map(([region, prefixes]) => [region, setIntersect(PUBLIC, setOf(...prefixes))]));
}

/** Names under which Azure's own services and Microsoft's others are known, front doors of theirs among them. */
function isMicrosofts(name: string): boolean {
  return /(^|\.)(azure|microsoft|microsoftonline|windows|azureedge|azmk8s|azurecr|azurefd|azurewebsites|msedge|live|office|visualstudio|opinsights)(\.[a-z]+)+$/i.test(
    name,
  );
}

function prefixOf(text: string): Prefix | null {
  const parsed = parsePrefix(text);
  if (parsed.ok) return parsed.value;
  const single = parseAddress(text);
  return single.ok ? hostPrefix(single.value) : null;
}

/** What a tag of Azure's services contains for certain, and what besides may be in it. */
export interface AzureTagContent {
  readonly certain: AddressSet;
  readonly maybe: AddressSet;
}

/**
 * AzureCloud holds all public addresses of Azure's datacenters, and so those that subscriptions hold: in
 * the tag of a region those of that region, and none of another one. Tags of services hold addresses of
 * services, none that a subscription holds. Neither holds what is outside. The rest of the public space is unknown.
 */
export function azureTagContent(tag: string, held: HeldAddresses): AzureTagContent {
  const all = setUnion(...[...held].flatMap(([region, set]) => (region === OUTSIDE_AZURE ? [] : [set])));
  const maybe = setSubtract(PUBLIC, setUnion(all, held.get(OUTSIDE_AZURE) ?? noAddress));
  const known = readServiceTag(tag);
  if (known?.name !== 'AzureCloud') return { certain: noAddress, maybe };
  return { certain: known.region === null ? all : (held.get(known.region) ?? noAddress), maybe };
}
