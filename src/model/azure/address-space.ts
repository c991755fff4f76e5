import { formatPrefix, parsePrefix, prefix, prefixesOverlap } from '../ip/prefix.ts';
import type { Prefix } from '../ip/prefix.ts';
import {
  FORBIDDEN_ADDRESS_SPACES,
  LONGEST_SUBNET_PREFIX,
  SHORTEST_VIRTUAL_NETWORK_PREFIX,
} from '../limits/azure-network.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { azureError, notSimulated } from './error.ts';
import type { AzureError } from './error.ts';

/**
 * Returns the prefix that a text names, for a property of the resource `id`. Errors:
 * `InvalidAddressPrefixFormat` for what is no CIDR, `InvalidCIDRNotation` for host bits.
 */
export function parseAddressPrefix(text: string, id: string): Result<Prefix, AzureError> {
  const parsed = parsePrefix(text);
  if (parsed.ok) return parsed;
  if (text.includes(':')) return err(notSimulated(`The IPv6 address prefix ${text}`));
  const { suggestion } = parsed.error;
  if (suggestion !== undefined && text.includes('/')) {
    return err(
      azureError(
        'InvalidCIDRNotation',
        `The address prefix ${text} in resource ${id} has an invalid CIDR notation. For the given prefix length, the address prefix should be ${suggestion}.`,
      ),
    );
  }
  return err(
    azureError(
      'InvalidAddressPrefixFormat',
      `Address prefix ${text} of resource ${id} is not formatted correctly. It should follow CIDR notation, for example 10.0.0.0/24.`,
    ),
  );
}

/**
 * Returns the prefixes of a VNet's address space in canonical form. Errors: as `parseAddressPrefix`,
 * and refusals of prefixes that overlap each other, are too large, or touch a range that Azure keeps.
 */
export function checkAddressSpace(
  texts: readonly string[],
  id: string,
): Result<readonly Prefix[], AzureError> {
  const prefixes: Prefix[] = [];
  for (const text of texts) {
    const parsed = parseAddressPrefix(text, id);
    if (!parsed.ok) return parsed;
    const found = parsed.value;
    if (found.length < SHORTEST_VIRTUAL_NETWORK_PREFIX.value || found.length > LONGEST_SUBNET_PREFIX.value) {
      return err(
        azureError(
          'AddressPrefixSizeNotAllowed',
          `Address prefix ${text} of resource ${id} is not allowed: the prefix length of an address space must be between ${SHORTEST_VIRTUAL_NETWORK_PREFIX.value} and ${LONGEST_SUBNET_PREFIX.value}.`,
        ),
      );
    }
    for (const forbidden of FORBIDDEN_ADDRESS_SPACES.value) {
      if (prefixesOverlap(found, prefix(forbidden.prefix))) {
        return err(
          azureError(
            'AddressPrefixNotAllowed',
            `Address prefix ${text} of resource ${id} is not allowed: it overlaps ${forbidden.prefix}, which is reserved for ${forbidden.why}.`,
          ),
        );
      }
    }
    const overlapping = prefixes.find((other) => prefixesOverlap(other, found));
    if (overlapping !== undefined) {
      return err(
        azureError(
          'AddressPrefixesOverlap',
          `Address prefix ${text} of resource ${id} overlaps with another address prefix ${formatPrefix(overlapping)} of the same resource.`,
        ),
      );
    }
    prefixes.push(found);
  }
  return ok(prefixes);
}
