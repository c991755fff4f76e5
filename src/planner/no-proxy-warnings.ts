/** What is doubtful about a NO_PROXY list: entries that no client or only some of them honour. */
import type { ProxyEnvironment } from '../model/proxy/environment.ts';
import type { UrlAnswer } from './no-proxy.ts';

interface EntryRule {
  readonly applies: (entry: string) => boolean;
  /** A sentence, behind the entry and a colon. */
  readonly says: (entry: string) => string;
}

const RANGE = /^[0-9a-f.:]+\/\d+$/i;

/** Four numbers and a prefix length, one of which no address of IPv4 has. */
function hasTooLargeNumber(entry: string): boolean {
  const [, address = '', length = ''] = /^(\d+(?:\.\d+){3})\/(\d+)$/.exec(entry) ?? [];
  return address !== '' && (Number(length) > 32 || address.split('.').some((part) => Number(part) > 255));
}

/** The first that applies speaks: what is said of an entry is what its owner has to change. */
const RULES: readonly EntryRule[] = [
  {
    applies: (entry) => /^[a-z][a-z0-9+.-]*:\/\//i.test(entry),
    says: (entry) =>
      `an entry is a host, not a URL, and no client takes the scheme off. Write ${hostOf(entry)}.`,
  },
  {
    applies: (entry) => /^["'].*["']$/.test(entry),
    says: (entry) => `the quotes are part of the entry. Write ${entry.slice(1, -1)}.`,
  },
  {
    applies: (entry) => entry === '*',
    says: () =>
      'beside other entries only Go takes it for every host; curl and Python do where it is the whole list, and wget never.',
  },
  {
    applies: (entry) => /^\*\.[^*]+$/.test(entry),
    says: (entry) =>
      `only Go reads a star in front; for curl, Python and wget it is a letter that no host has, and AKS supports no such entry in noProxy. Write ${entry.slice(1)} or ${entry.slice(2)}.`,
  },
  {
    applies: (entry) => /^\d+\.[\d.*]*\*[\d.*]*$/.test(entry),
    says: (entry) => `no client reads a star in an address. Write ${rangeFor(entry)}.`,
  },
  {
    applies: (entry) => entry.includes('*'),
    says: () => 'no client reads a star there.',
  },
  {
    applies: (entry) => /^\d[\d.]*-[\d.]+$/.test(entry),
    says: () => 'no client reads a range from one address to another. Write prefixes, such as 10.0.0.0/24.',
  },
  {
    applies: (entry) => /^\d{1,3}(?:\.\d{1,3}){0,2}\.?$/.test(entry),
    says: (entry) =>
      `no client takes the beginning of an address for all of them${entry.endsWith('.') ? '' : '; all but curl from 7.86 compare it with the end of an address'}. Write ${rangeFor(entry)}.`,
  },
  {
    applies: (entry) => /^[\d.]+\/0$|^::\/0$/.test(entry),
    says: () =>
      'only Go takes it for every address: curl reads /0 as a single address, requests starts at /1, urllib and wget compare text.',
  },
  {
    applies: hasTooLargeNumber,
    says: () =>
      'no range of IPv4: four numbers up to 255 and a prefix length up to 32. No client matches it.',
  },
  {
    applies: (entry) => RANGE.test(entry) && entry.includes(':'),
    says: () => 'a range of IPv6, which only Go reads (and curl from 8.18).',
  },
  {
    applies: (entry) => RANGE.test(entry),
    says: () =>
      'a range, which Go, curl from 7.86 and Python requests read; urllib, wget and curl before 7.86 compare text. It holds addresses only: a URL with a name never matches, whatever the name resolves to.',
  },
  {
    applies: (entry) => entry.includes('/'),
    says: (entry) => `neither a range nor a host. Write ${hostOf(entry)}.`,
  },
  {
    applies: (entry) => /^[^:[\]]+:\d+$|^\[[^\]]*\]:\d+$/.test(entry),
    says: () =>
      'with a port only Go and Python match it, Python where the URL spells the port (requests: not with an address); curl and wget never do.',
  },
  {
    // Nobody asks for `svc` or `cluster.local` itself.
    applies: (entry) => /^\.+[^.]+\.[^.]/.test(entry) && !/^\.cluster\.local$/i.test(entry),
    says: (entry) =>
      `Go and wget leave out ${entry.replace(/^\.+/, '')} itself; curl and Python take it with its subdomains.`,
  },
  {
    applies: (entry) => /[^.]\.$/.test(entry),
    says: (entry) => `only curl from 7.86 ignores the dot at the end. Write ${entry.replace(/\.+$/, '')}.`,
  },
];

