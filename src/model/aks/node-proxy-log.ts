/** What proxies log of the requests of nodes: the check of a new one, and the pulls of containerd. */
import { appendProxyLog } from '../azure/proxy-log.ts';
import { drawInteger } from '../chance.ts';
import type { Cloud } from '../cloud.ts';
import { formatAddress } from '../ip/address.ts';
import { findInternetHost } from '../outside-host.ts';
import type { ProxyLogEvent, ProxyServer } from '../proxy/log-event.ts';
import type { ProxiedRequest } from './node-proxy.ts';
import { findProxy } from './proxy-path.ts';

export interface LoggedRequest {
  readonly request: ProxiedRequest;
  readonly method: 'GET' | 'HEAD';
  readonly url: string;
  /** Whether the client goes on behind the certificate that it sees; `curl --insecure` always does. */
  readonly client: 'goes-on' | 'distrusts';
  /** Of the body of the server's answer. */
  readonly bytes: number;
}

type Distributed<T> = T extends unknown ? Omit<T, 'at' | 'client'> : never;
type Event = Distributed<ProxyLogEvent>;

const FIRST_PORT = 32_768;
const PORTS = 28_232;

/** Returns the cloud whose proxies have seen these requests; what does not reach one leaves no trace. */
export function logNodeRequests(cloud: Cloud, requests: readonly LoggedRequest[]): Cloud {
  const logs = new Map<
    string,
    { readonly id: string; readonly port: number; readonly events: ProxyLogEvent[] }
  >();
  for (const [index, each] of requests.entries()) {
    const { from, proxy, host } = each.request.question;
    const events = eventsOf(cloud, each);
    const found = events.length === 0 ? null : findProxy(cloud, from, proxy);
    if (found === null || 'answer' in found) continue;
    const { id } = found.machine;
    const key = `${id}:${proxy.port}`;
    const log = logs.get(key) ?? { id, port: proxy.port, events: [] };
    logs.set(key, log);
    const address = formatAddress(from.address);
    const port = FIRST_PORT + drawInteger(cloud, `node-port/${address}/${host}/${cloud.now}/${index}`, PORTS);
    for (const event of events) log.events.push({ at: cloud.now, client: { address, port }, ...event });
  }
  return [...logs.values()].reduce(
    (next, { id, port, events }) => appendProxyLog(next, id, port, events),
    cloud,
  );
}

function eventsOf(cloud: Cloud, logged: LoggedRequest): readonly Event[] {
  const { question, answer } = logged.request;
  const { host, port } = question;
  const server: ProxyServer = { host, port, address: findInternetHost(cloud, host)?.address ?? null };
  const framed = (...events: readonly Event[]): readonly Event[] => [
    { kind: 'client-connect' },
    ...events,
    { kind: 'client-disconnect' },
  ];
  const answered = (method: string, url: string, status: number, reason: string, bytes: number): Event => ({
    kind: 'response',
    method,
    url,
    httpVersion: method === 'CONNECT' ? 'HTTP/1.1' : 'HTTP/2.0',
    status,
    reason,
    bytes,
  });
  switch (answer.kind) {
    case 'unknown':
    case 'unreachable':
      return [];
    case 'closes':
      return answer.by === 'block_private' || answer.by === 'block_global'
        ? framed({ kind: 'client-killed', option: answer.by })
        : framed();
    case 'refuses': {
      const url = `${host}:${port}`;
      const failed = answer.by === 'upstream';
      return framed(
        ...(failed
          ? [{ kind: 'server-connect-failed' as const, server, error: '[Errno 110] Connection timed out' }]
          : []),
        answered('CONNECT', url, answer.status, answer.reason, 0),
      );
    }
    case 'passes': {
      const inside: readonly Event[] = !answer.isRead
        ? []
        : logged.client === 'distrusts'
          ? [
              {
                kind: 'client-tls-failed',
                server,
                why: 'untrusted',
                alert: 'sslv3 alert bad certificate',
              },
            ]
          : [insideEvent(logged, answered)];
      return [
        ...framed({ kind: 'server-connect', server }, ...inside),
        { kind: 'server-disconnect', server },
      ];
    }
  }
}

function insideEvent(
  { request: { answer }, method, url, bytes }: LoggedRequest,
  answered: (method: string, url: string, status: number, reason: string, bytes: number) => Event,
): Event {
  const inside = answer.kind === 'passes' ? answer.inside : { kind: 'server' as const };
  switch (inside.kind) {
    case 'server':
      return answered(method, url, 200, 'OK', bytes);
    case 'answers':
      return answered(method, url, inside.status, inside.reason, 0);
    case 'closes':
      return { kind: 'error', method, url, error: 'Connection killed.', httpVersion: 'HTTP/2.0' };
  }
}
