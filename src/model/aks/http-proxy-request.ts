/** What AKS checks of an HTTP proxy configuration before it takes it. */
import type { AzureError } from '../azure/error.ts';
import { azureError, notSimulated, refusedToo } from '../azure/error.ts';
import { fromBase64, fromUtf8 } from '../certificates/bytes.ts';
import { readBlocks, whatItIs } from '../certificates/pem-block.ts';
import { parsePem } from '../certificates/pem.ts';
import { parseAddress } from '../ip/address.ts';
import { TRUSTED_CA_BYTES, TRUSTED_CA_CERTIFICATES } from '../limits/http-proxy.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import type { HttpProxyConfig } from './http-proxy-config.ts';

/** A property of the request as JSON has it; absent and null are the same. */
export type HttpProxyRequest = Readonly<Record<string, unknown>>;

/** As `az aks show` prints them; what only the service writes may stand in a request, and is not read. */
const KEYS = ['enabled', 'effectiveNoProxy', 'httpProxy', 'httpsProxy', 'noProxy', 'trustedCa'] as const;

/**
 * Reads `httpProxyConfig` of a request; it takes the place of the whole configuration, and `httpsProxy` is filled in
 * with `httpProxy` where it is missing. Errors: `HTTPProxyConfigInputError` and `HTTPProxyWrongUrlError`, worded as in
 * https://github.com/Azure/AKS/issues/205 and https://github.com/Azure/AKS/issues/5561;
 * `HTTPProxyTrustedCAPEMDecodeFailure`, as in https://github.com/Azure/AKS/issues/3044;
 * `HTTPProxyConfigCADecodeError`, a code of the resource provider whose wording nobody has published. What the
 * documentation only calls not supported (https://learn.microsoft.com/azure/aks/http-proxy, 2026-08-26) has the code
 * `HTTPProxyConfigInputError` here, in our words.
 */
export function readHttpProxyConfig(
  request: HttpProxyRequest,
  cluster: 'new' | 'existing',
): Result<HttpProxyConfig, AzureError> {
  const httpProxy = textOf(request, 'httpProxy');
  if (!httpProxy.ok) return httpProxy;
  const httpsProxy = textOf(request, 'httpsProxy');
  if (!httpsProxy.ok) return httpsProxy;
  const enabled = request['enabled'] ?? true;
  if (typeof enabled !== 'boolean') return err(wrongType('enabled', 'true or false'));
  const hasProxy = httpProxy.value !== null || httpsProxy.value !== null;
  if (!hasProxy) return err(inputError('HTTPProxy and HTTPSProxy both cannot be empty.'));
  const unknown = Object.keys(request).find((key) => !KEYS.some((each) => each === key));
  if (unknown !== undefined) return err(unknownKey(unknown));
  if (httpProxy.value !== null && !isProxyUrl(httpProxy.value, ['http'])) {
    return err(wrongUrl(httpProxy.value, 'HTTPProxy'));
  }
  if (httpsProxy.value !== null && !isProxyUrl(httpsProxy.value, ['http', 'https'])) {
    return err(wrongUrl(httpsProxy.value, 'HTTPSProxy'));
  }
  const noProxy = readNoProxy(request['noProxy'] ?? null);
  if (!noProxy.ok) return noProxy;
  const trustedCa = textOf(request, 'trustedCa');
  if (!trustedCa.ok) return trustedCa;
  const trusted = trustedCa.value === null ? null : whyNotTrusted(trustedCa.value, cluster);
  if (trusted !== null) return err(trusted);
  return ok({
    enabled,
    httpProxy: httpProxy.value,
    httpsProxy: httpsProxy.value ?? httpProxy.value,
    noProxy: noProxy.value,
    trustedCa: trustedCa.value,
  });
}

function inputError(message: string): AzureError {
  return azureError('HTTPProxyConfigInputError', message);
}

function wrongUrl(url: string, property: 'HTTPProxy' | 'HTTPSProxy'): AzureError {
  const [, tls] = /^http(s?):\/\/\[[0-9a-f:.]+\](?::\d+)?\/?$/i.exec(url) ?? [];
  if (tls === '' || (tls !== undefined && property === 'HTTPSProxy')) {
    return notSimulated('An HTTP proxy with an IPv6 address');
  }
  return azureError(
    'HTTPProxyWrongUrlError',
    `The url ${url} is not correct for the property HTTPProxyConfig.${property}`,
  );
}

function unknownKey(key: string): AzureError {
  const meant = KEYS.find((each) => each.toLowerCase() === key.toLowerCase());
  const spelled = meant === undefined ? '' : `, which is spelled ${meant} in the documentation,`;
  return azureError(
    'NotSimulated',
    `The key ${key}${spelled} of an HTTP proxy configuration is not simulated in this workbook. Known are ${KEYS.filter((each) => each !== 'effectiveNoProxy').join(', ')}.`,
  );
}

