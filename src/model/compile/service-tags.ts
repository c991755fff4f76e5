/**
 * What a service tag contains, seen from the NICs of one subnet
 * (https://learn.microsoft.com/azure/virtual-network/service-tags-overview).
 */
import { listResources } from '../azure/resource-store.ts';
import { readServiceTag } from '../azure/service-tags.ts';
import type { Cloud } from '../cloud.ts';
import { address } from '../ip/address.ts';
import { everyAddress, noAddress, setOf, setOfAddresses, setSubtract, setUnion } from '../ip/address-set.ts';
import type { AddressSet } from '../ip/address-set.ts';
import { prefix } from '../ip/prefix.ts';
import type { Prefix } from '../ip/prefix.ts';
import { AZURE_PLATFORM_ADDRESSES } from '../limits/azure-network.ts';
import type { EffectiveRoute } from './effective-routes.ts';
import type { ParsedText } from './parsed-text.ts';

export const WIRE_SERVER = address(AZURE_PLATFORM_ADDRESSES.value.wireServer);
export const INSTANCE_METADATA = address(AZURE_PLATFORM_ADDRESSES.value.instanceMetadata);
export const PLATFORM: AddressSet = setOfAddresses([WIRE_SERVER, INSTANCE_METADATA]);

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

export type TagContent =
  | {
      readonly kind: 'set';
      readonly set: AddressSet;
      readonly ports?: readonly number[];
      /** May be in it too. */
      readonly maybe?: AddressSet;
    }
  /** Part of `within`, but nobody here knows which part. */
  | { readonly kind: 'unknown'; readonly within: AddressSet };

export interface ServiceTags {
  readonly virtualNetwork: AddressSet;
  readonly internet: AddressSet;
  /** Pod ranges of the Overlay clusters whose nodes are here. */
  readonly overlay: AddressSet;
  /** Azure's public addresses that are known here, by region: those that subscriptions hold. Absent: none. */
  readonly held?: ReadonlyMap<string, AddressSet>;
}

/**
 * Returns the tags whose content depends on the place. VirtualNetwork holds the address space of the
 * VNet, that of peers whose link has allowVirtualNetworkAccess, what a gateway announces, the host's
 * virtual address, and the prefixes of the subnet's user-defined routes: that is how pod ranges of
 * kubenet come in. Routes to `Internet` are left out:
 * they name public space, which the documentation counts under the Internet tag.
 */
export function serviceTagsOf(
  addressSpace: readonly Prefix[],
  learned: readonly Prefix[],
  routes: readonly EffectiveRoute[],
  overlay: readonly Prefix[],
  held?: ReadonlyMap<string, AddressSet>,
): ServiceTags {
  const userDefined = routes
    .filter((each) => each.source === 'User' && each.nextHopType !== 'Internet')
    .map((each) => each.prefix);
  const peered = routes
    .filter((each) => each.peer?.peering.allowVirtualNetworkAccess)
    .map((each) => each.prefix);
  const near = [...addressSpace, ...peered, ...learned];
  return {
    virtualNetwork: setOf(...near, ...userDefined, prefix('168.63.129.16/32')),
    internet: setSubtract(PUBLIC, setOf(...near, ...overlay)),
    overlay: setOf(...overlay),
    ...(held === undefined ? {} : { held }),
  };
}

/** Returns the public addresses and prefixes that all subscriptions hold, by region: all are datacenter addresses. */
export function heldAddresses(cloud: Cloud, text: ParsedText): ReadonlyMap<string, AddressSet> {
  const held = new Map<string, Prefix[]>();
  const hold = (location: string, address: string | null): void => {
    const prefix = address === null ? null : text.prefix(address);
    if (prefix === null) return;
    const known = held.get(location);
    if (known === undefined) held.set(location, [prefix]);
    else known.push(prefix);
  };
  for (const { location, ipAddress } of listResources(cloud, 'Microsoft.Network/publicIPAddresses')) {
    hold(location, ipAddress);
  }
  for (const { location, ipPrefix } of listResources(cloud, 'Microsoft.Network/publicIPPrefixes')) {
    hold(location, ipPrefix);
  }
  return new Map([...held].map(([location, prefixes]) => [location, setOf(...prefixes)]));
}

/**
 * Returns what a tag contains, in a rule of that kind. Which public addresses Azure's own services have is
 * not simulated.
 *
 * Whether VirtualNetwork holds an Overlay cluster's podCidr is not documented (asked and left open in
 * MicrosoftDocs/azure-docs issue 117857). Pods of different nodes reach each other under an NSG with
 * nothing but Azure's default rules, so AllowVnetInBound and AllowVnetOutBound must take them in. A rule
 * of one's own that names the tag says nothing certain about pods: the documentation asks for rules with
 * the pod range itself (concepts-network-azure-cni-overlay, 2026-07-31).
 */
export function tagContent(tag: string, tags: ServiceTags, rule: 'default' | 'custom'): TagContent {
  switch (tag.toLowerCase()) {
    case 'virtualnetwork':
      return rule === 'default'
        ? { kind: 'set', set: setUnion(tags.virtualNetwork, tags.overlay) }
        : { kind: 'set', set: tags.virtualNetwork, maybe: tags.overlay };
    case 'internet':
      return { kind: 'set', set: tags.internet };
    case 'azureloadbalancer':
      return { kind: 'set', set: setOfAddresses([WIRE_SERVER]) };
    case 'azureplatformdns':
      return { kind: 'set', set: setOfAddresses([WIRE_SERVER]), ports: [53] };
    case 'azureplatformimds':
      return { kind: 'set', set: setOfAddresses([INSTANCE_METADATA]) };
    case 'azureplatformlkm':
      return { kind: 'set', set: setOf() };
  }
  return azureTagContent(tag, tags.held ?? new Map());
}

/**
 * AzureCloud holds all public addresses of Azure's datacenters, and so those that subscriptions hold: in
 * the tag of a region those of that region, and none of another one. Tags of services hold addresses of
 * services, none that a subscription holds. The rest of the public space is unknown.
 */
function azureTagContent(tag: string, held: ReadonlyMap<string, AddressSet>): TagContent {
  const all = setUnion(...held.values());
  const within = setSubtract(PUBLIC, all);
  const known = readServiceTag(tag);
  if (known?.name !== 'AzureCloud') return { kind: 'unknown', within };
  const own = known.region === null ? all : (held.get(known.region) ?? noAddress);
  return { kind: 'set', set: own, maybe: within };
}

/** Reports whether a tag names the platform's own services, which only rules with such a tag filter. */
export function isPlatformTag(text: string | null): boolean {
  return text !== null && /^azureplatform(dns|imds|lkm)$/i.test(text);
}
