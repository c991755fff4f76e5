/**
 * The public authority of the simulation, and what any server on the internet shows. It is nobody's: real roots and
 * real servers' certificates have no place in a simulation, and its keys are as public as all others here.
 */
import { Remembered } from '../remembering.ts';
import { sha256 } from './sha256.ts';
import { toHex, toUtf8 } from './bytes.ts';
import type { Certificate, DistinguishedName } from './certificate.ts';
import { isAddress } from './host-name.ts';
import { issueCertificate, keyIdentifier } from './issue.ts';
import { makeKey } from './rsa.ts';

const ORGANISATION = [
  { type: 'C', value: 'XX' },
  { type: 'O', value: 'Workbook Trust Services' },
] as const;

const ROOT_NAME: DistinguishedName = [...ORGANISATION, { type: 'CN', value: 'WTS Root R1' }];
const INTERMEDIATE_NAME: DistinguishedName = [...ORGANISATION, { type: 'CN', value: 'WTS TLS CA 1B2' }];

const DAY = 86_400;
const seconds = (date: string): number => Date.parse(date) / 1000;

/** The public root that servers' certificates lead to. */
export function publicRoot(): Certificate {
  return rootOf('public root', ROOT_NAME, '2016-06-22', '2046-06-22');
}

/** The roots that machines and images with a bundle trust: as in any bundle, most of them are never needed. */
export function publicRoots(): readonly Certificate[] {
  const other = [
    { type: 'C', value: 'XX' },
    { type: 'O', value: 'Example Notary' },
    { type: 'CN', value: 'Example Notary Root CA G2' },
  ];
  return [rootOf('other public root', other, '2014-03-10', '2044-03-10'), publicRoot()];
}

function rootOf(purpose: string, name: DistinguishedName, from: string, to: string): Certificate {
  const key = makeKey(purpose);
  return issueCertificate({
    serialNumber: serial(purpose),
    subject: name,
    issuer: name,
    notBefore: seconds(`${from}T00:00:00Z`),
    notAfter: seconds(`${to}T00:00:00Z`),
    publicKey: key,
    signedWith: key,
    extensions: [
      { kind: 'keyUsage', critical: 'critical', usages: ['digitalSignature', 'keyCertSign', 'cRLSign'] },
      { kind: 'basicConstraints', critical: 'critical', ca: true, pathLength: null },
      { kind: 'subjectKeyIdentifier', identifier: keyIdentifier(key) },
    ],
  });
}

let intermediate: Certificate | null = null;

/** The one that signs what servers show. */
export function publicIntermediate(): Certificate {
  intermediate ??= issueIntermediate();
  return intermediate;
}

function issueIntermediate(): Certificate {
  const key = makeKey('public intermediate');
  return issueCertificate({
    serialNumber: serial('public intermediate'),
    subject: INTERMEDIATE_NAME,
    issuer: ROOT_NAME,
    notBefore: seconds('2022-12-13T09:00:00Z'),
    notAfter: seconds('2040-12-13T09:00:00Z'),
    publicKey: key,
    signedWith: makeKey('public root'),
    extensions: [
      { kind: 'keyUsage', critical: 'critical', usages: ['digitalSignature', 'keyCertSign', 'cRLSign'] },
      { kind: 'extendedKeyUsage', purposes: ['serverAuth', 'clientAuth'] },
      { kind: 'basicConstraints', critical: 'critical', ca: true, pathLength: 0 },
      { kind: 'subjectKeyIdentifier', identifier: keyIdentifier(key) },
      { kind: 'authorityKeyIdentifier', identifier: keyIdentifier(makeKey('public root')) },
    ],
  });
}

/** Servers renew every 60 days what is valid for 90. */
const RENEWED_DAYS = 60;
const VALID_DAYS = 90;

/** By the server's name and when its certificate begins. */
const shown = new Remembered<Certificate>(1_000);

/**
 * Returns what the server of a name or an address shows at a time in seconds since the epoch: its own certificate, valid
 * then, and the intermediate.
 */
export function serverCertificates(host: string, at: number): readonly [Certificate, Certificate] {
  const name = host.toLowerCase();
  // Each server renews on days of its own.
  const offset = (Number.parseInt(serial(name).slice(0, 8), 16) % (RENEWED_DAYS * 24)) * 3600;
  const period = RENEWED_DAYS * DAY;
  const notBefore = Math.floor((at - offset) / period) * period + offset;
  const leaf = shown.of(`${name} ${notBefore}`, () => issueLeaf(name, notBefore));
  return [leaf, publicIntermediate()];
}

function issueLeaf(name: string, notBefore: number): Certificate {
  const key = makeKey(`server ${name}`);
  return issueCertificate({
    serialNumber: serial(`${name} from ${notBefore}`),
    subject: name.length < 64 ? [{ type: 'CN', value: name }] : [],
    issuer: INTERMEDIATE_NAME,
    notBefore,
    notAfter: notBefore + VALID_DAYS * DAY - 1,
    publicKey: key,
    signedWith: makeKey('public intermediate'),
    extensions: [
      { kind: 'keyUsage', critical: 'critical', usages: ['digitalSignature', 'keyEncipherment'] },
      { kind: 'extendedKeyUsage', purposes: ['serverAuth'] },
      { kind: 'basicConstraints', critical: 'critical', ca: false, pathLength: null },
      { kind: 'subjectKeyIdentifier', identifier: keyIdentifier(key) },
      { kind: 'authorityKeyIdentifier', identifier: keyIdentifier(makeKey('public intermediate')) },
      {
        kind: 'subjectAltName',
        ...(name.length < 64 ? {} : { critical: 'critical' as const }),
        names: [{ kind: isAddress(name) ? 'ip' : 'dns', value: name }],
      },
    ],
  });
}

/** 16 bytes that follow from a text, the first of them below 128 so that none has to be added. */
const serial = (text: string): string => {
  const bytes = sha256(toUtf8(`serial/${text}`)).slice(0, 16);
  bytes[0] = 1 + ((bytes[0] ?? 0) % 126);
  return toHex(bytes);
};
