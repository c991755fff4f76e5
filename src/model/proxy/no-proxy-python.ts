/**
 * NO_PROXY as Python reads it: `proxy_bypass_environment` of urllib.request (3.11; the same in 3.8 to 3.14) and
 * `should_bypass_proxies` of requests 2.34, which asks urllib after its own rules.
 */
import { readInetAton, sameIpv4Prefix } from './no-proxy-addresses.ts';
import { firstMatch, matching, mismatch, notMatching, REASONS } from './no-proxy-verdict.ts';
import type { EntryVerdict, NoProxyVerdict } from './no-proxy-verdict.ts';
import type { ProxyTarget } from './target.ts';

export function urllibNoProxy(list: string, target: ProxyTarget): NoProxyVerdict {
  const bare = target.host.includes(':') ? `[${target.host}]` : target.host;
  // Whoever logs in by the URL is part of the name for urllib, and no entry is that name.
  const host = target.userInfo === undefined ? bare : `${target.userInfo}@${bare}`;
  return urllibOn(list, target.portIsSpelled ? `${host}:${target.port}` : host, target);
}

/** `spelled`: the host as in the URL, with its port where one stands there. */
function urllibOn(list: string, spelled: string, target: ProxyTarget): NoProxyVerdict {
  const entries = pythonEntries(list);
  if (list === '*') return firstMatch(entries, () => matching('a star stands for every host'));
  return firstMatch(entries, (entry) => urllibEntry(entry, spelled, target));
}

function pythonEntries(list: string): readonly string[] {
  return list
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

function urllibEntry(entry: string, spelled: string, target: ProxyTarget): EntryVerdict {
  const host = spelled.toLowerCase();
  const hostOnly = /^(.*):\d+$/s.exec(host)?.[1] ?? host;
  const wanted = entry.toLowerCase().replace(/^\.+/, '');
  if (hostOnly === wanted) return matching(REASONS.same(hostOnly));
  if (host === wanted) return matching('the same name, with the port that the URL spells');
  if (hostOnly.endsWith(`.${wanted}`)) return matching(REASONS.below(hostOnly, wanted));
  if (host.endsWith(`.${wanted}`)) return matching(REASONS.below(host, wanted));
  return notMatching(textReason(entry, hostOnly, wanted, target));
}

function textReason(entry: string, host: string, wanted: string, target: ProxyTarget): string {
  if (entry.includes('/')) return REASONS.noRanges;
  if (entry.includes('*')) return REASONS.starIsLetter;
  const port = /^(.*):(\d+)$/.exec(wanted);
  if (port !== null && (host === port[1] || host.endsWith(`.${port[1] ?? ''}`))) {
    return target.portIsSpelled
      ? `the port is ${target.port}`
      : 'an entry with a port matches only a URL that spells this port';
  }
  return mismatch(wanted, host);
}

/**
 * Before 2.34.0 an entry matched as any ending, without a dot in front: `example.com` also notexample.com.
 */
export function requestsNoProxy(list: string, target: ProxyTarget): NoProxyVerdict {
  // urlparse hands out the name in small letters; urllib is asked without the port.
  const host = target.host.toLowerCase();
  const address = readInetAton(host);
  const second = urllibOn(list, host, { ...target, portIsSpelled: false });
  if (list === '*') return second;
  const entries = list.split(',').map((each) => each.trim());
  return firstMatch(
    entries.filter((each) => each !== ''),
    (entry) => {
      const plain = entry.replaceAll(' ', '');
      const first =
        address === null ? requestsName(plain, host, target) : requestsAddress(plain, host, address);
      if (first.matches) return first;
      const urllib = urllibEntry(entry, host, { ...target, portIsSpelled: false });
      return urllib.matches ? urllib : first;
    },
  );
}

function requestsAddress(entry: string, host: string, address: number): EntryVerdict {
  const [text = '', length = '', ...more] = entry.split('/');
  const network = readInetAton(text);
  if (entry.includes('/') && more.length === 0 && network !== null && /^[+-]?\d+$/.test(length)) {
    const bits = Number(length);
    if (bits < 1 || bits > 32) return notMatching('requests takes ranges from /1 to /32');
    return sameIpv4Prefix(network, address, bits)
      ? matching(REASONS.inRange(host))
      : notMatching(REASONS.outOfRange(host));
  }
  if (entry === host) return matching(REASONS.same(host));
  if (/:\d+$/.test(entry)) return notMatching('requests compares an address without its port');
  return notMatching(entry.includes('*') ? REASONS.starIsLetter : mismatch(entry, host));
}

function requestsName(entry: string, host: string, target: ProxyTarget): EntryVerdict {
  const withPort = target.portIsSpelled && target.port !== 0 ? `${host}:${target.port}` : host;
  const wanted = entry.replace(/^\.+/, '');
  if (host === wanted) return matching(REASONS.same(host));
  if (withPort === wanted) return matching('the same name, with the port that the URL spells');
  if (host.endsWith(`.${wanted}`)) return matching(REASONS.below(host, wanted));
  if (withPort.endsWith(`.${wanted}`)) return matching(REASONS.below(withPort, wanted));
  if (entry.includes('/')) {
    return notMatching(host.includes(':') ? REASONS.noRanges : REASONS.nameInRange(host));
  }
  return notMatching(textReason(entry, host, wanted.toLowerCase(), target));
}
