import { readInetAton, readIpv6, writeIpv4 } from '../../model/proxy/no-proxy-addresses.ts';
import { err, ok, type Result } from '../../model/result.ts';
import type { CurlForm } from './curl-version.ts';

export interface CurlUrl {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  readonly portIsSpelled: boolean;
  readonly path: string;
  /** `user:password` in the URL. */
  readonly user: string | null;
}

/** Why a transfer ends: curl's exit code and what it says. */
export interface CurlProblem {
  readonly code: number;
  readonly message: string;
  /** Set for what we do not simulate: `-s` does not hide it. */
  readonly always?: 'said';
}

/** Which real curl speaks, and this one does not. */
const KNOWN_SCHEMES = new Set(['dict', 'file', 'ftp', 'ftps', 'scp', 'sftp', 'smtp', 'telnet', 'tftp', 'ws']);

export function parseCurlUrl(text: string, form: CurlForm): Result<CurlUrl, CurlProblem> {
  const bad = (why: string): CurlProblem => ({
    code: 3,
    message: isOld(form) ? 'URL using bad/illegal format or missing URL' : `URL rejected: ${why}`,
  });
  if (/[\0- \x7f]/.test(text)) return err(bad('Malformed input to a URL function'));
  const six = /^(?:https?:\/\/)?(?:[^@/?#]*@)?\[([^\]]*)\]/i.exec(text)?.[1];
  if (six !== undefined) {
    return err(
      readIpv6(six) === null
        ? bad('Bad IPv6 address')
        : { code: 7, message: 'IPv6 is not simulated in this workbook', always: 'said' },
    );
  }
  const match = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:([^@/?#]*)@)?([^:/?#]*)(?::([^/?#]*))?([/?#].*)?$/i.exec(
    text,
  );
  const scheme = (match?.[1] ?? 'http').toLowerCase();
  if (scheme !== 'http' && scheme !== 'https') {
    return err(
      KNOWN_SCHEMES.has(scheme)
        ? { code: 1, message: `${scheme}:// is not simulated in this workbook`, always: 'said' }
        : {
            code: 1,
            message: `Protocol "${scheme}" not supported${form === '8.14' ? '' : ' or disabled in libcurl'}`,
          },
    );
  }
  const spelledHost = match?.[3] ?? '';
  const address = readInetAton(spelledHost);
  const host = address === null ? spelledHost : writeIpv4(address);
  if (match === null || host === '') return err(bad('No host part in the URL'));
  if (/[#?!@{}[\]\\$'"^`*<>=;,+&()]/.test(host)) return err(bad('Bad hostname'));
  const spelled = match[4] !== undefined && match[4] !== '';
  const port = spelled ? Number(match[4]) : scheme === 'https' ? 443 : 80;
  if (!(port >= 1 && port <= 65535) || /\D/.test(match[4] ?? ''))
    return err(bad('Port number was not a decimal number between 0 and 65535'));
  const rest = (match[5] ?? '/').split('#')[0] ?? '/';
  return ok({
    scheme,
    host,
    port,
    portIsSpelled: spelled,
    path: rest.startsWith('/') ? rest : `/${rest}`,
    user: match[2] ?? null,
  });
}

function isOld(form: CurlForm): boolean {
  return form === '7.81' || form === '7.88';
}

/** `HOST:PORT`, the port only where it is not the scheme's own. */
export function hostAndPort({ scheme, host, port }: Pick<CurlUrl, 'scheme' | 'host' | 'port'>): string {
  return port === (scheme === 'https' ? 443 : 80) ? host : `${host}:${port}`;
}
