/** `openssl verify`. */
import type { Certificate } from '../../model/certificates/certificate.ts';
import { nameOneLine } from '../../model/certificates/name-text.ts';
import { opensslReason } from '../../model/certificates/trust-words.ts';
import {
  opensslEvents,
  opensslPath,
  type OpensslInput,
  type VerifyEvent,
} from '../../model/certificates/verify-openssl.ts';
import { err, ok, type Result } from '../../model/result.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { loadCertificate, loadCertificates, trustFileProblem } from './openssl-files.ts';
import { readOpensslOptions, type OpensslOption, type OpensslOptions } from './openssl-options.ts';
import { failed, notSimulatedHere } from './program.ts';
import { opensslTrustPaths, trustedBy } from './trust-store.ts';

const OPTIONS: Readonly<Record<string, OpensslOption>> = {
  CAfile: 'value',
  CApath: 'value',
  trusted: 'value',
  untrusted: 'value',
  'no-CAfile': 'switch',
  'no-CApath': 'switch',
  partial_chain: 'switch',
  purpose: 'value',
  verify_hostname: 'value',
  verify_ip: 'value',
  attime: 'value',
  verbose: 'switch',
  show_chain: 'switch',
  ...Object.fromEntries(
    [
      'x509_strict',
      'ignore_critical',
      'issuer_checks',
      'crl_check',
      'crl_check_all',
      'policy_check',
      'check_ss_sig',
      'no_check_time',
      'trusted_first',
      'allow_proxy_certs',
      'no-CAstore',
      'crl_download',
    ].map((name) => [name, 'real' as const]),
  ),
  ...Object.fromEntries(
    [
      'CRLfile',
      'CAstore',
      'verify_depth',
      'verify_email',
      'verify_name',
      'policy',
      'auth_level',
      'nameopt',
      'engine',
      'vfyopt',
    ].map((name) => [name, 'real-value' as const]),
  ),
};

export async function verify(context: CommandContext, args: readonly string[]): Promise<CommandResult> {
  const options = readOpensslOptions('verify', args, OPTIONS);
  if (!options.ok) return options.error;
  const given = options.value;
  const purpose = given.value('purpose');
  if (purpose !== null && purpose !== 'sslserver' && purpose !== 'any')
    return notSimulatedHere('openssl', `-purpose ${purpose} of openssl verify`);
  const time = given.value('attime');
  if (time !== null && !/^\d+$/.test(time))
    return failed(`verify: Can't parse "${time}" as a number\nverify: Use -help for summary.\n`);
  const untrusted: Certificate[] = [];
  for (const path of given.values('untrusted')) {
    const read = await loadCertificates(context, path, 'certs of untrusted certificates');
    if (!read.ok) return withoutLastLine(read.error);
    untrusted.push(...read.value);
  }
  let stdout = '';
  let stderr = '';
  let failedOnes = 0;
  const paths = given.rest.length === 0 ? [null] : given.rest;
  for (const path of paths) {
    const what = 'certificate file';
    const read = await loadCertificate(context, path, what);
    if (!read.ok) {
      stderr += read.error.stderr;
      failedOnes++;
      continue;
    }
    const trusted = await trustedOf(context, given, [read.value, ...untrusted]);
    if (!trusted.ok) return { ...trusted.error, stderr: stderr + trusted.error.stderr };
    const input: OpensslInput = {
      leaf: read.value,
      others: untrusted,
      trusted: trusted.value,
      host: given.value('verify_hostname') ?? given.value('verify_ip'),
      at: time === null ? context.cloud.now : Number(time),
      reader: purpose === 'sslserver' ? 'openssl' : 'openssl-verify',
      ...(given.has('partial_chain') ? { partial: 'partial' as const } : {}),
    };
    const checked = check(input, path ?? 'stdin', given.has('show_chain'));
    if (checked.kind === 'undetermined') return notSimulatedHere('openssl', checked.why);
    stdout += checked.stdout;
    stderr += checked.stderr;
    if (checked.kind === 'failed') failedOnes++;
  }
  return { stdout, stderr, exitCode: failedOnes === 0 ? 0 : 2 };
}

/** Lists of certificates are loaded without `Unable to load …` at the end. */
const withoutLastLine = (result: CommandResult): CommandResult => ({
  ...result,
  stderr: result.stderr.replace(/Unable to load .*\n$/, ''),
});

/** The store of the options, or else that of the machine. */
async function trustedOf(
  context: CommandContext,
  options: OpensslOptions,
  chain: readonly Certificate[],
): Promise<Result<readonly Certificate[], CommandResult>> {
  const trusted: Certificate[] = [];
  for (const path of options.values('trusted')) {
    const read = await loadCertificates(context, path, 'certs of trusted certificates');
    if (!read.ok) return err(withoutLastLine(read.error));
    trusted.push(...read.value);
  }
  if (options.has('trusted')) return ok(trusted);
  const own = await opensslTrustPaths(context);
  const file = options.value('CAfile');
  const folder = options.value('CApath');
  // What is given comes instead of what is built in, one by one (setup_verify in apps/lib/apps.c).
  const paths = {
    file: file ?? (options.has('no-CAfile') ? null : own.file),
    folder: folder ?? (options.has('no-CApath') ? null : own.folder),
  };
  const given = await trustedBy(context, paths, chain, file === null ? 'optional' : 'required');
  if (given.ok) return ok(given.value);
  const { path } = given.error;
  return err(failed(`Error loading file ${path}\n${(await trustFileProblem(context, path)) ?? ''}`));
}

/** Faults that `verify` says and goes on after (apps/verify.c, cb). */
const GOES_ON: readonly string[] = ['expired', 'self-signed', 'not-a-ca', 'path-too-long', 'wrong-purpose'];

type Checked =
  | { readonly kind: 'ok' | 'failed'; readonly stdout: string; readonly stderr: string }
  | Extract<VerifyEvent, { kind: 'undetermined' }>;

function check(input: OpensslInput, path: string, showsChain: boolean): Checked {
  let stderr = '';
  for (const event of opensslEvents(input)) {
    if (event.kind === 'undetermined') return event;
    if (event.kind === 'passes') continue;
    if (event.kind === 'consequence') {
      const { certificate, depth, reason } = event;
      stderr += `${nameOneLine(certificate.subject)}\nerror ${reason.code} at ${depth} depth lookup: ${reason.text}\n`;
      break;
    }
    const { fault } = event;
    const { code, text } = opensslReason(fault);
    const depth = fault.kind === 'no-certificate' ? 0 : fault.depth;
    const subject = fault.kind === 'no-certificate' ? [] : fault.certificate.subject;
    stderr += `${nameOneLine(subject)}\nerror ${code} at ${depth} depth lookup: ${text}\n`;
    if (!GOES_ON.includes(fault.kind)) break;
  }
  if (stderr !== '')
    return { kind: 'failed', stdout: '', stderr: `${stderr}error ${path}: verification failed\n` };
  const chain = showsChain ? chainLines(input) : '';
  return { kind: 'ok', stdout: `${path}: OK\n${chain}`, stderr: '' };
}

function chainLines(input: OpensslInput): string {
  const { path, untrusted } = opensslPath(input);
  return `Chain:\n${path
    .map(
      (certificate, depth) =>
        `depth=${depth}: ${nameOneLine(certificate.subject)}${depth < untrusted ? ' (untrusted)' : ''}\n`,
    )
    .join('')}`;
}
