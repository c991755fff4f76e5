/** `openssl x509`: shows a certificate, or makes one of a request. */
import type { Certificate } from '../../model/certificates/certificate.ts';
import { certificateText, extensionLines } from '../../model/certificates/certificate-text.ts';
import { sha1HexOf } from '../../model/sha1.ts';
import { toHex } from '../../model/certificates/bytes.ts';
import { EXTENSION } from '../../model/certificates/extension.ts';
import { matchHost } from '../../model/certificates/host-name.ts';
import { nameHash } from '../../model/certificates/name-hash.ts';
import { nameOneLine, timeText } from '../../model/certificates/name-text.ts';
import { openCertificate } from '../../model/certificates/open-certificate.ts';
import { toPem } from '../../model/certificates/pem.ts';
import { pemBlock } from '../../model/certificates/pem-block.ts';
import { sha256 } from '../../model/certificates/sha256.ts';
import { err, ok, type Result } from '../../model/result.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { formProblem, loadCertificate, writeOutput } from './openssl-files.ts';
import { readOpensslOptions, type OpensslOption, type OpensslOptions } from './openssl-options.ts';
import { signRequest } from './openssl-sign.ts';
import { failed, notSimulatedHere } from './program.ts';

const OPTIONS: Readonly<Record<string, OpensslOption>> = {
  in: 'value',
  out: 'value',
  inform: 'value',
  outform: 'value',
  noout: 'switch',
  text: 'switch',
  subject: 'switch',
  issuer: 'switch',
  serial: 'switch',
  dates: 'switch',
  startdate: 'switch',
  enddate: 'switch',
  fingerprint: 'switch',
  pubkey: 'switch',
  modulus: 'switch',
  hash: 'switch',
  subject_hash: 'switch',
  issuer_hash: 'switch',
  ext: 'value',
  checkend: 'value',
  checkhost: 'value',
  checkip: 'value',
  nocert: 'switch',
  req: 'switch',
  CA: 'value',
  CAkey: 'value',
  CAcreateserial: 'switch',
  CAserial: 'value',
  signkey: 'value',
  key: 'value',
  days: 'value',
  set_serial: 'value',
  extfile: 'value',
  extensions: 'value',
  copy_extensions: 'value',
  sha256: 'switch',
  sha1: 'switch',
  md5: 'real',
  sha384: 'real',
  sha512: 'real',
  sha224: 'real',
  ...Object.fromEntries(
    [
      'new',
      'x509toreq',
      'email',
      'ocspid',
      'ocsp_uri',
      'purpose',
      'alias',
      'C',
      'trustout',
      'clrtrust',
      'clrreject',
      'preserve_dates',
      'subject_hash_old',
      'issuer_hash_old',
      'badsig',
      'clrext',
      'next_serial',
      'vfyopt',
    ].map((name) => [name, 'real' as const]),
  ),
  ...Object.fromEntries(
    [
      'nameopt',
      'certopt',
      'dateopt',
      'passin',
      'addtrust',
      'addreject',
      'setalias',
      'checkemail',
      'force_pubkey',
      'subj',
      'CAform',
      'CAkeyform',
      'keyform',
      'sigopt',
      'engine',
      'provider',
      'not_before',
      'not_after',
      'multi',
    ].map((name) => [name, 'real-value' as const]),
  ),
};

export async function x509(context: CommandContext, args: readonly string[]): Promise<CommandResult> {
  const options = readOpensslOptions('x509', args, OPTIONS);
  if (!options.ok) return options.error;
  if (options.value.rest.length > 0) return failed('x509: Use -help for summary.\n');
  const forms = formProblem([options.value.value('inform'), options.value.value('outform')]);
  if (forms !== null) return forms;
  for (const name of ['checkend', 'days', 'set_serial']) {
    const number = options.value.value(name);
    if (number !== null && !/^-?(0x[0-9a-fA-F]+|\d+)$/.test(number))
      return failed(`x509: Can't parse "${number}" as a number\nx509: Use -help for summary.\n`);
  }
  const made = await certificateOf(context, options.value);
  if (!made.ok) return made.error;
  const { certificate, said } = made.value;
  const { text, stderr, exitCode } = show(certificate, options.value, context.cloud.now);
  const pem = options.value.has('noout') || options.value.has('nocert') ? '' : toPem(certificate);
  const written = await writeOutput(context, options.value.value('out'), text + pem);
  if (!written.ok) return written.error;
  return { stdout: written.value, stderr: said + stderr, exitCode };
}

