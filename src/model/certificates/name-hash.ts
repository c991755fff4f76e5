/** What OpenSSL calls the files of a folder of trusted certificates by. */
import { sha1HexOf } from '../sha1.ts';
import { joined, toUtf8 } from './bytes.ts';
import type { DistinguishedName } from './certificate.ts';
import { TAG, der, objectIdentifier, sequence } from './der.ts';
import { attributeIdentifier } from './distinguished-name.ts';

/**
 * Returns X509_NAME_hash (`openssl x509 -hash`): eight hexadecimal digits of the SHA-1 of the name in small letters
 * (crypto/x509/x_name.c, x509_name_canon), the first bytes last.
 */
export function nameHash(name: DistinguishedName): string {
  const canonical = joined(
    name.map(({ type, value }) =>
      der(
        TAG.set,
        sequence(objectIdentifier(attributeIdentifier(type)), der(TAG.utf8String, toUtf8(plain(value)))),
      ),
    ),
  );
  const digest = sha1HexOf(canonical);
  return [6, 4, 2, 0].map((at) => digest.slice(at, at + 2)).join('');
}

/** Only ASCII letters become small. */
const plain = (text: string): string =>
  text
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase());