function wrongType(key: string, wanted: string): AzureError {
  return refusedToo(`An HTTP proxy configuration whose ${key} is not ${wanted}`);
}

/** Empty text is no text. */
function textOf(request: HttpProxyRequest, key: string): Result<string | null, AzureError> {
  const value = request[key] ?? null;
  if (value === null || value === '') return ok(null);
  return typeof value === 'string' ? ok(value) : err(wrongType(key, 'text'));
}

/**
 * Reports whether text is the address of a proxy: scheme, host, a port or not, and at most a slash behind. In January
 * 2026 the service wanted the slash (https://github.com/Azure/AKS/issues/5561, a bug by its label); the documentation
 * writes none. A user name is not supported.
 */
function isProxyUrl(text: string, schemes: readonly ('http' | 'https')[]): boolean {
  const [, scheme, host = '', port] = /^([a-z]+):\/\/([^/:@?#\s]+)(?::(\d{1,5}))?\/?$/i.exec(text) ?? [];
  if (!schemes.some((each) => each === scheme?.toLowerCase())) return false;
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return false;
  return /^[\d.]+$/.test(host) ? parseAddress(host).ok : isHostName(host);
}

/** Reports whether text is a host name of RFC 1123. */
function isHostName(text: string): boolean {
  return (
    text.length <= 253 &&
    text.split('.').every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(label))
  );
}

function readNoProxy(value: unknown): Result<readonly string[] | null, AzureError> {
  if (value === null) return ok(null);
  if (!Array.isArray(value)) return err(wrongType('noProxy', 'a list of texts'));
  const entries: string[] = [];
  for (const entry of value as readonly unknown[]) {
    if (typeof entry !== 'string') return err(wrongType('noProxy', 'a list of texts'));
    const why = whyNotExempt(entry);
    if (why !== null)
      return err(inputError(`HTTPProxyConfig.NoProxy has the invalid entry '${entry}': ${why}.`));
    entries.push(entry);
  }
  return ok(entries);
}

/** Why an entry of `noProxy` is refused, or null. Domains may begin with a dot. */
function whyNotExempt(entry: string): string | null {
  if (entry.includes('*')) return 'the wildcard * is not supported';
  if (entry.includes('/')) {
    if (entry.includes(':')) return /^[0-9a-f:]+\/\d{1,3}$/i.test(entry) ? null : 'it is no CIDR range';
    // Host bits may be set, as Go reads ranges.
    const [address = '', length = ''] = entry.split('/');
    return parseAddress(address).ok && /^([0-9]|[12][0-9]|3[0-2])$/.test(length)
      ? null
      : 'it is no CIDR range';
  }
  if (/^[\d.]+$/.test(entry)) return parseAddress(entry).ok ? null : 'it is no IP address';
  if (/^[0-9a-f]*:[0-9a-f:]*:[0-9a-f]*$/i.test(entry)) return null;
  const name = entry.startsWith('.') ? entry.slice(1) : entry;
  return isHostName(name) ? null : 'it is no host name of RFC 1123';
}

function whyNotTrusted(text: string, cluster: 'new' | 'existing'): AzureError | null {
  // Go's base64 passes over line breaks and no other blanks.
  const bytes = /[^\S\r\n]/.test(text) ? null : fromBase64(text);
  if (!(bytes instanceof Uint8Array)) {
    return azureError('HTTPProxyConfigCADecodeError', 'failed to base64 decode HTTPProxyConfig.TrustedCA.');
  }
  const pem = fromUtf8(bytes);
  const blocks = readBlocks(pem);
  if (!blocks.ok || blocks.value.length === 0) {
    return azureError(
      'HTTPProxyTrustedCAPEMDecodeFailure',
      'failed to decode HTTPProxyConfig.TrustedCA to PEM after base64 decoding.',
    );
  }
  const other = blocks.value.find(({ label }) => label !== 'CERTIFICATE');
  if (other !== undefined) {
    return inputError(
      `HTTPProxyConfig.TrustedCA has ${whatItIs(other.label)} at line ${other.line}; only certificates may be in it.`,
    );
  }
  const certificates = parsePem(pem);
  if (!certificates.ok) {
    return inputError(`HTTPProxyConfig.TrustedCA cannot be read: ${certificates.error.message}.`);
  }
  const count = certificates.value.length;
  if (count > TRUSTED_CA_CERTIFICATES.value) {
    return inputError(
      `HTTPProxyConfig.TrustedCA has ${count} certificates; the most are ${TRUSTED_CA_CERTIFICATES.value}.`,
    );
  }
  if (cluster === 'new' && bytes.length > TRUSTED_CA_BYTES.value) {
    return inputError(
      `HTTPProxyConfig.TrustedCA has ${bytes.length} bytes; of a new cluster the most are ${TRUSTED_CA_BYTES.value}.`,
    );
  }
  return null;
}
