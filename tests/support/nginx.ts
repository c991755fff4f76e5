/**
 * This machine's nginx, serving a finished build with the configuration of deploy/nginx as a
 * container would run it: as nobody in particular, without a single capability and on a file system
 * of which only the folder for temporary files can be written, where this process may arrange that.
 */
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nginxConfiguration } from '../../deploy/nginx/configuration.ts';
import type { SiteConfiguration } from '../../deploy/nginx/configuration.ts';

const BROTLI = '/usr/lib/nginx/modules/ngx_http_brotli_static_module.so';
const USER = 10001;

export const nginxVersion: string | null = (() => {
  const said = spawnSync('/usr/sbin/nginx', ['-v'], { encoding: 'utf8' });
  return said.error === undefined && said.status === 0 ? said.stderr.trim() : null;
})();
export const brotliModule: string | null = existsSync(BROTLI) ? BROTLI : null;
const isRoot = process.getuid?.() === 0;
/** Whether this process may make a file system of its own, as root in a container often may not. */
export const canBeContained =
  isRoot && spawnSync('unshare', ['--mount', '--propagation', 'private', 'true']).status === 0;

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface RunningNginx {
  /** `http://127.0.0.1:PORT`, without a slash. */
  readonly origin: string;
  readonly temp: string;
  /** What it has written to stderr so far. */
  readonly log: () => string;
  readonly ask: (
    path: string,
    headers?: Readonly<Record<string, string>>,
    method?: string,
  ) => Promise<Answer>;
  readonly stop: () => Promise<void>;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

/** Asks for a path exactly as it is written; `fetch` would resolve dot segments and decode the body. */
export function ask(
  origin: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<Answer> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, method, headers, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(parts),
        }),
      );
      response.on('error', reject);
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** The command that runs nginx as a container does, as far as this process may. */
function contained(config: string, temp: string): readonly [string, readonly string[]] {
  const nginx = ['/usr/sbin/nginx', '-e', 'stderr', '-c', config] as const;
  if (!isRoot) return [nginx[0], nginx.slice(1)];
  const id = String(USER);
  const asUser = ['--reuid', id, '--regid', id, '--clear-groups', '--no-new-privs'];
  const powerless = [...asUser, '--bounding-set', '-all', '--inh-caps', '-all', ...nginx];
  if (!canBeContained) return ['setpriv', powerless];
  const script = [
    'set -e',
    // The folder first, as a mount of its own: it stays writable when everything else turns read-only.
    `mount --bind "${temp}" "${temp}"`,
    `awk '{print $2}' /proc/self/mounts | while read -r place; do`,
    `  [ "$place" = "${temp}" ] || mount -o remount,bind,ro "$place" 2>/dev/null || true; done`,
    `for place in / /tmp "$(dirname "${temp}")"; do`,
    `  if touch "$place/is-still-writable" 2>/dev/null; then echo "$place is still writable" >&2; exit 9; fi; done`,
    `exec setpriv ${powerless.join(' ')}`,
  ].join('\n');
  return ['unshare', ['--mount', '--propagation', 'private', 'sh', '-c', script]];
}

/** Starts nginx on a free port and resolves once it answers. The build is copied, so that its user may read it. */
export async function startNginx(
  dist: string,
  site: Pick<SiteConfiguration, 'base' | 'headers' | 'brotliModule'>,
): Promise<RunningNginx> {
  const folder = mkdtempSync(join(tmpdir(), 'workbook-nginx-'));
  chmodSync(folder, 0o755);
  const temp = join(folder, 'temp');
  mkdirSync(temp);
  if (isRoot) chownSync(temp, USER, USER);
  const copy = join(folder, 'site');
  cpSync(dist, copy, { recursive: true, preserveTimestamps: true });
  const port = await freePort();
  const config = join(folder, 'nginx.conf');
  writeFileSync(
    config,
    nginxConfiguration({ ...site, site: copy, listen: `127.0.0.1:${port}`, temp, accessLog: 'off' }),
  );
  const child = spawn(...contained(config, temp), { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (part: Buffer) => {
    log += part.toString();
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGQUIT');
    await ended;
    rmSync(folder, { recursive: true });
  };
  const origin = `http://127.0.0.1:${port}`;
  for (let attempt = 0; ; attempt += 1) {
    const up = await ask(origin, '/healthz').then(
      () => true,
      () => false,
    );
    if (up) break;
    if (child.exitCode !== null || attempt > 200) {
      await stop();
      throw new Error(`nginx does not answer: ${log}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    origin,
    temp,
    log: () => log,
    ask: (path, headers, method) => ask(origin, path, headers, method),
    stop,
  };
}
