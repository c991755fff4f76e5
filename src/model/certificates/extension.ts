/** Extensions of certificates (RFC 5280, 4.2), written and read. */
import type { DistinguishedName } from './certificate.ts';
import { nameToDer } from './distinguished-name.ts';
import { fromHex, fromLatin1, toHex, toUtf8 } from './bytes.ts';
import {
  TAG,
  bitString,
  children,
  content,
  contextTag,
  der,
  derTrue,
  expectTag,
  fault,
  inside,
  integer,
  objectIdentifier,
  octetString,
  readBitString,
  readInteger,
  readObjectIdentifier,
  sequence,
  type DerValue,
} from './der.ts';

export type SubjectAlternativeName = { readonly kind: 'dns' | 'ip'; readonly value: string };

/** The key of the issuer, or the certificate of the issuer by who issued it and its serial number. */
export type AuthorityIdentifier =
  string | { readonly issuer: DistinguishedName; readonly serialNumber: string };

/** What a certificate can be issued with; identifiers are hexadecimal digits. */
export type Extension = { readonly critical?: 'critical' } & (
  | { readonly kind: 'basicConstraints'; readonly ca: boolean; readonly pathLength: number | null }
  | { readonly kind: 'keyUsage'; readonly usages: readonly string[] }
  | { readonly kind: 'extendedKeyUsage'; readonly purposes: readonly string[] }
  | { readonly kind: 'subjectAltName'; readonly names: readonly SubjectAlternativeName[] }
  | { readonly kind: 'subjectKeyIdentifier'; readonly identifier: string }
  | { readonly kind: 'authorityKeyIdentifier'; readonly identifier: AuthorityIdentifier }
  /** Copied as it is: dotted decimals, and the value in hexadecimal digits. */
  | { readonly kind: 'copied'; readonly dotted: string; readonly content: string }
);

/** One extension as it stands in a certificate. */
export interface RawExtension {
  readonly dotted: string;
  readonly critical: boolean;
  /** What the OCTET STRING holds. */
  readonly value: DerValue;
  readonly content: Uint8Array;
}

export const EXTENSION = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const;

/** Bit 0 first. */
export const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;

/** OpenSSL's short names. */
export const PURPOSES: Readonly<Record<string, string>> = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  OCSPSigning: '1.3.6.1.5.5.7.3.9',
  anyExtendedKeyUsage: '2.5.29.37.0',
};

export function extensionToDer(extension: Extension): Uint8Array {
  return sequence(
    objectIdentifier(extension.kind === 'copied' ? extension.dotted : EXTENSION[extension.kind]),
    ...(extension.critical === undefined ? [] : [derTrue()]),
    octetString(valueOf(extension)),
  );
}

function valueOf(extension: Extension): Uint8Array {
  switch (extension.kind) {
    case 'basicConstraints':
      return sequence(
        ...(extension.ca ? [derTrue()] : []),
        ...(extension.pathLength === null ? [] : [integer(BigInt(extension.pathLength))]),
      );
    case 'keyUsage':
      return usageBits(extension.usages);
    case 'extendedKeyUsage':
      return sequence(...extension.purposes.map((purpose) => objectIdentifier(PURPOSES[purpose] ?? purpose)));
    case 'subjectAltName':
      return sequence(
        ...extension.names.map(({ kind, value }) =>
          kind === 'dns'
            ? der(contextTag(2, 'primitive'), toUtf8(value))
            : der(contextTag(7, 'primitive'), Uint8Array.from(value.split('.').map(Number))),
        ),
      );
    case 'subjectKeyIdentifier':
      return octetString(fromHex(extension.identifier));
    case 'copied':
      return fromHex(extension.content);
    case 'authorityKeyIdentifier':
      return sequence(...authorityParts(extension.identifier));
  }
}

function authorityParts(identifier: AuthorityIdentifier): readonly Uint8Array[] {
  if (typeof identifier === 'string') return [der(contextTag(0, 'primitive'), fromHex(identifier))];
  const name = der(contextTag(4, 'constructed'), nameToDer(identifier.issuer));
  const serial = integer(BigInt(`0x${identifier.serialNumber}`));
  return [
    der(contextTag(1, 'constructed'), name),
    // The number's own content, under another tag.
    Uint8Array.of(contextTag(2, 'primitive'), ...serial.subarray(1)),
  ];
}

