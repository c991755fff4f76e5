/** Distinguished names (X.501) in DER and as text. */
import { fromLatin1, fromUtf8, toUtf8 } from './bytes.ts';
import type { DistinguishedName } from './certificate.ts';
import {
  TAG,
  children,
  content,
  der,
  expectTag,
  objectIdentifier,
  readObjectIdentifier,
  sequence,
  type DerValue,
} from './der.ts';

/** OpenSSL's short names; what has none is called by its dotted decimals. */
const ATTRIBUTES: readonly (readonly [short: string, long: string, dotted: string])[] = [
  ['CN', 'commonName', '2.5.4.3'],
  ['SN', 'surname', '2.5.4.4'],
  ['serialNumber', 'serialNumber', '2.5.4.5'],
  ['C', 'countryName', '2.5.4.6'],
  ['L', 'localityName', '2.5.4.7'],
  ['ST', 'stateOrProvinceName', '2.5.4.8'],
  ['street', 'streetAddress', '2.5.4.9'],
  ['O', 'organizationName', '2.5.4.10'],
  ['OU', 'organizationalUnitName', '2.5.4.11'],
  ['title', 'title', '2.5.4.12'],
  ['businessCategory', 'businessCategory', '2.5.4.15'],
  ['postalCode', 'postalCode', '2.5.4.17'],
  ['GN', 'givenName', '2.5.4.42'],
  ['organizationIdentifier', 'organizationIdentifier', '2.5.4.97'],
  ['emailAddress', 'emailAddress', '1.2.840.113549.1.9.1'],
  ['DC', 'domainComponent', '0.9.2342.19200300.100.1.25'],
  ['UID', 'userId', '0.9.2342.19200300.100.1.1'],
  ['jurisdictionC', 'jurisdictionCountryName', '1.3.6.1.4.1.311.60.2.1.3'],
  ['jurisdictionST', 'jurisdictionStateOrProvinceName', '1.3.6.1.4.1.311.60.2.1.2'],
];

/** Returns the short name of an attribute given by its short or its long one; null for one that OpenSSL does not know. */
export function attributeType(name: string): string | null {
  return ATTRIBUTES.find(([short, long]) => short === name || long === name)?.[0] ?? null;
}

/** Dotted decimals of an attribute given by its short name. */
export const attributeIdentifier = (type: string): string =>
  ATTRIBUTES.find(([short]) => short === type)?.[2] ?? type;

/** Each attribute in a set of its own, as almost every certificate has them. */
export function nameToDer(name: DistinguishedName): Uint8Array {
  return sequence(
    ...name.map(({ type, value }) => {
      return der(
        TAG.set,
        sequence(objectIdentifier(attributeIdentifier(type)), der(stringTag(type), toUtf8(value))),
      );
    }),
  );
}

/** As OpenSSL chooses: its table of attributes has these as other strings than UTF8String. */
function stringTag(type: string): number {
  if (type === 'C' || type === 'serialNumber' || type === 'jurisdictionC') return TAG.printableString;
  return type === 'emailAddress' || type === 'DC' ? TAG.ia5String : TAG.utf8String;
}

export function nameFromDer(value: DerValue): DistinguishedName {
  return children(value).flatMap((set) =>
    children(expectTag(set, TAG.set, 'a set of attributes', value)).map((attribute) => {
      const [type, text] = children(attribute);
      const dotted = readObjectIdentifier(
        expectTag(type, TAG.objectIdentifier, 'the type of an attribute', attribute),
      );
      return {
        type: ATTRIBUTES.find((known) => known[2] === dotted)?.[0] ?? dotted,
        value: text === undefined ? '' : readString(text),
      };
    }),
  );
}

function readString(value: DerValue): string {
  const bytes = content(value);
  if (value.tag === TAG.utf8String) return fromUtf8(bytes);
  if (value.tag !== TAG.bmpString) return fromLatin1(bytes);
  let text = '';
  for (let at = 0; at + 1 < bytes.length; at += 2)
    text += String.fromCharCode(((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0));
  return text;
}

/** The last common name, which is the one that OpenSSL and Go compare. */
export function commonName(name: DistinguishedName): string | null {
  return name.findLast(({ type }) => type === 'CN')?.value ?? null;
}

/** Reports whether two names are the same as RFC 5280 (7.1) compares them: case and repeated spaces do not count. */
export function isSameName(one: DistinguishedName, other: DistinguishedName): boolean {
  return (
    one.length === other.length &&
    one.every(({ type, value }, at) => {
      const partner = other[at];
      return partner?.type === type && plain(partner.value) === plain(value);
    })
  );
}

const plain = (text: string): string => text.trim().replace(/\s+/g, ' ').toLowerCase();
