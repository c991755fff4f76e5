/** A cluster's proxy configuration judged: what AKS makes of it, and what it will not do for whoever wrote it. */
import { exemptions, proxyVariables } from '../model/aks/http-proxy.ts';
import { readHttpProxyConfig } from '../model/aks/http-proxy-request.ts';
import type { HttpProxyConfig } from '../model/aks/http-proxy-config.ts';
import type { AzureError } from '../model/azure/error.ts';
import type { Certificate } from '../model/certificates/certificate.ts';
import { formatPrefix } from '../model/ip/prefix.ts';
import type { Prefix } from '../model/ip/prefix.ts';
import type { ProxyClient } from '../model/proxy/clients.ts';
import { matchNoProxy } from '../model/proxy/no-proxy.ts';
import type { NoProxyVerdict } from '../model/proxy/no-proxy.ts';
import { readProxyTarget } from '../model/proxy/target.ts';
import { certificateFindings, readTrustedCa } from './http-proxy-ca.ts';
import type { TrustedCa } from './http-proxy-ca.ts';
import { adviceOn } from './http-proxy-advice.ts';
import { finding } from './http-proxy-finding.ts';
import type { Finding, FindingAbout } from './http-proxy-finding.ts';

/** What was given, before anybody judged it. */
export interface ProxyQuestion {
  readonly httpProxy: string | null;
  readonly httpsProxy: string | null;
  /** Entries, or whatever stands in the file in their place. */
  readonly noProxy: unknown;
  readonly trustedCa: { readonly text: string; readonly from: 'field' | 'file' } | null;
  readonly enabled: unknown;
  /** What the file says besides, as it stands there, and what reading it brought up. */
  readonly rest: Readonly<Record<string, unknown>>;
  readonly findings: readonly Finding[];
  readonly cluster: ClusterRanges;
  /** Names or URLs that pods call. */
  readonly names: readonly string[];
}

export interface ClusterRanges {
  /** `new` has a limit more. */
  readonly is: 'new' | 'existing';
  readonly vnets: readonly Prefix[];
  readonly subnets: readonly Prefix[];
  readonly podCidr: Prefix | null;
  readonly serviceCidr: Prefix;
  /** Null: a placeholder stands for it. */
  readonly fqdn: string | null;
}

/** Stands for the name of the API server where it is not known. */
export const FQDN_PLACEHOLDER = 'API-SERVER-FQDN';

/** Clients whose rules differ. */
export const NAME_CLIENTS = ['go', 'curl', 'curl-7.81', 'python-urllib', 'python-requests'] as const;
export type NameClient = Extract<ProxyClient, (typeof NAME_CLIENTS)[number]>;

export interface NameVerdict {
  readonly name: string;
  readonly verdicts: Readonly<Record<NameClient, NoProxyVerdict>>;
}

export interface ProxyAnswer {
  /** `refused`: AKS does not take it. `broken`: it does, and something cannot work. */
  readonly outcome: 'refused' | 'broken' | 'taken';
  /** AKS's first refusal. */
  readonly refusal: AzureError | null;
  readonly findings: readonly Finding[];
  readonly ca: TrustedCa | null;
  readonly certificates: readonly Certificate[];
  /** Content of the file for `--http-proxy-config`, with what could be mended; null where AKS would still refuse it. */
  readonly file: string | null;
  /** What differs between the file and what was given. */
  readonly mended: readonly string[];
  readonly effectiveNoProxy: readonly { readonly entry: string; readonly by: 'you' | 'AKS' }[];
  /** In the order of a pod; empty where there is no proxy, or it is off. */
  readonly variables: Readonly<Record<string, string>>;
  readonly names: readonly NameVerdict[];
}

/** `at`: seconds since the epoch; null: dates of certificates are not judged. */
export function judgeProxyConfig(question: ProxyQuestion, at: number | null): ProxyAnswer {
  const ca =
    question.trustedCa === null ? null : readTrustedCa(question.trustedCa.text, question.trustedCa.from);
  const given = { ...question.rest, ...requestOf(question, ca?.asGiven ?? null, question.noProxy) };
  const taken = readHttpProxyConfig(given, question.cluster.is);
  const { entries, mended: mendedEntries } = mendedNoProxy(question.noProxy);
  const mended = requestOf(question, ca?.base64 ?? null, entries);
  const better = readHttpProxyConfig(mended, question.cluster.is);
  const config = better.ok ? better.value : null;
  const certificates = ca?.certificates ?? [];
  const effective = effectiveOf(question.cluster, config?.noProxy ?? entries ?? []);
  const names = question.names.flatMap((name) => nameVerdict(name, effective.join(',')));
  const own = [
    ...question.findings,
    ...(ca?.findings ?? []),
    ...certificates.flatMap((each) => certificateFindings(each, at)),
    ...adviceOn(question, config, entries ?? [], names),
  ];
  const findings = bySeverity([...own, ...refusals(question, given, own)]);
  const isBroken = findings.some(({ severity }) => severity === 'error');
  const yours = new Set(entries ?? []);
  return {
    outcome: !taken.ok ? 'refused' : isBroken ? 'broken' : 'taken',
    refusal: taken.ok ? null : taken.error,
    findings,
    ca,
    certificates,
    file: config === null ? null : fileText(question, config),
    mended: config === null ? [] : [...mendedEntries, ...mendedCa(question, ca)],
    effectiveNoProxy: effective.map((entry) => ({ entry, by: yours.has(entry) ? 'you' : 'AKS' })),
    variables: config === null || !config.enabled ? {} : proxyVariables(config, effective),
    names,
  };
}

