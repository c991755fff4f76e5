/** What `openssl s_client` prints (apps/s_client.c, print_stuff; apps/lib/s_cb.c of OpenSSL 3.0). */
import { nameOneLine, timeText } from '../../model/certificates/name-text.ts';
import type { Certificate } from '../../model/certificates/certificate.ts';
import { openCertificate } from '../../model/certificates/open-certificate.ts';
import { toPem } from '../../model/certificates/pem.ts';
import { opensslReason, type OpensslReason } from '../../model/certificates/trust-words.ts';
import { opensslEvents, type OpensslInput } from '../../model/certificates/verify-openssl.ts';
import type { CommandResult } from '../command.ts';
import { errorLine } from './openssl-files.ts';

export interface Transcript {
  readonly chain: readonly Certificate[];
  readonly trusted: readonly Certificate[];
  readonly at: number;
  /** Of the ClientHello; empty without one. */
  readonly serverName: string;
  /** What was read and written to open the tunnel. */
  readonly tunnel: { readonly read: number; readonly written: number } | null;
  readonly host: string | null;
  readonly onFault: 'ends' | 'goes-on';
  readonly partial: 'partial' | 'whole';
  readonly shows: 'all-certificates' | 'the-first';
  /** Of `-verify`. */
  readonly depth: string | null;
  readonly form: 'brief' | 'full';
  readonly quiet: 'faults-only' | 'everything';
}

type Shaken =
  | {
      readonly kind: 'done';
      readonly result: CommandResult;
      /** In OpenSSL's words, if the client ends the handshake with one. */
      readonly alert: string | null;
    }
  | { readonly kind: 'undetermined'; readonly why: string };

/** Bytes of a handshake of TLS 1.3 besides certificates, the server's signature and its name. */
const READ_BESIDES = 295;
const READ_UNTIL_CERTIFICATES = 191;
const WRITTEN = 377;
const WRITTEN_WITH_ALERT = 304;

export function handshake(transcript: Transcript): Shaken {
  const [leaf] = transcript.chain;
  if (leaf === undefined) return { kind: 'undetermined', why: 'a server without a certificate' };
  const verified = verify(transcript, leaf);
  if (verified.kind === 'undetermined') return verified;
  const { last, ended: stopped } = verified;
  const certificates = transcript.chain.reduce(
    (sum, each) => sum + openCertificate(each).bytes.length + 5,
    0,
  );
  const name = transcript.serverName === '' ? 0 : 9 + transcript.serverName.length;
  const bits = leaf.publicKey.bits ?? 2048;
  const read =
    (transcript.tunnel?.read ?? 0) +
    certificates +
    (stopped ? READ_UNTIL_CERTIFICATES : READ_BESIDES + bits / 8);
  const written = (transcript.tunnel?.written ?? 0) + name + (stopped ? WRITTEN_WITH_ALERT : WRITTEN);
  const head = transcript.depth === null ? '' : `verify depth is ${transcript.depth}\n`;
  const noName =
    transcript.form === 'brief' && transcript.serverName === '' ? "Can't use SSL_get_servername\n" : '';
  let stderr = head + noName + verified.said;
  if (stopped) {
    stderr += errorLine(
      '0A000086:SSL routines:tls_post_process_server_certificate:certificate verify failed:../ssl/statem/statem_clnt.c:1890:',
    );
  }
  const done = (stdout: string): Shaken => ({
    kind: 'done',
    result: { stdout, stderr, exitCode: stopped ? 1 : 0 },
    alert: stopped ? alertOf(last) : null,
  });
  if (transcript.form === 'brief') {
    if (!stopped) stderr += briefLines(leaf, last) + 'DONE\n';
    return done('');
  }
  if (!stopped) stderr += 'DONE\n';
  const stdout =
    `CONNECTED(00000003)\n---\n${chainLines(transcript)}---\n` +
    (stopped
      ? 'no peer certificate available\n'
      : `Server certificate\n${transcript.shows === 'the-first' ? toPem(leaf) : ''}subject=${nameOneLine(leaf.subject)}\nissuer=${nameOneLine(leaf.issuer)}\n`) +
    '---\nNo client certificate CA names sent\n' +
    (stopped ? '' : 'Peer signing digest: SHA256\nPeer signature type: RSA-PSS\n') +
    'Server Temp Key: X25519, 253 bits\n---\n' +
    `SSL handshake has read ${read} bytes and written ${written} bytes\n${verification(last)}---\n` +
    'New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384\n' +
    (stopped ? '' : `Server public key is ${bits} bit\n`) +
    TAIL +
    `Verify return code: ${last.code} (${last.text})\n---\n`;
  return done(stdout);
}

const TAIL =
  'Secure Renegotiation IS NOT supported\nCompression: NONE\nExpansion: NONE\nNo ALPN negotiated\nEarly data was not sent\n';

const OK: OpensslReason = { code: 0, text: 'ok' };

const verification = ({ code, text }: OpensslReason): string =>
  code === 0 ? 'Verification: OK\n' : `Verification error: ${text}\n`;

