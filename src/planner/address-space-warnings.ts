/** What Azure, or sense, holds against an address space. */
import {
  FORBIDDEN_ADDRESS_SPACES,
  LONGEST_SUBNET_PREFIX,
  SHORTEST_VIRTUAL_NETWORK_PREFIX,
  SYSTEM_ROUTES_TO_NONE,
} from '../model/limits/azure-network.ts';
import { formatPrefix, prefix, prefixCovers, prefixesOverlap } from '../model/ip/prefix.ts';
import type { Prefix } from '../model/ip/prefix.ts';

/** Returns sentences about a prefix that is to be the address space of a virtual network. */
export function addressSpaceWarnings(space: Prefix): readonly string[] {
  const name = formatPrefix(space);
  const warnings: string[] = [];
  for (const forbidden of FORBIDDEN_ADDRESS_SPACES.value) {
    if (prefixesOverlap(space, prefix(forbidden.prefix))) {
      warnings.push(
        `${name} overlaps ${forbidden.prefix} (${forbidden.why}), which no virtual network may hold.`,
      );
    }
  }
  if (space.length < SHORTEST_VIRTUAL_NETWORK_PREFIX.value) {
    warnings.push(
      `${name} is larger than a virtual network can be (/${SHORTEST_VIRTUAL_NETWORK_PREFIX.value}).`,
    );
  }
  if (space.length > LONGEST_SUBNET_PREFIX.value) {
    warnings.push(
      `${name} is too small for a subnet: Azure's smallest is /${LONGEST_SUBNET_PREFIX.value}, since it keeps five addresses of each.`,
    );
  }
  // The ranges for which Azure has a system route to nowhere are exactly RFC 1918 and RFC 6598.
  const isPrivate = SYSTEM_ROUTES_TO_NONE.value.some((each) => prefixCovers(prefix(each), space));
  if (!isPrivate) {
    warnings.push(
      `${name} is not private address space (RFC 1918, RFC 6598): hosts with these addresses on the internet could not be reached from inside.`,
    );
  }
  return warnings;
}
