/** The text form of certificates and keys (RFC 7468). */
import { err, ok, type Result } from '../result.ts';
import { fromBase64, toBase64 } from './bytes.ts';

/** What is wrong with a text that should hold certificates or a key: a whole sentence, and the line (from 1). */
export interface CertificateProblem {
  readonly kind: 'not-pem' | 'unfinished-block' | 'base64' | 'der' | 'wrong-block' | 'unsupported-key';
  readonly line: number | null;
  readonly message: string;
}

export interface PemBlock {
  readonly label: string;
  /** Of the line BEGIN. */
  readonly line: number;
  readonly bytes: Uint8Array;
}

export function pemBlock(label: string, bytes: Uint8Array): string {
  const lines = toBase64(bytes).match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

const BEGIN = /^-----BEGIN ([A-Z0-9 ]+)-----\s*$/;

/** Reads the blocks of a text; what stands around them is left aside, and lines may end with CR LF. */
export function readBlocks(text: string): Result<readonly PemBlock[], CertificateProblem> {
  const blocks: PemBlock[] = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const label = BEGIN.exec(lines[at] ?? '')?.[1];
    if (label === undefined) continue;
    const line = at + 1;
    const end = lines.findIndex((each, index) => index > at && each.startsWith('-----'));
    if (end < 0 || lines[end]?.trimEnd() !== `-----END ${label}-----`)
      return err({
        kind: 'unfinished-block',
        line,
        message: `the block that begins at line ${line} has no line -----END ${label}-----`,
      });
    const body = lines.slice(at + 1, end);
    if (body.some((each) => /^(Proc-Type|DEK-Info):/.test(each))) {
      blocks.push({ label: `ENCRYPTED ${label}`, line, bytes: Uint8Array.of() });
    } else {
      const bytes = fromBase64(body.join('\n'));
      if (!(bytes instanceof Uint8Array)) return err(base64Problem(body, bytes.at, line));
      blocks.push({ label, line, bytes });
    }
    at = end;
  }
  return ok(blocks);
}

function base64Problem(body: readonly string[], at: number, line: number): CertificateProblem {
  const before = body.join('\n').slice(0, at).split('\n');
  const here = line + before.length;
  const character = body.join('\n')[at];
  const column = (before.at(-1)?.length ?? 0) + 1;
  return {
    kind: 'base64',
    line: here,
    message:
      character === undefined
        ? `line ${line}: the base64 of this block is cut short`
        : `line ${here}, character ${column}: ${JSON.stringify(character)} has no place in base64 here`,
  };
}

/** Returns what a block of that label is, in words. */
export function whatItIs(label: string): string {
  if (label === 'ENCRYPTED PRIVATE KEY' || label.startsWith('ENCRYPTED '))
    return 'a private key with a passphrase';
  if (label === 'PRIVATE KEY' || label === 'RSA PRIVATE KEY') return 'a private key';
  if (label.endsWith('PRIVATE KEY')) return `a private key (${label})`;
  if (label.endsWith('PUBLIC KEY')) return 'a public key';
  if (label === 'CERTIFICATE REQUEST' || label === 'NEW CERTIFICATE REQUEST') return 'a certificate request';
  if (label.endsWith('CERTIFICATE')) return 'a certificate';
  return `a block ${label}`;
}
