/** One request of a lesson, each way that it may take: curl, mitmproxy with its own CA, and a server on the internet. */
import { serverCertificates } from '../../model/certificates/public-authority.ts';
import { leafCertificate, newAuthority } from '../../model/proxy/mitmproxy-authority.ts';
import type { ProxyTarget } from '../../model/proxy/target.ts';
import { wireOf } from '../../model/proxy/wire.ts';
import type { WireQuestion } from '../../model/proxy/wire.ts';
import type { WireWay } from './WireFigure.tsx';

export type LessonWay = 'direct' | 'tunnel' | 'intercept' | 'plain';

export interface LessonRequest {
  readonly host: string;
  readonly path: string;
  /** `http://HOST:PORT`. */
  readonly proxy: string;
  /** Whether the client has the proxy's CA; without it, it ends an intercepted connection. */
  readonly ca: 'trusted' | 'missing';
  /** curl's version. */
  readonly curl: string;
  /** Seconds since the epoch: certificates are valid then. */
  readonly at: number;
}

const MITMPROXY = '8.1.1';
const BODY = 'hello from the server\n';

export function lessonWire(request: LessonRequest, way: LessonWay): WireWay {
  const { host, path, proxy, at } = request;
  const scheme = way === 'plain' ? 'http' : 'https';
  const target: ProxyTarget = { scheme, host, port: scheme === 'http' ? 80 : 443, portIsSpelled: false };
  const chain = serverCertificates(host, at);
  const authority = newAuthority(MITMPROXY, 'lesson', at);
  const leaf = leafCertificate({ authority, version: MITMPROXY }, { host, upstream: chain[0], at });
  if (!leaf.ok) throw new Error(leaf.error);
  const question: WireQuestion = {
    target,
    path,
    userAgent: `curl/${request.curl}`,
    proxy:
      way === 'direct'
        ? null
        : { does: way === 'tunnel' ? 'tunnel' : 'intercept', chain: [leaf.value], user: null },
    server: {
      chain,
      answer: {
        status: 200,
        reason: 'OK',
        headers: [
          { name: 'Content-Type', value: 'text/plain' },
          { name: 'Content-Length', value: String(BODY.length) },
        ],
        body: BODY,
      },
    },
    client: way === 'intercept' && request.ca === 'missing' ? 'unknown-ca' : 'accepts',
    seed: 'lesson',
  };
  const through = way === 'direct' ? '' : ` -x ${proxy}`;
  const trust = way === 'intercept' && request.ca === 'trusted' ? ' --cacert mitmproxy-ca-cert.pem' : '';
  return {
    command: `curl${through}${trust} ${scheme}://${host}${path}`,
    question,
    exchange: wireOf(question),
  };
}