/** A named bit list ends with its last bit that is set (X.690, 11.2.2). */
function usageBits(usages: readonly string[]): Uint8Array {
  const set = KEY_USAGES.flatMap((usage, bit) => (usages.includes(usage) ? [bit] : []));
  const last = set.at(-1);
  if (last === undefined) return bitString(Uint8Array.of());
  const bytes = new Uint8Array(Math.floor(last / 8) + 1);
  for (const bit of set) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  return bitString(bytes, 7 - (last & 7));
}

/** Returns an extension that was read, to be issued as it stands. */
export const copied = ({ dotted, critical, content: value }: RawExtension): Extension => ({
  kind: 'copied',
  dotted,
  content: toHex(value),
  ...(critical ? { critical: 'critical' as const } : {}),
});

/** Reads the list inside `[3]` of a certificate. */
export function readExtensions(list: DerValue): readonly RawExtension[] {
  return children(list).map((each) => {
    const [id, ...rest] = children(each);
    const critical = rest[0]?.tag === TAG.boolean && content(rest[0])[0] !== 0;
    const value = expectTag(rest.at(-1), TAG.octetString, 'the value of an extension', each);
    const dotted = readObjectIdentifier(
      expectTag(id, TAG.objectIdentifier, 'the identifier of an extension', each),
    );
    return { dotted, critical, value, content: content(value) };
  });
}

export function readBasicConstraints(raw: RawExtension): {
  readonly ca: boolean;
  readonly pathLength: number | null;
} {
  const parts = children(expectTag(inside(raw.value), TAG.sequence, 'basicConstraints', raw.value));
  const length = parts.find(({ tag }) => tag === TAG.integer);
  const flag = parts.find(({ tag }) => tag === TAG.boolean);
  return {
    ca: flag !== undefined && content(flag)[0] !== 0,
    pathLength: length === undefined ? null : Number(readInteger(length)),
  };
}

export function readKeyUsage(raw: RawExtension): readonly string[] {
  const { bytes } = readBitString(expectTag(inside(raw.value), TAG.bitString, 'keyUsage', raw.value));
  return KEY_USAGES.filter((_, bit) => ((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0);
}

/** Short names, or dotted decimals of what has none. */
export function readPurposes(raw: RawExtension): readonly string[] {
  return children(inside(raw.value)).map((each) => {
    const dotted = readObjectIdentifier(each);
    return Object.keys(PURPOSES).find((name) => PURPOSES[name] === dotted) ?? dotted;
  });
}

/** Names of hosts and addresses; the other kinds (mail, URI, directory names) decide nothing for a server. */
export function readAlternativeNames(raw: RawExtension): readonly SubjectAlternativeName[] {
  return children(inside(raw.value)).flatMap((name): readonly SubjectAlternativeName[] => {
    if (name.tag === contextTag(2, 'primitive')) return [{ kind: 'dns', value: fromLatin1(content(name)) }];
    if (name.tag !== contextTag(7, 'primitive')) return [];
    return [{ kind: 'ip', value: addressText(name) }];
  });
}

/** IPv6 as OpenSSL prints it in a certificate: eight groups, nothing left out. */
function addressText(name: DerValue): string {
  const bytes = content(name);
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) return fault(name, `has an address of ${bytes.length} bytes`);
  const groups = (toHex(bytes).match(/.{4}/g) ?? []).map((group) => Number.parseInt(group, 16));
  return groups.map((group) => group.toString(16).toUpperCase()).join(':');
}

export function readSubjectKeyIdentifier(raw: RawExtension): string {
  return toHex(content(expectTag(inside(raw.value), TAG.octetString, 'a key identifier', raw.value)));
}

/** Null if it names the issuer's certificate otherwise than by its key. */
export function readAuthorityKeyIdentifier(raw: RawExtension): string | null {
  const identifier = children(inside(raw.value)).find(({ tag }) => tag === contextTag(0, 'primitive'));
  return identifier === undefined ? null : toHex(content(identifier));
}
