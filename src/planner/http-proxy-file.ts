/** Reads the file of `--http-proxy-config`, or a cluster that has such a configuration. */
import { err, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import { finding } from './http-proxy-finding.ts';
import type { Finding } from './http-proxy-finding.ts';
import { parseJson } from './nsg-json.ts';

export interface ConfigFile {
  readonly httpProxy: string | null;
  readonly httpsProxy: string | null;
  /** As it stands there; undefined: it does not. */
  readonly noProxy: unknown;
  readonly trustedCa: string | null;
  readonly enabled: unknown;
  /** Keys that nothing is known of, and those whose value is not text. */
  readonly rest: Bag;
  readonly findings: readonly Finding[];
  /** What a cluster around it says of itself. */
  readonly podCidr: string | null;
  readonly serviceCidr: string | null;
  readonly fqdn: string | null;
}

const KEYS = ['enabled', 'effectiveNoProxy', 'httpProxy', 'httpsProxy', 'noProxy', 'trustedCa'] as const;
type Key = (typeof KEYS)[number];

type Bag = Readonly<Record<string, unknown>>;

/** Errors: a sentence that says what is wrong with the text as JSON. */
export function readConfigFile(text: string): Result<ConfigFile, string> {
  const parsed = strictJson(text.replace(/^\ufeff/, ''));
  if (!parsed.ok) return parsed;
  const single =
    Array.isArray(parsed.value) && parsed.value.length === 1 ? (parsed.value as unknown[])[0] : parsed.value;
  const whole = bagOf(single);
  if (whole === null) return err('is no JSON object: { "httpProxy": ..., ... } is wanted.');
  const properties = bagOf(whole['properties']) ?? whole;
  const around = bagOf(properties['httpProxyConfig']);
  if (around === null && 'networkProfile' in properties)
    return err('is a cluster without httpProxyConfig: it has no proxy.');
  const { bag, unknown, findings } = spelledKeys(around ?? whole);
  const network = bagOf(properties['networkProfile']);
  const texts = (['httpProxy', 'httpsProxy', 'trustedCa'] as const).map((key) => textValue(bag, key));
  const [httpProxy = null, httpsProxy = null, trustedCa = null] = texts.map((each) => each.value);
  return ok({
    httpProxy,
    httpsProxy,
    trustedCa,
    noProxy: bag.noProxy,
    enabled: bag.enabled ?? undefined,
    rest: Object.assign({}, unknown, ...texts.map((each) => each.rest)) as Bag,
    findings: [...findings, ...texts.flatMap((each) => each.findings)],
    podCidr: textOf(network?.['podCidr']),
    serviceCidr: textOf(network?.['serviceCidr']),
    fqdn: textOf(properties['fqdn']),
  });
}

function strictJson(text: string): Result<unknown, string> {
  try {
    return ok(JSON.parse(text) as unknown);
  } catch {
    if (!/^\s*[{[]/.test(text)) return err('is no JSON: that begins with a {.');
    const lenient = parseJson({ text, line: 1 });
    if ('problem' in lenient) return err(`line ${lenient.problem.line ?? 1}: ${lenient.problem.message}`);
    return err('is no strict JSON: a comma before a bracket, a comment, or text without quotation marks.');
  }
}

function spelledKeys(given: Bag): {
  readonly bag: Partial<Record<Key, unknown>>;
  readonly unknown: Bag;
  readonly findings: readonly Finding[];
} {
  const bag: Partial<Record<Key, unknown>> = {};
  const unknown: Record<string, unknown> = {};
  const findings: Finding[] = [];
  const plainly = (key: string): string => key.toLowerCase().replaceAll(/[_-]/g, '');
  for (const [key, value] of Object.entries(given)) {
    const meant = KEYS.find((each) => plainly(each) === plainly(key));
    if (meant === undefined) {
      unknown[shortKey(key)] = value;
      findings.push(
        finding(
          'error',
          'file',
          'unknown-key',
          `${shortKey(key)} is no key of a proxy configuration.`,
          KEYS.join(', '),
        ),
      );
      continue;
    }
    if (meant !== key) {
      unknown[shortKey(key)] = value;
      findings.push(
        finding(
          'error',
          meant === 'trustedCa' ? 'trustedCa' : 'file',
          'key-spelling',
          `${key} is spelled ${meant} in the documentation, and nothing says that another spelling is read.`,
          meant,
        ),
      );
      if (Object.hasOwn(given, meant)) continue;
    }
    if (value !== null) bag[meant] = value;
  }
  if ('effectiveNoProxy' in bag)
    findings.push(
      finding('note', 'file', 'effective', 'effectiveNoProxy is what AKS makes of the rest: it is not read.'),
    );
  return { bag, unknown, findings };
}

const LONGEST_KEY = 60;
const shortKey = (key: string): string => (key.length > LONGEST_KEY ? `${key.slice(0, LONGEST_KEY)}…` : key);

function textValue(
  bag: Partial<Record<Key, unknown>>,
  key: 'httpProxy' | 'httpsProxy' | 'trustedCa',
): { readonly value: string | null; readonly rest: Bag; readonly findings: readonly Finding[] } {
  const value = bag[key] ?? null;
  if (value === null || value === '') return { value: null, rest: {}, findings: [] };
  if (typeof value === 'string') return { value, rest: {}, findings: [] };
  const findings = [finding('error', key, 'wrong-type', `${key} is not text.`)];
  return { value: null, rest: { [key]: value }, findings };
}

function bagOf(value: unknown): Bag | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Bag) : null;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
