/** Which public addresses of the documentation ranges a new resource gets. */
import { drawInteger, pinned } from '../chance.ts';
import type { Cloud } from '../cloud.ts';
import { hostsOutside } from '../outside-host.ts';
import { addressPlus, formatAddress, parseAddress } from '../ip/address.ts';
import {
  addressCount,
  firstAddress,
  formatPrefix,
  prefix,
  prefixContains,
  prefixesOverlap,
  splitPrefix,
} from '../ip/prefix.ts';
import type { Prefix } from '../ip/prefix.ts';
import { DOCUMENTATION_RANGES } from '../limits/azure-network.ts';
import { listResources } from './resource-store.ts';

function takenAddresses(cloud: Cloud): ReadonlySet<string> {
  return new Set([
    ...listResources(cloud, 'Microsoft.Network/publicIPAddresses').flatMap((one) =>
      one.ipAddress === null ? [] : [one.ipAddress],
    ),
    ...hostsOutside(cloud).map((host) => host.address),
    ...Object.values(cloud.kubernetes).map(({ controlPlane }) => controlPlane.apiServer.address),
  ]);
}

/** What public IP prefixes keep for addresses that ask for it. */
function reservedPrefixes(cloud: Cloud): readonly Prefix[] {
  return listResources(cloud, 'Microsoft.Network/publicIPPrefixes').map((one) => prefix(one.ipPrefix));
}

/**
 * Returns the public address that follows from the cloud's seed for a resource, or the next one that
 * nothing in the cloud has; null when the documentation ranges are used up.
 */
export function drawPublicAddress(cloud: Cloud, name: string, id: string): string | null {
  const fixed = pinned(cloud, `public-ip/${name}`);
  if (fixed !== null) return fixed;
  const taken = takenAddresses(cloud);
  const reserved = reservedPrefixes(cloud);
  const ranges = DOCUMENTATION_RANGES.value.map(prefix);
  const sizes = ranges.map((range) => addressCount(range) - 2);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const start = drawInteger(cloud, `public-address/${id.toLowerCase()}`, total);
  for (let i = 0; i < total; i++) {
    let at = (start + i) % total;
    for (const [index, range] of ranges.entries()) {
      const size = sizes[index] ?? 0;
      if (at < size) {
        const candidate = addressPlus(firstAddress(range), at + 1);
        const text = candidate === null ? null : formatAddress(candidate);
        const kept = candidate !== null && reserved.some((one) => prefixContains(one, candidate));
        if (text !== null && !kept && !taken.has(text)) return text;
        break;
      }
      at -= size;
    }
  }
  return null;
}

/**
 * Returns a prefix of this length that follows from the cloud's seed and holds no address that is taken, in CIDR
 * notation; null when the documentation ranges have no room for it.
 */
export function drawPublicPrefix(cloud: Cloud, id: string, length: number): string | null {
  const taken = [...takenAddresses(cloud)].flatMap((text) => {
    const parsed = parseAddress(text);
    return parsed.ok ? [parsed.value] : [];
  });
  const reserved = reservedPrefixes(cloud);
  const blocks = DOCUMENTATION_RANGES.value.flatMap((range) =>
    splitPrefix(prefix(range), length).slice(1, -1),
  );
  const start = drawInteger(cloud, `public-prefix/${id.toLowerCase()}`, blocks.length);
  for (let at = 0; at < blocks.length; at++) {
    const block = blocks[(start + at) % blocks.length];
    if (block === undefined || taken.some((one) => prefixContains(block, one))) continue;
    if (!reserved.some((one) => prefixesOverlap(one, block))) return formatPrefix(block);
  }
  return null;
}

/** Returns the lowest address of a prefix that nothing has, or null. */
export function freePublicAddress(cloud: Cloud, range: string): string | null {
  const taken = takenAddresses(cloud);
  const block = prefix(range);
  for (let at = 0; at < addressCount(block); at++) {
    const address = addressPlus(firstAddress(block), at);
    const text = address === null ? null : formatAddress(address);
    if (text !== null && !taken.has(text)) return text;
  }
  return null;
}
