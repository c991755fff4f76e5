/** What the service takes and practice does not: proxies that nobody reaches, names that go the wrong way. */
import { ALWAYS_EXEMPT } from '../model/limits/http-proxy.ts';
import type { HttpProxyConfig } from '../model/aks/http-proxy-config.ts';
import { parseAddress } from '../model/ip/address.ts';
import type { Address } from '../model/ip/address.ts';
import { formatPrefix, parsePrefix, prefixContains } from '../model/ip/prefix.ts';
import { splitProxyUrl } from '../model/proxy/proxy-url.ts';
import { finding } from './http-proxy-finding.ts';
import type { Finding, FindingAbout } from './http-proxy-finding.ts';
import type { ClusterRanges, NameVerdict, ProxyQuestion } from './http-proxy-config.ts';

/** `config` is null where AKS does not take it. */
export function adviceOn(
  question: ProxyQuestion,
  config: HttpProxyConfig | null,
  entries: readonly string[],
  names: readonly NameVerdict[],
): readonly Finding[] {
  const { httpProxy, httpsProxy } = question;
  return [
    ...(httpProxy === null ? [] : proxyAdvice('httpProxy', httpProxy, question.cluster, entries)),
    ...(httpsProxy === null || httpsProxy === httpProxy
      ? []
      : proxyAdvice('httpsProxy', httpsProxy, question.cluster, entries)),
    ...(httpsProxy === null && httpProxy !== null
      ? [finding('note', 'httpsProxy', 'filled-in', `Absent: AKS fills in ${httpProxy}.`)]
      : []),
    ...(httpProxy === null && httpsProxy !== null
      ? [
          finding(
            'warning',
            'httpProxy',
            'no-http-proxy',
            'Absent: requests to http:// URLs go without a proxy.',
          ),
        ]
      : []),
    ...entryAdvice(entries),
    ...nameAdvice(names),
    ...(question.trustedCa === null && config !== null
      ? [
          finding(
            'note',
            'trustedCa',
            'no-ca',
            'Absent: right for a proxy that tunnels. One that intercepts signs with a CA of its own, which nodes then refuse.',
          ),
        ]
      : []),
    ...(question.trustedCa === null
      ? []
      : [
          finding(
            'note',
            'trustedCa',
            'nodes-only',
            'It reaches nodes only. Images keep their own certificates: a pod that speaks HTTPS through an intercepting proxy needs it mounted or built in.',
          ),
        ]),
    ...(config?.enabled === false
      ? [
          finding(
            'note',
            'file',
            'off',
            'enabled is false: AKS keeps the rest, and nodes and pods get nothing of it.',
          ),
        ]
      : []),
  ];
}

