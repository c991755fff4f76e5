/** Programs that make HTTP load, by what matters to the network: how many connections, how fast, for how long. */

export interface LoadUrl {
  /** As it was given. */
  readonly text: string;
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

export interface LoadProgram {
  readonly program: 'hey' | 'wrk' | 'curl';
  readonly url: LoadUrl;
  /** Requests under way at once. */
  readonly workers: number;
  /** Requests in all; null where `seconds` ends the program. */
  readonly requests: number | null;
  readonly seconds: number | null;
  /** Requests a second of one worker; null for as fast as answers come. */
  readonly perWorker: number | null;
  /** `kept`: each worker has one connection for all its requests. */
  readonly connections: 'kept' | 'one-per-request';
  /** Seconds after which an unanswered attempt to connect has failed. */
  readonly giveUpAfter: number;
  /** A shell loop starts the program again so many seconds after its end. Absent: it runs once. */
  readonly againAfter?: number;
}

/** What the program prints instead of running, and how it exits. */
export interface LoadRefusal {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Reads `http://HOST[:PORT][/PATH]`; null for anything else. */
export function readLoadUrl(text: string): LoadUrl | null {
  const match = /^(https?):\/\/(?:[^@/?#]*@)?([^:/?#]+)(?::(\d*))?([/?#].*)?$/i.exec(text);
  if (match === null) return null;
  const [, rawScheme = '', host = '', digits = '', path = '/'] = match;
  const scheme = rawScheme.toLowerCase() === 'https' ? 'https' : 'http';
  const port = digits === '' ? (scheme === 'https' ? 443 : 80) : Number(digits);
  return port < 1 || port > 65_535 ? null : { text, scheme, host, port, path };
}
