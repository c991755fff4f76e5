/** What service tags and application security groups hold, from the network that somebody describes. */
import { PUBLIC } from '../model/azure/datacenter-addresses.ts';
import { tagContent } from '../model/compile/service-tags.ts';
import type { TagContent } from '../model/compile/service-tags.ts';
import { noAddress, setComplement, setOf, setSubtract, setUnion } from '../model/ip/address-set.ts';
import type { AddressSet } from '../model/ip/address-set.ts';
import { parseAddress } from '../model/ip/address.ts';
import { hostPrefix, parsePrefix, prefix } from '../model/ip/prefix.ts';
import type { Prefix } from '../model/ip/prefix.ts';
import type { AddressNames, NamedAddresses } from '../model/nsg/rule-traffic.ts';

/** The network around the NIC, as far as it was told. */
export interface NetworkAround {
  /** Empty: not told. */
  readonly vnet: readonly Prefix[];
  readonly peers: readonly Prefix[];
  readonly onPremises: readonly Prefix[];
  /** Prefixes of user-defined routes, which VirtualNetwork holds too. */
  readonly routes: readonly Prefix[];
  /** Pod ranges of Overlay clusters. */
  readonly overlayPods: readonly Prefix[];
  /** In lower case. */
  readonly tags: ReadonlyMap<string, AddressSet>;
  readonly applicationSecurityGroups: ReadonlyMap<string, AddressSet>;
  /** What Azure itself says tags hold, in lower case. */
  readonly expanded: ReadonlyMap<string, readonly string[]>;
}

/** Host's virtual address, which VirtualNetwork always holds. */
const HOST = setOf(prefix('168.63.129.16/32'));
const PRIVATE = setSubtract(setComplement(PUBLIC), HOST);

/** Returns who knows the names: what was told, then what Azure printed, then what the network says. */
export function namesAround(around: NetworkAround): AddressNames {
  const near = [...around.vnet, ...around.peers, ...around.onPremises];
  const overlay = setOf(...around.overlayPods);
  const virtualNetwork = setUnion(setOf(...near, ...around.routes), HOST);
  const tags = {
    virtualNetwork,
    internet: setSubtract(PUBLIC, setOf(...near, ...around.overlayPods)),
    overlay,
  };
  const printed = new Map([...around.expanded].map(([tag, texts]) => [tag, setOfTexts(texts)]));
  const inVnet = around.vnet.length === 0 ? PRIVATE : setUnion(setOf(...around.vnet), overlay);
  return {
    tag: (tag, rule) => {
      const known = named(tagContent(tag, tags, rule));
      const listed = around.tags.get(tag.toLowerCase()) ?? printed.get(tag.toLowerCase());
      // A list says where the name is, not on which ports: AzurePlatformDNS stays port 53.
      if (listed !== undefined) return { ...known, certain: listed, maybe: noAddress };
      if (tag.toLowerCase() !== 'virtualnetwork' || around.vnet.length > 0) return known;
      // Nobody said which VNet it is: any private address may be in it.
      return { ...known, maybe: setUnion(known.maybe, setSubtract(PRIVATE, known.certain)) };
    },
    applicationSecurityGroup: (id) => {
      const members = around.applicationSecurityGroups.get((id.split('/').at(-1) ?? id).toLowerCase());
      return members === undefined
        ? { certain: noAddress, maybe: inVnet }
        : { certain: members, maybe: noAddress };
    },
  };
}

function named(content: TagContent): NamedAddresses {
  switch (content.kind) {
    case 'set':
      return {
        certain: content.set,
        maybe: content.maybe ?? noAddress,
        ...(content.ports === undefined ? {} : { ports: content.ports }),
      };
    case 'unknown':
      return { certain: noAddress, maybe: content.within };
  }
}

/** Azure's own lists; what is no IPv4 in them is left out. */
function setOfTexts(texts: readonly string[]): AddressSet {
  return setOf(
    ...texts.flatMap((text) => {
      const range = parsePrefix(text);
      if (range.ok) return [range.value];
      const single = parseAddress(text);
      return single.ok ? [hostPrefix(single.value)] : [];
    }),
  );
}