function hostOf(entry: string): string {
  const host = entry.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').split(/[/?#]/)[0] ?? '';
  return host === '' ? 'a host' : host.replace(/:\d+$/, '');
}

/** `10.0.` and `10.0.*` mean 10.0.0.0/16. */
function rangeFor(entry: string): string {
  const octets = entry.split('.').filter((each) => /^\d+$/.test(each));
  const filled = [...octets, '0', '0', '0'].slice(0, 4);
  return `${filled.join('.')}/${octets.length * 8}`;
}

/** Sentences, each about entries that have the same trouble. */
export function noProxyWarnings(
  list: string,
  urls: readonly UrlAnswer[],
  env: ProxyEnvironment,
): readonly string[] {
  const isStarAlone = list.trim() === '*';
  const entries = [...new Set(list.split(/[\s,]+/).filter((each) => each !== ''))];
  const said = new Map<string, string[]>();
  for (const entry of entries) {
    const rule = RULES.find(({ applies }) => applies(entry));
    if (rule === undefined || isStarAlone) continue;
    const text = rule.says(entry);
    said.set(text, [...(said.get(text) ?? []), entry]);
  }
  return [
    ...proxyWarnings(env),
    ...blankWarnings(list),
    ...[...said].map(([text, about]) => `${about.join(', ')}: ${text}`),
    ...serviceWarnings(entries, urls),
  ];
}

const PROXY_URL = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^@/?#\s]*@)?(?:\[[^\]\s]*\]|[\w.-]+)(?::\d{1,5})?\/?$/i;

/** A value that is no URL sends each client somewhere else. */
function proxyWarnings(env: ProxyEnvironment): readonly string[] {
  const names = Object.keys(env).filter((name) => /^(?:http|https|all)_proxy$/i.test(name));
  const values = [...new Set(names.map((name) => env[name] ?? ''))];
  return values
    .filter((value) => value !== '' && !PROXY_URL.test(value))
    .map((value) => {
      const holders = names.filter((name) => env[name] === value).join(', ');
      return `${value} (${holders}): no URL of a proxy, and each client makes something else of it. Write http://HOST:PORT.`;
    });
}

function blankWarnings(list: string): readonly string[] {
  if (/[^,\s][ \t]+[^,\s]/.test(list)) {
    return [
      'A blank between entries separates them for curl until 8.8 only (8.9 stops reading there); Go, urllib and wget take both for one entry, and requests writes them together. Use commas.',
    ];
  }
  return /[^,\s]\s+(?:,|$)|^\s+\S/.test(list)
    ? ['wget keeps a blank in front of a comma or at the ends as part of the entry. Use commas alone.']
    : [];
}

const SERVICE_NAME = /^(?!localhost$)[a-z0-9-]+$|\.svc$|\.svc\.cluster\.local$|\.cluster\.local$/i;

/** AKS adds ranges to noProxy and no names: who asks for a Service by name then asks the proxy. */
function serviceWarnings(entries: readonly string[], urls: readonly UrlAnswer[]): readonly string[] {
  const lost = urls.filter(
    ({ target, answers }) =>
      SERVICE_NAME.test(target.host) && answers.some(({ choice }) => choice.kind === 'proxy'),
  );
  const short = lost.filter(({ target }) => !target.host.includes('.'));
  const long = lost.filter(({ target }) => target.host.includes('.'));
  const hasRange = entries.some((entry) => RANGE.test(entry));
  const hasNames = entries.some((entry) => /(?:^|\.)(?:svc|cluster\.local)\.?$/i.test(entry));
  return [
    ...(short.length === 0
      ? []
      : [
          `${hostsOf(short)}: a name without a dot has no domain that an entry could name, so the name itself has to be in the list.`,
        ]),
    ...(long.length === 0
      ? []
      : [`${hostsOf(long)}: names inside of the cluster. Add .svc and .cluster.local.`]),
    ...(hasRange && !hasNames && lost.length === 0
      ? [
          'No entry covers the names of Services (.svc, .cluster.local): ranges hold addresses only, and AKS adds no such names.',
        ]
      : []),
  ];
}

function hostsOf(urls: readonly UrlAnswer[]): string {
  return [...new Set(urls.map(({ target }) => target.host))].join(', ');
}
