import { describe, expect, test } from 'vitest';
import { securityHeaders } from '../../../src/ui/shell/security-policy.ts';
import { staticWebAppsConfig } from '../../../src/ui/shell/static-web-apps.ts';

interface Config {
  readonly globalHeaders: Readonly<Record<string, string>>;
  readonly routes: readonly {
    readonly route: string;
    readonly statusCode?: number;
    readonly headers?: Readonly<Record<string, string>>;
  }[];
  readonly responseOverrides: Readonly<Record<string, unknown>>;
}

describe('staticWebAppsConfig', () => {
  const headers = securityHeaders(["'sha256-one'", "'sha256-two'"]);
  const config = JSON.parse(staticWebAppsConfig(headers)) as Config;

  test('every answer has the headers of the build, and is asked for again', () => {
    expect(config.globalHeaders).toEqual({ ...headers, 'Cache-Control': 'no-cache' });
    expect(config.globalHeaders['Content-Security-Policy']).toContain("'sha256-two'");
  });

  test('names with a hash are kept for a year', () => {
    expect(config.routes.filter((route) => route.headers !== undefined)).toEqual([
      { route: '/_astro/*', headers: { 'Cache-Control': 'public, max-age=31536000, immutable' } },
    ]);
  });

  test('what is not part of the site is not there, and what is not there has a page', () => {
    expect(config.routes.filter(({ statusCode }) => statusCode === 404).map(({ route }) => route)).toEqual([
      '/_headers',
      '/build.json',
      '/*.{br,gz}',
    ]);
    expect(config.responseOverrides).toEqual({ 404: { rewrite: '/404.html' } });
  });

  test('refuses to be larger than the service reads', () => {
    const many = Array.from({ length: 400 }, (_, index) => `'sha256-${'x'.repeat(44)}${index}'`);
    expect(() => staticWebAppsConfig(securityHeaders(many))).toThrow('20480');
  });
});
