/** Extensions as OpenSSL 3.0 prints them (crypto/x509/v3_prn.c). */
import { fromLatin1, toHex } from './bytes.ts';
import { TAG, children, content, contextTag, inside, readObjectIdentifier, type DerValue } from './der.ts';
import { nameFromDer } from './distinguished-name.ts';
import {
  EXTENSION,
  KEY_USAGES,
  PURPOSES,
  readBasicConstraints,
  readKeyUsage,
  type RawExtension,
} from './extension.ts';

/** The name before the colon, and the lines below it without their indentation. */
export interface ExtensionText {
  readonly name: string;
  readonly lines: readonly string[];
}

const USAGE_NAMES: Readonly<Record<(typeof KEY_USAGES)[number], string>> = {
  digitalSignature: 'Digital Signature',
  nonRepudiation: 'Non Repudiation',
  keyEncipherment: 'Key Encipherment',
  dataEncipherment: 'Data Encipherment',
  keyAgreement: 'Key Agreement',
  keyCertSign: 'Certificate Sign',
  cRLSign: 'CRL Sign',
  encipherOnly: 'Encipher Only',
  decipherOnly: 'Decipher Only',
};

const PURPOSE_NAMES: Readonly<Record<string, string>> = {
  serverAuth: 'TLS Web Server Authentication',
  clientAuth: 'TLS Web Client Authentication',
  codeSigning: 'Code Signing',
  emailProtection: 'E-mail Protection',
  timeStamping: 'Time Stamping',
  OCSPSigning: 'OCSP Signing',
  anyExtendedKeyUsage: 'Any Extended Key Usage',
};

type Printer = readonly [name: string, print: (raw: RawExtension) => readonly string[]];

const PRINTERS: Readonly<Record<string, Printer>> = {
  [EXTENSION.subjectKeyIdentifier]: [
    'X509v3 Subject Key Identifier',
    ({ value }) => [colons(content(inside(value)))],
  ],
  [EXTENSION.keyUsage]: [
    'X509v3 Key Usage',
    (raw) => [
      KEY_USAGES.filter((usage) => readKeyUsage(raw).includes(usage))
        .map((usage) => USAGE_NAMES[usage])
        .join(', '),
    ],
  ],
  [EXTENSION.extendedKeyUsage]: [
    'X509v3 Extended Key Usage',
    ({ value }) => [
      children(inside(value))
        .map((each) => purposeName(readObjectIdentifier(each)))
        .join(', '),
    ],
  ],
  [EXTENSION.basicConstraints]: [
    'X509v3 Basic Constraints',
    (raw) => {
      const { ca, pathLength } = readBasicConstraints(raw);
      return [`CA:${ca ? 'TRUE' : 'FALSE'}${pathLength === null ? '' : `, pathlen:${pathLength}`}`];
    },
  ],
  [EXTENSION.subjectAltName]: [
    'X509v3 Subject Alternative Name',
    ({ value }) => [children(inside(value)).map(generalName).join(', ')],
  ],
  [EXTENSION.authorityKeyIdentifier]: ['X509v3 Authority Key Identifier', authorityLines],
  '1.3.6.1.5.5.7.1.1': [
    'Authority Information Access',
    ({ value }) =>
      children(inside(value)).map((access) => {
        const [method, location] = children(access);
        const dotted = method === undefined ? '' : readObjectIdentifier(method);
        const name = { '1.3.6.1.5.5.7.48.1': 'OCSP', '1.3.6.1.5.5.7.48.2': 'CA Issuers' }[dotted] ?? dotted;
        return `${name} - ${location === undefined ? '' : generalName(location)}`;
      }),
  ],
  '2.5.29.31': [
    'X509v3 CRL Distribution Points',
    ({ value }) =>
      children(inside(value)).flatMap((point) =>
        children(point).flatMap((part) =>
          part.tag === contextTag(0, 'constructed')
            ? ['Full Name:', ...children(inside(part)).map((name) => `  ${generalName(name)}`)]
            : [],
        ),
      ),
  ],
  '2.5.29.32': [
    'X509v3 Certificate Policies',
    ({ value }) =>
      children(inside(value)).flatMap((policy) =>
        children(policy).flatMap((part) =>
          part.tag === TAG.objectIdentifier
            ? [`Policy: ${readObjectIdentifier(part)}`]
            : children(part).flatMap(qualifier),
        ),
      ),
  ],
};

export function extensionText(raw: RawExtension): ExtensionText {
  const printer = PRINTERS[raw.dotted];
  if (printer === undefined) return { name: raw.dotted, lines: [dump(raw.content)] };
  const [name, print] = printer;
  return { name, lines: print(raw) };
}

/** Where the practice statement is; other qualifiers of a policy are left out by us, not by OpenSSL. */
function qualifier(value: DerValue): readonly string[] {
  const [id, text] = children(value);
  if (id === undefined || text === undefined) return [];
  return readObjectIdentifier(id) === '1.3.6.1.5.5.7.2.1' ? [`  CPS: ${fromLatin1(content(text))}`] : [];
}

/** keyid alone has no word before it, since 3.0. */
function authorityLines({ value }: RawExtension): readonly string[] {
  const parts = children(inside(value));
  return parts.map((part) => {
    if (part.tag === contextTag(1, 'constructed')) return children(part).map(generalName).join(', ');
    if (part.tag === contextTag(2, 'primitive')) return `serial:${colons(withoutZero(content(part)))}`;
    return (parts.length > 1 ? 'keyid:' : '') + colons(content(part));
  });
}

function generalName(name: DerValue): string {
  const text = fromLatin1(content(name));
  switch (name.tag & 0x1f) {
    case 1:
      return `email:${text}`;
    case 2:
      return `DNS:${text}`;
    case 4:
      return `DirName:${nameFromDer(inside(name))
        .map(({ type, value }) => `/${type}=${value}`)
        .join('')}`;
    case 6:
      return `URI:${text}`;
    case 7:
      return `IP Address:${address(content(name))}`;
    case 8:
      return `Registered ID:${readObjectIdentifier(name)}`;
    default:
      return 'othername: <unsupported>';
  }
}

function address(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) return '<invalid>';
  return (toHex(bytes).match(/.{4}/g) ?? [])
    .map((group) => Number.parseInt(group, 16).toString(16).toUpperCase())
    .join(':');
}

const purposeName = (dotted: string): string => {
  const short = Object.keys(PURPOSES).find((name) => PURPOSES[name] === dotted);
  return short === undefined ? dotted : (PURPOSE_NAMES[short] ?? dotted);
};

/** The sign of a number is not printed. */
const withoutZero = (bytes: Uint8Array): Uint8Array =>
  bytes.length > 1 && bytes[0] === 0 ? bytes.subarray(1) : bytes;

export const colons = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(':');

/** What OpenSSL does not know it prints as text, a dot for every byte that is none. */
const dump = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => (byte >= 0x20 && byte <= 0x7e ? String.fromCharCode(byte) : '.')).join('');
