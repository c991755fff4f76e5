import type { FetchUrl } from './http-exchange-fetch.ts';

export interface WgetUrl extends FetchUrl {
  /** As it is shown: with its scheme and path. */
  readonly text: string;
  readonly portIsSpelled: boolean;
  readonly user: string | null;
}

/** Returns the parts of a URL; null for what is none, or of another scheme. */
export function readWgetUrl(given: string): WgetUrl | null {
  const match = /^(?:(https?):\/\/)?(?!https?:\/\/)(?:([^@/?#]*)@)?([^:/?#]+)(?::(\d*))?([/?#].*)?$/i.exec(
    given,
  );
  if (match === null) return null;
  const [, spelled = 'http', user = null, host = '', portText = '', rest = '/'] = match;
  const scheme = spelled.toLowerCase() === 'https' ? 'https' : 'http';
  if (Number(portText) > 65_535) return null;
  const port = portText === '' ? (scheme === 'https' ? 443 : 80) : Number(portText);
  const bare = rest.split('#')[0] ?? '/';
  const path = bare.startsWith('/') ? bare : `/${bare}`;
  const shownPort = portText === '' || port === (scheme === 'https' ? 443 : 80) ? '' : `:${port}`;
  const text = `${scheme}://${user === null ? '' : `${user}@`}${host}${shownPort}${path}`;
  return { scheme, host, port, path, text, portIsSpelled: portText !== '', user };
}

/** The file that a download is saved to. */
export function fileOf({ path }: WgetUrl): string {
  const name = path.split('?')[0]?.split('/').at(-1) ?? '';
  const query = path.includes('?') ? path.slice(path.indexOf('?')) : '';
  return `${name === '' ? 'index.html' : name}${query}`;
}
