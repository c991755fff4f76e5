/** ASN.1's distinguished encoding (X.690), as far as certificates and keys use it. */
import { err, ok, type Result } from '../result.ts';
import { fromHex, fromInteger, joined, toInteger } from './bytes.ts';

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** `[n]`, of primitive or constructed content. */
export const contextTag = (number: number, form: 'primitive' | 'constructed'): number =>
  (form === 'primitive' ? 0x80 : 0xa0) + number;

// Writing

export function der(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const inside = joined(content);
  if (inside.length < 0x80) return joined([Uint8Array.of(tag, inside.length), inside]);
  const length = fromInteger(BigInt(inside.length));
  return joined([Uint8Array.of(tag, 0x80 | length.length), length, inside]);
}

export const sequence = (...content: readonly Uint8Array[]): Uint8Array => der(TAG.sequence, ...content);

/** A number that is not negative. */
export function integer(value: bigint): Uint8Array {
  const bytes = fromInteger(value);
  return der(TAG.integer, (bytes[0] ?? 0) & 0x80 ? Uint8Array.of(0) : Uint8Array.of(), bytes);
}

/** Of dotted decimals, such as `2.5.4.3`. */
export function objectIdentifier(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const digits = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      digits.unshift((left & 0x7f) | 0x80);
    return digits;
  });
  return der(TAG.objectIdentifier, Uint8Array.from(bytes));
}

export const bitString = (bytes: Uint8Array, unusedBits = 0): Uint8Array =>
  der(TAG.bitString, Uint8Array.of(unusedBits), bytes);

// Reading

/** What is wrong with the encoding, and at which byte. */
export interface DerProblem {
  readonly offset: number;
  readonly message: string;
}

/** One value: its tag, where it stands, and where its content does. */
export interface DerValue {
  readonly source: Uint8Array;
  readonly tag: number;
  readonly start: number;
  readonly contentStart: number;
  readonly end: number;
}

class DerFault extends Error {
  readonly problem: DerProblem;
  constructor(problem: DerProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** Ends the reading that `readDer` has begun. */
export function fault(value: Pick<DerValue, 'start'>, message: string): never {
  throw new DerFault({ offset: value.start, message });
}

/** Reads one value that takes all of the bytes, and hands it to `read`; a fault on the way is the error. */
export function readDer<T>(source: Uint8Array, read: (value: DerValue) => T): Result<T, DerProblem> {
  try {
    const value = valueAt(source, 0, source.length);
    if (value.end !== source.length)
      throw new DerFault({
        offset: value.end,
        message: 'stands behind the end of the value',
      });
    return ok(read(value));
  } catch (error) {
    if (error instanceof DerFault) return err(error.problem);
    throw error;
  }
}

function valueAt(source: Uint8Array, start: number, limit: number): DerValue {
  const tag = source[start];
  const first = source[start + 1];
  if (tag === undefined || first === undefined || start + 2 > limit)
    throw new DerFault({ offset: start, message: 'ends in the middle of a value' });
  if ((tag & 0x1f) === 0x1f) throw new DerFault({ offset: start, message: 'has a tag of several bytes' });
  let length = first;
  let contentStart = start + 2;
  if (first >= 0x80) {
    const digits = first & 0x7f;
    if (digits === 0 || digits > 4)
      throw new DerFault({ offset: start + 1, message: 'has a length that DER does not allow' });
    length = Number(toInteger(source.subarray(contentStart, contentStart + digits)));
    contentStart += digits;
  }
  if (contentStart + length > limit)
    throw new DerFault({
      offset: start,
      message: `says it is ${length} bytes long, and ${Math.max(limit - contentStart, 0)} are left`,
    });
  return { source, tag, start, contentStart, end: contentStart + length };
}

export function content(value: DerValue): Uint8Array {
  return value.source.subarray(value.contentStart, value.end);
}

/** The value with its tag and length. */
export function whole(value: DerValue): Uint8Array {
  return value.source.subarray(value.start, value.end);
}

export function children(value: DerValue): readonly DerValue[] {
  const all: DerValue[] = [];
  for (let at = value.contentStart; at < value.end; at = all.at(-1)?.end ?? value.end)
    all.push(valueAt(value.source, at, value.end));
  return all;
}

/** Reads the one value inside an OCTET STRING or an explicit tag. */
export function inside(value: DerValue): DerValue {
  const only = valueAt(value.source, value.contentStart, value.end);
  if (only.end !== value.end) fault(value, 'holds more than one value');
  return only;
}

/** Returns the value if it has the tag; `what` names it in the fault. */
export function expectTag(
  value: DerValue | undefined,
  tag: number,
  what: string,
  within: DerValue,
): DerValue {
  if (value === undefined) return fault({ start: within.end }, `ends before ${what}`);
  if (value.tag !== tag)
    fault(value, `has no ${what} here (tag 0x${value.tag.toString(16).padStart(2, '0')})`);
  return value;
}

export function readInteger(value: DerValue): bigint {
  const bytes = content(value);
  if (bytes.length === 0) fault(value, 'has an empty INTEGER');
  const unsigned = toInteger(bytes);
  return (bytes[0] ?? 0) & 0x80 ? unsigned - (1n << BigInt(bytes.length * 8)) : unsigned;
}

export function readObjectIdentifier(value: DerValue): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of content(value)) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    if (arcs.length === 0)
      arcs.push(Math.min(Math.floor(arc / 40), 2), arc - 40 * Math.min(Math.floor(arc / 40), 2));
    else arcs.push(arc);
    arc = 0;
  }
  return arcs.join('.');
}

export function readBitString(value: DerValue): { readonly bytes: Uint8Array; readonly unusedBits: number } {
  const bytes = content(value);
  if (bytes.length === 0) fault(value, 'has an empty BIT STRING');
  return { bytes: bytes.subarray(1), unusedBits: bytes[0] ?? 0 };
}

/** Returns seconds since the epoch of a UTCTime or GeneralizedTime in the forms of RFC 5280 (with seconds, in UTC). */
export function readTime(value: DerValue): number {
  const text = String.fromCharCode(...content(value));
  const parts = (
    value.tag === TAG.utcTime
      ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/
      : /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/
  ).exec(text);
  if (parts === null || (value.tag !== TAG.utcTime && value.tag !== TAG.generalizedTime))
    return fault(value, `has no time here: ${JSON.stringify(text)}`);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1).map(Number);
  const full = value.tag === TAG.utcTime ? year + (year < 50 ? 2000 : 1900) : year;
  return Date.UTC(full, month - 1, day, hour, minute, second) / 1000;
}

/** UTCTime before 2050, GeneralizedTime from then on (RFC 5280, 4.1.2.5). */
export function time(epochSeconds: number): Uint8Array {
  const text = new Date(epochSeconds * 1000)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:T]/g, '');
  const late = Number(text.slice(0, 4)) >= 2050;
  const ascii = Uint8Array.from(late ? text : text.slice(2), (character) => character.charCodeAt(0));
  return der(late ? TAG.generalizedTime : TAG.utcTime, ascii);
}

export const octetString = (bytes: Uint8Array): Uint8Array => der(TAG.octetString, bytes);
export const derNull = (): Uint8Array => fromHex('0500');
export const derTrue = (): Uint8Array => fromHex('0101ff');
