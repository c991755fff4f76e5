/** `openssl genrsa`, `genpkey`, `rsa` and `pkey`. Keys follow from who asks, and protect nothing. */
import { fromInteger, toHex, toUtf8 } from '../../model/certificates/bytes.ts';
import { modulusLines } from '../../model/certificates/certificate-text.ts';
import { keyToPem, publicKeyToPem } from '../../model/certificates/key-pem.ts';
import { bitsOf, makeKey, type PrivateKey } from '../../model/certificates/rsa.ts';
import { sha256 } from '../../model/certificates/sha256.ts';
import { err, ok, type Result } from '../../model/result.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { formProblem, loadKey, writeOutput } from './openssl-files.ts';
import { readOpensslOptions } from './openssl-options.ts';
import { drawn } from './openssl-sign.ts';
import { failed, notSimulatedHere } from './program.ts';

/** Making a key takes a moment, so that the next one is another. */
export const KEY_SECONDS = 1;

/** Returns a new key of so many bits; sizes that the simulation has none of are refused. */
export function newKey(context: CommandContext, bits: string): Result<PrivateKey, CommandResult> {
  if (bits !== '2048' && bits !== '4096')
    return err(notSimulatedHere('openssl', `an RSA key of ${bits} bits (2048 and 4096 are)`));
  return ok(makeKey(drawn(context, 'key'), bits === '2048' ? 2048 : 4096));
}

/** The dots and pluses of a search for primes, which genpkey and req print on stderr. */
export function searchDots(context: CommandContext): string {
  const drawnBytes = sha256(toUtf8(drawn(context, 'dots')));
  const line = (bytes: Uint8Array): string =>
    `${[...bytes].map((byte) => '.'.repeat(1 + (byte % 9))).join('+')}${'+'.repeat(65)}*${'.'.repeat(1 + ((bytes[0] ?? 0) % 12))}${'+'.repeat(65)}\n`;
  return line(drawnBytes.slice(0, 12)) + line(drawnBytes.slice(12, 24));
}

export async function genrsa(context: CommandContext, args: readonly string[]): Promise<CommandResult> {
  const options = readOpensslOptions('genrsa', args, {
    out: 'value',
    traditional: 'switch',
    f4: 'switch',
    F4: 'switch',
    3: 'real',
    verbose: 'switch',
    primes: 'real-value',
    rand: 'real-value',
    passout: 'real-value',
    aes128: 'real',
    aes192: 'real',
    aes256: 'real',
    des3: 'real',
  });
  if (!options.ok) return options.error;
  const [bits = '2048', ...more] = options.value.rest;
  if (more.length > 0) return failed('genrsa: Use -help for summary.\n');
  if (!/^\d+$/.test(bits)) return failed(`genrsa: Can't parse "${bits}" as a number\n`);
  const key = newKey(context, bits);
  if (!key.ok) return key.error;
  const text = keyToPem(key.value, options.value.has('traditional') ? 'pkcs1' : 'pkcs8');
  return finished(
    context,
    options.value.value('out'),
    text,
    options.value.has('verbose') ? searchDots(context) : '',
  );
}

export async function genpkey(context: CommandContext, args: readonly string[]): Promise<CommandResult> {
  const options = readOpensslOptions('genpkey', args, {
    algorithm: 'value',
    pkeyopt: 'value',
    out: 'value',
    outform: 'value',
    quiet: 'switch',
    text: 'real',
    genparam: 'real',
    paramfile: 'real-value',
    pass: 'real-value',
    aes128: 'real',
    aes256: 'real',
  });
  if (!options.ok) return options.error;
  const algorithm = options.value.value('algorithm');
  if (algorithm === null || options.value.rest.length > 0) return failed('genpkey: Use -help for summary.\n');
  if (algorithm.toUpperCase() !== 'RSA') return notSimulatedHere('openssl', `a key of ${algorithm} (RSA is)`);
  const form = formProblem([options.value.value('outform')]);
  if (form !== null) return form;
  let bits = '2048';
  for (const option of options.value.values('pkeyopt')) {
    const [name, value = ''] = option.split(':');
    if (name !== 'rsa_keygen_bits') return notSimulatedHere('openssl', `-pkeyopt ${option}`);
    bits = value;
  }
  const key = newKey(context, bits);
  if (!key.ok) return key.error;
  const dots = options.value.has('quiet') ? '' : searchDots(context);
  return finished(context, options.value.value('out'), keyToPem(key.value), dots);
}

