/** The handshake as curl tells it, and whether it takes the certificate. */
import type { Certificate, DistinguishedName } from '../../model/certificates/certificate.ts';
import { isAddress, matchHost } from '../../model/certificates/host-name.ts';
import { curlFailure, curlReason, opensslReason } from '../../model/certificates/trust-words.ts';
import { verifyServer, type TrustVerdict } from '../../model/certificates/verify.ts';
import type { CurlProblem } from './curl-url.ts';
import type { CurlForm } from './curl-version.ts';
import { APPLICATION_IN, APPLICATION_OUT } from './curl-lines.ts';
import type { TlsEnd } from './http-exchange-tls.ts';

export interface HandshakeInput {
  readonly form: CurlForm;
  readonly version: string;
  /** The version of the OpenSSL that curl was built with. */
  readonly openssl: string;
  /** Whose certificate is told of. */
  readonly whose: 'Server' | 'Proxy';
  /** What ALPN offers; empty: nothing. */
  readonly offers: readonly ('h2' | 'http/1.1')[];
  /** The name or address that the certificate must be for. */
  readonly host: string;
  readonly at: number;
  /** `off` with `--insecure`. */
  readonly verification: Verification;
}

export type Verification =
  | { readonly kind: 'off'; readonly trusted: readonly Certificate[] }
  | {
      readonly kind: 'on';
      readonly caFile: string | null;
      readonly caPath: string | null;
      readonly trusted: readonly Certificate[];
    }
  /** The file holds no certificate, or cannot be read. */
  | { readonly kind: 'no-file'; readonly caFile: string };

export interface Handshake {
  readonly lines: readonly string[];
  /** Null: TLS stands. */
  readonly problem: CurlProblem | null;
  readonly protocol: 'h2' | 'http/1.1';
  /** `ssl_verify_result`. */
  readonly result: number;
  /** Whether the client sent an alert about the certificate, and OpenSSL's name of it. */
  readonly alert: string | null;
}

const HELLO = '* TLSv1.3 (OUT), TLS handshake, Client hello (1):';

/** The lines until the ClientHello is sent. */
export function hello(input: HandshakeInput): {
  readonly lines: readonly string[];
  readonly problem: CurlProblem | null;
} {
  const { form, verification } = input;
  const places =
    verification.kind === 'on'
      ? [`*  CAfile: ${verification.caFile ?? 'none'}`, `*  CApath: ${verification.caPath ?? 'none'}`]
      : [];
  if (verification.kind === 'no-file') {
    const message = `error setting certificate file: ${verification.caFile}`;
    const said = `* ${message}`;
    const lines = form === '7.81' ? [...alpnOffer(input), said] : [...alpnOffer(input), HELLO, said, said];
    return { lines, problem: { code: 77, message } };
  }
  return {
    lines:
      form === '7.81'
        ? [...alpnOffer(input), ...places, '* TLSv1.0 (OUT), TLS header, Certificate Status (22):', HELLO]
        : [...alpnOffer(input), HELLO, ...places],
    problem: null,
  };
}

function alpnOffer({ form, offers }: HandshakeInput): readonly string[] {
  if (offers.length === 0) return [];
  switch (form) {
    case '7.81':
      return offers.map((each) => `* ALPN, offering ${each}`);
    case '7.88':
      return [`* ALPN: offers ${offers.join(',')}`];
    case '8.5':
    case '8.14':
      return [`* ALPN: curl offers ${offers.join(',')}`];
  }
}

