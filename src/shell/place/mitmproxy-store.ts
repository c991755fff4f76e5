/** mitmproxy's folder of certificates: what is in it is used, and the first start fills it (certs.py, `CertStore`). */
import { parsePem } from '../../model/certificates/pem.ts';
import { parseKeyPem } from '../../model/certificates/key-pem.ts';
import { newAuthority, type Authority } from '../../model/proxy/mitmproxy-authority.ts';
import { err, ok, type Result } from '../../model/result.ts';

/** `DEFAULT_DHPARAM` of certs.py; it keeps nothing secret. */
const DH_PARAMETERS = `
-----BEGIN DH PARAMETERS-----
MIICCAKCAgEAyT6LzpwVFS3gryIo29J5icvgxCnCebcdSe/NHMkD8dKJf8suFCg3
O2+dguLakSVif/t6dhImxInJk230HmfC8q93hdcg/j8rLGJYDKu3ik6H//BAHKIv
j5O9yjU3rXCfmVJQic2Nne39sg3CreAepEts2TvYHhVv3TEAzEqCtOuTjgDv0ntJ
Gwpj+BJBRQGG9NvprX1YGJ7WOFBP/hWU7d6tgvE6Xa7T/u9QIKpYHMIkcN/l3ZFB
chZEqVlyrcngtSXCROTPcDOQ6Q8QzhaBJS+Z6rcsd7X+haiQqvoFcmaJ08Ks6LQC
ZIL2EtYJw8V8z7C0igVEBIADZBI6OTbuuhDwRw//zU1uq52Oc48CIZlGxTYG/Evq
o9EWAXUYVzWkDSTeBH1r4z/qLPE2cnhtMxbFxuvK53jGB0emy2y1Ei6IhKshJ5qX
IB/aE7SSHyQ3MDHHkCmQJCsOd4Mo26YX61NZ+n501XjqpCBQ2+DfZCBh8Va2wDyv
A2Ryg9SUz8j0AXViRNMJgJrr446yro/FuJZwnQcO3WQnXeqSBnURqKjmqkeFP+d8
6mk2tqJaY507lRNqtGlLnj7f5RNoBFJDCLBNurVgfvq9TCVWKDIFD4vZRjCrnl6I
rD693XKIHUCWOjMh1if6omGXKHH40QuME2gNa50+YPn1iYDl88uDbbMCAQI=
-----END DH PARAMETERS-----
`;

/** PKCS #12 is binary; nobody here has a Windows that would import it. */
const PKCS12 = 'PKCS #12, for Windows: its content is not simulated in this workbook\n';

export interface CertificateStore {
  readonly authority: Authority;
  /** Seconds since the epoch. */
  readonly notAfter: number;
  /** That are new, by absolute path. */
  readonly made: Readonly<Record<string, string>>;
}

export interface StoreRequest {
  /** Absolute. */
  readonly confdir: string;
  readonly version: string;
  /** Makes the keys of this machine its own. */
  readonly seed: string;
  readonly now: number;
  readonly readFile: (path: string) => Promise<string | null>;
}

/** Returns the CA of a folder, made if there is none; the error is the last line of Python's traceback. */
export async function openStore(request: StoreRequest): Promise<Result<CertificateStore, string>> {
  const { confdir, version, seed, now, readFile } = request;
  const path = `${confdir}/mitmproxy-ca.pem`;
  const own = await readFile(path);
  if (own === null) {
    const authority = newAuthority(version, seed, now);
    const made = {
      [path]: authority.key + authority.certificate,
      [`${confdir}/mitmproxy-ca.p12`]: PKCS12,
      [`${confdir}/mitmproxy-ca-cert.pem`]: authority.certificate,
      [`${confdir}/mitmproxy-ca-cert.cer`]: authority.certificate,
      [`${confdir}/mitmproxy-ca-cert.p12`]: PKCS12,
      [`${confdir}/mitmproxy-dhparam.pem`]: DH_PARAMETERS,
    };
    return ok({ authority, notAfter: lastDay(authority.certificate), made });
  }
  const key = parseKeyPem(own);
  if (!key.ok) return err(NO_KEY);
  const blocks = own.split(/(?=-----BEGIN CERTIFICATE-----)/);
  const certificate = blocks.find((each) => each.startsWith('-----BEGIN CERTIFICATE-----'));
  if (certificate === undefined) return err('IndexError: list index out of range');
  const parsed = parsePem(certificate);
  if (!parsed.ok) return err(`ValueError: Unable to load PEM file: ${parsed.error.message}`);
  const dh = `${confdir}/mitmproxy-dhparam.pem`;
  const made = (await readFile(dh)) === null ? { [dh]: DH_PARAMETERS } : {};
  const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----\n?/.exec(
    own,
  );
  return ok({
    authority: {
      certificate: blocks.slice(blocks.indexOf(certificate)).join(''),
      key: privateKey?.[0] ?? '',
    },
    notAfter: parsed.value[0]?.notAfter ?? 0,
    made,
  });
}

/** In the words of the cryptography package that Debian 12 and Ubuntu 24.04 have. */
const NO_KEY =
  "ValueError: ('Could not deserialize key data. The data may be in an incorrect format, it may be encrypted with an unsupported algorithm, or it may be an unsupported key type (e.g. EC curves with explicit parameters).', [_OpenSSLErrorWithText(code=503841036, lib=60, reason=524556, reason_text=b'error:1E08010C:DECODER routines::unsupported')])";

function lastDay(certificate: string): number {
  const parsed = parsePem(certificate);
  return parsed.ok ? (parsed.value[0]?.notAfter ?? 0) : 0;
}