function requestOf(
  { httpProxy, httpsProxy, enabled }: ProxyQuestion,
  trustedCa: string | null,
  noProxy: unknown,
): Readonly<Record<string, unknown>> {
  return {
    ...(enabled === undefined ? {} : { enabled }),
    ...(httpProxy === null ? {} : { httpProxy }),
    ...(httpsProxy === null ? {} : { httpsProxy }),
    ...(noProxy === null || noProxy === undefined ? {} : { noProxy }),
    ...(trustedCa === null ? {} : { trustedCa }),
  };
}

/** The service names one fault at a time: each part is asked about by itself, beside a proxy that is right. */
function refusals(
  { cluster, httpProxy, httpsProxy, noProxy, rest }: ProxyQuestion,
  given: Readonly<Record<string, unknown>>,
  known: readonly Finding[],
): readonly Finding[] {
  const right = { httpProxy: 'http://proxy.example:8080' };
  const asked: readonly (readonly [FindingAbout, Readonly<Record<string, unknown>>])[] = [
    ...(httpProxy === null && httpsProxy === null && !('httpProxy' in rest) && !('httpsProxy' in rest)
      ? [['httpProxy', {}] as const]
      : []),
    ...(httpProxy === null ? [] : [['httpProxy', { httpProxy }] as const]),
    ...(httpsProxy === null ? [] : [['httpsProxy', { ...right, httpsProxy }] as const]),
    ...(Array.isArray(noProxy)
      ? (noProxy as readonly unknown[]).map((entry) => ['noProxy', { ...right, noProxy: [entry] }] as const)
      : [['noProxy', { ...right, noProxy }] as const]),
    ...('trustedCa' in given ? [['trustedCa', { ...right, trustedCa: given['trustedCa'] }] as const] : []),
    ...('enabled' in given ? [['file', { ...right, enabled: given['enabled'] }] as const] : []),
  ];
  const isExplained = (about: FindingAbout): boolean =>
    about === 'trustedCa' && known.some((each) => each.about === about && each.severity === 'error');
  return asked.flatMap(([about, request]) => {
    const read = readHttpProxyConfig(request, cluster.is);
    if (read.ok || isExplained(about)) return [];
    return [finding('error', about, 'refused', `AKS refuses it: (${read.error.code}) ${read.error.message}`)];
  });
}

const ORDER = { error: 0, warning: 1, note: 2 } as const;

function bySeverity(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings
    .filter(({ message }) => !seen.has(message) && seen.add(message))
    .sort((one, other) => ORDER[one.severity] - ORDER[other.severity]);
}

/** The entries with what can be mended without guessing: several in one, spaces, wildcards for subdomains. */
function mendedNoProxy(given: unknown): {
  readonly entries: readonly string[] | null;
  readonly mended: readonly string[];
} {
  if (given === null || given === undefined) return { entries: null, mended: [] };
  const mended: string[] = [];
  const list =
    typeof given === 'string' ? [given] : Array.isArray(given) ? (given as readonly unknown[]) : [];
  if (typeof given === 'string') mended.push('noProxy is a list now.');
  const entries = list.flatMap((entry) => {
    if (typeof entry !== 'string') return [];
    const parts = entry.split(/[\s,;]+/).filter((part) => part !== '');
    if (parts.join() !== entry)
      mended.push(`The entry ${JSON.stringify(entry)} is cut at commas and spaces.`);
    return parts.map((part) => {
      const domain = /^\*(\.[^*]+)$/.exec(part)?.[1];
      if (domain === undefined) return part;
      mended.push(`The entry ${part} is ${domain}, which means the same to those that know wildcards.`);
      return domain;
    });
  });
  return { entries: [...new Set(entries)], mended };
}

function mendedCa({ trustedCa }: ProxyQuestion, ca: TrustedCa | null): readonly string[] {
  if (trustedCa === null || ca?.base64 === null || ca === null || ca.base64 === ca.asGiven) return [];
  return trustedCa.from === 'field' && ca.findings.length === 0
    ? []
    : ['trustedCa is base64 of the certificates in PEM, and of nothing else.'];
}

/** In the order of the documentation. */
function fileText({ httpProxy, httpsProxy, enabled }: ProxyQuestion, config: HttpProxyConfig): string {
  const { noProxy, trustedCa } = config;
  const content = {
    ...(enabled === false ? { enabled: false } : {}),
    ...(httpProxy === null ? {} : { httpProxy }),
    ...(httpsProxy === null ? {} : { httpsProxy }),
    ...(noProxy === null ? {} : { noProxy }),
    ...(trustedCa === null ? {} : { trustedCa }),
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

function effectiveOf(cluster: ClusterRanges, noProxy: readonly string[]): readonly string[] {
  return exemptions({
    fqdn: cluster.fqdn ?? FQDN_PLACEHOLDER,
    addressPrefixes: cluster.vnets.map(formatPrefix),
    subnetPrefixes: cluster.subnets.map(formatPrefix),
    podCidr: cluster.podCidr === null ? null : formatPrefix(cluster.podCidr),
    serviceCidr: formatPrefix(cluster.serviceCidr),
    noProxy,
  });
}

function nameVerdict(name: string, list: string): readonly NameVerdict[] {
  const target = readProxyTarget(name);
  if (!target.ok) return [];
  const of = (client: NameClient): NoProxyVerdict => matchNoProxy(client, list, target.value);
  return [
    {
      name,
      verdicts: {
        go: of('go'),
        curl: of('curl'),
        'curl-7.81': of('curl-7.81'),
        'python-urllib': of('python-urllib'),
        'python-requests': of('python-requests'),
      },
    },
  ];
}
