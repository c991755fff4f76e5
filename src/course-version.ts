/**
 * Which version of the course this is: the package's, the commit's, and when it was built. For the
 * build only (Node); pages get it as text. A copy without its history is known by its content.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface CourseVersion {
  /** Of package.json, such as `0.1.0`. */
  readonly package: string;
  /** `3831d16`; with a `+` where files differ from that commit; `content-1a2b3c4` without a history. */
  readonly source: string;
  /** When it was built, ISO 8601 to the minute in UTC. */
  readonly built: string;
}

/** Folders that decide what a learner sees and how it is graded. */
const CONTENT = ['content', 'labs', 'src'];

let known: CourseVersion | null = null;

/** The version of the course in the folder where the build runs; the same throughout one build. */
export function courseVersion(): CourseVersion {
  known ??= versionOf(process.cwd(), new Date());
  return known;
}

export function versionOf(root: string, now: Date): CourseVersion {
  return {
    package: packageVersion(root),
    source: commitOf(root) ?? `content-${contentDigest(root)}`,
    built: `${now.toISOString().slice(0, 16)}Z`,
  };
}

/** `0.1.0 (3831d16, built 2026-11-23)`: for people, and for exported files. */
export function versionText({ package: version, source, built }: CourseVersion): string {
  return `${version} (${source}, built ${built.slice(0, 10)})`;
}

function packageVersion(root: string): string {
  const parsed: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  if (typeof parsed === 'object' && parsed !== null && 'version' in parsed) {
    if (typeof parsed.version === 'string') return parsed.version;
  }
  throw new Error(`${join(root, 'package.json')}: expected a line like "version": "0.1.0".`);
}

/** Null where there is no history of its own: git would ask the folders above, which are others'. */
function commitOf(root: string): string | null {
  if (!existsSync(join(root, '.git'))) return null;
  const git = (...words: readonly string[]): string =>
    execFileSync('git', words, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    const commit = git('rev-parse', '--short=7', 'HEAD');
    return git('status', '--porcelain', '--untracked-files=no') === '' ? commit : `${commit}+`;
  } catch {
    // No git on this machine, or it refuses a folder of another user.
    return null;
  }
}

function contentDigest(root: string): string {
  const hash = createHash('sha256');
  for (const folder of CONTENT.map((name) => join(root, name)).filter((path) => existsSync(path))) {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    for (const file of files) {
      const bytes = readFileSync(file);
      hash.update(`${file.slice(root.length)}\0${bytes.length}\0`).update(bytes);
    }
  }
  return hash.digest('hex').slice(0, 7);
}
