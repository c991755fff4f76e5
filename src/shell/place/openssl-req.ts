/** `openssl req`: requests, and certificates that sign themselves. */
import type { DistinguishedName } from '../../model/certificates/certificate.ts';
import { attributeType } from '../../model/certificates/distinguished-name.ts';
import { issueCertificate, keyIdentifier } from '../../model/certificates/issue.ts';
import { keyToPem, publicKeyToPem } from '../../model/certificates/key-pem.ts';
import { toPem } from '../../model/certificates/pem.ts';
import { isRequestSigned, makeRequest, parseRequest, requestText } from '../../model/certificates/request.ts';
import { certificateText } from '../../model/certificates/certificate-text.ts';
import type { PrivateKey } from '../../model/certificates/rsa.ts';
import { err, ok, type Result } from '../../model/result.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { formProblem, loadKey, loadRequest, writeOutput } from './openssl-files.ts';
import { KEY_SECONDS, newKey, searchDots } from './openssl-keys.ts';
import { readOpensslOptions, type OpensslOption, type OpensslOptions } from './openssl-options.ts';
import { DAY, drawnSerial, saidSubject, withExtensions } from './openssl-sign.ts';
import { failed, notSimulatedHere } from './program.ts';

const OPTIONS: Readonly<Record<string, OpensslOption>> = {
  x509: 'switch',
  new: 'switch',
  newkey: 'value',
  key: 'value',
  keyout: 'value',
  nodes: 'switch',
  noenc: 'switch',
  in: 'value',
  out: 'value',
  inform: 'value',
  outform: 'value',
  keyform: 'value',
  days: 'value',
  subj: 'value',
  addext: 'value',
  sha256: 'switch',
  set_serial: 'value',
  noout: 'switch',
  text: 'switch',
  subject: 'switch',
  verify: 'switch',
  pubkey: 'switch',
  batch: 'switch',
  utf8: 'switch',
  ...Object.fromEntries(
    [
      'sha1',
      'sha384',
      'sha512',
      'md5',
      'newhdr',
      'modulus',
      'precert',
      'multivalue-rdn',
      'verbose',
      'x509v1',
    ].map((name) => [name, 'real' as const]),
  ),
  ...Object.fromEntries(
    [
      'config',
      'section',
      'extensions',
      'reqexts',
      'CA',
      'CAkey',
      'copy_extensions',
      'passin',
      'passout',
      'nameopt',
      'reqopt',
      'pkeyopt',
      'sigopt',
      'vfyopt',
      'not_before',
      'not_after',
      'rand',
      'engine',
    ].map((name) => [name, 'real-value' as const]),
  ),
};

export async function req(context: CommandContext, args: readonly string[]): Promise<CommandResult> {
  const options = readOpensslOptions('req', args, OPTIONS);
  if (!options.ok) return options.error;
  const given = options.value;
  if (given.rest.length > 0) return failed('req: Use -help for summary.\n');
  const form = formProblem([given.value('inform'), given.value('outform'), given.value('keyform')]);
  if (form !== null) return form;
  for (const name of ['days', 'set_serial']) {
    const number = given.value(name);
    if (number !== null && !/^(0x[0-9a-fA-F]+|\d+)$/.test(number))
      return failed(`req: Can't parse "${number}" as a number\nreq: Use -help for summary.\n`);
  }
  if (given.has('in') && given.has('x509'))
    return notSimulatedHere('openssl', 'req -x509 of a request (use openssl x509 -req)');
  const makes = given.has('new') || given.has('newkey') || given.has('x509') || given.has('key');
  return makes && !given.has('in') ? make(context, given) : show(context, given);
}

async function make(context: CommandContext, options: OpensslOptions): Promise<CommandResult> {
  const key = await keyOf(context, options);
  if (!key.ok) return key.error;
  const { said, writes, key: signer } = key.value;
  const complaint = (result: CommandResult): CommandResult => ({ ...result, stderr: said + result.stderr });
  const subject = subjectOf(options);
  if (!subject.ok) return complaint(subject.error);
  const { name, warnings } = subject.value;
  const makesCertificate = options.has('x509');
  const identifier = keyIdentifier(signer);
  const extensions = withExtensions(
    // [ v3_ca ] of the openssl.cnf that comes with it.
    makesCertificate
      ? [
          { kind: 'subjectKeyIdentifier', identifier },
          { kind: 'authorityKeyIdentifier', identifier },
          { kind: 'basicConstraints', critical: 'critical', ca: true, pathLength: null },
        ]
      : [],
    options.values('addext'),
    { subjectKey: signer, issuerIdentifier: identifier },
    '-addext',
  );
  if (!extensions.ok) return complaint(extensions.error);
  let text: string;
  if (makesCertificate) {
    const serial = options.value('set_serial');
    const certificate = issueCertificate({
      serialNumber: serial === null ? drawnSerial(context) : BigInt(serial).toString(16),
      subject: name,
      issuer: name,
      notBefore: context.cloud.now,
      notAfter: context.cloud.now + Number(options.value('days') ?? '30') * DAY,
      publicKey: signer,
      signedWith: signer,
      extensions: extensions.value,
    });
    text =
      (options.has('text') ? certificateText(certificate) : '') +
      (options.has('subject') ? saidSubject(name) : '');
    if (!options.has('noout')) text += toPem(certificate);
  } else {
    const pem = makeRequest(name, signer, extensions.value);
    const request = parseRequest(pem);
    text = options.has('text') && request.ok ? requestText(request.value) : '';
    if (options.has('subject')) text += saidSubject(name);
    if (!options.has('noout')) text += pem;
  }
  if (writes !== null) {
    const kept = await writeOutput(context, writes, keyToPem(signer));
    if (!kept.ok) return complaint(kept.error);
  }
  const written = await writeOutput(context, options.value('out'), text);
  if (!written.ok) return complaint(written.error);
  return {
    stdout: written.value,
    stderr: said + warnings,
    exitCode: 0,
    elapsedSeconds: writes === null ? 0 : KEY_SECONDS,
  };
}

