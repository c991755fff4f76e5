/** `--write-out`. */
import type { HttpAnswer } from './http-answer.ts';
import type { CurlProblem, CurlUrl } from './curl-url.ts';

/** What a transfer is known to be when it is over. */
export interface TransferState {
  readonly text: string;
  readonly url: CurlUrl | null;
  readonly answer: HttpAnswer | null;
  readonly problem: CurlProblem | null;
  /** Seconds of one round trip. */
  readonly seconds: number;
  /** The other end of the connection: the proxy, where there is one. */
  readonly remote: { readonly address: string; readonly port: number } | null;
  readonly local: { readonly address: string; readonly port: number } | null;
  /** The status of CONNECT; 0 without. */
  readonly connectStatus: number;
  /** Of `verify`: 0 is fine. */
  readonly verifyResult: number;
  readonly proxyVerifyResult: number;
  readonly connects: number;
  readonly redirects: number;
  readonly httpVersion: string;
  readonly over: 'plain' | 'tls';
  readonly method: string;
  readonly uploaded: number;
  readonly proxyUsed: 'yes' | 'no';
  readonly referer: string;
  /** Which of the URLs it is, from 0. */
  readonly number: number;
}

/** Real ones of curl 8 that are not simulated. */
const NOT_SIMULATED = new Set(
  (
    'certs num_certs header_json json ftp_entry_path time_posttransfer time_queue tls_earlydata xfer_id conn_id ' +
    'url.host url.port url.path urle.host urle.port urle.path'
  ).split(' '),
);

/** Returns the first variable of a format that real curls know and the simulated one does not. */
export function unknownVariable(format: string): string | null {
  return (
    [...format.matchAll(/%\{([^}]*)\}/g)]
      .map((match) => match[1] ?? '')
      .find((name) => NOT_SIMULATED.has(name)) ?? null
  );
}

const ESCAPES: Readonly<Record<string, string | undefined>> = { n: '\n', r: '\r', t: '\t' };

/** Returns the text, and what is written to stderr: about variables that this version has not, and after %{stderr}. */
export function writeOut(
  format: string,
  state: TransferState,
  version: string,
): { readonly stdout: string; readonly stderr: string } {
  const values = variables(state, version);
  const said = { stdout: '', stderr: '' };
  let to: keyof typeof said = 'stdout';
  for (const [part] of format.matchAll(/%\{[^}]*\}|%header\{[^}]*\}|%%|\\.|[^%\\]+|[^]/g)) {
    const name = /^%\{(.*)\}$/s.exec(part)?.[1];
    const header = /^%header\{(.*)\}$/s.exec(part)?.[1];
    if (name === 'onerror') {
      if (state.problem === null) break;
    } else if (name === 'stdout' || name === 'stderr') to = name;
    else if (name !== undefined) {
      const value = values[name];
      if (value === undefined) said.stderr += `curl: unknown --write-out variable: '${name}'\n`;
      said[to] += value ?? '';
    } else if (header !== undefined) said[to] += headerOf(state, header);
    else if (part === '%%') said[to] += '%';
    else said[to] += part.startsWith('\\') ? (ESCAPES[part.slice(1)] ?? part) : part;
  }
  return said;
}

function headerOf({ answer }: TransferState, wanted: string): string {
  return answer?.headers.find(([name]) => name.toLowerCase() === wanted.toLowerCase())?.[1] ?? '';
}

function variables(state: TransferState, version: string): Readonly<Record<string, string>> {
  const { answer, problem, remote, local, seconds, url, over } = state;
  const status = String(answer?.status ?? 0).padStart(3, '0');
  const connect = seconds.toFixed(6);
  const handshaken = over === 'tls' ? (seconds * 2).toFixed(6) : '0.000000';
  const total = (seconds * (over === 'tls' ? 3 : 2)).toFixed(6);
  const [major = 0, minor = 0] = version.split('.').map(Number);
  // Since 8.6.0 it is small.
  const isOld = major < 8 || (major === 8 && minor < 6);
  return {
    http_code: status,
    response_code: status,
    http_connect: String(state.connectStatus).padStart(3, '0'),
    ssl_verify_result: String(state.verifyResult),
    proxy_ssl_verify_result: String(state.proxyVerifyResult),
    // Since 8.7.0.
    ...(major > 8 || (major === 8 && minor >= 7)
      ? { proxy_used: state.proxyUsed === 'yes' ? '1' : '0' }
      : {}),
    time_total: total,
    time_connect: connect,
    time_namelookup: '0.000100',
    remote_ip: remote?.address ?? '',
    local_ip: local?.address ?? '',
    local_port: String(local?.port ?? 0),
    remote_port: String(remote?.port ?? 0),
    size_download: String(answer?.body.length ?? 0),
    size_upload: String(state.uploaded),
    size_header: String(answer === null ? 0 : headerSize(answer)),
    num_headers: String(answer?.headers.length ?? 0),
    exitcode: String(problem?.code ?? 0),
    errormsg: problem?.message ?? '',
    url: state.text,
    url_effective: url === null ? state.text : effective(state.text),
    method: state.method,
    num_connects: String(state.connects),
    num_redirects: String(state.redirects),
    redirect_url: headerOf(state, 'location'),
    content_type: headerOf(state, 'content-type'),
    urlnum: String(state.number),
    referer: state.referer,
    speed_upload: '0',
    http_version: answer === null ? '0' : state.httpVersion,
    scheme: url === null ? '' : isOld ? url.scheme.toUpperCase() : url.scheme,
    time_appconnect: handshaken,
    time_pretransfer: over === 'tls' ? handshaken : connect,
    time_redirect: '0.000000',
    time_starttransfer: total,
    filename_effective: '',
    speed_download: String(
      answer === null || seconds === 0 ? 0 : Math.round(answer.body.length / (seconds * 2)),
    ),
  };
}

function headerSize({ status, reason, headers }: HttpAnswer): number {
  return headers.reduce(
    (sum, [name, value]) => sum + name.length + value.length + 4,
    `HTTP/1.1 ${status} ${reason}`.length + 4,
  );
}

/** With scheme and path, as libcurl completes it. */
function effective(text: string): string {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  return /^[^/]*\/\/[^/?#]+$/.test(whole) ? `${whole}/` : whole;
}
