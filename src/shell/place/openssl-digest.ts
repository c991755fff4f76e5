/** `openssl dgst` and `openssl base64`. */
import { fromBase64, fromUtf8, toBase64, toHex, toUtf8 } from '../../model/certificates/bytes.ts';
import { sha256 } from '../../model/certificates/sha256.ts';
import { sha1HexOf } from '../../model/sha1.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { cannotOpen, errorLine, writeOutput } from './openssl-files.ts';
import { readOpensslOptions } from './openssl-options.ts';
import { failed, notSimulatedHere, printed } from './program.ts';

export async function digest(
  context: CommandContext,
  command: 'dgst' | 'sha256' | 'sha1',
  args: readonly string[],
): Promise<CommandResult> {
  const options = readOpensslOptions(command, args, {
    sha256: 'switch',
    sha1: 'switch',
    r: 'switch',
    hex: 'switch',
    out: 'value',
    binary: 'real',
    c: 'real',
    list: 'real',
    md5: 'real',
    sha384: 'real',
    sha512: 'real',
    sign: 'real-value',
    verify: 'real-value',
    prverify: 'real-value',
    signature: 'real-value',
    hmac: 'real-value',
    mac: 'real-value',
  });
  if (!options.ok) return options.error;
  const given = options.value;
  const named =
    command === 'dgst'
      ? (given.order.findLast((name) => name === 'sha256' || name === 'sha1') ?? null)
      : command;
  const hash = (text: string): string =>
    named === 'sha1' ? sha1HexOf(toUtf8(text)) : toHex(sha256(toUtf8(text)));
  // 3.0 calls it SHA2-256 if it is named, and SHA256 if it is the default.
  const label = named === 'sha1' ? 'SHA1' : named === null ? 'SHA256' : 'SHA2-256';
  let stdout = '';
  let stderr = '';
  if (given.rest.length === 0)
    stdout = given.has('r') ? `${hash(context.stdin)} *stdin\n` : `${label}(stdin)= ${hash(context.stdin)}\n`;
  for (const path of given.rest) {
    const text = await context.readFile(path);
    if (text === null)
      stderr +=
        `${path}: No such file or directory\n` +
        errorLine(
          `80000002:system library:file_ctrl:No such file or directory:../crypto/bio/bss_file.c:297:calling fopen(${path}, r)`,
        ) +
        errorLine('10080002:BIO routines:file_ctrl:system lib:../crypto/bio/bss_file.c:300:');
    else stdout += given.has('r') ? `${hash(text)} *${path}\n` : `${label}(${path})= ${hash(text)}\n`;
  }
  const written = await writeOutput(context, given.value('out'), stdout);
  if (!written.ok) return written.error;
  return { stdout: written.value, stderr, exitCode: stderr === '' ? 0 : 1 };
}

export async function encode(
  context: CommandContext,
  command: 'base64' | 'enc',
  args: readonly string[],
): Promise<CommandResult> {
  const options = readOpensslOptions(command, args, {
    in: 'value',
    out: 'value',
    d: 'switch',
    e: 'switch',
    A: 'switch',
    base64: 'switch',
    a: 'switch',
    ...Object.fromEntries(
      [
        'aes-256-cbc',
        'aes-128-cbc',
        'aes256',
        'aes128',
        'pbkdf2',
        'salt',
        'nosalt',
        'p',
        'P',
        'list',
        'ciphers',
      ].map((name) => [name, 'real' as const]),
    ),
    k: 'real-value',
    K: 'real-value',
    iv: 'real-value',
    pass: 'real-value',
    md: 'real-value',
    iter: 'real-value',
  });
  if (!options.ok) return options.error;
  const given = options.value;
  if (given.rest.length > 0) return failed(`${command}: Use -help for summary.\n`);
  if (command === 'enc' && !given.has('base64') && !given.has('a'))
    return notSimulatedHere('openssl', 'encryption (openssl enc -base64 is)');
  const path = given.value('in');
  const text = path === null ? context.stdin : await context.readFile(path);
  if (text === null) return failed(cannotOpen(path ?? ''));
  const result = given.has('d')
    ? decoded(text, given.has('A') ? 'one-line' : 'lines')
    : encoded(text, given.has('A') ? 'one-line' : 'lines');
  const written = await writeOutput(context, given.value('out'), result);
  return written.ok ? printed(written.value) : written.error;
}

function encoded(text: string, shape: 'lines' | 'one-line'): string {
  const base64 = toBase64(toUtf8(text));
  return shape === 'one-line' ? base64 : (base64.match(/.{1,64}/g) ?? []).map((line) => `${line}\n`).join('');
}

/** Without -A, text without the end of a line, or with a line that is too long, is no base64 to OpenSSL: nothing comes out, and no error. */
function decoded(text: string, shape: 'lines' | 'one-line'): string {
  const lines = text.split('\n');
  if (shape === 'lines' && (lines.length < 2 || lines.some((line) => line.length >= LONGEST_LINE))) return '';
  const bytes = fromBase64(text);
  return bytes instanceof Uint8Array ? fromUtf8(bytes) : '';
}

/** B64_BLOCK_SIZE of BIO_f_base64 (crypto/evp/bio_b64.c). */
const LONGEST_LINE = 1024;
