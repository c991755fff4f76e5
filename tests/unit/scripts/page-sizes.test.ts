import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { compareBudgets } from '../../../scripts/page-budgets.ts';
import { pageSizes, totalBytes } from '../../../scripts/page-sizes.ts';
import type { PageSize } from '../../../scripts/page-sizes.ts';

let dist = '';

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dist, name)), { recursive: true });
    writeFileSync(join(dist, name), text);
  }
}

beforeEach(() => {
  dist = mkdtempSync(join(tmpdir(), 'workbook-page-sizes-'));
  write({ 'build.json': '{"sources":"","base":"/any/base/"}' });
});

afterEach(() => rmSync(dist, { recursive: true, force: true }));

test('a page counts its styles, fonts, starting scripts and all that these import, each once', () => {
  write({
    'index.html': [
      '<link rel="stylesheet" href="/any/base/_astro/a.css"><link rel="manifest" href="/any/base/m.json">',
      '<script type="module" src="/any/base/_astro/start.js"></script>',
      '<script type="module">import"/any/base/_astro/inline.js";</script>',
      '<astro-island component-url="/any/base/_astro/Now.js" renderer-url="/any/base/_astro/client.js" client="load">',
      '<astro-island component-url="/any/base/_astro/Later.js" renderer-url="/any/base/_astro/client.js" client="visible">',
    ].join(''),
    '_astro/a.css': [
      '@font-face{src:url(/any/base/_astro/f.woff2);unicode-range:U+20-7E,U+A0}',
      '@font-face{src:url(/any/base/_astro/rare.woff2);unicode-range:U+A1-FF}',
    ]
      .join('')
      .padEnd(200),
    '_astro/f.woff2': 'x'.repeat(1000),
    '_astro/start.js': 'import{a as b}from"./shared.js";import("./asked-later.js");',
    '_astro/inline.js': 'import*as n from"./shared.js";export*from"./deep.js";',
    '_astro/Now.js': 'import"./shared.js";',
    '_astro/client.js': '//',
    '_astro/shared.js': 'import{c}from"./start.js";',
    '_astro/deep.js': 'export{x}from"./deeper.js";',
    '_astro/deeper.js': '"import from nothing.js"',
    '_astro/Later.js': 'x'.repeat(10_000),
    '_astro/asked-later.js': 'x'.repeat(10_000),
  });
  const [page] = pageSizes(dist);
  expect(page?.address).toBe('/');
  expect(page?.files.map((file) => file.replace('_astro/', '')).sort()).toEqual([
    'Now.js',
    'a.css',
    'client.js',
    'deep.js',
    'deeper.js',
    'f.woff2',
    'inline.js',
    'shared.js',
    'start.js',
  ]);
  expect(page?.bytes).toMatchObject({ style: 200, font: 1000 });
});

test('what is sent compressed counts as it is sent', () => {
  write({ 'labs/index.html': 'x'.repeat(500), 'labs/index.html.br': 'x'.repeat(50) });
  const [page] = pageSizes(dist);
  expect([page?.address, page?.bytes.html]).toEqual(['/labs/', 50]);
});

test('a script that is not there is no small script', () => {
  write({ 'index.html': '<script src="/any/base/_astro/gone.js"></script>' });
  expect(() => pageSizes(dist)).toThrow('gone.js');
});

function pageOf(address: string, kilobytes: number): PageSize {
  return { address, files: [], bytes: { html: kilobytes * 1000, style: 0, script: 0, font: 0 } };
}

test('a page may be up to 5 kB over its budget, and no more', () => {
  const findings = compareBudgets(
    [pageOf('/a/', 105), pageOf('/b/', 105.1)],
    { '/a/': 100, '/b/': 100 },
    'whole',
  );
  expect(findings.kept).toBe(1);
  expect(findings.broken).toEqual([expect.stringContaining('/b/ is 5.1 kB over its 100 kB: html 105.1 kB')]);
});

test('a page without a budget fails; a budget too wide, or without a page, is remarked upon', () => {
  const { broken, loose } = compareBudgets(
    [pageOf('/new/', 1), pageOf('/small/', 94)],
    { '/small/': 100, '/gone/': 9 },
    'whole',
  );
  expect(broken).toEqual([expect.stringContaining('/new/ has no budget')]);
  expect(loose).toEqual([
    expect.stringContaining('/small/ is 6.0 kB below its 100 kB'),
    expect.stringContaining('/gone/ has a budget and is not built'),
  ]);
  expect(compareBudgets([], { '/gone/': 9 }, 'in-part').loose).toEqual([]);
  expect(totalBytes(pageOf('/', 2))).toBe(2000);
});
