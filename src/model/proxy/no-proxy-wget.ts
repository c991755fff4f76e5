/** NO_PROXY as the two wgets read it: `sufmatch` of src/host.c of GNU Wget 1.21, and networking/wget.c of busybox 1.35. */
import { firstMatch, matching, notMatching } from './no-proxy-verdict.ts';
import type { NoProxyVerdict } from './no-proxy-verdict.ts';
import type { ProxyTarget } from './target.ts';

export function wgetNoProxy(list: string, target: ProxyTarget): NoProxyVerdict {
  const host = target.host.toLowerCase();
  return firstMatch(splitList(list), (entry) => {
    const wanted = entry.toLowerCase();
    if (host === wanted) return matching('the same text');
    if (wanted.startsWith('.') ? host.endsWith(wanted) : host.endsWith(`.${wanted}`)) {
      return matching(`${host} ends in .${wanted.replace(/^\./, '')}`);
    }
    if (`.${host}` === wanted) {
      return notMatching(`a leading dot means subdomains only, and ${host} is the domain itself`);
    }
    if (entry.includes('*')) return notMatching('wget knows no `*`; it is a letter like others');
    if (entry.includes('/')) return notMatching('wget knows no ranges and compares text');
    if (/:\d+$/.test(entry)) return notMatching('wget compares no ports: the colon is a letter like others');
    return notMatching(`${host} does not end in ${wanted}`);
  });
}

export function busyboxNoProxy(list: string): NoProxyVerdict {
  return {
    via: 'proxy',
    decided: { kind: 'rule', rule: 'wget of busybox does not read no_proxy' },
    entries: splitList(list).map((entry) => ({ entry, matches: false, why: 'not read' })),
  };
}

function splitList(list: string): readonly string[] {
  return list
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}
