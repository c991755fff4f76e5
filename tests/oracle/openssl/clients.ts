/** What curl, Python and Go say of each chain, for real and in the words of the simulation. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { keyToPem } from '../../../src/model/certificates/key-pem.ts';
import { toPem } from '../../../src/model/certificates/pem.ts';
import {
  curlError,
  goError,
  pythonError,
  type CurlBuild,
  type TrustFault,
} from '../../../src/model/certificates/trust-words.ts';
import { verifyServer, type TrustReader } from '../../../src/model/certificates/verify.ts';
import { chainCases, type ChainCase } from './chains.ts';

export interface ClientAnswer {
  readonly name: string;
  /** Null where nothing is trusted: an empty file is another error. */
  readonly curl: { readonly exit: number; readonly stderr: string } | null;
  readonly python: string | null;
  readonly requests: string | null;
}

export interface GoAnswer {
  readonly name: string;
  readonly error: string;
}

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const asked = (cases: readonly ChainCase[]) =>
  cases.map(({ name, host, sent, trusted, key }) => ({
    name,
    host,
    sent: sent.map(toPem).join(''),
    trusted: trusted.map(toPem).join(''),
    key: keyToPem(key),
  }));

/** Returns the versions of the curl that is installed here and of its OpenSSL; null without one of 3.0. */
export function findCurl(): CurlBuild | null {
  const said = spawnSync('curl', ['--version'], { encoding: 'utf8' });
  const [, curl, openssl] = /^curl (\d+\.\d+)\.\d+ .* OpenSSL\/(3\.0\.\d+)/.exec(said.stdout ?? '') ?? [];
  return curl === undefined || openssl === undefined ? null : { curl, openssl };
}

/** Returns the version of a Python before 3.13, which takes partial chains and checks more; null without one. */
export function findPython(): string | null {
  const said = spawnSync(
    'python3',
    ['-c', 'import ssl, sys; print("%d.%d" % sys.version_info[:2], ssl.OPENSSL_VERSION)'],
    {
      encoding: 'utf8',
    },
  );
  const [, minor, openssl] = /^3\.(\d+) OpenSSL (3\.0)/.exec(said.stdout ?? '') ?? [];
  return said.status === 0 && openssl !== undefined && Number(minor) < 13 ? `3.${minor ?? ''}` : null;
}

export function askClients(at: number): readonly ClientAnswer[] {
  const done = spawnSync('python3', [script('clients.py')], {
    input: JSON.stringify(asked(chainCases(at))),
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    timeout: 300_000,
  });
  if (done.status !== 0) throw new Error(`clients.py exits with ${String(done.status)}:\n${done.stderr}`);
  return JSON.parse(done.stdout) as readonly ClientAnswer[];
}

export function askGo(at: number): { readonly version: string; readonly answers: readonly GoAnswer[] } {
  const version = spawnSync('go', ['version'], { encoding: 'utf8' }).stdout;
  const done = spawnSync('go', ['run', script('clients.go')], {
    input: JSON.stringify({ At: at, Cases: asked(chainCases(at)) }),
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (done.status !== 0) throw new Error(`clients.go exits with ${String(done.status)}:\n${done.stderr}`);
  return { version: /go(\d[\d.]*)/.exec(version)?.[1] ?? '', answers: JSON.parse(done.stdout) as GoAnswer[] };
}

function faultOf(each: ChainCase, at: number, reader: TrustReader): TrustFault | null {
  const verdict = verifyServer({ chain: each.sent, trusted: each.trusted, host: each.host, at, reader });
  if (verdict.kind === 'undetermined') throw new Error(`${each.name}: ${verdict.why}`);
  return verdict.kind === 'trusted' ? null : verdict;
}

export function simulatedClients(at: number, curl: CurlBuild): readonly ClientAnswer[] {
  return chainCases(at).map((each) => {
    if (each.trusted.length === 0) return { name: each.name, curl: null, python: null, requests: null };
    const words = (reader: TrustReader, say: (fault: TrustFault) => string): string => {
      const fault = faultOf(each, at, reader);
      return fault === null ? 'ok' : say(fault);
    };
    const python = (fault: TrustFault): string => pythonError(fault, 0).replace('_ssl.c:0', '_ssl.c:LINE');
    const said = words('curl', (fault) => curlError(fault, curl));
    return {
      name: each.name,
      curl: { exit: Number(/^curl: \((\d+)\)/.exec(said)?.[1] ?? 0), stderr: said === 'ok' ? '' : said },
      python: words('python', python),
      requests: words('python-requests', python),
    };
  });
}

/** As Go 1.19 says it: later versions put a prefix before it. */
export function simulatedGo(at: number): readonly GoAnswer[] {
  return chainCases(at).map((each) => {
    const fault = faultOf(each, at, 'go');
    return { name: each.name, error: fault === null ? 'ok' : goError(fault, at, 'before-1.20') };
  });
}
