/** Real programs of this machine, asked in a network namespace of their own, so that nothing leaves it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A program whose answers are recorded, and how what it says of its version has to begin. */
export interface Recorded {
  readonly program: string;
  readonly version: string;
}

/** Returns why programs cannot be asked here; null if they can. `others` may have any version. */
export function whyNoOwnNetwork(
  recorded: readonly Recorded[],
  others: readonly string[] = [],
): string | null {
  if (process.platform !== 'linux') return 'needs Linux';
  if (process.getuid?.() !== 0) return 'needs root';
  for (const program of [...recorded.map((each) => each.program), ...others, 'unshare', 'ip']) {
    if (spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0) return `needs ${program}`;
  }
  for (const { program, version } of recorded) {
    const said = spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout;
    if (!said.startsWith(version)) return `needs ${version.trim()}, not ${said.split('\n')[0] ?? ''}`;
  }
  if (spawnSync('unshare', ['--net', '--mount', 'true']).status !== 0) return 'may not make namespaces';
  return null;
}

export interface OwnNetwork {
  /** Addresses of its only interface. */
  readonly addresses: readonly string[];
  /** Names besides localhost, which are the only ones that there are. */
  readonly hosts: readonly { readonly name: string; readonly address: string }[];
  /** Files of the machine that have another content there. */
  readonly files?: Readonly<Record<string, string>>;
  /** The script that asks, and its arguments. It prints JSON. */
  readonly script: readonly string[];
}

/** Runs the script in the network and returns what it printed. Throws if it fails. */
export function askInOwnNetwork({ addresses, hosts, files = {}, script }: OwnNetwork): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'own-network-'));
  const names = [{ name: 'localhost', address: '127.0.0.1' }, ...hosts];
  const contents = Object.entries({
    '/etc/hosts': names.map(({ name, address }) => `${address} ${name}\n`).join(''),
    // Without it a name that is none is one that nobody could be asked about.
    '/etc/nsswitch.conf': 'hosts: files\n',
    ...files,
  });
  try {
    const mounts = contents.map(([path, text], at) => {
      const file = join(folder, String(at));
      writeFileSync(file, text);
      return `mount --bind ${file} ${path}`;
    });
    const commands = [
      'set -e',
      'ip link set lo up',
      ...addresses.map((each) => `ip addr add ${each}/32 dev lo`),
      ...mounts,
      `exec ${[process.execPath, ...script].join(' ')}`,
    ].join('\n');
    const ran = spawnSync('unshare', ['--net', '--mount', 'sh', '-c', commands], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    if (ran.status !== 0) throw new Error(`the world does not start: ${ran.stderr}`);
    return JSON.parse(ran.stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