function proxyAdvice(
  about: FindingAbout,
  url: string,
  cluster: ClusterRanges,
  entries: readonly string[],
): readonly Finding[] {
  const { scheme, userInfo, host, port } = splitProxyUrl(url.trim());
  const findings: Finding[] = [];
  const say = (severity: Finding['severity'], code: string, message: string, instead: string | null = null) =>
    findings.push(finding(severity, about, code, message, instead));
  const odd = scheme === null ? /^([^/?#]*):\/\/([^/?#]*)/.exec(url.trim()) : null;
  if (odd !== null) {
    say('error', 'no-scheme', `"${odd[1]}" is no scheme.`, odd[2] === '' ? null : `http://${odd[2]}`);
    return findings;
  }
  const rest = `${host}${port === null || port === '' ? ':8080' : `:${port}`}`;
  if (scheme === null && host !== '') say('error', 'no-scheme', 'It names no scheme.', `http://${rest}`);
  if (scheme === 'https')
    say(
      about === 'httpProxy' ? 'error' : 'warning',
      'https-to-proxy',
      "https:// means TLS with the proxy itself: clients then check a certificate of the proxy's own name before they ask for anything. An http:// proxy carries HTTPS too, by CONNECT.",
      `http://${rest}`,
    );
  if (userInfo !== null)
    say(
      'error',
      'credentials',
      'User names and passwords are not supported, and every pod could read them.',
      `http://${rest}`,
    );
  if (scheme === 'http' && (port === null || port === ''))
    say('warning', 'no-port', 'Without a port it is 80; mitmproxy listens on 8080.', `http://${host}:8080`);
  const address = parseAddress(host);
  if (address.ok) findings.push(...addressAdvice(about, address.value, host, cluster, entries));
  else if (host !== '') findings.push(...hostAdvice(about, host.toLowerCase()));
  return findings;
}

function addressAdvice(
  about: FindingAbout,
  address: Address,
  host: string,
  { podCidr, serviceCidr, vnets }: ClusterRanges,
  entries: readonly string[],
): readonly Finding[] {
  if (host.startsWith('127.'))
    return [
      finding('error', about, 'loopback', `${host} is each node and each pod itself: nothing listens there.`),
    ];
  if (prefixContains(serviceCidr, address))
    return [
      finding(
        'error',
        about,
        'in-service-cidr',
        `${host} lies in the service range ${formatPrefix(serviceCidr)}: nodes and pods take it for a Service. The proxy must stand outside, or the cluster needs another --service-cidr.`,
      ),
    ];
  if (podCidr !== null && prefixContains(podCidr, address))
    return [
      finding(
        'error',
        about,
        'in-pod-cidr',
        `${host} lies in the pod range ${formatPrefix(podCidr)}: a pod may get that address. The proxy must stand outside.`,
      ),
    ];
  const own = vnets.find((each) => prefixContains(each, address));
  const range = entries.find((entry) => {
    const prefix = entry.includes('/') ? parsePrefix(entry) : null;
    return prefix?.ok === true && prefixContains(prefix.value, address);
  });
  if (range !== undefined)
    return [
      finding(
        'warning',
        about,
        'range-around-proxy',
        `The entry ${range} of noProxy is a range around the proxy itself. The proxy is still asked; but everything else in that range goes direct, which hides a whole network when the range is wider than meant.`,
      ),
    ];
  return own === undefined
    ? []
    : [
        finding(
          'note',
          about,
          'in-vnet',
          `${host} lies in the cluster's own VNet, which AKS exempts. The proxy is still asked; requests to other machines there go direct.`,
        ),
      ];
}

function hostAdvice(about: FindingAbout, host: string): readonly Finding[] {
  if (host === 'localhost')
    return [
      finding(
        'error',
        about,
        'loopback',
        'localhost is each node and each pod itself: nothing listens there.',
      ),
    ];
  if (/\.svc(\.|$)|\.cluster\.local$/.test(host))
    return [
      finding(
        'error',
        about,
        'name-in-cluster',
        `${host} is a name of the cluster's own DNS. Nodes do not ask that, and need the proxy before there is a cluster.`,
      ),
    ];
  if (!host.includes('.'))
    return [
      finding(
        'warning',
        about,
        'short-name',
        `${host} has no dot: pods look it up under the domains of the cluster first, and nodes in the VNet's own domain. Use a full name, or the address.`,
      ),
    ];
  return [
    finding(
      'note',
      about,
      'by-name',
      `The DNS servers of the VNet must know ${host}: nodes ask them before they join, and pods through CoreDNS. An address needs no DNS.`,
    ),
  ];
}

function entryAdvice(entries: readonly string[]): readonly Finding[] {
  const say = (severity: Finding['severity'], code: string, message: string, instead: string | null = null) =>
    finding(severity, 'noProxy', code, message, instead);
  const lower = entries.map((each) => each.toLowerCase());
  const findings: Finding[] = [];
  if (!lower.some((each) => each === '.svc' || each === 'svc'))
    findings.push(
      say(
        'warning',
        'no-svc',
        'AKS does not add .svc: calls to SERVICE.NAMESPACE.svc go to the proxy, since ranges match only addresses.',
        '.svc',
      ),
    );
  if (!lower.some((each) => /^\.?((svc\.)?cluster\.)?local$/.test(each)))
    findings.push(
      say(
        'warning',
        'no-cluster-local',
        'AKS does not add .cluster.local: calls to full names of Services go to the proxy.',
        '.cluster.local',
      ),
    );
  const added = lower.filter((each) => ALWAYS_EXEMPT.value.includes(each));
  if (added.length > 0) findings.push(say('note', 'added-anyway', `AKS adds ${added.join(', ')} itself.`));
  if (lower.some((each) => /^\.?mcr\.microsoft\.com$/.test(each)))
    findings.push(
      say(
        'warning',
        'mcr',
        'mcr.microsoft.com also exempts its data endpoints under it: nodes then need a direct way to it, and to *.data.mcr.microsoft.com.',
      ),
    );
  if (
    lower.some((each) => /^\.?docker\.io$/.test(each)) &&
    !lower.some((each) => /^\.?docker\.com$/.test(each))
  )
    findings.push(
      say(
        'warning',
        'docker',
        'docker.io does not cover production.cloudflare.docker.com, where the layers of images come from.',
        'docker.com',
      ),
    );
  const ranges = entries.filter((each) => /^[\d.:a-f]+\/\d+$/i.test(each));
  if (ranges.length > 0)
    findings.push(
      say(
        'note',
        'ranges',
        `${ranges.join(', ')}: a range matches only URLs that spell an address, and curl before 7.86 and Python's urllib read no ranges at all.`,
      ),
    );
  return findings;
}

/** Names of the cluster that a client would ask the proxy for. */
function nameAdvice(names: readonly NameVerdict[]): readonly Finding[] {
  return names.flatMap(({ name, verdicts }) => {
    const host = (/^(?:[a-z]+:\/\/)?([^/:]+)/i.exec(name)?.[1] ?? name).toLowerCase();
    const isInside = !host.includes('.') || /\.svc$|\.cluster\.local$/.test(host) || /\.svc\./.test(host);
    const through = Object.entries(verdicts)
      .filter(([, verdict]) => verdict.via === 'proxy')
      .map(([client]) => client);
    if (!isInside || through.length === 0) return [];
    const who = through.length === Object.keys(verdicts).length ? 'every client' : through.join(', ');
    const isShort = !host.includes('.');
    return [
      finding(
        'warning',
        'noProxy',
        'name-to-proxy',
        `${name} goes to the proxy with ${who}, and the proxy does not know it.${isShort ? ' No suffix covers a short name: add it as it is called, or call it by its full name.' : ''}`,
        isShort ? host : null,
      ),
    ];
  });
}
