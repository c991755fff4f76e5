/**
 * NO_PROXY as curl reads it. `curl` is lib/noproxy.c of 7.87 to 8.8, read at the tags curl-7_88_1 and curl-8_5_0,
 * which are the same; `curl-7.81` is check_noproxy of lib/url.c at the tag curl-7_81_0, as it was until 7.85. What
 * came after: 8.9 takes only commas between entries and stops reading at a blank, 8.18 knows IPv6 ranges.
 */
import { readInetAton, readIpv4, readIpv6, sameIpv4Prefix, writeIpv6 } from './no-proxy-addresses.ts';
import { firstMatch, matching, mismatch, notMatching, REASONS } from './no-proxy-verdict.ts';
import type { EntryVerdict, NoProxyVerdict } from './no-proxy-verdict.ts';
import type { ProxyTarget } from './target.ts';

/** Only where it is the whole list. */
const STAR: NoProxyVerdict = {
  via: 'direct',
  decided: { kind: 'entry', entry: '*', index: 0 },
  entries: [{ entry: '*', matches: true, why: 'a star stands for every host' }],
};

export function curlNoProxy(list: string, spelled: ProxyTarget): NoProxyVerdict {
  if (list === '*') return STAR;
  const target = { ...spelled, host: plainAddress(spelled.host) };
  // A blank separates as a comma does; 7.88 says that it is deprecated, 8.9 stops reading there.
  const entries = list.split(/[ \t,]/).filter((each) => each !== '');
  const four = readIpv4(target.host);
  if (four !== null) return firstMatch(entries, (entry) => curlIpv4(entry, target.host, four));
  // An IPv6 address arrives without its brackets and is taken for a name until 8.17: entries are compared as text.
  return firstMatch(entries, (entry) => curlName(entry, target.host));
}

/**
 * curl writes an IPv4 address of a URL out (`10.1` and `0x0a000001` become 10.0.0.1) before it compares, and an IPv6
 * address where that is shorter than what was spelled (`fd00:0::1` becomes fd00::1).
 */
function plainAddress(host: string): string {
  const six = readIpv6(host);
  if (six !== null) {
    const written = writeIpv6(six);
    return written.length < host.length ? written : host;
  }
  const address = readInetAton(host);
  if (address === null) return host;
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}

function curlName(entry: string, spelled: string): EntryVerdict {
  const host = withoutTrailingDot(spelled.toLowerCase());
  const wanted = withoutTrailingDot(entry.toLowerCase()).replace(/^\./, '');
  if (wanted === host) return matching(REASONS.same(host));
  if (wanted !== '' && host.endsWith(`.${wanted}`)) return matching(REASONS.below(host, wanted));
  return notMatching(curlNameReason(entry, host, wanted));
}

function curlNameReason(entry: string, host: string, wanted: string): string {
  if (entry.includes('*')) return REASONS.starIsLetter;
  if (entry.includes('/')) return host.includes(':') ? REASONS.noRanges : REASONS.nameInRange(host);
  return hasPort(entry) ? REASONS.noPorts : mismatch(wanted, host);
}

function hasPort(entry: string): boolean {
  return /^[^:]+:\d+$|\]:\d+$/.test(entry);
}

function withoutTrailingDot(name: string): string {
  return name.endsWith('.') ? name.slice(0, -1) : name;
}

function curlIpv4(entry: string, host: string, address: number): EntryVerdict {
  const [text = '', length] = cutAtSlash(entry);
  const network = readIpv4(text);
  if (network === null) return notMatching(addressReason(entry, host));
  const bits = length === undefined ? 32 : leadingNumber(length);
  if (bits < 0 || bits > 32) return notMatching(`/${length ?? ''} is no length of an IPv4 range`);
  // Curl_cidr4_match takes 0 bits for all of them.
  if (bits === 0) {
    return address === network
      ? matching('the same address; curl reads /0 as a single address')
      : notMatching('curl reads /0 as a single address, and this is another');
  }
  if (length === undefined)
    return address === network ? matching('the same address') : notMatching('another address');
  return sameIpv4Prefix(network, address, bits)
    ? matching(REASONS.inRange(host))
    : notMatching(REASONS.outOfRange(host));
}

function addressReason(entry: string, host: string): string {
  if (hasPort(entry)) return REASONS.noPorts;
  return entry.includes('*') ? REASONS.starIsLetter : mismatch(entry, host);
}

function cutAtSlash(entry: string): readonly [string, string | undefined] {
  const at = entry.indexOf('/');
  return at < 0 ? [entry, undefined] : [entry.slice(0, at), entry.slice(at + 1)];
}

/** atoi: what is no number is 0. */
function leadingNumber(text: string): number {
  return Number(/^[+-]?\d+/.exec(text)?.[0] ?? 0);
}

export function oldCurlNoProxy(list: string, target: ProxyTarget): NoProxyVerdict {
  if (list === '*') return STAR;
  const entries = list.split(/[ ,]/).filter((each) => each !== '');
  const host = plainAddress(target.host.toLowerCase());
  return firstMatch(entries, (entry) => {
    const wanted = entry.toLowerCase().replace(/^\./, '');
    if (wanted === host) return matching(REASONS.same(host));
    if (host.endsWith(`.${wanted}`)) return matching(REASONS.below(host, wanted));
    return notMatching(oldReason(entry, host, wanted));
  });
}

function oldReason(entry: string, host: string, wanted: string): string {
  if (entry.includes('/')) return REASONS.noRanges;
  if (entry.includes('*')) return REASONS.starIsLetter;
  return hasPort(entry) ? REASONS.noPorts : mismatch(wanted, host);
}