/** Reads a certificate, or signs one. */
async function certificateOf(
  context: CommandContext,
  options: OpensslOptions,
): Promise<Result<{ readonly certificate: Certificate; readonly said: string }, CommandResult>> {
  if (options.has('req')) return signRequest(context, options);
  for (const name of ['CA', 'CAkey', 'signkey', 'key', 'days', 'extfile'])
    if (options.has(name))
      return err(notSimulatedHere('openssl', `the option -${name} of openssl x509 without -req`));
  const read = await loadCertificate(context, options.value('in'));
  return read.ok ? ok({ certificate: read.value, said: '' }) : err(read.error);
}

type Print = (certificate: Certificate, options: OpensslOptions) => string;

/** What each option prints, in the order in which they are given. */
const PRINTS: Readonly<Record<string, Print>> = {
  text: (certificate) => certificateText(certificate),
  subject: ({ subject }) => `subject=${nameOneLine(subject)}\n`,
  issuer: ({ issuer }) => `issuer=${nameOneLine(issuer)}\n`,
  serial: ({ serialNumber }) => `serial=${serialNumber}\n`,
  startdate: ({ notBefore }) => `notBefore=${timeText(notBefore)}\n`,
  enddate: ({ notAfter }) => `notAfter=${timeText(notAfter)}\n`,
  fingerprint: (certificate, options) => {
    const { bytes } = openCertificate(certificate);
    const named = options.order.findLast((name) => name === 'sha256' || name === 'sha1');
    const digest = named === 'sha256' ? toHex(sha256(bytes)) : sha1HexOf(bytes);
    return `${named ?? 'SHA1'} Fingerprint=${(digest.toUpperCase().match(/../g) ?? []).join(':')}\n`;
  },
  pubkey: (certificate) => pemBlock('PUBLIC KEY', openCertificate(certificate).publicKeyInfo),
  modulus: ({ publicKey }) =>
    publicKey.kind === 'rsa'
      ? `Modulus=${publicKey.modulus.toUpperCase()}\n`
      : 'Modulus=No modulus for this public key type\n',
  subject_hash: ({ subject }) => `${nameHash(subject)}\n`,
  issuer_hash: ({ issuer }) => `${nameHash(issuer)}\n`,
};

/** OpenSSL's names of the extensions that `-ext` is asked for. */
function extensionsShown(certificate: Certificate, list: string): string {
  const wanted = list.split(',').map((name) => name.trim());
  const known: Readonly<Record<string, string>> = {
    ...EXTENSION,
    crlDistributionPoints: '2.5.29.31',
    certificatePolicies: '2.5.29.32',
    authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  };
  const dotted = wanted.map((name) => known[name]);
  const chosen = openCertificate(certificate).extensions.filter((each) => dotted.includes(each.dotted));
  return chosen.length === 0 ? '' : extensionLines(chosen, 0);
}

/** Options in the order of their last mention, which is how OpenSSL numbers what it prints. */
function printed({ order }: OpensslOptions): readonly string[] {
  const numbered = order.flatMap((name) =>
    name === 'dates' ? ['startdate', 'enddate'] : [name === 'hash' ? 'subject_hash' : name],
  );
  return numbered.filter((name, at) => numbered.lastIndexOf(name) === at);
}

function show(
  certificate: Certificate,
  options: OpensslOptions,
  now: number,
): { readonly text: string; readonly stderr: string; readonly exitCode: number } {
  let text = '';
  let stderr = '';
  for (const name of printed(options)) {
    if (name !== 'ext') {
      text += PRINTS[name]?.(certificate, options) ?? '';
      continue;
    }
    const extensions = extensionsShown(certificate, options.value('ext') ?? '');
    if (extensions === '') stderr = 'No extensions in certificate\n';
    text += extensions;
  }
  const seconds = options.value('checkend');
  let exitCode = 0;
  if (seconds !== null) {
    exitCode = certificate.notAfter < now + Number(seconds) ? 1 : 0;
    text += exitCode === 1 ? 'Certificate will expire\n' : 'Certificate will not expire\n';
  }
  for (const [option, what] of [
    ['checkhost', 'Hostname'],
    ['checkip', 'IP'],
  ] as const) {
    const host = options.value(option);
    if (host === null) continue;
    const does = matchHost(certificate, host, 'openssl').kind === 'matches' ? 'does' : 'does NOT';
    text += `${what} ${host} ${does} match certificate\n`;
  }
  return { text, stderr, exitCode };
}
