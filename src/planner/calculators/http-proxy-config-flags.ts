/** Inputs of the proxy configuration's builder and validator: a file, fields, or a file with fields over it. */
import { DEFAULT_POD_CIDR, DEFAULT_SERVICE_CIDR, MANAGED_VNET_PREFIX } from '../../model/limits/aks.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { Prefix } from '../../model/ip/prefix.ts';
import { prefix } from '../../model/ip/prefix.ts';
import { readProxyTarget } from '../../model/proxy/target.ts';
import type { CalculatorFlag } from '../calculator.ts';
import { choiceNamed } from '../choice.ts';
import type { ProxyQuestion } from '../http-proxy-config.ts';
import { readConfigFile } from '../http-proxy-file.ts';
import type { ConfigFile } from '../http-proxy-file.ts';
import { InputReader } from '../input.ts';
import type { FlagValues, InputIssue } from '../input.ts';

const CLUSTER: CalculatorFlag = {
  name: 'cluster',
  aliases: ['for'],
  takes: 'one',
  placeholder: 'new|existing',
  label: 'Cluster',
  help: 'az aks create limits the size of the certificates, az aks update does not.',
  choices: [
    { value: 'new', label: 'new: az aks create' },
    { value: 'existing', label: 'existing: az aks update' },
  ],
  words: { create: 'new', update: 'existing' },
  fallback: 'new',
  rare: true,
};

export const HTTP_PROXY_CONFIG_FLAGS: readonly CalculatorFlag[] = [
  {
    name: 'http-proxy',
    aliases: ['proxy'],
    takes: 'one',
    placeholder: 'URL',
    label: 'httpProxy',
    help: 'For http:// URLs, as in http://10.20.0.4:8080.',
  },
  {
    name: 'https-proxy',
    aliases: [],
    takes: 'one',
    placeholder: 'URL',
    label: 'httpsProxy',
    help: 'For https:// URLs. Empty: AKS takes httpProxy.',
  },
  {
    name: 'no-proxy',
    aliases: ['noproxy'],
    takes: 'many',
    placeholder: 'ENTRY ...',
    label: 'noProxy',
    help: 'Names, domains, addresses and ranges that go without the proxy. AKS adds its own.',
    lines: 4,
  },
  {
    name: 'ca-file',
    aliases: ['trusted-ca-file', 'cacert'],
    takes: 'many',
    placeholder: 'FILE|- ...',
    label: 'Certificate file',
    help: 'Certificates in PEM.',
    fileFor: 'trusted-ca',
    fileName: 'mitmproxy-ca-cert.pem',
    terminalOnly: true,
  },
  {
    name: 'trusted-ca',
    aliases: ['ca'],
    takes: 'many',
    placeholder: 'PEM|BASE64',
    label: 'trustedCa',
    help: 'Certificates in PEM, or base64 of that. They are read in this browser and sent nowhere.',
    terminalHelp: 'PEM begins with dashes: --trusted-ca="$(cat ca.pem)", or --ca-file ca.pem.',
    lines: 6,
  },
  {
    name: 'file',
    aliases: ['f', 'config-file'],
    takes: 'one',
    placeholder: 'FILE|-',
    label: 'File',
    help: 'A file for --http-proxy-config, or what az aks show -o json prints.',
    fileFor: 'config',
    fileName: 'aks-proxy-config.json',
    terminalOnly: true,
  },
  {
    name: 'config',
    aliases: ['http-proxy-config'],
    takes: 'one',
    placeholder: 'JSON',
    label: 'A file that exists',
    help: 'JSON for --http-proxy-config, or what az aks show -o json prints. Fields above take the place of its keys.',
    lines: 8,
  },
  {
    name: 'vnet',
    aliases: ['vnet-prefix', 'address-space', 'address-prefixes'],
    takes: 'many',
    placeholder: 'PREFIX ...',
    label: 'VNet of the cluster',
    help: 'AKS exempts its whole address space.',
    fallback: MANAGED_VNET_PREFIX.value,
  },
  {
    name: 'subnet',
    aliases: ['node-subnet', 'subnets'],
    takes: 'many',
    placeholder: 'PREFIX ...',
    label: 'Subnets of the nodes',
    help: 'Where they were brought, AKS names them too.',
    rare: true,
  },
  {
    name: 'pod-cidr',
    aliases: [],
    takes: 'one',
    placeholder: 'PREFIX|none',
    label: 'Pod range',
    help: 'none for a cluster whose pods have addresses of the VNet.',
    fallback: DEFAULT_POD_CIDR.value,
  },
  {
    name: 'service-cidr',
    aliases: [],
    takes: 'one',
    placeholder: 'PREFIX',
    label: 'Service range',
    help: 'Addresses of Services.',
    fallback: DEFAULT_SERVICE_CIDR.value,
  },
  {
    name: 'names',
    aliases: ['name', 'call', 'calls'],
    takes: 'many',
    placeholder: 'NAME|URL ...',
    label: 'What pods call',
    help: 'Names of Services and others, as programs spell them: each client says whether it asks the proxy.',
    lines: 3,
  },
  {
    name: 'fqdn',
    aliases: ['api-server'],
    takes: 'one',
    placeholder: 'NAME',
    label: 'Name of the API server',
    help: 'AKS exempts it. Without one a placeholder stands for it.',
    rare: true,
  },
  CLUSTER,
  {
    name: 'date',
    aliases: ['at', 'on'],
    takes: 'one',
    placeholder: 'YYYY-MM-DD',
    label: 'Date',
    help: 'The day on which certificates must be valid. Empty: today.',
    terminalHelp: 'In the terminal, empty means that dates are not judged.',
    rare: true,
  },
];

export interface HttpProxyConfigInput {
  readonly question: ProxyQuestion;
  /** Seconds since the epoch; null: none was named. */
  readonly date: number | null;
}

