import { readIpv4, readIpv6 } from './no-proxy-addresses.ts';

/** What a client makes of a NO_PROXY list for one target, and why. */
export interface NoProxyVerdict {
  readonly via: 'proxy' | 'direct';
  /**
   * What decided: the first entry that matches (`index` is its place in `entries`, from 0), or a rule of the
   * client's own, in one sentence. `null`: nothing matched, so the proxy is asked.
   */
  readonly decided: NoProxyDecision | null;
  /** Every entry as this client cuts them out of the list, in order, empty ones left out. */
  readonly entries: readonly NoProxyEntry[];
}

export type NoProxyDecision =
  | { readonly kind: 'entry'; readonly entry: string; readonly index: number }
  | { readonly kind: 'rule'; readonly rule: string };

export interface NoProxyEntry {
  readonly entry: string;
  readonly matches: boolean;
  /** One sentence without its full stop. */
  readonly why: string;
}

/** Whether an entry matches, and why; what each client's own rules answer. */
export type EntryVerdict = Pick<NoProxyEntry, 'matches' | 'why'>;

export function matching(why: string): EntryVerdict {
  return { matches: true, why };
}

export function notMatching(why: string): EntryVerdict {
  return { matches: false, why };
}

/** The verdict of a client for which the first entry that matches decides. */
export function firstMatch(
  entries: readonly string[],
  verdictOf: (entry: string) => EntryVerdict,
): NoProxyVerdict {
  const judged = entries.map((entry) => ({ entry, ...verdictOf(entry) }));
  const index = judged.findIndex(({ matches }) => matches);
  const found = judged[index];
  return found === undefined
    ? { via: 'proxy', decided: null, entries: judged }
    : { via: 'direct', decided: { kind: 'entry', entry: found.entry, index }, entries: judged };
}

/** Reasons that clients share, so that what they say of an entry can be told together. */
export const REASONS = {
  noRanges: 'no ranges are known: text is compared',
  nameInRange: (host: string): string => `a range holds addresses, ${host} is a name, and no DNS is asked`,
  noPorts: 'ports are not compared: the colon is a letter like others',
  starIsLetter: 'a star is a letter like others here',
  inRange: (host: string): string => `${host} is in the range`,
  outOfRange: (host: string): string => `${host} is outside of the range`,
  same: (host: string): string => (isAddress(host) ? 'the same address' : 'the same name'),
  /** An address is below nothing, but its text ends like that. */
  below: (host: string, wanted: string): string =>
    isAddress(host) ? `${host} ends in .${wanted}, as text` : `${host} is below ${wanted}`,
} as const;

/** Why a host is not what an entry says: two names, two addresses, or one of each. `wanted`: without its dress. */
export function mismatch(wanted: string, host: string): string {
  if (isAddress(wanted)) return isAddress(host) ? 'another address' : `an address, and ${host} is a name`;
  if (isAddress(host) && /[a-z]/i.test(wanted)) return `a name, and ${host} is an address`;
  if (`${host}.` === wanted || host === `${wanted}.`) return 'a trailing dot makes another name';
  return `${host} is neither ${wanted} nor below it`;
}

function isAddress(text: string): boolean {
  return readIpv4(text) !== null || readIpv6(text) !== null;
}
