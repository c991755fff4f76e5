import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  WITHOUT_POLICY,
  headersFile,
  inlineScriptSources,
  readHeadersFile,
  securityHeaders,
  securityPolicy,
  withPolicy,
  workersWithoutPolicy,
} from '../../../src/ui/shell/security-policy.ts';

const source = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

describe('inlineScriptSources', () => {
  test.each([
    ['a plain inline script', '<script>let a;</script>', [source('let a;')]],
    ['an inline module', '<script type="module">import "x"</script>', [source('import "x"')]],
    ['an external script needs none', '<script type="module" src="/a.js"></script>', []],
    ['data is no script', '<script type="application/json">{}</script>', []],
    ['the same script twice', '<script>a</script><p></p><script>a</script>', [source('a')]],
    ['line breaks count', '<script>\na\n</script>', [source('\na\n')]],
    ['a data-src attribute is no src', '<script data-src="x">a</script>', [source('a')]],
  ])('%s', (_, html, expected) => {
    expect(inlineScriptSources(html)).toEqual(expected);
  });
});

describe('securityPolicy', () => {
  test('scripts run from the site and by hash only', () => {
    const [script] = securityPolicy(["'sha256-x'"], 'meta').match(/script-src[^;]*/) ?? [];
    expect(script).toBe("script-src 'self' 'wasm-unsafe-eval' 'sha256-x'");
  });

  test('framing is forbidden in the header, where browsers honour it', () => {
    expect(securityPolicy([], 'header')).toContain("frame-ancestors 'none'");
    expect(securityPolicy([], 'meta')).not.toContain('frame-ancestors');
  });
});

describe('withPolicy', () => {
  test('the policy stands before the first script, after the charset', () => {
    const html = withPolicy('<html><head><meta charset="utf-8"/><script>a</script></head></html>');
    expect(html).toMatch(/^<html><head><meta charset="utf-8"\/><meta http-equiv="content-security-policy"/);
    expect(html).toContain(source('a'));
  });

  test('a page without head is a bug', () => {
    expect(() => withPolicy('<p>')).toThrow('no <head>');
  });
});

test('the headers file reads back as written', () => {
  const headers = securityHeaders(["'sha256-a='"]);
  expect(readHeadersFile(headersFile(headers))).toEqual(headers);
});

test.each([
  ['/_astro/site.D6a9EhK7.css', true],
  ['/any/base/_astro/inter.woff2', true],
  ['/_astro/page.B3sWyS9n.js', true],
  ['/_astro/lab-worker-B3daJSW_.js', false],
  ['/sw.js', false],
  ['/pagefind/pagefind-worker.js', false],
  ['/_astro/page.js/', false],
  ['/labs/six-tickets/', false],
  ['/favicon.svg', false],
])('an answer for %s is without a policy: %s', (path, expected) => {
  expect(new RegExp(WITHOUT_POLICY).test(path)).toBe(expected);
});

test('a worker whose script would be answered without a policy is found', () => {
  const starts = (path: string): string => `return new Worker(new URL(\`${path}\`,\`\`+import.meta.url),{})`;
  expect(workersWithoutPolicy(starts('/_astro/lab-worker-B3daJSW_.js'))).toEqual([]);
  expect(workersWithoutPolicy(starts('/_astro/counting.B3daJSW_.js'))).toEqual([
    '/_astro/counting.B3daJSW_.js',
  ]);
  expect(workersWithoutPolicy("new Worker('/sw.js')")).toEqual([]);
});
