/** The parser of the azure-cli that is installed here, offline (`scripts/parse-with-real-az.py`). */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('../../scripts/parse-with-real-az.py', import.meta.url));

/** Debian's package uses the system's Python; Microsoft's packages bring their own. */
const PYTHONS = ['/usr/bin/python3', '/opt/az/bin/python3', '/usr/lib64/az/bin/python3', 'python3'];

export interface RealAz {
  readonly python: string;
  readonly version: string;
}

export interface RealVerdict {
  readonly words: readonly string[];
  readonly exit: number;
  /** First line of the refusal; null if the line parses. */
  readonly error: string | null;
}

/** Returns null if no Python here has azure-cli. */
export function findRealAz(): RealAz | null {
  for (const python of PYTHONS) {
    const asked = spawnSync(python, ['-c', 'import azure.cli.core as core; print(core.__version__)'], {
      encoding: 'utf8',
    });
    if (asked.status === 0) return { python, version: asked.stdout.trim() };
  }
  return null;
}

/** Asks for each line in one process; lines of which the parser cannot judge are missing. */
export function askRealAz(az: RealAz, lines: readonly (readonly string[])[]): readonly RealVerdict[] {
  const input = lines.map((words) => `${JSON.stringify(words)}\n`).join('');
  const { status, stdout, stderr } = spawnSync(az.python, [SCRIPT], {
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`${az.python} ${SCRIPT} exits with ${status}:\n${stderr}`);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RealVerdict);
}
