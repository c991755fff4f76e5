/** Signing with openssl: what `x509 -req` and `req -x509` share, and the first of them. */
import type { Certificate, DistinguishedName } from '../../model/certificates/certificate.ts';
import { copied, type AuthorityIdentifier, type Extension } from '../../model/certificates/extension.ts';
import { readExtensionWords, type ExtensionContext } from '../../model/certificates/extension-words.ts';
import { issueCertificate, keyIdentifier } from '../../model/certificates/issue.ts';
import { nameOneLine } from '../../model/certificates/name-text.ts';
import { isRequestSigned, type CertificateRequest } from '../../model/certificates/request.ts';
import type { PrivateKey, RsaPublicKey } from '../../model/certificates/rsa.ts';
import { sha256 } from '../../model/certificates/sha256.ts';
import { toHex, toUtf8 } from '../../model/certificates/bytes.ts';
import { err, ok, type Result } from '../../model/result.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import {
  cannotOpen,
  errorLine,
  loadCertificate,
  loadKey,
  loadRequest,
  writeOutput,
} from './openssl-files.ts';
import type { OpensslOptions } from './openssl-options.ts';
import { failed, notSimulatedHere } from './program.ts';

export const DAY = 86_400;

/** What OpenSSL would draw at random follows from who asks, when, and with which words. */
export function drawn({ cloud, place, cwd, args, stdin }: CommandContext, what: string): string {
  return JSON.stringify([cloud.seed, cloud.now, place, cwd, args, stdin, what]);
}

/** 20 bytes in hexadecimal, the first bit 0 (apps/lib/apps.c, rand_serial). */
export function drawnSerial(context: CommandContext): string {
  const bytes = sha256(toUtf8(drawn(context, 'serial'))).slice(0, 20);
  bytes[0] = 1 + ((bytes[0] ?? 0) % 127);
  return toHex(bytes);
}

/** Adds extensions in the words of the configuration; one that is there already goes. */
export function withExtensions(
  extensions: readonly Extension[],
  lines: readonly string[],
  context: ExtensionContext,
  /** `-addext`, or the section of a file. */
  from: string,
): Result<readonly Extension[], CommandResult> {
  const all = [...extensions];
  for (const line of lines) {
    const read = readExtensionWords(line, context);
    if (!read.ok) {
      const [name = '', value = ''] = line.split(/=(.*)/s);
      if (read.error.kind === 'not-simulated')
        return err(notSimulatedHere('openssl', `the extension ${read.error.what}`));
      const queue =
        read.error.kind === 'unknown-name'
          ? errorLine(
              '11000082:X509 V3 routines:do_ext_nconf:unknown extension name:../crypto/x509/v3_conf.c:88:',
            )
          : '';
      const where = from === '-addext' ? 'extensions defined using -addext' : `extension section ${from}`;
      return err(
        failed(
          `Error checking ${where}\n${queue}` +
            errorLine(
              `11000080:X509 V3 routines:X509V3_EXT_nconf_int:error in extension:../crypto/x509/v3_conf.c:48:section=default, name=${name.trim()}, value=${value.trim()}`,
            ),
        ),
      );
    }
    if (read.value === null) continue;
    const { kind } = read.value;
    const there = all.findIndex((each) => each.kind === kind);
    if (there >= 0) all.splice(there, 1);
    all.push(read.value);
  }
  return ok(all);
}

/** `subject=…` on stderr, as both commands say it. */
export const saidSubject = (subject: DistinguishedName): string => `subject=${nameOneLine(subject)}\n`;

