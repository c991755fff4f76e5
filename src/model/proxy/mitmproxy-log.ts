/** What mitmdump writes about what its proxy sees, word for word: termlog.py, dumper.py and server.py of each version. */
import { matchesFilter, parseFlowFilter } from './flow-filter.ts';
import type { FilteredRequest } from './flow-filter.ts';
import type { ProxyLogEvent, ProxyServer } from './log-event.ts';
import { isAtLeast } from './mitmproxy-version.ts';

export interface LogSettings {
  /** Of mitmproxy, such as `8.1.1`. */
  readonly version: string;
  /** 0 to 4. */
  readonly flowDetail: number;
  /** `termlog_verbosity`: `error`, `warn`, `info`, `alert` or `debug`. */
  readonly verbosity: string;
  /** Which requests it shows, as a filter expression (`dumper_filter`); absent: all. */
  readonly filter?: string;
}

/** From which version on each line has its time, and the client in brackets (log.py). */
const WITH_TIME = '9.0.0';
/** `shutil.get_terminal_size` without a terminal, less what stands around a URL. */
const URL_WIDTH = 55;

type Level = 'warn' | 'info';
type Headers = readonly (readonly [string, string])[];

/** Returns the lines of one event, each with its line feed; empty where the settings leave it out. */
export function logText(event: ProxyLogEvent, settings: LogSettings): string {
  return linesOf(event, settings)
    .map((line) => `${line}\n`)
    .join('');
}

function linesOf(event: ProxyLogEvent, settings: LogSettings): readonly string[] {
  const client = `${event.client.address}:${event.client.port}`;
  const own = (level: Level, text: string): readonly string[] =>
    logLine(settings, level, event.at, text, { client });
  switch (event.kind) {
    case 'client-connect':
      return own('info', 'client connect');
    case 'client-disconnect':
      return own('info', 'client disconnect');
    case 'client-killed':
      return [
        ...logLine(
          settings,
          'warn',
          event.at,
          `Client connection from ${event.client.address} killed by ${event.option} option.`,
        ),
        ...own('info', 'client kill connection'),
      ];
    case 'server-connect':
      return own('info', `server connect ${serverText(event.server)}`);
    case 'server-disconnect':
      return own('info', `server disconnect ${serverText(event.server)}`);
    case 'server-killed':
      return own(
        'info',
        `server connection to ${event.server.host}:${event.server.port} killed before connect: ${event.error}`,
      );
    case 'server-connect-failed':
      return own('info', `error establishing server connection: ${event.error}`);
    case 'server-tls-failed':
    case 'server-tls-skipped': {
      const why = event.error;
      const failed = own('warn', `Server TLS handshake failed. ${why}`);
      if (event.kind === 'server-tls-failed' && event.then === 'gives-up') return failed;
      const advice = isAtLeast(settings.version, '10.0.0')
        ? ' If you plan to redirect requests away from this server, consider setting `connection_strategy` to `lazy` to suppress early connections.'
        : '';
      return [
        ...(event.kind === 'server-tls-failed' ? failed : []),
        ...own(
          'info',
          `Unable to establish TLS connection with server (${why}). Trying to establish TLS with client anyway.${advice}`,
        ),
      ];
    }
    case 'client-tls-failed': {
      const { host } = event.server;
      return event.why === 'closed'
        ? own(
            'info',
            `Client TLS handshake failed. The client disconnected during the handshake. If this happens consistently for ${host}, this may indicate that the client does not trust the proxy's certificate.`,
          )
        : own(
            'warn',
            `Client TLS handshake failed. The client does not trust the proxy's certificate for ${host} (${event.alert})`,
          );
    }
    case 'response': {
      const { flowDetail } = settings;
      if (flowDetail === 0 || !isShown(event, client, settings)) return [];
      const pad = flowDetail === 1 ? ' '.repeat(Math.max(0, client.length - 2)) : '';
      return [
        requestLine(client, event.method, event.url, event.httpVersion, settings),
        ...headerLines(event.requestHeaders, settings),
        `${pad} << ${event.status} ${event.reason} ${prettySize(event.bytes)}`,
        ...headerLines(event.responseHeaders, settings),
      ];
    }
    case 'error':
      if (settings.flowDetail === 0 || !isShown(event, client, settings)) return [];
      return [
        requestLine(client, event.method, event.url, event.httpVersion ?? 'HTTP/1.1', settings),
        ...headerLines(event.requestHeaders, settings),
        ` << ${event.error}`,
      ];
  }
}

