/** Which certificates a client in a place trusts: the files that it reads, and what they hold. */
import type { Certificate } from '../../model/certificates/certificate.ts';
import { nameHash } from '../../model/certificates/name-hash.ts';
import { parsePem, type CertificateProblem } from '../../model/certificates/pem.ts';
import { err, ok, type Result } from '../../model/result.ts';
import type { CommandContext } from '../command.ts';
import { AZURE_LINUX_BUNDLE, BUNDLE } from './trust-files.ts';

/** A bundle, and a folder whose files are named after the hashes of the subjects; null: none is asked. */
export interface TrustPaths {
  readonly file: string | null;
  readonly folder: string | null;
}

/** What a bundle that cannot be used is: curl ends with 77, OpenSSL with its own words. */
export interface TrustProblem {
  readonly path: string;
  readonly why: { readonly kind: 'missing' } | CertificateProblem;
}

type Files = Pick<CommandContext, 'readFile'>;

/**
 * Returns the paths that curl's `-v` names `CAfile` and `CApath`. `--cacert` and `--capath` come first, then
 * CURL_CA_BUNDLE, SSL_CERT_DIR and SSL_CERT_FILE (src/tool_operate.c), then what curl was built with. Debian's and
 * Ubuntu's curl was built with a folder too: it stays in force beside `--cacert`, so that public roots are still
 * trusted; Alpine's and Azure Linux's have none.
 */
export async function curlTrustPaths(
  { readFile, env }: Pick<CommandContext, 'readFile' | 'env'>,
  options: { readonly cacert: string | null; readonly capath: string | null },
): Promise<TrustPaths> {
  const built = await defaultPaths({ readFile });
  const given = (name: string): string | null => {
    const value = env.get(name);
    return value === undefined || value === '' ? null : value;
  };
  let { cacert: file, capath: folder } = options;
  if (file === null && folder === null) {
    file = given('CURL_CA_BUNDLE');
    if (file === null) {
      folder = given('SSL_CERT_DIR');
      file = given('SSL_CERT_FILE');
    }
  }
  return { file: file ?? built.file, folder: folder ?? built.folder };
}

/**
 * Returns the paths of OpenSSL itself and of what leaves the choice to it, as Python's ssl and Ubuntu's wget do:
 * SSL_CERT_FILE and SSL_CERT_DIR come instead of its own.
 */
export async function opensslTrustPaths({
  readFile,
  env,
}: Pick<CommandContext, 'readFile' | 'env'>): Promise<TrustPaths> {
  const built = await defaultPaths({ readFile });
  return { file: env.get('SSL_CERT_FILE') ?? built.file, folder: env.get('SSL_CERT_DIR') ?? built.folder };
}

async function defaultPaths({ readFile }: Files): Promise<TrustPaths> {
  const distribution = /^ID="?([a-z]+)"?$/m.exec((await readFile('/etc/os-release')) ?? '')?.[1];
  if (distribution === 'azurelinux' || distribution === 'mariner')
    return { file: AZURE_LINUX_BUNDLE, folder: null };
  if (distribution === 'alpine') return { file: BUNDLE, folder: null };
  return { file: BUNDLE, folder: '/etc/ssl/certs' };
}

/**
 * Returns what the client trusts out of these paths. A folder is asked by the hashes of the names that the chain needs,
 * as OpenSSL does. A bundle that was built in may be missing; one that was asked for (`required`) may not.
 */
export async function trustedBy(
  { readFile }: Files,
  { file, folder }: TrustPaths,
  chain: readonly Certificate[],
  required: 'required' | 'optional' = 'optional',
): Promise<Result<readonly Certificate[], TrustProblem>> {
  const trusted: Certificate[] = [];
  if (file !== null) {
    const text = await readFile(file);
    if (text === null && required === 'required') return err({ path: file, why: { kind: 'missing' } });
    const read = text === null ? ok([]) : parsePem(text);
    if (!read.ok && required === 'required') return err({ path: file, why: read.error });
    if (read.ok) trusted.push(...read.value);
  }
  if (folder !== null) trusted.push(...(await fromFolder(readFile, folder, [...chain, ...trusted])));
  return ok(trusted);
}

/** Follows the issuers upwards through the folder: `HASH.0`, `HASH.1` and so on. */
async function fromFolder(
  readFile: Files['readFile'],
  folder: string,
  chain: readonly Certificate[],
): Promise<readonly Certificate[]> {
  const found: Certificate[] = [];
  const asked = new Set<string>();
  const wanted = chain.flatMap(({ issuer, subject }) => [nameHash(issuer), nameHash(subject)]);
  for (let hash = wanted.shift(); hash !== undefined; hash = wanted.shift()) {
    if (asked.has(hash)) continue;
    asked.add(hash);
    for (let number = 0; ; number++) {
      const text = await readFile(`${folder}/${hash}.${number}`);
      if (text === null) break;
      const read = parsePem(text);
      if (!read.ok) continue;
      found.push(...read.value);
      wanted.push(...read.value.map(({ issuer }) => nameHash(issuer)));
    }
  }
  return found;
}