/** `openssl x509 -req`. */
export async function signRequest(
  context: CommandContext,
  options: OpensslOptions,
): Promise<Result<{ readonly certificate: Certificate; readonly said: string }, CommandResult>> {
  const request = await loadRequest(context, options.value('in'));
  if (!request.ok) return request;
  const { publicKey, subject } = request.value;
  if (isRequestSigned(request.value) === 'undetermined' || publicKey.kind !== 'rsa')
    return err(notSimulatedHere('openssl', 'a request with another key than RSA'));
  if (isRequestSigned(request.value) === 'bad')
    return err(failed('Certificate request self-signature did not match the contents\n'));
  const file = await extensionLines(context, options, {
    subjectKey: { modulus: 0n, exponent: 0n },
    issuerIdentifier: '',
  });
  if (!file.ok) return file;
  const said = `Certificate request self-signature ok\n${saidSubject(subject)}`;
  const signed = await signedRequest(context, options, request.value, publicKey, file.value);
  if (signed.ok) return ok({ certificate: signed.value, said });
  return err({ ...signed.error, stderr: said + signed.error.stderr });
}

async function signedRequest(
  context: CommandContext,
  options: OpensslOptions,
  request: CertificateRequest,
  publicKey: Extract<CertificateRequest['publicKey'], { kind: 'rsa' }>,
  file: { readonly lines: readonly string[]; readonly section: string },
): Promise<Result<Certificate, CommandResult>> {
  const { subject } = request;
  if (!['CA', 'CAkey', 'signkey', 'key'].some((name) => options.has(name)))
    return err(failed('We need a private key to sign with, use -key or -CAkey or -CA with private key\n'));
  const ca = options.value('CA');
  const own = options.value('signkey') ?? options.value('key');
  const authority = ca === null ? null : await loadCertificate(context, ca, 'CA certificate');
  if (authority !== null && !authority.ok) return authority;
  // Without -CAkey the key is in the file of the certificate.
  const key = await loadKey(
    context,
    ca === null ? own : (options.value('CAkey') ?? ca),
    ca === null ? 'private key' : 'CA private key',
  );
  if (!key.ok) return key;
  if (authority !== null && !holds(authority.value, key.value)) {
    // The file is opened before anything is looked at.
    await writeOutput(context, options.value('out'), '');
    return err(
      failed(
        'CA certificate and CA private key do not match\n' +
          errorLine(
            '05800074:x509 certificate routines:X509_check_private_key:key values mismatch:../crypto/x509/x509_cmp.c:405:',
          ),
      ),
    );
  }
  const subjectKey = { modulus: BigInt(`0x${publicKey.modulus}`), exponent: BigInt(publicKey.exponent) };
  const extensions = requestedExtensions(options, {
    file,
    subjectKey,
    copyable: request.extensions.map(copied),
    issuerIdentifier:
      authority === null
        ? keyIdentifier(key.value)
        : (authority.value.subjectKeyIdentifier ?? authority.value),
    selfSigned: subjectKey.modulus === key.value.modulus,
  });
  if (!extensions.ok) return extensions;
  const serial = await serialOf(context, options, ca);
  if (!serial.ok) return serial;
  const { now } = context.cloud;
  const certificate = issueCertificate({
    serialNumber: serial.value,
    subject,
    issuer: authority?.value.subject ?? subject,
    notBefore: now,
    notAfter: now + Number(options.value('days') ?? '30') * DAY,
    publicKey: subjectKey,
    signedWith: key.value,
    extensions: extensions.value,
  });
  return ok(certificate);
}

export function holds({ publicKey }: Certificate, key: PrivateKey): boolean {
  return publicKey.kind === 'rsa' && BigInt(`0x${publicKey.modulus}`) === key.modulus;
}

