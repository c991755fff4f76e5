/** Whether a client trusts what a server shows. */
import type { Certificate } from './certificate.ts';
import { verifyAsGo } from './verify-go.ts';
import { verifyAsOpenssl } from './verify-openssl.ts';
import type { TrustReader, TrustVerdict } from './verdict.ts';

export type { TrustReader, TrustVerdict } from './verdict.ts';

export interface VerifyInput {
  /** As the server sends it: its own certificate first, then those that lead to a root, in any order. */
  readonly chain: readonly Certificate[];
  readonly trusted: readonly Certificate[];
  /** Name or address that the client asked for; null if it does not compare it. */
  readonly host: string | null;
  /** Seconds since the epoch. */
  readonly at: number;
  /** curl if it is not given. */
  readonly reader?: TrustReader;
}

/**
 * Returns what a client makes of a server's certificates, and the one that decides: builds the chain, checks
 * signatures, dates, basicConstraints, keyUsage, extendedKeyUsage, key identifiers and the name. Revocation is not part
 * of it, as none of these clients looks at it by default.
 */
export function verifyServer(input: VerifyInput): TrustVerdict {
  const [leaf, ...others] = input.chain;
  if (leaf === undefined) return { kind: 'no-certificate' };
  const reader = input.reader ?? 'curl';
  return reader === 'go'
    ? verifyAsGo({ ...input, leaf, others })
    : verifyAsOpenssl({ ...input, reader, leaf, others });
}
