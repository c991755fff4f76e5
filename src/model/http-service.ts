/** How a server answers HTTP: which paths it knows, and whether it reads the PROXY protocol. */

/** The status of `GET path`: a listed path, or whatever else is asked for. */
export interface HttpService {
  readonly statusOfPath: Readonly<Record<string, number>>;
  readonly otherwise: number;
  /** Speaks TLS, with a certificate that nobody else trusts; what comes without gets 400. Absent: plain HTTP. */
  readonly transport?: 'tls';
  /** Whether it takes connections that begin with a PROXY protocol header; `required` refuses all others. */
  readonly proxyProtocol: 'unknown-to-it' | 'understood' | 'required';
  /** What it says on the paths that it knows, instead of who asks and who answers; with its content type. */
  readonly page?: { readonly type: string; readonly text: string };
  /** What a request must have as `?token=` or as `Authorization: Bearer`; any other gets 403. Absent: nothing. */
  readonly token?: string;
}

const BAD_REQUEST = 400;
const FORBIDDEN = 403;
const NOT_FOUND = 404;
const OK = 200;

/** Returns a server with the same answer for every path, but for those listed. */
export function everyPath(
  status: number = OK,
  statusOfPath: Readonly<Record<string, number>> = {},
): HttpService {
  return { statusOfPath, otherwise: status, proxyProtocol: 'unknown-to-it' };
}

/** Returns a server that knows these paths and answers 404 for all others. */
export function onlyPaths(...paths: readonly string[]): HttpService {
  return {
    statusOfPath: Object.fromEntries(paths.map((path) => [path, OK])),
    otherwise: NOT_FOUND,
    proxyProtocol: 'unknown-to-it',
  };
}

/**
 * Returns the status of `GET path`. What follows `?` or `#` does not count, but for a token. `over` is what the
 * client speaks, `authorization` its header of that name.
 */
export function statusOf(
  service: HttpService,
  path: string,
  over: 'plain' | 'tls' = 'plain',
  authorization = '',
): number {
  if (service.transport === 'tls' && over === 'plain') return BAD_REQUEST;
  if (service.token !== undefined) {
    const bearer = /^Bearer (.+)$/.exec(authorization)?.[1];
    const given = bearer ?? /[?&]token=([^&#]*)/.exec(path)?.[1];
    if (given !== service.token) return FORBIDDEN;
  }
  const bare = path.split(/[?#]/)[0] ?? '';
  const asked = bare === '' ? '/' : bare;
  return Object.hasOwn(service.statusOfPath, asked)
    ? (service.statusOfPath[asked] ?? service.otherwise)
    : service.otherwise;
}

/** A folder with an index page: `GET /` and the page itself. */
export const STATIC_SITE: HttpService = onlyPaths('/', '/index.html');

/** A folder without one: `python3 -m http.server` lists it at `/`. */
export const LISTED_FOLDER: HttpService = onlyPaths('/');

/** What the web servers of a Linux distribution answer as they are installed; undefined for other programs. */
export function packagedServer(program: string): HttpService | undefined {
  switch (program) {
    case 'nginx':
    case 'apache2':
    case 'httpd':
      return STATIC_SITE;
    case 'python3':
      return LISTED_FOLDER;
  }
  return undefined;
}