function requestedExtensions(
  options: OpensslOptions,
  from: {
    readonly subjectKey: RsaPublicKey;
    readonly copyable: readonly Extension[];
    readonly issuerIdentifier: AuthorityIdentifier;
    readonly selfSigned: boolean;
    readonly file: { readonly lines: readonly string[]; readonly section: string };
  },
): Result<readonly Extension[], CommandResult> {
  const copy = options.value('copy_extensions') ?? 'none';
  if (!['none', 'copy', 'copyall'].includes(copy))
    return err(failed(`Invalid extension copy option: "${copy}"\n`));
  let extensions: readonly Extension[] = copy === 'none' ? [] : from.copyable;
  const { lines, section } = from.file;
  const added = withExtensions(extensions, lines, from, section);
  if (!added.ok) return added;
  extensions = added.value;
  if (extensions.length === 0) return ok([]);
  // do_X509_sign: a certificate with extensions gets its key identifiers.
  const defaults = [
    ...(has(extensions, 'subjectKeyIdentifier', '2.5.29.14') ? [] : ['subjectKeyIdentifier=hash']),
    ...(from.selfSigned || has(extensions, 'authorityKeyIdentifier', '2.5.29.35')
      ? []
      : ['authorityKeyIdentifier=keyid']),
  ];
  return withExtensions(extensions, defaults, from, 'default');
}

/** The lines of `-extfile`; what is wrong with them is said before anything is signed. */
async function extensionLines(
  { readFile }: CommandContext,
  options: OpensslOptions,
  context: ExtensionContext,
): Promise<Result<{ readonly lines: readonly string[]; readonly section: string }, CommandResult>> {
  const file = options.value('extfile');
  if (file === null) return ok({ lines: [], section: 'default' });
  const text = await readFile(file);
  if (text === null) return err(failed(cannotOpen(file)));
  const section = options.value('extensions') ?? defaultSection(text);
  const lines = sectionOf(text, section);
  if (lines === null) return err(failed(`Error checking extension section ${section}\n`));
  const checked = withExtensions([], lines, context, section);
  return checked.ok ? ok({ lines, section }) : checked;
}

const has = (extensions: readonly Extension[], kind: Extension['kind'], dotted: string): boolean =>
  extensions.some((each) => each.kind === kind || (each.kind === 'copied' && each.dotted === dotted));

/** `extensions = v3_req` before the first section names one. */
function defaultSection(text: string): string {
  const named = sectionOf(text, 'default')?.find((line) => /^extensions\s*=/.test(line));
  return named === undefined ? 'default' : (named.split('=')[1] ?? '').trim();
}

/** Lines `name = value` of a section; those before the first header are of `default`. Null: there is no such section. */
function sectionOf(text: string, wanted: string): readonly string[] | null {
  let section = 'default';
  let found: string[] | null = wanted === 'default' ? [] : null;
  for (const raw of text.split('\n')) {
    const line = raw.replace(/#.*/, '').trim();
    const header = /^\[\s*(\S+)\s*\]$/.exec(line)?.[1];
    if (header !== undefined) {
      section = header;
      if (header === wanted) found ??= [];
    } else if (line !== '' && section === wanted) found?.push(line);
  }
  return found;
}

/** `-set_serial`, the file of `-CAserial`/`-CAcreateserial` and what it holds, or drawn. */
async function serialOf(
  context: CommandContext,
  options: OpensslOptions,
  ca: string | null,
): Promise<Result<string, CommandResult>> {
  const set = options.value('set_serial');
  if (set !== null) return ok(BigInt(set).toString(16));
  const beside = ca === null ? null : `${ca.replace(/\.[^./]*$/, '')}.srl`;
  const file = options.value('CAserial') ?? (options.has('CAcreateserial') ? beside : null);
  const kept =
    ca === null
      ? null
      : file === null
        ? beside === null
          ? null
          : await context.readFile(beside)
        : await context.readFile(file);
  const path = file ?? (kept === null ? null : beside);
  if (path === null) return ok(drawnSerial(context));
  if (kept === null && !options.has('CAcreateserial'))
    return err(failed(`${path}: No such file or directory\n`));
  const serial = kept === null ? drawnSerial(context) : (BigInt(`0x${kept.trim()}`) + 1n).toString(16);
  const digits = serial.length % 2 === 0 ? serial : `0${serial}`;
  await context.writeFile(path, `${digits.toUpperCase()}\n`);
  return ok(serial);
}
