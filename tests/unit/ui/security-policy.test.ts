import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  headersFile,
  inlineScriptSources,
  readHeadersFile,
  securityHeaders,
  securityPolicy,
  withPolicy,
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
