/**
 * What a service tag contains, seen from the NICs of one subnet
 * (https://learn.microsoft.com/azure/virtual-network/service-tags-overview).
 */
import { azureTagContent, PUBLIC } from '../azure/datacenter-addresses.ts';
import { address } from '../ip/address.ts';
import { setIsEmpty, setOf, setOfAddresses, setSubtract, setUnion } from '../ip/address-set.ts';
import type { AddressSet } from '../ip/address-set.ts';
import { prefix } from '../ip/prefix.ts';
import type { Prefix } from '../ip/prefix.ts';
import { AZURE_PLATFORM_ADDRESSES } from '../limits/azure-network.ts';
import type { EffectiveRoute } from './effective-routes.ts';

export const WIRE_SERVER = address(AZURE_PLATFORM_ADDRESSES.value.wireServer);
export const INSTANCE_METADATA = address(AZURE_PLATFORM_ADDRESSES.value.instanceMetadata);
export const PLATFORM: AddressSet = setOfAddresses([WIRE_SERVER, INSTANCE_METADATA]);

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
  /** Azure's public addresses that are known here, by region. Absent: none. */
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
    .filter((each) => each.source === 'User' && each.nextHopType !== 'Internet' && each.piece === undefined)
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
  const { certain, maybe } = azureTagContent(tag, tags.held ?? new Map());
  return setIsEmpty(certain) && !/^azurecloud/i.test(tag)
    ? { kind: 'unknown', within: maybe }
    : { kind: 'set', set: certain, maybe };
}

/** Reports whether a tag names the platform's own services, which only rules with such a tag filter. */
export function isPlatformTag(text: string | null): boolean {
  return text !== null && /^azureplatform(dns|imds|lkm)$/i.test(text);
}