async function finished(
  context: CommandContext,
  out: string | null,
  text: string,
  stderr: string,
): Promise<CommandResult> {
  const written = await writeOutput(context, out, text);
  if (!written.ok) return written.error;
  return { stdout: written.value, stderr, exitCode: 0, elapsedSeconds: KEY_SECONDS };
}

/** `openssl rsa` and `openssl pkey`, which show a key. */
export async function showKey(
  context: CommandContext,
  command: 'rsa' | 'pkey',
  args: readonly string[],
): Promise<CommandResult> {
  const options = readOpensslOptions(command, args, {
    in: 'value',
    out: 'value',
    inform: 'value',
    outform: 'value',
    noout: 'switch',
    check: 'switch',
    pubout: 'switch',
    text: 'switch',
    traditional: 'switch',
    ...(command === 'rsa' ? { modulus: 'switch', RSAPublicKey_out: 'real', RSAPublicKey_in: 'real' } : {}),
    pubin: 'real',
    pubcheck: 'real',
    text_pub: 'real',
    passin: 'real-value',
    passout: 'real-value',
    aes128: 'real',
    aes256: 'real',
    des3: 'real',
  });
  if (!options.ok) return options.error;
  const given = options.value;
  if (given.rest.length > 0) return failed(`${command}: Use -help for summary.\n`);
  const form = formProblem([given.value('inform'), given.value('outform')]);
  if (form !== null) return form;
  const read = await loadKey(context, given.value('in'), command === 'rsa' ? 'private key' : 'key');
  if (!read.ok) return read.error;
  const key = read.value;
  let text = '';
  if (given.has('text')) text += keyText(key);
  if (given.has('modulus')) text += `Modulus=${key.modulus.toString(16).toUpperCase()}\n`;
  let exitCode = 0;
  if (given.has('check')) {
    const good = isKey(key);
    text += good
      ? command === 'rsa'
        ? 'RSA key ok\n'
        : 'Key is valid\n'
      : command === 'rsa'
        ? 'RSA key not ok\n'
        : 'Key is invalid\n';
    if (!good && command === 'pkey') exitCode = 1;
  }
  let stderr = '';
  if (!given.has('noout')) {
    if (command === 'rsa') stderr = 'writing RSA key\n';
    text += given.has('pubout')
      ? publicKeyToPem(key)
      : keyToPem(key, given.has('traditional') ? 'pkcs1' : 'pkcs8');
  }
  const written = await writeOutput(context, given.value('out'), text);
  return written.ok ? { stdout: written.value, stderr, exitCode } : written.error;
}

/** Whether the numbers belong together; that the two are primes is taken for granted. */
function isKey(key: PrivateKey): boolean {
  const { modulus, exponent, privateExponent, prime1, prime2, exponent1, exponent2, coefficient } = key;
  return (
    prime1 * prime2 === modulus &&
    (exponent * privateExponent) % (prime1 - 1n) === 1n &&
    (exponent * privateExponent) % (prime2 - 1n) === 1n &&
    privateExponent % (prime1 - 1n) === exponent1 &&
    privateExponent % (prime2 - 1n) === exponent2 &&
    (coefficient * prime2) % prime1 === 1n
  );
}

function keyText(key: PrivateKey): string {
  const number = (name: string, value: bigint): string =>
    `${name}:\n${modulusLines(toHex(fromInteger(value)), 4)}\n`;
  return (
    `Private-Key: (${bitsOf(key)} bit, 2 primes)\n` +
    number('modulus', key.modulus) +
    `publicExponent: ${key.exponent} (0x${key.exponent.toString(16)})\n` +
    number('privateExponent', key.privateExponent) +
    number('prime1', key.prime1) +
    number('prime2', key.prime2) +
    number('exponent1', key.exponent1) +
    number('exponent2', key.exponent2) +
    number('coefficient', key.coefficient)
  );
}
