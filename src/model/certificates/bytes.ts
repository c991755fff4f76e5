/** Bytes as base64, hexadecimal, UTF-8 and whole numbers: the model has neither the browser's nor Node's. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** What a digit of base64 is worth, by its character code; -1 for whatever is none. */
const WORTH = Int8Array.from({ length: 128 }, (_, code) => ALPHABET.indexOf(String.fromCharCode(code)));

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const word = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    for (let digit = 0; digit < 4; digit++)
      text += digit <= left ? (ALPHABET[(word >> (18 - 6 * digit)) & 63] ?? '') : '=';
  }
  return text;
}

/** Where base64 stops being base64: the index of the character, which is the text's length if some are missing. */
export interface Base64Problem {
  readonly at: number;
  readonly why: 'character' | 'padding' | 'length';
}

/** Reads base64 with spaces and line breaks anywhere, as PEM and `base64 -d` do. */
export function fromBase64(text: string): Uint8Array | Base64Problem {
  const bytes = new Uint8Array(Math.ceil((text.length * 3) / 4));
  let length = 0;
  let word = 0;
  let digits = 0;
  let padding = 0;
  for (let at = 0; at < text.length; at++) {
    const value = WORTH[text.charCodeAt(at)] ?? -1;
    if (value < 0) {
      const character = text.charAt(at);
      if (/\s/.test(character)) continue;
      if (character !== '=') return { at, why: 'character' };
      padding++;
      if (digits % 4 < 2 || padding > 4 - (digits % 4)) return { at, why: 'padding' };
      continue;
    }
    if (padding > 0) return { at, why: 'padding' };
    word = ((word << 6) | value) & 0xffffff;
    digits++;
    if (digits % 4 !== 0) continue;
    bytes[length++] = word >> 16;
    bytes[length++] = word >> 8;
    bytes[length++] = word;
  }
  const left = digits % 4;
  if (left === 1 || (left > 0 && padding !== 4 - left)) return { at: text.length, why: 'length' };
  if (left === 2) bytes[length++] = word >> 4;
  if (left === 3) {
    bytes[length++] = word >> 10;
    bytes[length++] = word >> 2;
  }
  return bytes.slice(0, length);
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Lower-case digits, two for each byte. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += HEX[byte] ?? '';
  return text;
}

/** Reads hexadecimal digits, of which there may be an odd number; anything else is a bug of the caller. */
export function fromHex(text: string): Uint8Array {
  const digits = text.length % 2 === 0 ? text : `0${text}`;
  const bytes = new Uint8Array(digits.length / 2);
  for (let at = 0; at < bytes.length; at++) {
    bytes[at] = (hexDigit(digits.charCodeAt(2 * at)) << 4) | hexDigit(digits.charCodeAt(2 * at + 1));
  }
  return bytes;
}

/** The worth of a hexadecimal digit by its character code: that of `0` is 48, that of `a` 97, with `A` 32 below it. */
const hexDigit = (code: number): number => (code < 58 ? code - 48 : (code | 32) - 87);

export function toUtf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else
      bytes.push(
        0xf0 | (code >> 18),
        0x80 | ((code >> 12) & 63),
        0x80 | ((code >> 6) & 63),
        0x80 | (code & 63),
      );
  }
  return Uint8Array.from(bytes);
}

/** Reads UTF-8; a byte that is none becomes U+FFFD. */
export function fromUtf8(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at++] ?? 0;
    const more =
      first < 0x80 ? 0 : first < 0xc2 ? -1 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf5 ? 3 : -1;
    const rest = bytes.subarray(at, at + Math.max(more, 0));
    if (more < 0 || rest.length < more || rest.some((byte) => byte >> 6 !== 2)) {
      text += '\ufffd';
      continue;
    }
    let code = more === 0 ? first : first & (0x3f >> more);
    for (const byte of rest) code = (code << 6) | (byte & 63);
    text += String.fromCodePoint(code);
    at += more;
  }
  return text;
}

/** One character for each byte, as in IA5String and in files read byte by byte. */
export function fromLatin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

export function toInteger(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${toHex(bytes)}`);
}

/** Big-endian, of `length` bytes, or of as few as it takes. */
export function fromInteger(value: bigint, length = 0): Uint8Array {
  return fromHex(value.toString(16).padStart(2 * length, '0'));
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