/** The handshake with a server that speaks TLS, from its first message on. */
export function handshake(input: HandshakeInput, { chain, protocol }: TlsEnd): Handshake {
  const { form, host, at, verification, offers } = input;
  const trusted = verification.kind === 'no-file' ? [] : verification.trusted;
  const verdict = verifyServer({ chain, trusted, host, at, reader: 'curl' });
  const { code, words } = resultOf(verdict);
  const isOld = form === '7.81';
  const enciphered = isOld ? [APPLICATION_IN] : [];
  const read = (what: string) => `* TLSv1.3 (IN), TLS handshake, ${what}:`;
  const picked = offers.includes(protocol) ? protocol : 'http/1.1';
  const start = [
    ...(isOld ? ['* TLSv1.2 (IN), TLS header, Certificate Status (22):'] : []),
    read('Server hello (2)'),
    ...(isOld ? ['* TLSv1.2 (IN), TLS header, Finished (20):'] : []),
    ...enciphered,
    read('Encrypted Extensions (8)'),
    ...enciphered,
    read('Certificate (11)'),
  ];
  if (verification.kind === 'on' && code !== 0) {
    const alert = alertOf(verdict);
    const problem = problemOf(verdict, input) ?? { code: 60, message: `SSL certificate problem: ${words}` };
    return {
      lines: [
        ...start,
        ...(isOld ? ['* TLSv1.2 (OUT), TLS header, Unknown (21):'] : []),
        `* TLSv1.3 (OUT), TLS alert, ${alert.words} (${FATAL + alert.number}):`,
        `* ${problem.message}`,
      ],
      problem,
      protocol: picked,
      result: code,
      alert: alert.name,
    };
  }
  const cipher = 'TLSv1.3 / TLS_AES_256_GCM_SHA384';
  const isNew = form === '8.5' || form === '8.14';
  const lines = [
    ...start,
    ...enciphered,
    read('CERT verify (15)'),
    ...enciphered,
    read('Finished (20)'),
    ...(isOld ? ['* TLSv1.2 (OUT), TLS header, Finished (20):'] : []),
    '* TLSv1.3 (OUT), TLS change cipher, Change cipher spec (1):',
    ...(isOld ? [APPLICATION_OUT] : []),
    '* TLSv1.3 (OUT), TLS handshake, Finished (20):',
    `* SSL connection using ${cipher}${isNew ? ' / X25519 / RSASSA-PSS' : ''}`,
    ...(offers.length === 0
      ? []
      : [isOld ? `* ALPN, server accepted to use ${picked}` : `* ALPN: server accepted ${picked}`]),
    ...certificateLines(input, chain, verdict, code, words),
  ];
  const mismatch = verification.kind === 'on' ? nameProblem(input.version, verdict) : null;
  return {
    lines: mismatch === null ? lines : [...lines, `* ${mismatch.message}`],
    problem: mismatch,
    protocol: picked,
    result: code,
    alert: null,
  };
}

function certificateLines(
  { form, whose, host, verification }: HandshakeInput,
  chain: readonly Certificate[],
  verdict: TrustVerdict,
  code: number,
  words: string,
): readonly string[] {
  const [own] = chain;
  if (own === undefined) return [];
  const head = [
    `* ${whose} certificate:`,
    `*  subject: ${named(own.subject)}`,
    `*  start date: ${dated(own.notBefore)}`,
    `*  expire date: ${dated(own.notAfter)}`,
  ];
  const isChecked = verification.kind === 'on';
  const match = matchHost(own, host, 'curl');
  if (isChecked && match.kind !== 'matches') {
    const what = form === '8.14' ? `${kindOf(host)} ${host}` : host;
    return own.subjectAlternativeNames === null
      ? head
      : [...head, `*  subjectAltName does not match ${what}`];
  }
  const matched =
    !isChecked || match.kind !== 'matches'
      ? []
      : [
          match.from === 'commonName'
            ? `*  common name: ${match.name} (matched)`
            : isAddress(host)
              ? `*  subjectAltName: host "${host}" matched cert's IP address!`
              : `*  subjectAltName: host "${host}" matched cert's "${match.name}"`,
        ];
  const levels =
    verdict.kind === 'trusted' ? verdict.path : chain.slice(0, 'depth' in verdict ? verdict.depth + 1 : 1);
  return [
    ...head,
    ...matched,
    `*  issuer: ${named(own.issuer)}`,
    code === 0
      ? '*  SSL certificate verify ok.'
      : `*  SSL certificate verify result: ${words} (${code}), continuing anyway.`,
    ...(form === '8.5' || form === '8.14' ? levels.map(levelLine) : []),
  ];
}

/** Strength in bits by length of an RSA key (NIST SP 800-57, as OpenSSL counts). */
const STRENGTH: Readonly<Record<number, number>> = { 1024: 80, 2048: 112, 3072: 128, 4096: 152 };

function levelLine({ publicKey, signatureAlgorithm }: Certificate, level: number): string {
  const key =
    publicKey.kind === 'rsa'
      ? `RSA (${publicKey.bits}/${STRENGTH[publicKey.bits] ?? 112} Bits/secBits)`
      : `${publicKey.algorithm} (${publicKey.bits ?? 256}/128 Bits/secBits)`;
  return `*   Certificate level ${level}: Public key type ${key}, signed using ${signatureAlgorithm}`;
}

function kindOf(host: string): string {
  return isAddress(host) ? 'ipv4 address' : 'hostname';
}

/** Null where the simulation knows no words of curl for it. */
function problemOf(verdict: TrustVerdict, { version, openssl }: HandshakeInput): CurlProblem | null {
  if (verdict.kind === 'trusted' || verdict.kind === 'undetermined') return null;
  const { exit, message } = curlFailure(verdict, { curl: version, openssl });
  return { code: exit, message };
}

