/** The certificates that mitmproxy makes: its own CA at the first start, and one for each name that a client asks for. */
import type { Certificate, DistinguishedName } from '../certificates/certificate.ts';
import type { SubjectAlternativeName } from '../certificates/extension.ts';
import { issueCertificate, keyIdentifier } from '../certificates/issue.ts';
import { keyToPem, parseKeyPem } from '../certificates/key-pem.ts';
import { parsePem, toPem } from '../certificates/pem.ts';
import { makeKey, type PrivateKey } from '../certificates/rsa.ts';
import { err, ok, type Result } from '../result.ts';
import { sha1Hex } from '../sha1.ts';
import type { ForwardProxy } from './forward-proxy.ts';
import { isAtLeast } from './mitmproxy-version.ts';

const DAY = 86_400;
/** Certificates begin two days ago, for clients whose clock is slow (mitmproxy/certs.py). */
const BACKDATED_DAYS = 2;
const CA_DAYS = 3650;
/** `CERT_EXPIRY` of certs.py: 365 days up to 12.2.1, fewer than browsers will take from 12.2.2 (2026-04). */
const LEAF_DAYS = { before: 365, since: 199 } as const;

export interface Authority {
  /** PEM of the certificate. */
  readonly certificate: string;
  /** PEM of the key, as PKCS #1: `RSA PRIVATE KEY`. */
  readonly key: string;
}

/** 159 bits, as cryptography's `random_serial_number` has them. */
function serialNumber(text: string): string {
  const digits = sha1Hex(text);
  return ((parseInt(digits[0] ?? '0', 16) & 7) | 4).toString(16) + digits.slice(1);
}

/** Validity counts from the moment of making; since 12.2.3 the two days come off both ends. */
function validity(version: string, at: number, days: number): { notBefore: number; notAfter: number } {
  const back = BACKDATED_DAYS * DAY;
  const shifted = isAtLeast(version, '12.2.3') ? back : 0;
  return { notBefore: at - back, notAfter: at + days * DAY - shifted };
}

/** Returns the CA that the first start makes: `CN=mitmproxy, O=mitmproxy`, for ten years. Deterministic in `seed`. */
export function newAuthority(version: string, seed: string, at: number): Authority {
  const key = makeKey(seed);
  const name: DistinguishedName = [
    { type: 'CN', value: 'mitmproxy' },
    { type: 'O', value: 'mitmproxy' },
  ];
  const certificate = issueCertificate({
    serialNumber: serialNumber(`ca/${seed}`),
    subject: name,
    issuer: name,
    ...validity(version, at, CA_DAYS),
    publicKey: key,
    signedWith: key,
    extensions: [
      { kind: 'basicConstraints', ca: true, pathLength: null, critical: 'critical' },
      { kind: 'extendedKeyUsage', purposes: ['serverAuth'] },
      { kind: 'keyUsage', usages: ['keyCertSign', 'cRLSign'], critical: 'critical' },
      { kind: 'subjectKeyIdentifier', identifier: keyIdentifier(key) },
    ],
  });
  return { certificate: toPem(certificate), key: keyToPem(key, 'pkcs1') };
}

/** What a leaf is made for. */
export interface LeafRequest {
  /** As the client names it: the server name of its ClientHello, or an address. */
  readonly host: string;
  /** What the server itself showed; null where the proxy did not ask it first (`upstream_cert` off, or no answer). */
  readonly upstream: Certificate | null;
  /** Seconds since the epoch. */
  readonly at: number;
}

/** An authority that was read: its certificate, the others of its file behind it, and its key. */
interface OpenAuthority {
  readonly certificates: readonly [Certificate, ...Certificate[]];
  readonly key: PrivateKey;
  /** What it signed, by what was asked for. */
  readonly leaves: Map<string, Certificate>;
}

const opened = new WeakMap<Authority, Result<OpenAuthority, string>>();

