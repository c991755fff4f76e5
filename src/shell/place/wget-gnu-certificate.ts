/** What GNU wget says of a certificate that does not hold: src/openssl.c and src/gnutls.c of 1.21. */
import type { Certificate, DistinguishedName } from '../../model/certificates/certificate.ts';
import { matchHost } from '../../model/certificates/host-name.ts';
import { opensslReason } from '../../model/certificates/trust-words.ts';
import type { TrustVerdict } from '../../model/certificates/verify.ts';
import type { CommandContext } from '../command.ts';
import { curlOf } from './curl-version.ts';
import type { NetworkView } from './network-view.ts';

/** Debian links it with GnuTLS, Ubuntu with OpenSSL. */
export type TlsLibrary = 'openssl' | 'gnutls';

export function libraryOf({ place }: Pick<CommandContext, 'place'>, view: NetworkView): TlsLibrary {
  return curlOf(view.cloud, place).form === '7.88' ? 'gnutls' : 'openssl';
}

export function certificateLines(
  library: TlsLibrary,
  { chain, verdict }: { readonly chain: readonly Certificate[]; readonly verdict: TrustVerdict },
  host: string,
  checks: 'yes' | 'no',
  quotes: readonly [string, string],
): string {
  const [own] = chain;
  if (own === undefined) return '';
  const severity = checks === 'yes' ? 'ERROR' : 'WARNING';
  const quoted = (text: string) => `${quotes[0]}${text}${quotes[1]}`;
  const match = matchHost(own, host, 'openssl');
  const isOther = verdict.kind === 'name-mismatch' || verdict.kind === 'no-names' || match.kind !== 'matches';
  const isFaulty =
    verdict.kind !== 'trusted' && verdict.kind !== 'name-mismatch' && verdict.kind !== 'no-names';
  if (library === 'gnutls') {
    const faults = isFaulty ? gnutlsFaults(verdict.kind) : [];
    const whose = `${severity}: The certificate of ${quoted(host)}`;
    const mismatch = `The certificate's owner does not match hostname ${quoted(host)}\n`;
    return faults.map((each) => `${whose} ${each}.\n`).join('') + (isOther ? mismatch : '');
  }
  let text = '';
  if (isFaulty) {
    text += `${severity}: cannot verify ${host}'s certificate, issued by ${quoted(reversed(own.issuer))}:\n  ${opensslFault(verdict)}\n`;
  }
  if (isOther) {
    const [name] = match.kind === 'other-names' ? match.names : [''];
    text +=
      own.subjectAlternativeNames === null
        ? `    ${severity}: certificate common name ${quoted(name ?? '')} doesn't match requested host name ${quoted(host)}.\n`
        : `${severity}: no certificate subject alternative name matches\n\trequested host name ${quoted(host)}.\n`;
  }
  return text === '' || checks === 'no'
    ? text
    : `${text}To connect to ${host} insecurely, use \`--no-check-certificate'.\n`;
}

function gnutlsFaults(kind: TrustVerdict['kind']): readonly string[] {
  switch (kind) {
    case 'expired':
      return ['is not trusted', 'has expired'];
    case 'not-yet-valid':
      return ['is not trusted', 'is not yet activated'];
    case 'bad-signature':
    case 'not-a-ca':
    case 'path-too-long':
    case 'wrong-purpose':
    case 'undetermined':
      return ['is not trusted'];
    case 'trusted':
    case 'name-mismatch':
    case 'no-names':
    case 'no-certificate':
    case 'self-signed':
    case 'self-signed-in-chain':
    case 'unknown-issuer':
    case 'unknown-root':
      return ['is not trusted', "doesn't have a known issuer"];
  }
}

function opensslFault(verdict: TrustVerdict): string {
  switch (verdict.kind) {
    case 'unknown-issuer':
      return "Unable to locally verify the issuer's authority.";
    case 'self-signed':
    case 'self-signed-in-chain':
      return 'Self-signed certificate encountered.';
    case 'expired':
      return 'Issued certificate has expired.';
    case 'not-yet-valid':
      return 'Issued certificate not yet valid.';
    case 'trusted':
      return 'ok';
    case 'undetermined':
      return verdict.why;
    case 'unknown-root':
    case 'not-a-ca':
    case 'path-too-long':
    case 'wrong-purpose':
    case 'bad-signature':
    case 'name-mismatch':
    case 'no-names':
    case 'no-certificate':
      return opensslReason(verdict).text;
  }
}

/** RFC 2253: the last attribute comes first. */
function reversed(name: DistinguishedName): string {
  return name
    .toReversed()
    .map(({ type, value }) => `${type}=${value}`)
    .join(',');
}