/** No bundle of 20 certificates is longer, encoded twice. */
const LONGEST_TEXT = 262_144;
const MOST_ENTRIES = 500;
const MOST_NAMES = 60;

export function readHttpProxyConfigInput(
  values: FlagValues,
): Result<HttpProxyConfigInput, readonly InputIssue[]> {
  const reader = new InputReader(values);
  const file = readFile(reader);
  const trustedCa = readLong(reader, 'trusted-ca');
  const listed = reader
    .raw('no-proxy')
    .flatMap((text) => text.split(/[\s,;"'[\]]+/))
    .filter((text) => text !== '');
  if (listed.length > MOST_ENTRIES)
    reader.refuse('no-proxy', null, `has ${listed.length} entries; the most here are ${MOST_ENTRIES}.`);
  const question: ProxyQuestion = {
    httpProxy: reader.single('http-proxy') ?? file?.httpProxy ?? null,
    httpsProxy: reader.single('https-proxy') ?? file?.httpsProxy ?? null,
    noProxy: reader.isGiven('no-proxy') ? listed : file?.noProxy,
    trustedCa:
      trustedCa !== null
        ? { text: trustedCa, from: 'field' }
        : file === null || file.trustedCa === null
          ? null
          : { text: file.trustedCa, from: 'file' },
    enabled: file?.enabled,
    rest: file?.rest ?? {},
    findings: file?.findings ?? [],
    cluster: {
      is: readCluster(reader),
      vnets: prefixes(reader, 'vnet') ?? [prefix(MANAGED_VNET_PREFIX.value)],
      subnets: prefixes(reader, 'subnet') ?? [],
      podCidr: readPodCidr(reader, file),
      serviceCidr: readServiceCidr(reader, file),
      fqdn: reader.single('fqdn') ?? file?.fqdn ?? null,
    },
    names: readNames(reader),
  };
  const date = readDate(reader);
  const given = ['config', 'http-proxy', 'https-proxy', 'no-proxy', 'trusted-ca'];
  if (!given.some((flag) => reader.isGiven(flag)))
    reader.refuse('http-proxy', null, 'which proxy?', '--http-proxy http://10.20.0.4:8080, or --file FILE');
  return reader.issues.length > 0 ? err(reader.issues) : ok({ question, date });
}

/** Texts of certificates and files: none of them is ever repeated in an issue. */
function readLong(reader: InputReader, flag: string): string | null {
  const given = reader.raw(flag).filter((text) => text.trim() !== '');
  const text = given.join('\n');
  if (given.length === 0) return null;
  if (text.length <= LONGEST_TEXT) return text;
  return reader.refuse(
    flag,
    null,
    `has ${text.length.toLocaleString('en')} characters; the most here are ${LONGEST_TEXT.toLocaleString('en')}.`,
  );
}

function readFile(reader: InputReader): ConfigFile | null {
  if (reader.raw('config').length > 1)
    return reader.refuse('config', null, `takes one, but ${reader.raw('config').length} were given.`);
  const text = readLong(reader, 'config');
  if (text === null) return null;
  const read = readConfigFile(text);
  return read.ok
    ? read.value
    : reader.refuse('config', null, `The text ${read.error}`, '{ "httpProxy": "http://10.20.0.4:8080" }');
}

function readCluster(reader: InputReader): 'new' | 'existing' {
  const text = reader.single('cluster');
  const named = text === null ? 'new' : choiceNamed(CLUSTER, text);
  if (named === 'new' || named === 'existing') return named;
  reader.refuse('cluster', text, `"${text ?? ''}" is neither.`, 'new or existing.');
  return 'new';
}

function prefixes(reader: InputReader, flag: string): readonly Prefix[] | null {
  if (!reader.isGiven(flag)) return null;
  return reader.namedPrefixes(flag).map((each) => each.prefix);
}

function readPodCidr(reader: InputReader, file: ConfigFile | null): Prefix | null {
  if (reader.single('pod-cidr')?.toLowerCase() === 'none') return null;
  const given = reader.prefix('pod-cidr');
  if (given !== null || reader.isGiven('pod-cidr')) return given;
  return file?.podCidr === undefined || file.podCidr === null
    ? prefix(DEFAULT_POD_CIDR.value)
    : reader.prefixOf('config', file.podCidr);
}

function readServiceCidr(reader: InputReader, file: ConfigFile | null): Prefix {
  const fallback = prefix(DEFAULT_SERVICE_CIDR.value);
  const given = reader.prefix('service-cidr');
  if (given !== null || reader.isGiven('service-cidr')) return given ?? fallback;
  return file?.serviceCidr === undefined || file.serviceCidr === null
    ? fallback
    : (reader.prefixOf('config', file.serviceCidr) ?? fallback);
}

function readNames(reader: InputReader): readonly string[] {
  const names = [...new Set(reader.texts('names'))];
  if (names.length > MOST_NAMES)
    reader.refuse('names', null, `are ${names.length}; the most here are ${MOST_NAMES}.`);
  for (const name of names.slice(0, MOST_NAMES)) {
    const target = readProxyTarget(name);
    if (!target.ok) reader.refuse('names', name, target.error.message, target.error.instead);
  }
  return names.slice(0, MOST_NAMES);
}

function readDate(reader: InputReader): number | null {
  const text = reader.single('date');
  if (text === null) return null;
  const at = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?Z)?$/.test(text) ? Date.parse(text) : NaN;
  // 2026-02-30 is read as the second of March.
  const isReal = !Number.isNaN(at) && new Date(at).toISOString().startsWith(text.slice(0, 10));
  return isReal ? at / 1000 : reader.refuse('date', text, `"${text}" is no date.`, '2026-11-23');
}
