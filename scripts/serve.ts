/** Serves `dist/` with the headers its build wrote: for `npm start` and for the browser tests. */
import { existsSync, readFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import { join } from 'node:path';
import sirv from 'sirv';
import { readHeadersFile } from '../src/ui/shell/security-policy.ts';
import { DIST, readStamp } from './built-site.ts';

/** Files of the build that are not part of the site. */
const PRIVATE = /^\/(_headers|build\.json)(\.br|\.gz)?$/;

export class PortTaken extends Error {}

/**
 * Starts serving on a port (0 picks a free one) and resolves once it listens. Rejects with `PortTaken`
 * if something else listens there, and with a plain error if nothing is built.
 */
export async function serveSite(port: number, host: string): Promise<{ server: Server; address: string }> {
  const stamp = readStamp();
  if (stamp === null) throw new Error('There is no built site in dist/: run "npm run build".');
  const base = stamp.base.replace(/\/$/, '');
  const headers = Object.entries(readHeadersFile(readFileSync(join(DIST, '_headers'), 'utf8')));
  const notFound = readFileSync(join(DIST, '404.html'));
  const serve = sirv(DIST, {
    etag: true,
    brotli: true,
    gzip: true,
    setHeaders: (response, path) => {
      const cache = path.startsWith('/_astro/') ? 'public, max-age=31536000, immutable' : 'no-cache';
      response.setHeader('Cache-Control', cache);
    },
  });
  const server = createServer((request, response) => {
    for (const [name, value] of headers) response.setHeader(name, value);
    const path = new URL(request.url ?? '/', 'http://site').pathname;
    if (base !== '' && path === '/') {
      response.writeHead(302, { Location: `${base}/` }).end();
      return;
    }
    const inside = path === base || path.startsWith(`${base}/`);
    const below = inside ? path.slice(base.length) : path;
    const missing = (): void => {
      response.writeHead(404, { 'Content-Type': 'text/html; charset=utf-8' }).end(notFound);
    };
    if (!inside || PRIVATE.test(below)) {
      missing();
      return;
    }
    // A page lives at its address with a slash; without it, relative addresses would go astray.
    if (!/\.[^/]+$|\/$/.test(below) && existsSync(join(DIST, decodeURIComponent(below), 'index.html'))) {
      response.writeHead(301, { Location: `${path}/` }).end();
      return;
    }
    request.url = (request.url ?? '/').slice(base.length);
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
  return { server, address: `http://${name}:${actual}${base}/` };
}

/** Reports whether nothing listens on the port, by listening on it for a moment. */
export function portIsFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}
