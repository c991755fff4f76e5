/**
 * The finished builds behind this machine's nginx: at `/`, and at the base path for which
 * scripts/test.ts has built a second time. What the site's own server says is what nginx must say.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DIST, readStamp } from '../../scripts/built-site.ts';
import { serveSite } from '../../scripts/serve.ts';
import { brokenLinks } from '../../src/ui/shell/internal-links.ts';
import { readHeadersFile } from '../../src/ui/shell/security-policy.ts';
import { PRIVATE_FILES } from '../../deploy/nginx/configuration.ts';
import { ask, brotliModule, canBeContained, nginxVersion, startNginx } from '../support/nginx.ts';
import type { Answer, RunningNginx } from '../support/nginx.ts';
import { missingReferences } from './references.ts';

const required = process.env['REQUIRE_WITNESSES'] === '1';
const loadSeconds = Number(process.env['LOAD_SECONDS'] ?? '5');
const builds = [
  { name: 'at /', dist: DIST },
  { name: 'below a base path', dist: process.env['DIST_BELOW_BASE'] ?? '' },
].filter(({ dist }) => dist !== '' && readStamp(dist) !== null);

/** What both servers must agree on; the rest (dates, tags, lengths) is each server's own. */
const COMPARED = [
  'content-security-policy',
  'x-content-type-options',
  'referrer-policy',
  'permissions-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'cache-control',
  'content-encoding',
  'location',
] as const;

const mediaType = (answer: Answer): string => (answer.headers['content-type'] ?? '').split(';')[0] ?? '';

function summary(answer: Answer): Readonly<Record<string, unknown>> {
  const octets = ['', 'application/octet-stream'];
  return {
    status: answer.status,
    type: octets.includes(mediaType(answer)) ? 'unknown' : mediaType(answer),
    ...Object.fromEntries(COMPARED.map((name) => [name, answer.headers[name] ?? null])),
  };
}

function decoded({ headers, body }: Answer): Buffer {
  if (headers['content-encoding'] === 'br') return brotliDecompressSync(body);
  return headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
}

