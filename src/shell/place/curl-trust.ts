import type { Certificate } from '../../model/certificates/certificate.ts';
import type { CommandContext } from '../command.ts';
import type { Verification } from './curl-tls.ts';
import { curlTrustPaths, trustedBy } from './trust-store.ts';

/** Returns what curl checks certificates with: its options first, then variables, then what it was built with. */
export async function verificationOf(
  context: Pick<CommandContext, 'readFile' | 'env'>,
  options: {
    readonly caFile: string | null;
    readonly caPath: string | null;
    readonly insecure: 'on' | 'off';
  },
  chain: readonly Certificate[],
): Promise<Verification> {
  const { caFile: cacert, caPath: capath, insecure } = options;
  // With --insecure it reads no variables and no files.
  if (insecure === 'on') return { kind: 'off', trusted: [] };
  const paths = await curlTrustPaths(context, { cacert, capath });
  const own = cacert ?? (capath === null ? namedBundle(context.env) : null);
  const trusted = await trustedBy(context, paths, chain, own === null ? 'optional' : 'required');
  if (!trusted.ok) return { kind: 'no-file', caFile: trusted.error.path };
  return { kind: 'on', caFile: paths.file, caPath: paths.folder, trusted: trusted.value };
}

/** A file that a variable names counts as one of `--cacert`. */
function namedBundle(env: CommandContext['env']): string | null {
  const named = env.get('CURL_CA_BUNDLE') ?? '';
  return (named === '' ? env.get('SSL_CERT_FILE') : named) ?? null;
}
