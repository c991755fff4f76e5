/** Curl's connection, to the host or to a proxy, and why there is none. */
import { requestFor } from '../../model/compile/ends.ts';
import { roundTripMilliseconds } from '../../model/trace/round-trip.ts';
import { ok } from '../../model/result.ts';
import { attempt, type Attempt } from './attempt.ts';
import { addressFailed, cannotConnect, connectTimeout } from './curl-lines.ts';
import { hostHeader } from './curl-request.ts';
import type { CurlOptions } from './curl-options.ts';
import type { CurlUrl } from './curl-url.ts';
import type { CurlProgram } from './curl-version.ts';
import { lookUp } from './name-lookup.ts';
import { rememberNeighbours } from './neighbour-table.ts';
import { ownAddress } from './network-view.ts';
import { unknown, type CurlRun, type Failure, type Where } from './curl-run.ts';

const ARP_MILLISECONDS = 3066;
/** Linux gives up after six retransmissions of the SYN, net.ipv4.tcp_syn_retries. */
const SYN_TIMEOUT_SECONDS = 134;

/** Resolves and connects; notes where to; a failure is complete but for its last line. */
export async function connect(
  run: CurlRun,
  host: string,
  port: number,
  request: ReturnType<typeof requestFor>,
  what: 'host' | 'proxy',
): Promise<Attempt | Failure> {
  const { options, view, context } = run.setup;
  const given = options.resolve.get(`${host}:${port}`) ?? options.resolve.get(`*:${port}`);
  const found = given === undefined ? lookUp(run.viewNow(view), host) : ok({ addresses: given });
  if (!found.ok) {
    return {
      code: what === 'proxy' ? 5 : 6,
      message: `Could not resolve ${what}: ${host}`,
      close: 'shutting down',
    };
  }
  const [address = ''] = found.value.addresses;
  if (given !== undefined) run.note(`* Hostname ${host} was found in DNS cache`);
  else if ((run.form === '8.5' || run.form === '8.14') && address !== host) {
    run.note(
      `* Host ${host}:${port} was resolved.`,
      '* IPv6: (none)',
      `* IPv4: ${found.value.addresses.join(', ')}`,
    );
  }
  run.note(`*   Trying ${address}:${port}...`);
  let used = 0;
  const own = { ...run.viewNow(view), sourcePort: () => (used = view.sourcePort()) };
  const made = attempt(own, address, 'tcp', port, request);
  await rememberNeighbours(own, context, made);
  run.cloud = made.cloud;
  run.seconds = Math.max(1, Math.round(roundTripMilliseconds(made.trace))) / 1000;
  const local = { address: address.startsWith('127.') ? address : ownAddress(view), port: used };
  const stands =
    made.kind === 'connected' ||
    made.kind === 'intercepted' ||
    (made.kind === 'timeout' && made.after === 'handshake');
  if (!stands) return unconnected(run, made, { host, address, port }, local);
  run.remote = { address, port };
  run.local = local;
  return made;
}

function unconnected(
  run: CurlRun,
  made: Attempt,
  to: Where,
  local: { readonly address: string; readonly port: number },
): Failure {
  const { host, port } = to;
  switch (made.kind) {
    case 'unknown':
      return unknown(made.reason);
    case 'refused': {
      const error = 'Connection refused';
      run.note(addressFailed(run.form, to, local, error));
      return {
        code: 7,
        message: cannotConnect(run.form, host, port, Math.round(run.seconds * 1000), error),
      };
    }
    case 'network-unreachable': {
      run.note(`* Immediate connect fail for ${to.address}: Network is unreachable`);
      return { code: 7, message: cannotConnect(run.form, host, port, 0, "Couldn't connect to server") };
    }
    case 'host-unreachable': {
      // Three ARP requests go unanswered first, a second each.
      if (run.patience * 1000 < ARP_MILLISECONDS) return noAnswer(run, to, local);
      const error = 'No route to host';
      run.note(addressFailed(run.form, to, local, error));
      return {
        code: 7,
        message: cannotConnect(run.form, host, port, ARP_MILLISECONDS, error),
        after: Math.floor(ARP_MILLISECONDS / 1000),
      };
    }
    case 'timeout':
      return noAnswer(run, to, local);
    case 'connected':
    case 'intercepted':
      throw new Error('a connection that stands did not fail');
  }
}

function noAnswer(
  run: CurlRun,
  to: Where,
  local: { readonly address: string; readonly port: number },
): Failure {
  const { connectTimeout, maxTime } = run.setup.options;
  const limit = Math.min(maxTime ?? Infinity, connectTimeout ?? Infinity);
  const after = Math.ceil(Math.min(limit, SYN_TIMEOUT_SECONDS));
  if (limit >= SYN_TIMEOUT_SECONDS) {
    const error = 'Connection timed out';
    run.note(addressFailed(run.form, to, local, error));
    const message = cannotConnect(run.form, to.host, to.port, SYN_TIMEOUT_SECONDS * 1000, error);
    return { code: 28, message, after };
  }
  if (maxTime !== null && (connectTimeout === null || maxTime <= connectTimeout)) {
    const message = `Connection timed out after ${Math.round(maxTime * 1000) + 1} milliseconds`;
    return { code: 28, message, after };
  }
  const { notes, message } = connectTimeoutOf(run.form, to, limit);
  run.note(...notes);
  return { code: 28, message, after };
}

/** The connection stands, and what is sent is never acknowledged. */
export function lost(host: string, port: number): Failure {
  return unknown(`what becomes of the connection to ${host}:${port}`);
}

function connectTimeoutOf(
  form: CurlProgram['form'],
  to: Where,
  seconds: number,
): ReturnType<typeof connectTimeout> {
  return connectTimeout(form, to, Math.round(seconds * 1000));
}

/** HTTP names the host in a header, which an option may set; TLS names that of the URL, whatever the header says. */
export function firstBytes({ scheme, host }: CurlUrl, options: CurlOptions): ReturnType<typeof requestFor> {
  const header = hostHeader(options)?.replace(/:\d*$/, '');
  return requestFor(scheme, scheme === 'http' ? (header ?? host) : host);
}

/** The name in the ClientHello: none for an address. */
export function serverName({ scheme, host }: CurlUrl): string {
  return scheme === 'https' ? requestFor('https', host).host : host;
}

export interface ConnectTarget {
  readonly host: string;
  readonly port: number;
  /** The entry of `--connect-to` that matched. */
  readonly named: string | null;
}

export function connectTo({ connectTo: entries }: CurlOptions, { host, port }: CurlUrl): ConnectTarget {
  for (const entry of entries) {
    const [fromHost = '', fromPort = '', toHost = '', toPort = ''] = entry.split(':');
    if ((fromHost === '' || fromHost === host) && (fromPort === '' || Number(fromPort) === port)) {
      return {
        host: toHost === '' ? host : toHost,
        port: toPort === '' ? port : Number(toPort),
        named: entry,
      };
    }
  }
  return { host, port, named: null };
}
