/** Bytes of a message, put together with the names of what they say. */
import { joined, toUtf8 } from '../certificates/bytes.ts';

/** What a run of bytes is, as far as a reader of the wire wants to tell runs apart. */
export type WireFieldKind =
  /** First line of an HTTP request or answer. */
  | 'start-line'
  | 'header'
  | 'body'
  /** Five bytes before each TLS record: type, version, length. */
  | 'record'
  /** Type and length of a handshake message. */
  | 'handshake'
  /** Bytes drawn at random, and halves of a key agreement. */
  | 'random'
  /** What the two may agree on: versions, cipher suites, groups, signatures. */
  | 'offer'
  /** server_name: the name of the server, readable for everybody. */
  | 'server-name'
  /** Protocols above TLS (ALPN). */
  | 'protocols'
  | 'extension'
  | 'alert'
  /** Only for those with the keys. */
  | 'sealed'
  | 'certificate'
  | 'subject'
  | 'issuer'
  | 'validity'
  | 'names'
  | 'public-key'
  | 'signature';

/** A run of bytes with a name. Fields may lie inside others; the outer one comes first. */
export interface WireField {
  readonly kind: WireFieldKind;
  /** In bytes, from 0; `end` is the first byte behind it. */
  readonly start: number;
  readonly end: number;
  readonly name: string;
  /** For people; empty where the name says it all. */
  readonly value: string;
}

export interface WirePart {
  readonly bytes: Uint8Array;
  readonly fields: readonly WireField[];
}

type Given = WirePart | Uint8Array | readonly number[];

const partOf = (given: Given): WirePart =>
  'fields' in given
    ? given
    : { bytes: given instanceof Uint8Array ? given : Uint8Array.from(given), fields: [] };

/** Returns the parts behind one another, their fields moved to where they are now. */
export function parts(...given: readonly Given[]): WirePart {
  const all = given.map(partOf);
  let at = 0;
  const fields: WireField[] = [];
  for (const { bytes, fields: own } of all) {
    for (const each of own) fields.push({ ...each, start: each.start + at, end: each.end + at });
    at += bytes.length;
  }
  return { bytes: joined(all.map(({ bytes }) => bytes)), fields };
}

/** Returns the content under a name. */
export function field(
  kind: WireFieldKind,
  name: string,
  value: string,
  ...content: readonly Given[]
): WirePart {
  const { bytes, fields } = parts(...content);
  return { bytes, fields: [{ kind, start: 0, end: bytes.length, name, value }, ...fields] };
}

export const text = (content: string): WirePart => ({ bytes: toUtf8(content), fields: [] });

/** Returns a number in `size` bytes, the highest first. */
export function number(value: number, size: number): WirePart {
  return partOf(Array.from({ length: size }, (_, at) => Math.floor(value / 256 ** (size - 1 - at)) % 256));
}

/** Returns the content behind its length in `size` bytes, as TLS writes vectors. */
export function vector(size: number, ...content: readonly Given[]): WirePart {
  const inner = parts(...content);
  return parts(number(inner.bytes.length, size), inner);
}
