/** The parts of a proxy variable's value, before a client judges them. */
export interface ProxyUrl {
  /** In small letters; `null`: none is spelled. */
  readonly scheme: string | null;
  readonly userInfo: string | null;
  /** Without brackets; empty where none stands. */
  readonly host: string;
  /** Whether the host stood in brackets. */
  readonly form: 'plain' | 'bracketed';
  /** Between the colon and the path; `null`: no colon. */
  readonly port: string | null;
}

/** Returns the parts of `[scheme://][user[:password]@]host[:port][/...]`; checks nothing. */
export function splitProxyUrl(text: string): ProxyUrl {
  const [, scheme = null, rest = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(.*)$/is.exec(text) ?? [];
  const authority = rest.split(/[/?#]/)[0] ?? '';
  const at = authority.lastIndexOf('@');
  const place = authority.slice(at + 1);
  const parts = /^(?:\[(.*)\]|([^:]*(?::[^:]*)*?))(?::([^:\]]*))?$/s.exec(place);
  return {
    scheme: scheme?.toLowerCase() ?? null,
    userInfo: at < 0 ? null : authority.slice(0, at),
    host: parts?.[1] ?? parts?.[2] ?? place,
    form: parts?.[1] === undefined ? 'plain' : 'bracketed',
    port: parts?.[3] ?? null,
  };
}

/** Returns a spelled port as a number: `fallback` where it is missing or empty, `null` where it is none. */
export function portOf({ port }: ProxyUrl, fallback: number): number | null {
  if (port === null || port === '') return fallback;
  const number = /^\d{1,5}$/.test(port) ? Number(port) : null;
  return number === null || number > 65_535 ? null : number;
}

/** `userInfo`, as a part of an object, where there is any. */
export function userInfoOf({ userInfo }: ProxyUrl): { readonly userInfo?: string } {
  return userInfo === null ? {} : { userInfo };
}