/** Runs jobs for many paths, a few at a time, and returns what they found wrong. */
async function problems(
  paths: readonly string[],
  job: (path: string) => Promise<string | null>,
): Promise<readonly string[]> {
  const left = [...paths];
  const found: string[] = [];
  const worker = async (): Promise<void> => {
    for (let path = left.pop(); path !== undefined; path = left.pop()) {
      const problem = await job(path);
      if (problem !== null) found.push(problem);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return found;
}

if (required) {
  test('nginx, its brotli module, wrk and both builds are required (REQUIRE_WITNESSES=1)', () => {
    expect(nginxVersion).not.toBeNull();
    expect(brotliModule).not.toBeNull();
    expect(spawnSync('wrk', ['--version']).error).toBeUndefined();
    expect(builds).toHaveLength(2);
  });
} else if (nginxVersion === null) {
  test.skip('self-hosting needs nginx (Debian: nginx libnginx-mod-http-brotli-static wrk)', () => undefined);
} else if (builds.length < 2) {
  test.skip('self-hosting needs a build for / and one for a base path, which npm test makes', () =>
    undefined);
}

describe.each(nginxVersion === null ? [] : builds)('$name', ({ dist }) => {
  const base = readStamp(dist)?.base ?? '/';
  const headers = readHeadersFile(readFileSync(join(dist, '_headers'), 'utf8'));
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(dist, file)).isFile() && !/\.(br|gz)$/.test(file))
    .filter((file) => !PRIVATE_FILES.some((each) => each === file));
  const pages = files.filter((file) => file.endsWith('.html'));
  const pathOf = (file: string): string => `${base}${file.replace(/(^|\/)index\.html$/, '$1')}`;
  let nginx: RunningNginx;
  let own: Awaited<ReturnType<typeof serveSite>>;
  let ownOrigin: string;

  beforeAll(async () => {
    nginx = await startNginx(dist, { base, headers, brotliModule });
    own = await serveSite(0, '127.0.0.1', dist);
    ownOrigin = new URL(own.address).origin;
  }, 60_000);
  afterAll(async () => {
    own.server.closeAllConnections();
    own.server.close();
    await nginx.stop();
  });

  test('there is a whole site to serve', () => {
    expect(pages.length).toBeGreaterThan(20);
    expect(files.length).toBeGreaterThan(100);
  });

  test('every page answers with the headers of _headers, compressed', { timeout: 60_000 }, async () => {
    const found = await problems(pages, async (page) => {
      const answer = await nginx.ask(pathOf(page), { 'Accept-Encoding': 'gzip, br' });
      const wrong = Object.entries(headers).filter(
        ([name, value]) => answer.headers[name.toLowerCase()] !== value,
      );
      const encoding = brotliModule === null ? 'gzip' : 'br';
      const right =
        answer.status === 200 &&
        wrong.length === 0 &&
        answer.headers['content-type'] === 'text/html; charset=utf-8' &&
        answer.headers['cache-control'] === 'no-cache' &&
        answer.headers['content-encoding'] === encoding &&
        answer.headers['vary'] === 'Accept-Encoding' &&
        decoded(answer).equals(readFileSync(join(dist, page)));
      return right ? null : `${pathOf(page)}: ${JSON.stringify({ ...summary(answer), wrong })}`;
    });
    expect(found).toEqual([]);
  });

  test('every file answers as the site answers by itself', { timeout: 120_000 }, async () => {
    const accept = { 'Accept-Encoding': brotliModule === null ? 'gzip' : 'gzip, br' };
    const found = await problems(files, async (file) => {
      const [here, there] = await Promise.all([
        nginx.ask(pathOf(file), accept),
        ask(ownOrigin, pathOf(file), accept),
      ]);
      const same = JSON.stringify(summary(here)) === JSON.stringify(summary(there));
      const type = mediaType(here);
      if (type === 'application/octet-stream' && !/^\.(pf_\w+|pagefind)$/.test(extname(file))) {
        return `${file}: nginx knows no type for it (deploy/nginx/configuration.ts)`;
      }
      return same && decoded(here).equals(decoded(there))
        ? null
        : `${file}: nginx ${JSON.stringify(summary(here))}, own ${JSON.stringify(summary(there))}`;
    });
    expect(found).toEqual([]);
  });

  test('whoever reads no brotli gets gzip, and whoever reads neither the text', async () => {
    const plain = readFileSync(join(dist, 'index.html'));
    for (const [accepted, encoding] of [
      ['gzip', 'gzip'],
      ['identity', undefined],
      ['br', brotliModule === null ? undefined : 'br'],
    ] as const) {
      const answer = await nginx.ask(base, { 'Accept-Encoding': accepted });
      expect([accepted, answer.headers['content-encoding']]).toEqual([accepted, encoding]);
      expect(decoded(answer).equals(plain)).toBe(true);
    }
  });

  test('names with a hash are kept for a year, and what has not changed is not sent again', async () => {
    const script = files.find((file) => /^_astro\/.*\.js$/.test(file)) ?? '';
    const answer = await nginx.ask(`${base}${script}`);
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const page = await nginx.ask(base);
    const again = await nginx.ask(base, { 'If-None-Match': page.headers.etag ?? '' });
    expect(again.status).toBe(304);
    expect(again.body).toHaveLength(0);
  });

  test.each([
    ['sw.js', 'text/javascript; charset=utf-8'],
    ['manifest.webmanifest', 'application/manifest+json'],
    ['offline.json', 'application/json'],
  ])('%s has its type and the policy, and is asked for again each time', async (file, type) => {
    const answer = await nginx.ask(`${base}${file}`);
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': type,
      'cache-control': 'no-cache',
      'content-security-policy': headers['Content-Security-Policy'],
    });
    expect(headers['Content-Security-Policy']).toMatch(/worker-src 'self'; manifest-src 'self'/);
  });

  test.each(['no-such-page/', 'no-such-page', '_astro/', '_astro/gone.js', 'labs/nothing/here/'])(
    '%s is not there: the 404 page, with 404, and not to be kept',
    async (path) => {
      const answer = await nginx.ask(`${base}${path}`);
      expect(answer.status).toBe(404);
      expect(answer.headers['cache-control']).toBe('no-cache');
      expect(answer.headers['content-security-policy']).toBe(headers['Content-Security-Policy']);
      expect(answer.body.equals(readFileSync(join(dist, '404.html')))).toBe(true);
    },
  );

  test.each(PRIVATE_FILES.flatMap((file) => [file, `${file}.br`, `${file}.gz`]))(
    '%s is not part of the site',
    async (file) => {
      expect((await nginx.ask(`${base}${file}`)).status).toBe(404);
      expect((await ask(ownOrigin, `${base}${file}`)).status).toBe(404);
    },
  );

  test.each([
    '../../../../etc/passwd',
    '..%2f..%2f..%2fetc/passwd',
    '%2e%2e/%2e%2e/etc/passwd',
    '_astro/../..//etc/passwd',
  ])('%s leads nowhere', async (path) => {
    const answer = await nginx.ask(`${base}${path}`);
    expect([400, 404]).toContain(answer.status);
    expect(answer.body.toString()).not.toContain('root:');
  });

  test('a page without its slash is sent on, with a path and no host in the address', async () => {
    const labs = await nginx.ask(`${base}labs`);
    expect([labs.status, labs.headers.location]).toEqual([301, `${base}labs/`]);
    const asked = await nginx.ask(`${base}calculators/kubenet-plan?nodes=7`);
    expect([asked.status, asked.headers.location]).toEqual([301, `${base}calculators/kubenet-plan/?nodes=7`]);
  });

  if (base !== '/') {
    test('the way to the base path is shown, and nothing else is outside it', async () => {
      const atRoot = await nginx.ask('/');
      expect([atRoot.status, atRoot.headers.location]).toEqual([302, base]);
      const bare = await nginx.ask(`${base.slice(0, -1)}?a=1`);
      expect([bare.status, bare.headers.location]).toEqual([301, `${base}?a=1`]);
      for (const outside of ['/labs/', '/index.html', '/any/', '/_headers', '/favicon.svg']) {
        expect([outside, (await nginx.ask(outside)).status]).toEqual([outside, 404]);
      }
    });
  }

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'PROPFIND'])(
    '%s is refused',
    async (method) => {
      const answer = await nginx.ask(base, {}, method);
      expect(answer.status).toBe(405);
      // nginx itself refuses TRACE before it reads the configuration of the server.
      if (method !== 'TRACE') expect(answer.headers.allow).toBe('GET, HEAD');
    },
  );

  test('HEAD is GET without the body', async () => {
    const [head, get] = [await nginx.ask(base, {}, 'HEAD'), await nginx.ask(base)];
    expect(head.status).toBe(200);
    expect(head.body).toHaveLength(0);
    expect(head.headers['content-length']).toBe(String(get.body.length));
  });

  test('says that it is well, and not which nginx it is', async () => {
    const health = await nginx.ask('/healthz');
    expect([health.status, health.body.toString(), mediaType(health)]).toEqual([200, 'ok\n', 'text/plain']);
    for (const path of ['/healthz', base, `${base}nothing`]) {
      const answer = await nginx.ask(path);
      expect(answer.headers.server).toBe('nginx');
      expect(answer.body.toString()).not.toContain('nginx/');
    }
  });

  test('whatever a page or a script refers to is there', { timeout: 60_000 }, () => {
    expect(missingReferences(dist, base)).toEqual([]);
    const texts = new Map(pages.map((page) => [pathOf(page), readFileSync(join(dist, page), 'utf8')]));
    expect(brokenLinks(texts)).toEqual([]);
  });

  test('writes nothing but its pid, and complains of nothing', () => {
    const written = readdirSync(nginx.temp, { recursive: true }).sort();
    expect(written).toEqual(['body', 'fastcgi', 'nginx.pid', 'proxy', 'scgi', 'uwsgi']);
    expect(nginx.log()).toBe('');
    // Elsewhere it could not: see contained() in tests/support/nginx.ts.
    if (required) expect(canBeContained).toBe(true);
  });

  const wrk = spawnSync('wrk', ['--version']).error === undefined;
  (wrk || required ? test : test.skip)(
    `200 connections for ${loadSeconds} s get no error`,
    { timeout: (loadSeconds + 30) * 1000 },
    async () => {
      const target = `${nginx.origin}${base}labs/`;
      const threads = ['-t', '2', '-c', '200', '-d', `${loadSeconds}s`];
      const said = spawnSync('wrk', [...threads, '--latency', '-H', 'Accept-Encoding: gzip, br', target], {
        encoding: 'utf8',
      });
      expect(said.status, said.stderr).toBe(0);
      expect(said.stdout).not.toMatch(/Socket errors|Non-2xx/);
      const [, requests = '0'] = /^\s*(\d+) requests in/m.exec(said.stdout) ?? [];
      expect(Number(requests), said.stdout).toBeGreaterThan(loadSeconds * 200);
      if (process.env['LOAD_REPORT'] !== undefined) console.log(said.stdout);
      expect((await nginx.ask('/healthz')).status).toBe(200);
      expect(nginx.log()).toBe('');
    },
  );
});

test.each(nginxVersion === null ? [] : builds.slice(0, 1))(
  'without the brotli module everybody gets gzip',
  { timeout: 60_000 },
  async ({ dist }) => {
    const headers = readHeadersFile(readFileSync(join(dist, '_headers'), 'utf8'));
    const base = readStamp(dist)?.base ?? '/';
    const nginx = await startNginx(dist, { base, headers, brotliModule: null });
    const answer = await nginx.ask(base, { 'Accept-Encoding': 'br, gzip' });
    await nginx.stop();
    expect([answer.status, answer.headers['content-encoding']]).toEqual([200, 'gzip']);
    expect(decoded(answer).equals(readFileSync(join(dist, 'index.html')))).toBe(true);
  },
);
