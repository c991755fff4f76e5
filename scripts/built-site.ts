/** The built site in `dist/`: building it, and knowing whether it still matches its sources. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip as gzipCallback } from 'node:zlib';
import { course } from '../src/course-config/course.ts';
import { basePath } from '../src/ui/course/base-path.ts';

export const ROOT = join(import.meta.dirname, '..');
export const DIST = join(ROOT, 'dist');

/** What was built, and what from: lives inside the build so that it goes when the build goes. */
const STAMP = 'build.json';
const SOURCES = [
  'content',
  'labs',
  'src',
  'public',
  'scripts',
  'astro.config.mjs',
  'course.config.ts',
  'package-lock.json',
];

interface Stamp {
  readonly sources: string;
  readonly base: string;
}

/** A digest of everything that a build for this base path reads: names and bytes. */
export function sourcesDigest(base = basePath(course.base)): string {
  return digestOf(SOURCES, JSON.stringify([base, course.modules.off]));
}

function digestOf(sources: readonly string[], start = ''): string {
  const hash = createHash('sha256');
  hash.update(start);
  for (const source of sources) {
    const path = join(ROOT, source);
    if (!existsSync(path)) continue;
    const files = statSync(path).isDirectory()
      ? readdirSync(path, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name))
          .sort()
      : [path];
    for (const file of files) {
      const bytes = readFileSync(file);
      hash.update(`${file.slice(ROOT.length)}\0${bytes.length}\0`).update(bytes);
    }
  }
  return hash.digest('hex');
}

/**
 * The folder where this code keeps what the commands of transcripts print: it is the same at every
 * base path and after every change of words. What other code has kept is removed.
 */
function transcriptFolder(): string {
  const folder = join(ROOT, '.cache', 'transcripts');
  const current = digestOf(['src', 'package-lock.json']);
  for (const other of existsSync(folder) ? readdirSync(folder) : []) {
    if (other !== current) rmSync(join(folder, other), { recursive: true, force: true });
  }
  mkdirSync(join(folder, current), { recursive: true });
  return join(folder, current);
}

/** What the build was made from; null if there is no complete build. */
export function readStamp(dist = DIST): Stamp | null {
  const stamp = join(dist, STAMP);
  if (!existsSync(stamp)) return null;
  const parsed: unknown = JSON.parse(readFileSync(stamp, 'utf8'));
  if (typeof parsed !== 'object' || parsed === null) return null;
  if (!('sources' in parsed) || typeof parsed.sources !== 'string') return null;
  if (!('base' in parsed) || typeof parsed.base !== 'string') return null;
  return { sources: parsed.sources, base: parsed.base };
}

/** When the build was finished, in milliseconds; null if there is none. */
export function builtTime(dist = DIST): number | null {
  return statSync(join(dist, STAMP), { throwIfNoEntry: false })?.mtimeMs ?? null;
}

/** Builds the site with this Node, printing progress. Resolves with the exit code of `astro build`. */
export async function buildSite(dist = DIST): Promise<number> {
  const sources = sourcesDigest();
  const started = performance.now();
  const exitCode = await new Promise<number>((resolve, reject) => {
    const astro = join(ROOT, 'node_modules/astro/bin/astro.mjs');
    const child = spawn(process.execPath, [astro, 'build', '--outDir', dist], {
      cwd: ROOT,
      stdio: 'inherit',
      env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1', TRANSCRIPT_FOLDER: transcriptFolder() },
    });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
  if (exitCode !== 0) return exitCode;
  const compressed = await compressTexts(dist);
  const stamp: Stamp = { sources, base: basePath(course.base) };
  writeFileSync(join(dist, STAMP), `${JSON.stringify(stamp)}\n`);
  console.log(
    `${relative(ROOT, dist)}/ is ready: ${compressed} texts compressed, ${((performance.now() - started) / 1000).toFixed(1)} s.`,
  );
  return 0;
}

const brotli = promisify(brotliCompress);
const gzip = promisify(gzipCallback);

/** Puts `.br` and `.gz` beside every text worth it, for servers that send them; returns how many texts. */
async function compressTexts(dist: string): Promise<number> {
  const files = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(html|js|css|svg|json|txt|xml)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => statSync(file).size >= 1024);
  const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
  // Node compresses in threads of its own, as many at a time as it has.
  await Promise.all(
    files.map(async (file) => {
      const bytes = readFileSync(file);
      const [small, larger] = await Promise.all([brotli(bytes, options), gzip(bytes, { level: 9 })]);
      writeFileSync(`${file}.br`, small);
      writeFileSync(`${file}.gz`, larger);
    }),
  );
  return files.length;
}
