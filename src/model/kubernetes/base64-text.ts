/** Text in UTF-8 as base64 (RFC 4648), as Secrets keep it. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Returns the base64 of a text's UTF-8 bytes, with padding and without line breaks. */
export function textToBase64(text: string): string {
  const bytes = utf8(text);
  let encoded = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b, c] = bytes.slice(at, at + 3);
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    encoded += letter(bits >> 18) + letter(bits >> 12);
    encoded += b === undefined ? '=' : letter(bits >> 6);
    encoded += c === undefined ? '=' : letter(bits);
  }
  return encoded;
}

/** Returns the text of base64, line breaks ignored; bytes that are no UTF-8 become one character each. */
export function base64Text(encoded: string): string {
  const bytes: number[] = [];
  let bits = 0;
  let count = 0;
  for (const each of encoded) {
    const value = ALPHABET.indexOf(each);
    if (value < 0) continue;
    bits = (bits << 6) | value;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push((bits >> count) & 0xff);
    bits &= (1 << count) - 1;
  }
  try {
    return decodeURIComponent(bytes.map((each) => `%${each.toString(16).padStart(2, '0')}`).join(''));
  } catch {
    return bytes.map((each) => String.fromCharCode(each)).join('');
  }
}

/** Returns where Go's decoder stops, as a position in the text; null for base64 (the standard alphabet, whole groups of four). */
export function illegalByte(text: string): number | null {
  if (isBase64(text)) return null;
  const at = text.search(/[^A-Za-z0-9+/=\r\n]/);
  return at >= 0 ? at : Math.floor(text.length / 4) * 4;
}

/** Reports whether Go's decoder takes a text. */
export function isBase64(text: string): boolean {
  return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(
    text.replaceAll(/[\r\n]/g, ''),
  );
}

/** Half of a character, which has no bytes of its own. */
const LONE_SURROGATE = /\p{Surrogate}/gu;

function letter(bits: number): string {
  return ALPHABET[bits & 63] ?? '';
}

function utf8(text: string): readonly number[] {
  const bytes: number[] = [];
  for (const [, escaped, plain = ''] of encodeURIComponent(
    text.replaceAll(LONE_SURROGATE, '\uFFFD'),
  ).matchAll(/%(..)|([^%])/g))
    bytes.push(escaped === undefined ? plain.charCodeAt(0) : Number.parseInt(escaped, 16));
  return bytes;
}
