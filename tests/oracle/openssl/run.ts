/** Runs a command line of openssl, for real in a folder of its own and simulated on a map of files. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newCloud } from '../../../src/model/azure/subscription.ts';
import { openssl } from '../../../src/shell/place/openssl.ts';

export interface Said {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number;
}

export type Files = Readonly<Record<string, string>>;

/** Returns the version of the openssl that is installed here, such as `3.0.19`; null without one of 3.0. */
export function findOpenssl(): string | null {
  const asked = spawnSync('openssl', ['version'], { encoding: 'utf8' });
  return asked.status === 0 ? (/^OpenSSL (3\.0\.\d+)/.exec(asked.stdout)?.[1] ?? null) : null;
}

/** Returns the answer of each command line, one after the other in one folder, and the files at the end. */
export function runReal(
  lines: readonly (readonly string[])[],
  files: Files,
): { readonly said: readonly Said[]; readonly files: Files } {
  const folder = mkdtempSync(join(tmpdir(), 'openssl-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const said = lines.map((args): Said => {
      const done = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8', input: '', timeout: 30_000 });
      return { stdout: done.stdout, stderr: plain(done.stderr), exit: done.status ?? -1 };
    });
    const after = readdirSync(folder).map(
      (name) => [name, readFileSync(join(folder, name), 'utf8')] as const,
    );
    return { said, files: Object.fromEntries(after) };
  } finally {
    if (existsSync(folder)) rmSync(folder, { recursive: true });
  }
}

export async function runSimulated(
  lines: readonly (readonly string[])[],
  files: Files,
  at: number,
): Promise<{ readonly said: readonly Said[]; readonly files: Files }> {
  const disk = new Map(Object.entries(files));
  const said: Said[] = [];
  for (const args of lines) {
    const done = await openssl().run({
      args,
      stdin: '',
      env: new Map(),
      cwd: '/home/learner',
      place: { kind: 'workstation' },
      cloud: { ...newCloud({ seed: 'openssl' }), now: at },
      readFile: async (path) => disk.get(path) ?? null,
      writeFile: async (path, text) => {
        disk.set(path, text);
      },
      runIn: () => Promise.reject(new Error('openssl runs nothing elsewhere')),
    });
    said.push({ stdout: done.stdout, stderr: plain(done.stderr), exit: done.exitCode });
  }
  return { said, files: Object.fromEntries(disk) };
}

/**
 * Leaves out what differs between two runs of the same program: lines of the error queue (threads, lines of the source)
 * and the dots of a search for primes.
 */
function plain(stderr: string): string {
  return stderr
    .split('\n')
    .filter((line) => !/^[0-9A-F]{16}:error:/.test(line) && !/^[.+*]{20,}$/.test(line))
    .join('\n');
}