function briefLines(leaf: Certificate, last: OpensslReason): string {
  return (
    'CONNECTION ESTABLISHED\nProtocol version: TLSv1.3\nCiphersuite: TLS_AES_256_GCM_SHA384\n' +
    `Peer certificate: ${nameOneLine(leaf.subject)}\nHash used: SHA256\nSignature type: RSA-PSS\n` +
    `${verification(last)}Server Temp Key: X25519, 253 bits\n`
  );
}

function chainLines({ chain, shows }: Transcript): string {
  const lines = chain.map(
    (each, at) =>
      `${String(at).padStart(2)} s:${nameOneLine(each.subject)}\n   i:${nameOneLine(each.issuer)}\n` +
      `   a:PKEY: ${each.publicKey.kind === 'rsa' ? 'rsaEncryption' : each.publicKey.algorithm}, ${each.publicKey.bits ?? 0} (bit); sigalg: ${signatureName(each)}\n` +
      `   v:NotBefore: ${timeText(each.notBefore)}; NotAfter: ${timeText(each.notAfter)}\n` +
      (shows === 'all-certificates' ? toPem(each) : ''),
  );
  return `Certificate chain\n${lines.join('')}`;
}

const signatureName = ({ signatureAlgorithm }: Certificate): string =>
  signatureAlgorithm === 'sha256WithRSAEncryption' ? 'RSA-SHA256' : signatureAlgorithm;

type Verified =
  | { readonly kind: 'done'; readonly said: string; readonly last: OpensslReason; readonly ended: boolean }
  | Extract<Shaken, { kind: 'undetermined' }>;

/** verify_callback: what is wrong is said, and the handshake goes on unless `-verify_return_error` is given. */
function verify(transcript: Transcript, leaf: Certificate): Verified {
  const input: OpensslInput = {
    leaf,
    others: transcript.chain.slice(1),
    trusted: transcript.trusted,
    host: transcript.host,
    at: transcript.at,
    reader: 'openssl',
    ...(transcript.partial === 'partial' ? { partial: 'partial' as const } : {}),
  };
  let said = '';
  let last = OK;
  const everything = transcript.quiet === 'everything';
  for (const event of opensslEvents(input)) {
    if (event.kind === 'undetermined') return { kind: 'undetermined', why: event.why };
    const { certificate, depth } = placeOf(event, leaf);
    const subject = `depth=${depth} ${nameOneLine(certificate.subject)}\n`;
    // The error stays in force for what follows, so its dates are said again.
    const dates = (reason: OpensslReason): string =>
      reason.code === 10
        ? `notAfter=${timeText(certificate.notAfter)}\n`
        : reason.code === 9
          ? `notBefore=${timeText(certificate.notBefore)}\n`
          : reason.code === 2
            ? `issuer= ${nameOneLine(certificate.issuer)}\n`
            : '';
    if (event.kind === 'passes') {
      if (everything) said += `${subject}${dates(last)}verify return:1\n`;
      else said += dates(last);
      continue;
    }
    last = event.kind === 'fault' ? opensslReason(event.fault) : event.reason;
    said += `${subject}verify error:num=${last.code}:${last.text}\n${dates(last)}`;
    if (transcript.onFault === 'ends') return { kind: 'done', said, last, ended: true };
    if (everything) said += 'verify return:1\n';
  }
  return { kind: 'done', said, last, ended: false };
}

function placeOf(
  event: Exclude<
    ReturnType<typeof opensslEvents> extends Generator<infer E> ? E : never,
    { kind: 'undetermined' }
  >,
  leaf: Certificate,
): { readonly certificate: Certificate; readonly depth: number } {
  switch (event.kind) {
    case 'passes':
      return event;
    case 'consequence':
      return event;
    case 'fault':
      return event.fault.kind === 'no-certificate' ? { certificate: leaf, depth: 0 } : event.fault;
  }
}

/** ssl_x509err2alert: what the other side is told (ssl/statem/statem_lib.c). */
function alertOf({ code }: OpensslReason): string {
  if (code === 10 || code === 9)
    return code === 10 ? 'sslv3 alert certificate expired' : 'sslv3 alert bad certificate';
  if (code === 7) return 'tlsv1 alert decrypt error';
  if (code === 26) return 'sslv3 alert unsupported certificate';
  if (code === 62 || code === 64) return 'sslv3 alert bad certificate';
  return 'tlsv1 alert unknown ca';
}

/** The session that never came to a certificate. */
export function ended({
  read,
  written,
  stderr,
  brief,
}: {
  readonly read: number;
  readonly written: number;
  readonly stderr: string;
  readonly brief: boolean;
}): CommandResult {
  const stdout =
    'CONNECTED(00000003)\n---\nno peer certificate available\n---\nNo client certificate CA names sent\n---\n' +
    `SSL handshake has read ${read} bytes and written ${written} bytes\nVerification: OK\n---\n` +
    `New, (NONE), Cipher is (NONE)\n${TAIL}Verify return code: 0 (ok)\n---\n`;
  return { stdout: brief ? '' : stdout, stderr, exitCode: 1 };
}
