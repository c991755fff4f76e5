/** NO_PROXY as the two wgets read it: `sufmatch` of src/host.c of GNU Wget 1.21, and networking/wget.c of busybox 1.35. */
import { firstMatch, matching, mismatch, notMatching, REASONS } from './no-proxy-verdict.ts';
import type { NoProxyVerdict } from './no-proxy-verdict.ts';
import type { ProxyTarget } from './target.ts';

export function wgetNoProxy(list: string, target: ProxyTarget): NoProxyVerdict {
  const host = target.host.toLowerCase();
  // An empty entry ends every name, and counts for one that ends in a dot.
  const entries = wgetEntries(list).filter((entry) => entry !== '' || host.endsWith('.'));
  return firstMatch(entries, (entry) => {
    const wanted = entry.toLowerCase();
    if (host === wanted) return matching(REASONS.same(host));
    if (host.endsWith(wanted) && (wanted.startsWith('.') || host.endsWith(`.${wanted}`))) {
      return matching(REASONS.below(host, wanted.replace(/^\./, '')));
    }
    return notMatching(wgetReason(entry, wanted, host));
  });
}

function wgetReason(entry: string, wanted: string, host: string): string {
  if (/^\s|\s$/.test(entry)) return 'wget leaves the blank in the entry, and no host has one';
  if (`.${host}` === wanted) return `a leading dot means subdomains only, and ${host} is the domain itself`;
  if (entry.includes('*')) return REASONS.starIsLetter;
  if (entry.includes('/')) return REASONS.noRanges;
  return /^[^:]+:\d+$|\]:\d+$/.test(entry) ? REASONS.noPorts : mismatch(wanted.replace(/^\./, ''), host);
}

/** Blanks behind a comma are dropped, others stay. */
function wgetEntries(list: string): readonly string[] {
  return list === '' ? [] : list.split(/,\s*/);
}

export function busyboxNoProxy(list: string): NoProxyVerdict {
  return {
    via: 'proxy',
    decided: { kind: 'rule', rule: 'wget of busybox does not read no_proxy' },
    entries: wgetEntries(list)
      .filter((entry) => entry.trim() !== '')
      .map((entry) => ({ entry: entry.trim(), matches: false, why: 'not read' })),
  };
}
