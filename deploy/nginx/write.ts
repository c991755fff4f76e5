/**
 * `npm run -s nginx -- [OPTION VALUE ...] > nginx.conf`: the nginx configuration for the build in `dist/`.
 * See deploy/README.md.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DIST, readStamp } from '../../scripts/built-site.ts';
import { readHeadersFile } from '../../src/ui/shell/security-policy.ts';
import { nginxConfiguration } from './configuration.ts';

/** Where Debian's package libnginx-mod-http-brotli-static puts it. */
const DEBIAN_MODULE = '/usr/lib/nginx/modules/ngx_http_brotli_static_module.so';

const USAGE = `Prints the nginx configuration for a finished build.

  --dist FOLDER         the build (default: dist)
  --site FOLDER         where nginx finds it, if elsewhere (default: the build's folder)
  --listen PORT         port, or ADDRESS:PORT (default: 8080)
  --temp FOLDER         the only folder that nginx writes to (default: /tmp)
  --brotli auto|on|off  send .br; auto: if Debian's module is on this machine (default: auto)
  --access-log FILE     log requests, for example to /dev/stdout (default: off)
`;

function fail(message: string): never {
  console.error(`${message}\n\n${USAGE}`);
  process.exit(2);
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        dist: { type: 'string', default: DIST },
        site: { type: 'string' },
        listen: { type: 'string', default: '8080' },
        temp: { type: 'string', default: '/tmp' },
        brotli: { type: 'string', default: 'auto' },
        'access-log': { type: 'string', default: 'off' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

const values = readArguments();
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
const { brotli } = values;
if (brotli !== 'auto' && brotli !== 'on' && brotli !== 'off') {
  fail(`--brotli is "${brotli}"; expected auto, on or off.`);
}
const dist = resolve(values.dist);
const stamp = readStamp(dist);
if (stamp === null) {
  console.error(`There is no finished build in ${dist}: run "npm run build".`);
  process.exit(1);
}
try {
  process.stdout.write(
    nginxConfiguration({
      base: stamp.base,
      headers: readHeadersFile(readFileSync(join(dist, '_headers'), 'utf8')),
      site: resolve(values.site ?? dist),
      listen: values.listen,
      temp: resolve(values.temp),
      brotliModule:
        brotli === 'on' || (brotli === 'auto' && existsSync(DEBIAN_MODULE)) ? DEBIAN_MODULE : null,
      accessLog: values['access-log'],
    }),
  );
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}
