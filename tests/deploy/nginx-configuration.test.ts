import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { nginxConfiguration } from '../../deploy/nginx/configuration.ts';
import type { SiteConfiguration } from '../../deploy/nginx/configuration.ts';
import { missingReferences } from './references.ts';

const SITE: SiteConfiguration = {
  base: '/',
  headers: { 'Content-Security-Policy': "default-src 'none'", 'Referrer-Policy': 'no-referrer' },
  site: '/srv/workbook/',
  listen: '8080',
  temp: '/tmp',
  brotliModule: null,
  accessLog: 'off',
};

describe('nginxConfiguration', () => {
  test('says the headers of the build and no others of its own about security', () => {
    const text = nginxConfiguration(SITE);
    expect(text).toContain(`default "default-src 'none'";`);
    expect(text.match(/add_header [\w-]+/g)).toEqual([
      'add_header Content-Security-Policy',
      'add_header Referrer-Policy',
      'add_header Cache-Control',
      'add_header Allow',
    ]);
  });

  test('loads the brotli module only where there is one', () => {
    expect(nginxConfiguration(SITE)).not.toContain('brotli');
    const text = nginxConfiguration({ ...SITE, brotliModule: '/m.so' });
    expect(text).toContain('load_module "/m.so";');
    expect(text).toContain('brotli_static on;');
  });

  test('a dot of the base path is a dot in its pattern', () => {
    expect(nginxConfiguration({ ...SITE, base: '/v1.2/' })).toContain(String.raw`"~^/v1\.2/_astro/"`);
  });

  test.each([
    ['a variable in a header', { headers: { 'Content-Security-Policy': 'a $b' } }, 'cannot hold'],
    ['a quote in a header', { headers: { 'Content-Security-Policy': 'a "b"' } }, 'cannot hold'],
    ['a line break in a path', { site: '/srv/a\nb' }, 'cannot hold'],
    [
      'a header longer than it reads',
      { headers: { 'Content-Security-Policy': 'x'.repeat(4001) } },
      '4001 bytes',
    ],
    ['headers without a policy', { headers: {} }, 'no Content-Security-Policy'],
    ['a directive in the port', { listen: '80; root /' }, 'no port or address'],
  ] as const)('refuses %s', (_, change, message) => {
    expect(() => nginxConfiguration({ ...SITE, ...change })).toThrow(message);
  });
});

describe('missingReferences', () => {
  const folder = mkdtempSync(join(tmpdir(), 'references-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test('finds what leads nowhere, and what leads out of the base path', () => {
    mkdirSync(join(folder, 'a'));
    writeFileSync(
      join(folder, 'index.html'),
      '<a href="/b/a/">a</a> <a href="/b/gone/">b</a> <a href="/a/">c</a> <a href="https://x.org/y">d</a> <a href="#e">e</a>',
    );
    writeFileSync(join(folder, 'a', 'index.html'), '<script src="../s.js"></script><img src="no.svg">');
    writeFileSync(join(folder, 's.js'), 'import"./t.js";const f=()=>import(`/_astro/u.js`)');
    expect([...missingReferences(folder, '/b/')].sort()).toEqual([
      'a/index.html: no.svg is not there',
      'index.html: /a/ is not below /b/',
      'index.html: /b/gone/ is not there',
      's.js: ./t.js is not there',
      's.js: /_astro/u.js is not below /b/',
    ]);
  });

  test('does not call an empty build whole', () => {
    writeFileSync(join(folder, 'index.html'), 'no link');
    writeFileSync(join(folder, 'a', 'index.html'), 'no link');
    writeFileSync(join(folder, 's.js'), '1');
    expect(() => missingReferences(folder, '/b/')).toThrow('Only 0 references');
  });
});
