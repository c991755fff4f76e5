/** The world for real: a network namespace of its own, so that nothing leaves it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OTHER, PROXY, WEB } from '../../unit/shell/place/proxy-world.ts';
import { normal, type Ran } from './normal.ts';

export interface Witnessed {
  /** What the programs say of themselves. */
  readonly curl: string;
  readonly wget: string;
  readonly mitmproxy: string;
  readonly results: Readonly<Record<string, Ran>>;
}

/** Returns why the real programs cannot be asked here; null if they can. */
export function whyNoCurl(): string | null {
  if (process.platform !== 'linux') return 'needs Linux';
  if (process.getuid?.() !== 0) return 'needs root';
  for (const program of ['curl', 'wget', 'mitmdump', 'unshare', 'ip']) {
    if (spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0) return `needs ${program}`;
  }
  const version = spawnSync('curl', ['--version'], { encoding: 'utf8' }).stdout;
  if (!version.startsWith('curl 7.88.1 ')) return `needs curl 7.88.1, not ${version.split('\n')[0] ?? ''}`;
  const other = spawnSync('wget', ['--version'], { encoding: 'utf8' }).stdout;
  if (!other.startsWith('GNU Wget 1.21.3 ')) return `needs wget 1.21.3, not ${other.split('\n')[0] ?? ''}`;
  const proxy = spawnSync('mitmdump', ['--version'], { encoding: 'utf8' }).stdout;
  if (!proxy.startsWith('Mitmproxy: 8.1.1'))
    return `needs mitmproxy 8.1.1, not ${proxy.split('\n')[0] ?? ''}`;
  if (spawnSync('unshare', ['--net', '--mount', 'true']).status !== 0) return 'may not make namespaces';
  return null;
}

export function askReal(): Witnessed {
  const folder = mkdtempSync(join(tmpdir(), 'curl-world-'));
  try {
    writeFileSync(
      join(folder, 'hosts'),
      `127.0.0.1 localhost\n${WEB.address} ${WEB.name}\n${OTHER.address} ${OTHER.name}\n`,
    );
    // Without it a name that is none is one that nobody could be asked about.
    writeFileSync(join(folder, 'nsswitch.conf'), 'hosts: files\n');
    const addresses = [PROXY, WEB.address, OTHER.address];
    const script = [
      'set -e',
      'ip link set lo up',
      ...addresses.map((each) => `ip addr add ${each}/32 dev lo`),
      `mount --bind ${join(folder, 'hosts')} /etc/hosts`,
      `mount --bind ${join(folder, 'nsswitch.conf')} /etc/nsswitch.conf`,
      `exec ${process.execPath} ${join(import.meta.dirname, 'inside.ts')}`,
    ].join('\n');
    const ran = spawnSync('unshare', ['--net', '--mount', 'sh', '-c', script], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    if (ran.status !== 0) throw new Error(`the world does not start: ${ran.stderr}`);
    const said = JSON.parse(ran.stdout) as Witnessed;
    const results = Object.entries(said.results).map(([name, each]) => [name, normal(each)]);
    return { ...said, results: Object.fromEntries(results) as Witnessed['results'] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