/** A filter that asks for what is not known, as headers of a client that names none, is taken to match. */
function isShown(
  event: Extract<ProxyLogEvent, { kind: 'response' | 'error' }>,
  client: string,
  { filter }: LogSettings,
): boolean {
  if (filter === undefined) return true;
  const parsed = parseFlowFilter(filter);
  if (!parsed.ok) return true;
  const { method, url } = event;
  const [, host = '', port] = /^(?:\w+:\/\/)?([^:/]*)(?::(\d+))?/.exec(url) ?? [];
  const server = `${host}:${port ?? (url.startsWith('https:') ? '443' : '80')}`;
  const request = {
    method,
    host,
    url,
    client,
    server,
    ...(event.requestHeaders === undefined ? {} : { headers: event.requestHeaders }),
    ended: endOf(event),
  };
  return matchesFilter(parsed.value, request) !== false;
}

function endOf(
  event: Extract<ProxyLogEvent, { kind: 'response' | 'error' }>,
): NonNullable<FilteredRequest['ended']> {
  if (event.kind === 'error') return { kind: 'error' };
  const { status, responseHeaders } = event;
  return {
    kind: 'response',
    status,
    ...(responseHeaders === undefined ? {} : { headers: responseHeaders }),
  };
}

/** Returns a line of the program's log, if its verbosity lets the level through. */
export function logLine(
  { version, verbosity }: LogSettings,
  level: Level | 'error',
  at: number,
  text: string,
  { client }: { readonly client?: string } = {},
): readonly string[] {
  const shown = verbosity === 'error' ? ['error'] : verbosity === 'warn' ? ['error', 'warn'] : null;
  if (shown?.includes(level) === false) return [];
  if (!isAtLeast(version, WITH_TIME)) return [`${client === undefined ? '' : `${client}: `}${text}`];
  const milliseconds = String(Math.round((at % 1) * 1000)).padStart(3, '0');
  const time = `${new Date(Math.floor(at) * 1000).toISOString().slice(11, 19)}.${milliseconds}`;
  return [`[${time}]${client === undefined ? '' : `[${client}]`} ${text}`];
}

function serverText({ host, port, address }: ProxyServer): string {
  return address === null || address === host ? `${host}:${port}` : `${host}:${port} (${address}:${port})`;
}

function requestLine(
  client: string,
  method: string,
  url: string,
  httpVersion: string,
  { flowDetail }: LogSettings,
): string {
  const shown = flowDetail === 1 && url.length > URL_WIDTH ? `${url.slice(0, URL_WIDTH)}…` : url;
  return `${client}: ${method} ${shown}${/^HTTP\/1\.[01]$/.test(httpVersion) ? '' : ` ${httpVersion}`}`;
}

function headerLines(headers: Headers | undefined, { flowDetail }: LogSettings): readonly string[] {
  return flowDetail < 2 ? [] : (headers ?? []).map(([name, value]) => `    ${name}: ${value}`);
}

/** `pretty_size` of utils/human.py. */
function prettySize(bytes: number): string {
  if (bytes < 1024) return `${bytes}b`;
  let size = bytes;
  for (const suffix of ['k', 'm', 'g']) {
    size /= 1024;
    if (size < 99.95) return `${size.toFixed(1)}${suffix}`;
    if (size < 1024) return `${size.toFixed(0)}${suffix}`;
  }
  return `${(size / 1024).toFixed(0)}t`;
}
