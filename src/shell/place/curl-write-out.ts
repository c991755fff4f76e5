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
}

/** Returns the first variable of a format that we do not know. */
export function unknownVariable(format: string, version: string): string | null {
  const known = variables(NOTHING, version);
  return (
    [...format.matchAll(/%\{([^}]*)\}/g)]
      .map((match) => match[1] ?? '')
      .find((name) => known[name] === undefined && !NOT_IN_THIS_VERSION.includes(name)) ?? null
  );
}

/** An older curl leaves them out and says so. */
const NOT_IN_THIS_VERSION = ['proxy_used', 'num_retries'];

const NOTHING: TransferState = {
  text: '',
  url: null,
  answer: null,
  problem: null,
  seconds: 0,
  remote: null,
  local: null,
  connectStatus: 0,
  verifyResult: 0,
  proxyVerifyResult: 0,
  connects: 0,
  redirects: 0,
  httpVersion: '0',
  over: 'plain',
  method: 'GET',
  uploaded: 0,
  proxyUsed: 'no',
};

/** Returns the text, and what is written to stderr about variables that this version has not. */
export function writeOut(
  format: string,
  state: TransferState,
  version: string,
): { readonly stdout: string; readonly stderr: string } {
  const values = variables(state, version);
  let stderr = '';
  const stdout = format
    .replaceAll(/%\{([^}]*)\}|%%/g, (_whole, name?: string) => {
      if (name === undefined) return '%';
      const value = values[name];
      if (value === undefined) stderr += `curl: unknown --write-out variable: '${name}'\n`;
      return value ?? '';
    })
    .replaceAll('\\n', '\n')
    .replaceAll('\\t', '\t')
    .replaceAll('\\r', '\r');
  return { stdout, stderr };
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
    redirect_url: answer?.headers.find(([name]) => name.toLowerCase() === 'location')?.[1] ?? '',
    content_type: answer?.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '',
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
