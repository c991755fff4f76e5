/** The content security policy of the site: pure text work, used by the build and checked by tests. */
import { createHash } from 'node:crypto';

/** Script types a browser runs; anything else (JSON, templates) is data and needs no permission. */
const EXECUTABLE = new Set([
  '',
  'module',
  'text/javascript',
  'application/javascript',
  'importmap',
  'speculationrules',
]);

/** Sources (`'sha256-…'`) of the inline scripts of a page, each once, in order. */
export function inlineScriptSources(html: string): readonly string[] {
  const sources = new Set<string>();
  for (const [, attributes = '', text = ''] of html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/gi)) {
    if (/\ssrc\s*=/.test(attributes)) continue;
    const type = /\stype\s*=\s*["']?([^"'\s>]*)/i.exec(attributes)?.[1] ?? '';
    if (!EXECUTABLE.has(type.toLowerCase())) continue;
    sources.add(`'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  }
  return [...sources];
}

/**
 * The policy for pages with these inline scripts. Styles may stand inline (the terminal and the
 * syntax colours write them), scripts only by hash. `wasm-unsafe-eval` is what the search index's
 * WebAssembly needs; it permits no `eval` of script. `frame-ancestors` works only as a header.
 */
export function securityPolicy(scriptSources: readonly string[], as: 'meta' | 'header'): string {
  return [
    "default-src 'none'",
    ["script-src 'self' 'wasm-unsafe-eval'", ...scriptSources].join(' '),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    ...(as === 'header' ? ["frame-ancestors 'none'"] : []),
  ].join('; ');
}

/** The page with its policy as the first element that can carry one. Throws on a page without `<head>`. */
export function withPolicy(html: string): string {
  const policy = securityPolicy(inlineScriptSources(html), 'meta').replaceAll('"', '&quot;');
  const meta = `<meta http-equiv="content-security-policy" content="${policy}">`;
  const charset = /<head\b[^>]*>(\s*<meta\s+charset[^>]*>)?/i.exec(html);
  if (charset === null) throw new Error('The page has no <head>.');
  const at = charset.index + charset[0].length;
  return `${html.slice(0, at)}${meta}${html.slice(at)}`;
}

/**
 * Paths whose answers carry no policy, as a regular expression for servers: a policy governs documents and
 * workers; on a style, a font or a page's script it is a kilobyte for nothing. The names that the build
 * gives to workers' scripts contain "worker" (`workersWithoutPolicy` finds one that does not).
 */
export const WITHOUT_POLICY = String.raw`\.(css|woff2)$|/_astro/(?!.*worker)[^/]*\.js$`;

/** Paths of workers' scripts that a built script starts and that would be answered without a policy. */
export function workersWithoutPolicy(script: string): readonly string[] {
  const exempt = new RegExp(WITHOUT_POLICY);
  return [...script.matchAll(/new (?:Shared)?Worker\(\s*new URL\(\s*[`'"]([^`'"]*)/g)]
    .map(([, path = '']) => path)
    .filter((path) => exempt.test(path));
}

/** Headers every response of the site carries, but for the policy on `WITHOUT_POLICY`. */
export function securityHeaders(scriptSources: readonly string[]): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': securityPolicy(scriptSources, 'header'),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  };
}

/** A `_headers` file as static hosts read it. */
export function headersFile(headers: Readonly<Record<string, string>>): string {
  return ['/*', ...Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`), ''].join('\n');
}

/** Reads `headersFile`'s own output back. */
export function readHeadersFile(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text.split('\n').flatMap((line) => {
      const [, name, value] = /^\s+([\w-]+): (.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );
}
