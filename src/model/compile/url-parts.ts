import { ok } from '../result.ts';
import type { Result } from '../result.ts';
import { fail } from './end-error.ts';
import type { EndError } from './end-error.ts';

/** The parts of a URL, none of them looked up. */
export interface UrlParts {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  /** The URL's own, else that of the scheme. */
  readonly port: number;
  readonly portIsSpelled: boolean;
  /** With what follows it; `/` if the URL has none. */
  readonly path: string;
}

/** Reports whether an END is written as a URL, whatever it says. */
export function isUrl(end: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(end);
}

/** Returns the parts of a URL, or why it is none that is simulated. */
export function readUrl(end: string): Result<UrlParts, EndError> {
  const parts = /^([a-z][a-z0-9+.-]*):\/\/([^/?#:@[\]]+)(?::(\d*))?([/?#].*)?$/i.exec(end);
  if (parts === null) return fail(end, `${end} cannot be read as a URL: scheme://name[:port][/path].`);
  const [, rawScheme = '', host = '', rawPort, path = '/'] = parts;
  const scheme = rawScheme.toLowerCase();
  if (scheme !== 'http' && scheme !== 'https') {
    return fail(end, `scheme ${rawScheme} is not simulated; http and https are.`);
  }
  const portIsSpelled = rawPort !== undefined && rawPort !== '';
  const port = portIsSpelled ? Number(rawPort) : scheme === 'http' ? 80 : 443;
  if (port < 1 || port > 65535) return fail(end, `port ${rawPort ?? ''} is not between 1 and 65535.`);
  return ok({ scheme, host, port, portIsSpelled, path: path.startsWith('/') ? path : `/${path}` });
}
