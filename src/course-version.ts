/** Which version of the course this is: read once, at build, by astro.config.mjs. Node only. */
import { execFileSync } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Returns the package's version and the commit, as `0.1.0+1a2b3c4`; `.changed` follows if files differ
 * from that commit. Without a repository of its own (an archive, a container) the content stands in
 * for the commit, as `0.1.0+content.1a2b3c4`. No time of building: two builds of one commit are one version.
 */
export function courseVersion(root: string, contentDigest: () => string): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return `${version}+${commitOf(root) ?? `content.${contentDigest().slice(0, 7)}`}`;
}

/** The commit that a folder is a work tree of; null if it is none, even inside somebody else's. */
function commitOf(root: string): string | null {
  try {
    const top = git(root, ['rev-parse', '--show-toplevel']);
    if (realpathSync(top) !== realpathSync(root)) return null;
    return git(root, ['describe', '--always', '--exclude=*', '--abbrev=7', '--dirty=.changed']);
  } catch {
    return null;
  }
}

function git(root: string, args: readonly string[]): string {
  return execFileSync('git', ['-C', root, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}