function openAuthority(authority: Authority): Result<OpenAuthority, string> {
  const known = opened.get(authority);
  if (known !== undefined) return known;
  const read = readAuthority(authority);
  opened.set(authority, read);
  return read;
}

function readAuthority(authority: Authority): Result<OpenAuthority, string> {
  const certificates = parsePem(authority.certificate);
  if (!certificates.ok) return err(certificates.error.message);
  const key = parseKeyPem(authority.key);
  if (!key.ok) return err(key.error.message);
  const [ca, ...others] = certificates.value;
  if (ca === undefined || ca.publicKey.kind !== 'rsa') return err('the CA has no RSA key');
  return ok({ certificates: [ca, ...others], key: key.value, leaves: new Map() });
}

/**
 * Returns what the client sees (`dummy_cert` of certs.py): a certificate with the names of the server's own and the one
 * asked for and the CA's own key, signed by the CA, and what the authority's file holds behind it. Error: an authority
 * that cannot be read, which no start takes.
 */
export function leafChain(
  proxy: Pick<ForwardProxy, 'authority' | 'version'>,
  request: LeafRequest,
): Result<readonly [Certificate, ...Certificate[]], string> {
  const authority = openAuthority(proxy.authority);
  if (!authority.ok) return authority;
  const { certificates, leaves } = authority.value;
  const { host, upstream, at } = request;
  const asked = `${proxy.version} ${at} ${upstream?.der ?? ''} ${host}`;
  const leaf = leaves.get(asked) ?? issueLeaf(proxy.version, authority.value, request);
  leaves.set(asked, leaf);
  return ok([leaf, ...certificates]);
}

/** Returns the first certificate of `leafChain`. */
export function leafCertificate(
  proxy: Pick<ForwardProxy, 'authority' | 'version'>,
  request: LeafRequest,
): Result<Certificate, string> {
  const chain = leafChain(proxy, request);
  return chain.ok ? ok(chain.value[0]) : chain;
}

function issueLeaf(
  version: string,
  { certificates: [ca], key }: OpenAuthority,
  { host, upstream, at }: LeafRequest,
): Certificate {
  const { subjectKeyIdentifier } = ca;
  const names = altNames(host, upstream);
  const commonName = names[0]?.value ?? '';
  const hasCommonName = commonName !== '' && commonName.length < 64;
  const organization = upstream?.subject.find(({ type }) => type === 'O')?.value;
  const days = isAtLeast(version, '12.2.2') ? LEAF_DAYS.since : LEAF_DAYS.before;
  return issueCertificate({
    serialNumber: serialNumber(`leaf/${names.map(({ value }) => value).join()}/${ca.serialNumber}/${at}`),
    subject: [
      ...(hasCommonName ? [{ type: 'CN', value: commonName }] : []),
      ...(organization === undefined ? [] : [{ type: 'O', value: organization }]),
    ],
    issuer: ca.subject,
    ...validity(version, at, days),
    publicKey: key,
    signedWith: key,
    extensions: [
      { kind: 'extendedKeyUsage', purposes: ['serverAuth'] },
      { kind: 'subjectAltName', names, ...(hasCommonName ? {} : { critical: 'critical' as const }) },
      ...(isAtLeast(version, '10.1.2') && subjectKeyIdentifier !== null
        ? [{ kind: 'authorityKeyIdentifier' as const, identifier: subjectKeyIdentifier }]
        : []),
    ],
  });
}

/** `get_cert` of addons/tlsconfig.py: the upstream's common name, its alternative names, then the name asked for. */
function altNames(host: string, upstream: Certificate | null): readonly SubjectAlternativeName[] {
  const commonName = upstream?.subject.find(({ type }) => type === 'CN')?.value;
  const all = [
    ...(commonName === undefined ? [] : [commonName]),
    ...(upstream?.subjectAlternativeNames ?? []).map(({ value }) => value),
    host,
  ];
  return [...new Set(all)].map((value) => ({
    kind: /^\d+\.\d+\.\d+\.\d+$/.test(value) ? 'ip' : 'dns',
    value,
  }));
}
