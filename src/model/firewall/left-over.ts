/** Of connections that nobody has heard: which an application rule can still decide about. */
import { noAddress, setSubtract, setUnion } from '../ip/address-set.ts';
import type { AddressSet } from '../ip/address-set.ts';
import { patternCovers } from './pattern.ts';
import type { ApplicationEntry } from './rules.ts';

/**
 * Returns the sources whose connections to a port the entry may decide about, whatever they will say: for the
 * others, entries before it take every name that it is for.
 */
export function sourcesLeftOver(
  entry: ApplicationEntry,
  port: number,
  before: readonly ApplicationEntry[],
): AddressSet {
  const { source, names, protocols } = entry;
  const whole = setUnion(source.addresses, source.maybe);
  const patterns = [...names.patterns, ...names.maybe.map(({ pattern }) => pattern)];
  let left = noAddress;
  for (const { protocolType } of protocols.filter((each) => each.port === port)) {
    const takers = before.filter(({ protocols: theirs }) =>
      theirs.some((one) => one.protocolType === protocolType && one.port === port),
    );
    for (const pattern of patterns) {
      const taken = takers
        .filter((each) => each.names.patterns.some((outer) => patternCovers(outer, pattern)))
        .map((each) => each.source.addresses);
      left = setUnion(left, setSubtract(whole, setUnion(...taken)));
    }
  }
  return left;
}