/** The name is compared by curl itself: OpenSSL has nothing against it. */
function resultOf(verdict: TrustVerdict): { readonly code: number; readonly words: string } {
  switch (verdict.kind) {
    case 'trusted':
    case 'name-mismatch':
    case 'no-names':
      return { code: 0, words: 'ok' };
    case 'undetermined':
      return { code: 1, words: verdict.why };
    case 'self-signed':
    case 'self-signed-in-chain':
    case 'unknown-issuer':
    case 'unknown-root':
    case 'expired':
    case 'not-yet-valid':
    case 'not-a-ca':
    case 'path-too-long':
    case 'wrong-purpose':
    case 'bad-signature':
    case 'no-certificate': {
      const { code, text } = opensslReason(verdict);
      return { code, words: text };
    }
  }
}

function nameProblem(version: string, verdict: TrustVerdict): CurlProblem | null {
  return verdict.kind === 'name-mismatch' || verdict.kind === 'no-names'
    ? { code: 60, message: curlReason(verdict, version) }
    : null;
}

/** Of a fatal alert, in the number that is shown. */
const FATAL = 512;

/** ssl_x509err2alert of OpenSSL, and what the other side calls the alert. */
function alertOf({ kind }: TrustVerdict): {
  readonly number: number;
  readonly words: string;
  readonly name: string;
} {
  switch (kind) {
    case 'expired':
      return { number: 45, words: 'certificate expired', name: 'sslv3 alert certificate expired' };
    case 'not-yet-valid':
      return { number: 42, words: 'bad certificate', name: 'sslv3 alert bad certificate' };
    case 'wrong-purpose':
      return { number: 43, words: 'unsupported certificate', name: 'sslv3 alert unsupported certificate' };
    case 'bad-signature':
      return { number: 51, words: 'decrypt error', name: 'tlsv1 alert decrypt error' };
    case 'trusted':
    case 'self-signed':
    case 'self-signed-in-chain':
    case 'unknown-issuer':
    case 'unknown-root':
    case 'not-a-ca':
    case 'path-too-long':
    case 'name-mismatch':
    case 'no-names':
    case 'no-certificate':
    case 'undetermined':
      return { number: 48, words: 'unknown CA', name: 'tlsv1 alert unknown ca' };
  }
}

/** `CN=mitmproxy; O=mitmproxy`. */
function named(name: DistinguishedName): string {
  return name.map(({ type, value }) => `${type}=${value}`).join('; ');
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** ASN1_TIME_print: `Nov 23 08:53:02 2026 GMT`. */
function dated(seconds: number): string {
  const date = new Date(seconds * 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  return `${MONTHS[date.getUTCMonth()] ?? ''} ${String(date.getUTCDate()).padStart(2, ' ')} ${time} ${date.getUTCFullYear()} GMT`;
}

/** The tickets that a server sends once the handshake is over, read with the answer. */
export function tickets(form: CurlForm, whose: 'Server' | 'Proxy'): readonly string[] {
  const ticket = '* TLSv1.3 (IN), TLS handshake, Newsession Ticket (4):';
  const one = form === '7.81' ? [APPLICATION_IN, ticket] : [ticket];
  const stale = whose === 'Server' && form !== '8.14' ? ['* old SSL session ID is stale, removing'] : [];
  return [...one, ...one, ...stale];
}

/** What becomes of a ClientHello that nobody answers with TLS. */
export function noTls(
  form: CurlForm,
  openssl: string,
  how: 'no-tls' | 'closes' | 'resets',
  where: string,
  says: 'http' | 'ssh',
): { readonly lines: readonly string[]; readonly problem: CurlProblem } {
  const library = form === '7.81' ? '' : form === '8.14' ? 'TLS connect error: ' : `OpenSSL/${openssl}: `;
  const fail = (message: string, before: readonly string[] = []) => ({
    lines: [...before, `* ${message}`],
    problem: { code: 35, message },
  });
  switch (how) {
    case 'no-tls': {
      const first = says === 'ssh' ? '(5348) (IN), , Unknown (83):' : '(5454) (IN), , Unknown (72):';
      const before = form === '7.81' ? [`* ${first}`] : [];
      return fail(`${library}error:0A00010B:SSL routines::wrong version number`, before);
    }
    case 'closes': {
      if (form === '7.88' || form === '8.5')
        return fail(`OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to ${where} `);
      const before = [
        ...(form === '7.81' ? ['* TLSv1.0 (OUT), TLS header, Unknown (21):'] : []),
        '* TLSv1.3 (OUT), TLS alert, decode error (562):',
      ];
      return fail(`${library}error:0A000126:SSL routines::unexpected eof while reading`, before);
    }
    case 'resets': {
      const own = `OpenSSL SSL_connect: Connection reset by peer in connection to ${where} `;
      if (form === '7.81') return fail(own);
      const message = 'Recv failure: Connection reset by peer';
      const between = form === '8.14' ? ['* TLS connect error: error:00000000:lib(0)::reason(0)'] : [];
      return { lines: [`* ${message}`, ...between, `* ${own}`], problem: { code: 35, message } };
    }
  }
}