/** The key of `-key`, or a new one and the file that it goes to. */
async function keyOf(
  context: CommandContext,
  options: OpensslOptions,
): Promise<
  Result<{ readonly key: PrivateKey; readonly writes: string | null; readonly said: string }, CommandResult>
> {
  const path = options.value('key');
  const newkey = options.value('newkey');
  if (path !== null && newkey === null) {
    const key = await loadKey(context, path);
    return key.ok ? ok({ key: key.value, writes: null, said: '' }) : key;
  }
  const [algorithm = 'rsa', bits = '2048'] = (newkey ?? 'rsa:2048').split(':');
  if (algorithm.toLowerCase() !== 'rsa')
    return err(notSimulatedHere('openssl', `a key of ${newkey ?? ''} (rsa:2048 and rsa:4096 are)`));
  if (!options.has('nodes') && !options.has('noenc'))
    return err(notSimulatedHere('openssl', 'a passphrase for the new key (give -nodes)'));
  const key = newKey(context, bits);
  if (!key.ok) return key;
  // default_keyfile of openssl.cnf.
  const writes = options.value('keyout') ?? 'privkey.pem';
  return ok({ key: key.value, writes, said: `${searchDots(context)}-----\n` });
}

/** `/type=value/type=value`, where a backslash takes the next character as it is, and `+` is not simulated. */
function subjectOf(
  options: OpensslOptions,
): Result<{ readonly name: DistinguishedName; readonly warnings: string }, CommandResult> {
  const subj = options.value('subj');
  if (subj === null)
    return err(notSimulatedHere('openssl', 'being asked for the subject (give -subj /CN=NAME)'));
  if (!subj.startsWith('/'))
    return err(
      failed(
        `req: subject name is expected to be in the format /type0=value0/type1=value1/type2=... where characters may be escaped by \\. This name is not in that format: '${subj}'\n`,
      ),
    );
  const name: { type: string; value: string }[] = [];
  let warnings = '';
  for (const part of partsOf(subj.slice(1))) {
    const equals = part.indexOf('=');
    if (equals < 0)
      return err(failed(`req: Missing '=' after RDN type string '${part}' in subject name string\n`));
    const given = part.slice(0, equals).trim();
    const value = unescaped(part.slice(equals + 1));
    if (/(^|[^\\])\+/.test(part.slice(equals + 1)))
      return err(notSimulatedHere('openssl', 'a name with several attributes in one part (+)'));
    const type = attributeType(given);
    if (type === null) warnings += `req warning: Skipping unknown subject name attribute "${given}"\n`;
    else if (value === '')
      warnings += `req warning: No value provided for subject name attribute "${given}", skipped\n`;
    else if (type === 'C' && value.length !== 2)
      return err(failed(`req: Error adding subject name attribute "/${given}=${value}"\n`));
    else name.push({ type, value });
  }
  return ok({ name, warnings });
}

/** Splits at slashes that no backslash precedes; an empty end is none. */
function partsOf(text: string): readonly string[] {
  const parts = text.match(/(\\.|[^/\\])+/g) ?? [];
  return parts;
}

const unescaped = (text: string): string => text.replace(/\\(.)/g, '$1');

/** `openssl req` of a request that is there. */
async function show(context: CommandContext, options: OpensslOptions): Promise<CommandResult> {
  const read = await loadRequest(context, options.value('in'), 'X509 request');
  if (!read.ok) return read.error;
  const request = read.value;
  let stderr = '';
  let exitCode = 0;
  if (options.has('verify')) {
    const verdict = isRequestSigned(request);
    if (verdict === 'undetermined') return notSimulatedHere('openssl', 'a request with another key than RSA');
    stderr = `Certificate request self-signature verify ${verdict === 'good' ? 'OK' : 'failure'}\n`;
    exitCode = verdict === 'good' ? 0 : 1;
  }
  let text = '';
  const { publicKey } = request;
  if (options.has('pubkey') && publicKey.kind === 'rsa')
    text += publicKeyToPem({
      modulus: BigInt(`0x${publicKey.modulus}`),
      exponent: BigInt(publicKey.exponent),
    });
  if (options.has('text')) text += requestText(request);
  if (options.has('subject')) text += saidSubject(request.subject);
  if (!options.has('noout')) {
    const source = options.value('in');
    const pem = source === null ? context.stdin : ((await context.readFile(source)) ?? '');
    text +=
      /-----BEGIN (NEW )?CERTIFICATE REQUEST-----[^]*?-----END (NEW )?CERTIFICATE REQUEST-----\n?/.exec(
        pem,
      )?.[0] ?? '';
  }
  const written = await writeOutput(context, options.value('out'), text);
  return written.ok ? { stdout: written.value, stderr, exitCode } : written.error;
}
