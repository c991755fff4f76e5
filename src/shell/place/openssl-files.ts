/** What openssl's commands read and write, and what they say where that fails. */
import type { Certificate } from '../../model/certificates/certificate.ts';
import { parseKeyPem } from '../../model/certificates/key-pem.ts';
import { parsePem } from '../../model/certificates/pem.ts';
import { parseRequest, type CertificateRequest } from '../../model/certificates/request.ts';
import type { PrivateKey } from '../../model/certificates/rsa.ts';
import { err, ok, type Result } from '../../model/result.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { openProblem } from './output-file.ts';
import { failed, notSimulatedHere } from './program.ts';

/** OpenSSL's lines of its error queue begin with the number of the thread. */
const THREAD = '40A7DE6B8E7F0000';

export const errorLine = (text: string): string => `${THREAD}:error:${text}\n`;

/** Returns the text of a file, or of stdin without a path; what cannot be opened is said as for `what`. */
export async function readInput(
  { readFile, stdin }: CommandContext,
  path: string | null,
  what: string,
): Promise<Result<string, string>> {
  if (path === null || path === '-') return ok(stdin);
  const text = await readFile(path);
  if (text !== null) return ok(text);
  return err(
    `Could not open file or uri for loading ${what} from ${path}\n` +
      errorLine(
        '16000069:STORE routines:ossl_store_get0_loader_int:unregistered scheme:../crypto/store/store_register.c:237:scheme=file',
      ) +
      errorLine(
        `80000002:system library:file_open:No such file or directory:../providers/implementations/storemgmt/file_store.c:267:calling stat(${path})`,
      ),
  );
}

/** What a decoder says that finds nothing it knows. */
const UNSUPPORTED = errorLine(
  '1608010C:STORE routines:ossl_store_handle_load_result:unsupported:../crypto/store/store_result.c:151:',
);

/** Reads the first certificate of a file, whatever stands before and behind it. */
export async function loadCertificate(
  context: CommandContext,
  path: string | null,
  what = 'certificate',
): Promise<Result<Certificate, CommandResult>> {
  const all = await loadCertificates(context, path, what, 'first');
  if (!all.ok) return all;
  const [first] = all.value;
  if (first === undefined) throw new Error('no certificate, and no error');
  return ok(first);
}

export async function loadCertificates(
  context: CommandContext,
  path: string | null,
  what: string,
  which: 'first' | 'all' = 'all',
): Promise<Result<readonly Certificate[], CommandResult>> {
  const text = await readInput(context, path, what);
  const unable = `Unable to load ${what}\n`;
  if (!text.ok) return err(failed(text.error + unable));
  const end = /-----END (X509 )?CERTIFICATE-----/.exec(text.value);
  const read = parsePem(
    which === 'first' && end !== null ? text.value.slice(0, end.index + end[0].length) : text.value,
  );
  if (read.ok) return ok(read.value);
  const queue = text.value.includes('-----BEGIN ') ? UNSUPPORTED : '';
  return err(failed(`Could not read ${what} from ${path ?? '<stdin>'}\n${queue}${unable}`));
}

export async function loadKey(
  context: CommandContext,
  path: string | null,
  what = 'private key',
): Promise<Result<PrivateKey, CommandResult>> {
  const text = await readInput(context, path, what);
  if (!text.ok) return err(failed(text.error));
  const read = parseKeyPem(text.value);
  if (read.ok) return ok(read.value);
  if (read.error.kind === 'unsupported-key') return err(notSimulatedHere('openssl', read.error.message));
  return err(failed(`Could not read ${what} from ${path ?? '<stdin>'}\n`));
}

/** What a file says that is read without the loader of keys and certificates. */
export const cannotOpen = (path: string): string =>
  `Can't open "${path}" for reading, No such file or directory\n` +
  errorLine(
    `80000002:system library:BIO_new_file:No such file or directory:../crypto/bio/bss_file.c:67:calling fopen(${path}, r)`,
  ) +
  errorLine('10000080:BIO routines:BIO_new_file:no such file:../crypto/bio/bss_file.c:75:');

export async function loadRequest(
  context: CommandContext,
  path: string | null,
  what = 'certificate request input',
): Promise<Result<CertificateRequest, CommandResult>> {
  if (path !== null && (await context.readFile(path)) === null)
    return err(failed(cannotOpen(path) + `Unable to load ${what}\n`));
  const text = path === null ? context.stdin : ((await context.readFile(path)) ?? '');
  const read = parseRequest(text);
  if (read.ok) return ok(read.value);
  return err(
    failed(
      `Unable to load ${what}\n` +
        errorLine(
          '0480006C:PEM routines:get_name:no start line:../crypto/pem/pem_lib.c:754:Expecting: CERTIFICATE REQUEST',
        ),
    ),
  );
}

/** Writes to the file of `-out`, or hands the text back for stdout. */
export async function writeOutput(
  context: CommandContext,
  path: string | null,
  text: string,
): Promise<Result<string, CommandResult>> {
  if (path === null) return ok(text);
  const { writeFile } = context;
  const closed = await openProblem(context, path);
  if (closed !== null) {
    const code = { 'No such file or directory': '02', 'Not a directory': '14', 'Is a directory': '15' }[
      closed
    ];
    return err(
      failed(
        `Can't open "${path}" for writing, ${closed}\n` +
          errorLine(
            `800000${code}:system library:BIO_new_file:${closed}:../crypto/bio/bss_file.c:67:calling fopen(${path}, w)`,
          ) +
          errorLine(
            closed === 'No such file or directory'
              ? '10000080:BIO routines:BIO_new_file:no such file:../crypto/bio/bss_file.c:75:'
              : '10080002:BIO routines:BIO_new_file:system lib:../crypto/bio/bss_file.c:77:',
          ),
      ),
    );
  }
  try {
    await writeFile(path, text);
    return ok('');
  } catch {
    return err(
      failed(
        `Can't open "${path}" for writing, Permission denied\n` +
          errorLine(
            `8000000D:system library:BIO_new_file:Permission denied:../crypto/bio/bss_file.c:67:calling fopen(${path}, w)`,
          ),
      ),
    );
  }
}

/** Binary forms: a file here is text. */
export function formProblem(forms: readonly (string | null)[]): CommandResult | null {
  const other = forms.find((form) => form !== null && form.toUpperCase() !== 'PEM');
  return other === undefined ? null : notSimulatedHere('openssl', `the binary form ${other ?? ''} (use PEM)`);
}

/** What is said of a bundle that was asked for and cannot be used; null if it can. */
export async function trustFileProblem({ readFile }: CommandContext, path: string): Promise<string | null> {
  const text = await readFile(path);
  if (text === null)
    return (
      errorLine(
        `80000002:system library:BIO_new_file:No such file or directory:../crypto/bio/bss_file.c:67:calling fopen(${path}, r)`,
      ) +
      errorLine('10000080:BIO routines:BIO_new_file:no such file:../crypto/bio/bss_file.c:75:') +
      errorLine(
        '05880002:x509 certificate routines:X509_load_cert_crl_file_ex:system lib:../crypto/x509/by_file.c:229:',
      )
    );
  if (parsePem(text).ok) return null;
  return errorLine(
    '05880088:x509 certificate routines:X509_load_cert_crl_file_ex:no certificate or crl found:../crypto/x509/by_file.c:251:',
  );
}
