/**
 * The nginx configuration for a finished build: pure text work. What it must say about headers and
 * paths comes from the build itself, so that neither is written down twice.
 */
import { WITHOUT_POLICY } from '../../src/ui/shell/security-policy.ts';

export interface SiteConfiguration {
  /** The path the site was built for, with a leading and a trailing slash. */
  readonly base: string;
  /** What every response carries: the content of the build's `_headers`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Folder of the finished build, as nginx will see it. */
  readonly site: string;
  /** What nginx's `listen` takes: a port, or address and port. */
  readonly listen: string;
  /** The only folder that nginx writes to. */
  readonly temp: string;
  /** File of the module that sends `.br`; null sends `.gz` only. */
  readonly brotliModule: string | null;
  /** Where requests are logged: a file, or `off`. */
  readonly accessLog: string;
}

/** Names of the build that are not part of the site, below its base path. */
export const PRIVATE_FILES = ['_headers', 'build.json', 'staticwebapp.config.json'] as const;

/** Types of what the build contains; anything else is `application/octet-stream`. */
export const MEDIA_TYPES: Readonly<Record<string, readonly string[]>> = {
  'text/html': ['html'],
  'text/css': ['css'],
  'text/javascript': ['js', 'mjs'],
  'text/plain': ['txt', 'sh'],
  'text/csv': ['csv'],
  'text/xml': ['xml'],
  'text/yaml': ['yaml', 'yml'],
  'application/json': ['json'],
  'application/manifest+json': ['webmanifest'],
  'application/wasm': ['wasm'],
  'font/woff2': ['woff2'],
  'image/svg+xml': ['svg'],
  'image/png': ['png'],
  'image/x-icon': ['ico'],
  'image/webp': ['webp'],
};

/** nginx reads a parameter into a buffer of 4,096 bytes. */
const LONGEST_PARAMETER = 4000;

/** A string of nginx. Throws on what nginx cannot take literally: it has no escape for `$`. */
function quoted(text: string): string {
  if (/["\\$\r\n]/.test(text)) throw new Error(`nginx cannot hold ${JSON.stringify(text)} as it is.`);
  if (text.length > LONGEST_PARAMETER) {
    throw new Error(
      `A value of ${text.length} bytes is longer than nginx reads (${LONGEST_PARAMETER}): ${text.slice(0, 60)}…`,
    );
  }
  return `"${text}"`;
}

const escaped = (text: string): string => text.replaceAll(/[.+*?^$()[\]{}|\\]/g, '\\$&');

/** Returns the whole configuration. Throws on paths and headers that nginx cannot hold. */
export function nginxConfiguration(options: SiteConfiguration): string {
  const { base, headers, listen, brotliModule, accessLog } = options;
  if (!/^[\d.:[\]a-z]+$/.test(listen)) throw new Error(`"${listen}" is no port or address for nginx.`);
  const site = options.site.replace(/\/+$/, '');
  const temp = options.temp.replace(/\/+$/, '');
  const policy = headers['Content-Security-Policy'];
  if (policy === undefined) throw new Error('The headers of the build have no Content-Security-Policy.');
  const others = Object.entries(headers).filter(([name]) => name !== 'Content-Security-Policy');
  const atBase = base === '/' ? '' : base.slice(0, -1);
  return `# Written by deploy/nginx/write.ts from a finished build. The policy has the hashes of this build's
# scripts: after another build, write it again.
daemon off;
worker_processes 2;
pid ${quoted(`${temp}/nginx.pid`)};
lock_file ${quoted(`${temp}/nginx.lock`)};
# What visitors ask for in vain is no error of the server's.
error_log stderr crit;
${brotliModule === null ? '' : `load_module ${quoted(brotliModule)};\n`}
events {
  worker_connections 2048;
}

http {
  types {
${Object.entries(MEDIA_TYPES)
  .map(([type, endings]) => `    ${type} ${endings.join(' ')};`)
  .join('\n')}
  }
  default_type application/octet-stream;
  charset utf-8;
  charset_types text/css text/javascript text/plain text/csv text/xml text/yaml;

  # Nothing but these is written, and only while it serves.
  client_body_temp_path ${quoted(`${temp}/body`)};
  proxy_temp_path ${quoted(`${temp}/proxy`)};
  fastcgi_temp_path ${quoted(`${temp}/fastcgi`)};
  uwsgi_temp_path ${quoted(`${temp}/uwsgi`)};
  scgi_temp_path ${quoted(`${temp}/scgi`)};
  access_log ${accessLog === 'off' ? 'off' : quoted(accessLog)};

  server_tokens off;
  sendfile on;
  tcp_nopush on;
  client_max_body_size 1k;
  client_header_timeout 10s;
  client_body_timeout 10s;
  send_timeout 30s;
  reset_timedout_connection on;

  # The build has compressed every text; nginx compresses nothing while it serves.
  gzip off;
  gzip_static on;
  gzip_vary on;
${brotliModule === null ? '' : '  brotli_static on;\n'}
  # Names under _astro/ change with their content. Everything else is asked for again each time.
  map $uri $caching {
    default no-cache;
    "~^${escaped(atBase)}/_astro/" "public, max-age=31536000, immutable";
  }
  # A policy governs documents and workers; on styles, fonts and the scripts of pages it is a kilobyte for nothing.
  map $uri $policy {
    default ${quoted(policy)};
    "~${WITHOUT_POLICY}" "";
  }
  map $status $allowed_methods {
    default "";
    405 "GET, HEAD";
  }

  server {
    listen ${listen} default_server;
    server_name _;
    # The address that people see is that of a proxy or load balancer in front: redirects name a path only.
    absolute_redirect off;

    add_header Content-Security-Policy $policy always;
${others.map(([name, value]) => `    add_header ${name} ${quoted(value)} always;`).join('\n')}
    add_header Cache-Control $caching always;
    add_header Allow $allowed_methods always;

    if ($request_method !~ "^(GET|HEAD)$") {
      return 405;
    }
    # A folder without a page is as missing as any other address.
    error_page 403 404 =404 ${quoted(`${atBase}/404.html`)};

    location = /healthz {
      access_log off;
      default_type text/plain;
      return 200 "ok\\n";
    }
${PRIVATE_FILES.flatMap((file) => ['', '.br', '.gz'].map((ending) => `${atBase}/${file}${ending}`))
  .map((path) => `    location = ${path} { return 404; }`)
  .join('\n')}
${
  atBase === ''
    ? ''
    : `    location = / { return 302 ${quoted(base)}; }
    location = ${atBase} { return 301 ${base}$is_args$args; }
    location / { return 404; }
`
}    location ${base} {
      alias ${quoted(`${site}/`)};
      index index.html;
    }
  }
}
`;
}
