/** Distinguished names as programs print them. */
import { toUtf8 } from './bytes.ts';
import type { DistinguishedName } from './certificate.ts';

/** `CN = mitmproxy, O = mitmproxy`: OpenSSL 1.1 and 3.0 (XN_FLAG_ONELINE); 3.2 and later leave the spaces out. */
export function nameOneLine(name: DistinguishedName): string {
  return name.map(({ type, value }) => `${type} = ${quoted(value)}`).join(', ');
}

/** `CN=mitmproxy; O=mitmproxy`, as curl's `-v` prints subject and issuer. */
export function nameForCurl(name: DistinguishedName): string {
  return name.map(({ type, value }) => `${type}=${escaped(value)}`).join('; ');
}

/** `O=mitmproxy,CN=mitmproxy`, the last attribute first (RFC 2253), as wget prints it. */
export function nameRfc2253(name: DistinguishedName): string {
  return [...name]
    .reverse()
    .map(({ type, value }) => `${type}=${escaped(value).replace(/[,+"\\<>;]/g, (special) => `\\${special}`)}`)
    .join(',');
}

/** In quotation marks where a character would end the value (ASN1_STRFLGS_ESC_QUOTE). */
function quoted(value: string): string {
  const text = escaped(value).replace(/["\\](?![0-9A-F]{2})/g, (special) => `\\${special}`);
  return /[,+<>;]|^[# ]| $/.test(value) ? `"${text}"` : text;
}

/** Bytes that are not printable ASCII are two hexadecimal digits behind a backslash. */
function escaped(value: string): string {
  return [...value]
    .map((character) =>
      character >= ' ' && character <= '~'
        ? character
        : [...toUtf8(character)]
            .map((byte) => `\\${byte.toString(16).toUpperCase().padStart(2, '0')}`)
            .join(''),
    )
    .join('');
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Nov  2 09:00:00 2026 GMT` (ASN1_TIME_print) of seconds since the epoch. */
export function timeText(at: number): string {
  const date = new Date(at * 1000);
  const clock = date.toISOString().slice(11, 19);
  return `${MONTHS[date.getUTCMonth()] ?? ''} ${String(date.getUTCDate()).padStart(2)} ${clock} ${date.getUTCFullYear()} GMT`;
}

/** `0a:1b` or `0A:1B` of bytes, in lines of `perLine`, each after `indent`; a line that goes on ends with `:`. */
export function byteLines(bytes: Uint8Array, perLine: number, indent: string): string {
  const pairs = [...bytes].map((byte) => byte.toString(16).padStart(2, '0'));
  const rows: string[] = [];
  for (let at = 0; at < pairs.length; at += perLine)
    rows.push(indent + pairs.slice(at, at + perLine).join(':'));
  return rows.join(':\n');
}
