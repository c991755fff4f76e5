/** Serves `dist/` with the headers its build wrote: for `npm start` and for the browser tests. */
import { existsSync, readFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import { join } from 'node:path';
import sirv, { type RequestHandler } from 'sirv';
import { WITHOUT_POLICY, readHeadersFile } from '../src/ui/shell/security-policy.ts';
import { DIST, builtTime, readStamp } from './built-site.ts';

/** Files of the build that are not part of the site. */
const PRIVATE = /^\/(_headers|build\.json|staticwebapp\.config\.json)(\.br|\.gz)?\/?$/;

const withoutPolicy = new RegExp(WITHOUT_POLICY);

export class PortTaken extends Error {}

interface Site {
  readonly base: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly notFound: Buffer;
  readonly serve: RequestHandler;
}

/** The site as it lies in the folder now; null while nothing is built, or a build is under way. */
function openSite(dist: string): Site | null {
  const stamp = readStamp(dist);
  if (stamp === null) return null;
  return {
    base: stamp.base.replace(/\/$/, ''),
    headers: Object.entries(readHeadersFile(readFileSync(join(dist, '_headers'), 'utf8'))),
    notFound: readFileSync(join(dist, '404.html')),
    serve: sirv(dist, {
      etag: true,
      brotli: true,
      gzip: true,
      setHeaders: (response, path) => {
        const cache = path.startsWith('/_astro/') ? 'public, max-age=31536000, immutable' : 'no-cache';
        response.setHeader('Cache-Control', cache);
        if (withoutPolicy.test(path)) response.removeHeader('Content-Security-Policy');
      },
    }),
  };
}

/** Path and query of a request target, the path decoded; null if no file of a site can be meant. */
export function readTarget(target: string): { readonly path: string; readonly query: string } | null {
  const [, raw = '', query = ''] = /^([^?#]*)(\?[^#]*)?/.exec(target) ?? [];
  let path: string;
  try {
    path = decodeURIComponent(raw);
  } catch {
    return null;
  }
  // Browsers resolve dot segments and never send these; whoever does is looking for a way out of dist/.
  if (!path.startsWith('/') || /[\0\\]|\/\/|\/\.{1,2}(\/|$)/.test(path)) return null;
  return { path, query };
}

const encodePath = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

/**
 * Starts serving on a port (0 picks a free one) and resolves once it listens. Follows a later build
 * of the same folder. Rejects with `PortTaken` if something else listens there, and with a plain
 * error if nothing is built.
 */
export async function serveSite(
  port: number,
  host: string,
  dist = DIST,
): Promise<{ server: Server; address: string }> {
  let site = openSite(dist);
  if (site === null) throw new Error('There is no built site in dist/: run "npm run build".');
  const { base: firstBase } = site;
  let builtAt = builtTime(dist);
  const server = createServer((request, response) => {
    const time = builtTime(dist);
    if (time !== builtAt) {
      site = openSite(dist);
      builtAt = time;
    }
    if (site === null) {
      response.writeHead(503, { 'Content-Type': 'text/plain', 'Retry-After': '20' });
      response.end('The site is being built. Try again in a moment.\n');
      return;
    }
    const { base, headers, notFound, serve } = site;
    for (const [name, value] of headers) response.setHeader(name, value);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD' }).end();
      return;
    }
    const missing = (): void => {
      response.writeHead(404, { 'Content-Type': 'text/html; charset=utf-8' }).end(notFound);
    };
    const target = readTarget(request.url ?? '/');
    if (target === null) {
      missing();
      return;
    }
    const { path, query } = target;
    if (base !== '' && path === '/') {
      response.writeHead(302, { Location: `${base}/` }).end();
      return;
    }
    const inside = path === base || path.startsWith(`${base}/`);
    const below = inside ? path.slice(base.length) : path;
    if (!inside || PRIVATE.test(below)) {
      missing();
      return;
    }
    // A page lives at its address with a slash; without it, relative addresses would go astray.
    if (!/\.[^/]+$|\/$/.test(below) && existsSync(join(dist, below, 'index.html'))) {
      response.writeHead(301, { Location: `${encodePath(path)}/${query}` }).end();
      return;
    }
    request.url = `${encodePath(below)}${query}`;
    serve(request, response, missing);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new PortTaken(`Port ${port} is already in use.`) : error);
    });
    server.listen(port, host, resolve);
  });
  const bound = server.address();
  const actual = typeof bound === 'object' && bound !== null ? bound.port : port;
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return { server, address: `http://${name}:${actual}${firstBase}/` };
}

/** Reports whether nothing listens on the port, by listening on it for a moment. */
export function portIsFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}
