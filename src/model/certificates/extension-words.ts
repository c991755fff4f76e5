/** Extensions in the words of openssl's configuration (x509v3_config), as `-addext` and `-extfile` take them. */
import { err, ok, type Result } from '../result.ts';
import { KEY_USAGES, PURPOSES, type AuthorityIdentifier, type Extension } from './extension.ts';
import { keyIdentifier } from './issue.ts';
import type { RsaPublicKey } from './rsa.ts';

/** Whose keys `hash` and `keyid` stand for; an issuer whose certificate has no identifier is named otherwise. */
export interface ExtensionContext {
  readonly subjectKey: RsaPublicKey;
  readonly issuerIdentifier: AuthorityIdentifier;
}

/** `unknown`: no name or value that OpenSSL has; `not-simulated`: one that it has. */
export interface ExtensionProblem {
  readonly kind: 'unknown-name' | 'wrong-value' | 'not-simulated';
  readonly what: string;
}

/** Names that OpenSSL knows and that decide nothing here. */
const OTHERS = [
  'authorityInfoAccess',
  'certificatePolicies',
  'crlDistributionPoints',
  'issuerAltName',
  'nameConstraints',
  'noCheck',
  'nsCertType',
  'nsComment',
  'policyConstraints',
  'inhibitAnyPolicy',
  'subjectInfoAccess',
  'tlsfeature',
];

/** Reads `name=value`, with `critical,` before the value; null for an extension that is switched off with `none`. */
export function readExtensionWords(
  text: string,
  context: ExtensionContext,
): Result<Extension | null, ExtensionProblem> {
  const [name = '', given] = text.split(/=(.*)/s).map((part) => part.trim());
  if (given === undefined || given === '') return err({ kind: 'wrong-value', what: text });
  const critical = /^critical\s*,/.test(given) || given === 'critical';
  const words = given.replace(/^critical\s*,?\s*/, '');
  const parts = words.split(',').map((part) => part.trim());
  const wrong = err({ kind: 'wrong-value' as const, what: `${name}=${given}` });
  const made = (extension: Extension | null) =>
    ok(extension === null || !critical ? extension : { ...extension, critical: 'critical' as const });
  switch (name) {
    case 'basicConstraints': {
      const ca = parts
        .find((part) => /^CA:/i.test(part))
        ?.slice(3)
        .toUpperCase();
      const length = parts.find((part) => /^pathlen:/i.test(part))?.slice(8);
      if (parts.some((part) => !/^(CA:(TRUE|FALSE)|pathlen:\d+)$/i.test(part))) return wrong;
      return made({
        kind: 'basicConstraints',
        ca: ca === 'TRUE',
        pathLength: length === undefined ? null : Number(length),
      });
    }
    case 'keyUsage': {
      const usages = parts.map(
        (part) => KEY_USAGES.find((usage) => usage === part) ?? LONG_USAGES[part] ?? null,
      );
      if (usages.includes(null)) return wrong;
      return made({ kind: 'keyUsage', usages: usages.filter((usage) => usage !== null) });
    }
    case 'extendedKeyUsage':
      if (parts.some((part) => PURPOSES[part] === undefined && !/^\d+(\.\d+)+$/.test(part))) return wrong;
      return made({ kind: 'extendedKeyUsage', purposes: parts });
    case 'subjectAltName': {
      const names = parts.map((part) => /^(DNS|IP):(.+)$/.exec(part));
      const other = parts.find((part) => /^(email|URI|RID|dirName|otherName):/i.test(part));
      if (other !== undefined) return err({ kind: 'not-simulated', what: `${name}=${other}` });
      if (names.some((each) => each === null || (each[1] === 'IP' && !isIpv4(each[2] ?? '')))) return wrong;
      return made({
        kind: 'subjectAltName',
        names: names.map((each) => ({ kind: each?.[1] === 'IP' ? 'ip' : 'dns', value: each?.[2] ?? '' })),
      });
    }
    case 'subjectKeyIdentifier':
      if (words === 'none') return made(null);
      if (words !== 'hash') return err({ kind: 'not-simulated', what: `${name}=${words}` });
      return made({ kind: 'subjectKeyIdentifier', identifier: keyIdentifier(context.subjectKey) });
    case 'authorityKeyIdentifier': {
      if (words === 'none') return made(null);
      if (!parts.every((part) => /^(keyid|issuer)(:always)?$/.test(part))) return wrong;
      if (parts.includes('issuer:always')) return err({ kind: 'not-simulated', what: `${name}=${words}` });
      return made({ kind: 'authorityKeyIdentifier', identifier: context.issuerIdentifier });
    }
    default:
      return err({ kind: OTHERS.includes(name) ? 'not-simulated' : 'unknown-name', what: name });
  }
}

const LONG_USAGES: Readonly<Record<string, string>> = {
  contentCommitment: 'nonRepudiation',
  'Digital Signature': 'digitalSignature',
  'Key Encipherment': 'keyEncipherment',
  'Certificate Sign': 'keyCertSign',
  'CRL Sign': 'cRLSign',
};

const isIpv4 = (text: string): boolean =>
  /^\d{1,3}(\.\d{1,3}){3}$/.test(text) && text.split('.').every((part) => Number(part) < 256);
