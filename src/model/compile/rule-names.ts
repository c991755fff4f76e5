/** What the names in security rules stand for, seen from the NICs of one subnet. */
import { heldAddresses } from '../azure/datacenter-addresses.ts';
import type { ArmKey } from '../azure/resources.ts';
import { noAddress } from '../ip/address-set.ts';
import type { AddressSet } from '../ip/address-set.ts';
import type { Prefix } from '../ip/prefix.ts';
import type { AddressNames, NamedAddresses } from '../nsg/rule-traffic.ts';
import { memberAddresses } from './application-security-groups.ts';
import type { EffectiveRoute } from './effective-routes.ts';
import type { Inventory, SubnetPart } from './inventory.ts';
import { overlayOf } from './overlay.ts';
import type { OverlayDomain } from './overlay.ts';
import { serviceTagsOf, tagContent } from './service-tags.ts';
import type { ServiceTags } from './service-tags.ts';

export interface RuleNames {
  readonly tags: ServiceTags;
  /** The private addresses of the NICs that are in an application security group. */
  readonly membersOf: (groupId: string) => AddressSet;
}

/** Returns the names for the NICs of a subnet with these routes. */
export function ruleNamesOf(
  { cloud, text }: Inventory,
  subnet: SubnetPart,
  learned: readonly Prefix[],
  routes: readonly EffectiveRoute[],
  overlays: ReadonlyMap<ArmKey, OverlayDomain>,
): RuleNames {
  const here = new Set(
    overlays.size === 0
      ? []
      : subnet.network.ports.flatMap((port) =>
          port.subnet === subnet ? (overlayOf(overlays, port)?.podCidr ?? []) : [],
        ),
  );
  return {
    tags: serviceTagsOf(
      subnet.network.prefixes,
      learned,
      routes,
      [...here],
      heldAddresses(cloud, text.prefix),
    ),
    membersOf: (id) => memberAddresses(cloud, id),
  };
}

/** Returns the same names for those who ask rules without a compiled network. */
export function addressNames({ tags, membersOf }: RuleNames): AddressNames {
  return {
    tag: (tag, rule): NamedAddresses => {
      const content = tagContent(tag, tags, rule);
      if (content.kind === 'unknown') return { certain: noAddress, maybe: content.within };
      return {
        certain: content.set,
        maybe: content.maybe ?? noAddress,
        ...(content.ports === undefined ? {} : { ports: content.ports }),
      };
    },
    applicationSecurityGroup: (id) => ({ certain: membersOf(id), maybe: noAddress }),
  };
}
