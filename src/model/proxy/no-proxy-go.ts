/**
 * NO_PROXY as Go reads it: `useProxy` and `init` of golang.org/x/net/http/httpproxy/proxy.go, which net/http carries
 * a copy of. Read in Go 1.19 and in golang.org/x/net of 2026-11-23.
 */
import { readIpv4, readIpv6, sameIpv6Prefix } from './no-proxy-addresses.ts';
import { firstMatch, matching, mismatch, notMatching, REASONS } from './no-proxy-verdict.ts';
import type { EntryVerdict, NoProxyVerdict } from './no-proxy-verdict.ts';
import type { ProxyTarget } from './target.ts';

/** 128 bits; IPv4 as ::ffff:a.b.c.d, because net.IP takes both for the same address. */
type GoAddress = { readonly family: 4 | 6; readonly bits: bigint };

const MAPPED = 0xffff_0000_0000n;

export function goNoProxy(list: string, target: ProxyTarget): NoProxyVerdict {
  const entries = list
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  const address = readGoAddress(target.host);
  const verdict = firstMatch(entries, (entry) => goEntry(entry.toLowerCase(), target, address));
  const star = entries.indexOf('*');
  const rule = ownRule(target, address);
  if (rule !== null) return { ...verdict, via: 'direct', decided: { kind: 'rule', rule } };
  if (star < 0) return verdict;
  return { ...verdict, via: 'direct', decided: { kind: 'entry', entry: '*', index: star } };
}

function ownRule(target: ProxyTarget, address: GoAddress | null): string | null {
  if (target.host === 'localhost') return 'Go never asks a proxy for localhost';
  return address !== null && isLoopback(address) ? 'Go never asks a proxy for a loopback address' : null;
}

function isLoopback({ bits }: GoAddress): boolean {
  return bits === 1n || bits >> 24n === (MAPPED >> 24n) + 127n;
}

function goEntry(entry: string, target: ProxyTarget, address: GoAddress | null): EntryVerdict {
  if (entry === '*') return matching('a star stands for every host');
  const host = target.host.toLowerCase();
  const network = readCidr(entry);
  if (network !== null) {
    if (address === null) return notMatching(REASONS.nameInRange(host));
    return contains(network, address)
      ? matching(REASONS.inRange(host))
      : notMatching(REASONS.outOfRange(host));
  }
  const split = splitHostPort(entry);
  if (split?.host === '') return notMatching('an entry without a host is skipped');
  const wanted = split?.host ?? entry;
  const port = split?.port ?? '';
  const wantedAddress = readGoAddress(wanted);
  if (wantedAddress !== null) {
    if (address?.bits !== wantedAddress.bits) return notMatching(mismatch(wanted, host));
    return onPort(port, target, REASONS.same(host));
  }
  const label = wanted.startsWith('*.') ? wanted.slice(1) : wanted;
  if (label.startsWith('.')) {
    if (host.endsWith(label)) return onPort(port, target, REASONS.below(host, label.slice(1)));
    return `.${host}` === label
      ? notMatching(`a leading dot means subdomains only, and ${host} is the domain itself`)
      : notMatching(mismatch(label.slice(1), host));
  }
  if (host === label) return onPort(port, target, REASONS.same(host));
  if (host.endsWith(`.${label}`)) return onPort(port, target, REASONS.below(host, label));
  return notMatching(nameReason(host, label, entry));
}

function nameReason(host: string, label: string, entry: string): string {
  if (entry.includes('/')) return 'neither a range nor a host: it is compared as a name';
  return label.includes('*') ? REASONS.starIsLetter : mismatch(label, host);
}

function onPort(port: string, target: ProxyTarget, what: string): EntryVerdict {
  if (port === '') return matching(what);
  return port === String(target.port)
    ? matching(`${what}, and port ${port}`)
    : notMatching(`${what}, but the port is ${target.port}`);
}

function readGoAddress(text: string): GoAddress | null {
  const four = readIpv4(text);
  if (four !== null) return { family: 4, bits: MAPPED + BigInt(four) };
  const six = readIpv6(text);
  return six === null ? null : { family: 6, bits: six };
}

interface GoNetwork {
  readonly address: GoAddress;
  readonly length: number;
}

function readCidr(entry: string): GoNetwork | null {
  const [, text = '', length = ''] = /^([^/]*)\/(\d{1,8})$/.exec(entry) ?? [];
  const address = readGoAddress(text);
  if (address === null || Number(length) > (address.family === 4 ? 32 : 128)) return null;
  return { address, length: Number(length) };
}

/**
 * net.IPNet takes a range of at least /96 below ::ffff:0:0/96 for one of IPv4. Apart from that, no IPv6 range, not even
 * ::/0, holds an IPv4 address, and the other way round.
 */
function contains({ address, length }: GoNetwork, wanted: GoAddress): boolean {
  const isMapped = address.bits >> 32n === MAPPED >> 32n;
  const isFour = address.family === 4 || (isMapped && length >= 96);
  if (isFour !== (wanted.bits >> 32n === MAPPED >> 32n)) return false;
  const bits = address.family === 4 ? length + 96 : length;
  return sameIpv6Prefix(address.bits, wanted.bits, bits);
}

/** net.SplitHostPort; `null` where it answers an error. */
function splitHostPort(entry: string): { readonly host: string; readonly port: string } | null {
  const found = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:[\]]*)$/.exec(entry);
  return found === null ? null : { host: found[1] ?? found[2] ?? '', port: found[3] ?? '' };
}
