/** The chapter's lines for real, in a network namespace of their own, so that nothing leaves it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toPem } from '../../../src/model/certificates/pem.ts';
import { publicRoot } from '../../../src/model/certificates/public-authority.ts';
import { WEB } from '../../unit/shell/place/proxy-world.ts';
import type { CaseSet } from './case-sets.ts';
import { normal, type Said } from './normal.ts';

export interface Witnessed {
  /** What mitmproxy says of itself. */
  readonly mitmproxy: string;
  /** By case. */
  readonly results: Readonly<Record<string, Said>>;
}

const ROOTS = '/etc/ssl/certs/ca-certificates.crt';

/** Returns why the real programs cannot be asked here; null if they can. */
export function whyNoMitmproxy(): string | null {
  if (process.platform !== 'linux') return 'needs Linux';
  if (process.getuid?.() !== 0) return 'needs root';
  for (const program of ['curl', 'mitmdump', 'openssl', 'unshare', 'ip']) {
    if (spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0) return `needs ${program}`;
  }
  const curl = spawnSync('curl', ['--version'], { encoding: 'utf8' }).stdout;
  if (!curl.startsWith('curl 7.88.1 ')) return `needs curl 7.88.1, not ${curl.split('\n')[0] ?? ''}`;
  const proxy = spawnSync('mitmdump', ['--version'], { encoding: 'utf8' }).stdout;
  if (!proxy.startsWith('Mitmproxy: 8.1.1'))
    return `needs mitmproxy 8.1.1, not ${proxy.split('\n')[0] ?? ''}`;
  if (spawnSync('unshare', ['--net', '--mount', 'true']).status !== 0) return 'may not make namespaces';
  return null;
}

export function askReal(set: CaseSet): Witnessed {
  const folder = mkdtempSync(join(tmpdir(), 'mitm-world-'));
  try {
    writeFileSync(join(folder, 'hosts'), `127.0.0.1 localhost\n${WEB.address} ${WEB.name}\n`);
    writeFileSync(join(folder, 'nsswitch.conf'), 'hosts: files\n');
    // mitmproxy and curl trust the machine's roots, and the simulation's own is one of them here.
    writeFileSync(join(folder, 'roots'), readFileSync(ROOTS, 'utf8') + toPem(publicRoot()));
    const script = [
      'set -e',
      'ip link set lo up',
      `ip addr add ${WEB.address}/32 dev lo`,
      `mount --bind ${join(folder, 'hosts')} /etc/hosts`,
      `mount --bind ${join(folder, 'nsswitch.conf')} /etc/nsswitch.conf`,
      `mount --bind ${join(folder, 'roots')} ${ROOTS}`,
      `exec ${process.execPath} ${join(import.meta.dirname, 'inside.ts')} ${set}`,
    ].join('\n');
    const ran = spawnSync('unshare', ['--net', '--mount', 'sh', '-c', script], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    if (ran.status !== 0) throw new Error(`the world does not start: ${ran.stderr}`);
    const said = JSON.parse(ran.stdout) as Witnessed;
    const results = Object.entries(said.results).map(([name, text]) => [name, normal(text)]);
    return { ...said, results: Object.fromEntries(results) as Witnessed['results'] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
