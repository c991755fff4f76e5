/** Addresses and ports as a security rule takes them. */
import { formatAddress, parseAddress } from '../ip/address.ts';
import {
  comparePrefixes,
  formatPrefix,
  hostPrefix,
  parsePrefix,
  prefix,
  prefixCovers,
} from '../ip/prefix.ts';
import type { Prefix } from '../ip/prefix.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { azureError, notSimulated } from './error.ts';
import type { AzureError } from './error.ts';
import { canonicalServiceTag } from './service-tags.ts';

/** A value for ARM's singular property, or several for the plural one. */
export interface OneOrSeveral {
  readonly one: string | null;
  readonly several: readonly string[];
}

function oneOrSeveral(values: readonly string[]): OneOrSeveral {
  const [first] = values;
  return values.length === 1 && first !== undefined
    ? { one: first, several: [] }
    : { one: null, several: values };
}

/**
 * Returns the addresses of one side of a rule in their canonical spelling. Errors: `SecurityRuleInvalidAddressPrefix`,
 * `SecurityRuleParameterContainsUnsupportedValue`, `SecurityRuleParameterNotSpecified`,
 * `OverlappingSubnetsNotPermittedInSecurityRule`, and `NotSimulated` for IPv6.
 */
export function checkAddressPrefixes(
  texts: readonly string[],
  parameter: string,
  id: string,
): Result<OneOrSeveral, AzureError> {
  const canonical: string[] = [];
  for (const text of texts) {
    const found = canonicalAddressPrefix(text);
    if (found === null && unmodelledAddress(text)) {
      return err(notSimulated(`The address ${text} in a security rule`));
    }
    if (found === null) {
      return err(
        azureError(
          'SecurityRuleInvalidAddressPrefix',
          `Security rule ${id} has invalid Address prefix. Value provided: ${text}`,
        ),
      );
    }
    canonical.push(found);
  }
  const broad = canonical.find((one) => one === '*' || canonicalServiceTag(one) !== null);
  if (canonical.length > 1 && broad !== undefined) {
    return err(
      azureError(
        'SecurityRuleParameterContainsUnsupportedValue',
        `Security rule parameter ${parameter}es for rule with Id ${id} cannot specify existing VIRTUALNETWORK, INTERNET, AZURELOADBALANCER, '*' or system tags. Unsupported value used: ${broad}.`,
      ),
    );
  }
  if (canonical.length === 0) return err(missing(parameter, id));
  const overlap = overlapping(canonical);
  if (overlap !== null) {
    return err(
      azureError(
        'OverlappingSubnetsNotPermittedInSecurityRule',
        `Security rule parameter ${parameter}es for rule with Id ${id} cannot specify overlapping prefixes: ${overlap.join(' and ')}.`,
      ),
    );
  }
  return ok(oneOrSeveral(canonical));
}

/** The first two of these prefixes and addresses of which one covers the other, or null. */
function overlapping(canonical: readonly string[]): readonly [string, string] | null {
  if (canonical.length < 2) return null;
  const sorted = canonical.map(rangeOf).sort(comparePrefixes);
  for (const [at, inner] of sorted.entries()) {
    // Prefixes nest or are apart: whatever covers this one covers or is the one before.
    const outer = sorted[at - 1];
    if (outer !== undefined && prefixCovers(outer, inner)) return [formatPrefix(outer), formatPrefix(inner)];
  }
  return null;
}

function rangeOf(canonical: string): Prefix {
  const address = parseAddress(canonical);
  return address.ok ? hostPrefix(address.value) : prefix(canonical);
}

/** What Azure may take and the workbook cannot: IPv6, and ranges written with a dash. */
function unmodelledAddress(text: string): boolean {
  if (/^[0-9a-f:.]*:[0-9a-f:.]*(\/\d+)?$/i.test(text)) return true;
  const [low, high, ...more] = text.split('-');
  return (
    low !== undefined &&
    high !== undefined &&
    more.length === 0 &&
    parseAddress(low).ok &&
    parseAddress(high).ok
  );
}

function missing(parameter: string, id: string): AzureError {
  return azureError(
    'SecurityRuleParameterNotSpecified',
    `Required security rule parameter is missing for security rule with Id: ${id}. Security rule must specify either ${parameter} or ${parameter}${parameter.endsWith('x') ? 'es' : 's'}.`,
  );
}

/** `*`, an address, a CIDR or a service tag in its canonical spelling; null for anything else. */
function canonicalAddressPrefix(text: string): string | null {
  if (text === '*') return text;
  const address = parseAddress(text);
  if (address.ok) return formatAddress(address.value);
  const range = parsePrefix(text);
  if (range.ok) return formatPrefix(range.value);
  return canonicalServiceTag(text);
}

/**
 * Returns the ports of one side of a rule. Errors: `SecurityRuleInvalidPortRange`,
 * `SecurityRuleParameterContainsUnsupportedValue`, `SecurityRuleParameterNotSpecified`.
 */
export function checkPortRanges(
  texts: readonly string[],
  parameter: string,
  id: string,
): Result<OneOrSeveral, AzureError> {
  for (const text of texts) {
    if (text === '*') continue;
    const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
    const low = Number(match?.[1]);
    const high = Number(match?.[2] ?? match?.[1]);
    if (match === null || low > high || high > 65535) {
      return err(
        azureError(
          'SecurityRuleInvalidPortRange',
          `Security rule has invalid Port range. Value provided: ${text}. Value should be an integer OR integer range with '-' delimiter. Valid range 0-65535.`,
        ),
      );
    }
  }
  if (texts.length > 1 && texts.includes('*')) {
    return err(
      azureError(
        'SecurityRuleParameterContainsUnsupportedValue',
        `Security rule parameter ${parameter}s for rule with Id ${id} cannot specify '*' besides other values. Unsupported value used: *.`,
      ),
    );
  }
  if (texts.length === 0) return err(missing(parameter, id));
  return ok(oneOrSeveral(texts));
}
