/** A site that a test can change under a browser: switched to another build, or off. */
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { DIST, readStamp } from '../../../scripts/built-site.ts';
import { serveSite } from '../../../scripts/serve.ts';
import { writeOfflineCopy } from '../../../src/ui/offline/offline-copy.ts';

/** The addresses of the pages that a site has, or every page of the build. */
export type Pages = 'all' | readonly string[];

/** The folder of scripts, styles and fonts in a build. */
const ASSETS = '_astro/';

export class ChangingSite {
  readonly origin: string;
  /** The build that is served first, and that others are made from. */
  readonly #first: string;
  readonly #folder: string;
  readonly #server: Server;

  private constructor(first: string, folder: string, server: Server, origin: string) {
    this.#first = first;
    this.#folder = folder;
    this.#server = server;
    this.origin = origin;
  }

  /** Serves the build, with these pages of it. */
  static async open(pages: Pages): Promise<ChangingSite> {
    const folder = mkdtempSync(join(tmpdir(), 'changing-site-'));
    const first = pages === 'all' ? DIST : withPages(join(folder, 'first'), pages);
    symlinkSync(first, join(folder, 'now'));
    const { server, address } = await serveSite(0, 'localhost', join(folder, 'now'));
    return new ChangingSite(first, folder, server, new URL(address).origin);
  }

  /** A copy of the first build with other words in some files and `without` others; offline list and all its own. */
  build(
    name: string,
    words: Readonly<Record<string, readonly [from: string, to: string]>>,
    without: readonly string[] = [],
  ): string {
    const copy = join(this.#folder, name);
    cpSync(this.#first, copy, { recursive: true });
    for (const [file, [from, to]] of Object.entries(words)) {
      const text = readFileSync(join(copy, file), 'utf8');
      if (!text.includes(from)) throw new Error(`${file} does not say "${from}".`);
      this.#write(copy, file, text.replaceAll(from, to));
    }
    for (const file of without) remove(copy, file, ['', '.br', '.gz']);
    renewOfflineCopy(copy);
    return copy;
  }

  /** Puts another text into a file of a build, after its list was written. */
  replace(build: string, file: string, text: string): void {
    this.#write(build, file, text);
  }

  /** Spoils a file of a build after its list was written, as a deployment that stopped half-way would. */
  spoil(build: string, file: string): void {
    this.replace(build, file, readFileSync(join(build, file), 'utf8') + '\n');
  }

  #write(build: string, file: string, text: string): void {
    writeFileSync(join(build, file), text);
    remove(build, file, ['.br', '.gz']);
  }

  /** From now on the server has this build. */
  switchTo(build: string): void {
    unlinkSync(join(this.#folder, 'now'));
    symlinkSync(build, join(this.#folder, 'now'));
  }

  /** The server is gone, and with it every connection. */
  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  async close(): Promise<void> {
    if (this.#server.listening) await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function remove(build: string, file: string, endings: readonly string[]): void {
  for (const ending of endings) rmSync(join(build, file + ending), { force: true });
}

/** A copy of the build that has of its pages only these, with what they name, and what belongs to the whole site. */
function withPages(copy: string, pages: readonly string[]): string {
  const kept = [...pages.map((address) => `${address.slice(1)}index.html`), '404.html'];
  const ofTheSite = [...filesIn('.'), ...filesIn('icons')].filter((file) => !file.endsWith('.html'));
  for (const file of new Set([...kept, ...assetsOf(kept), ...ofTheSite])) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    for (const ending of ['', '.br', '.gz']) {
      if (existsSync(join(DIST, file + ending)))
        copyFileSync(join(DIST, file + ending), join(copy, file + ending));
    }
  }
  renewOfflineCopy(copy);
  return copy;
}

/** The files that lie directly in a folder of the build, each once, packed or not. */
function filesIn(folder: string): readonly string[] {
  return readdirSync(join(DIST, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(br|gz)$/.test(entry.name))
    .map(({ name }) => posix.join(folder, name));
}

/** The scripts, styles and fonts whose names are anywhere in these files, or in one that is. */
function assetsOf(files: readonly string[]): ReadonlySet<string> {
  const there = new Set(readdirSync(join(DIST, ASSETS)));
  const needed = new Set<string>();
  const open = [...files];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (!/\.(html|js|css)$/.test(file)) continue;
    for (const [name] of readFileSync(join(DIST, file), 'utf8').matchAll(/[\w.-]+\.(js|css|woff2)\b/g)) {
      if (!there.has(name) || needed.has(ASSETS + name)) continue;
      needed.add(ASSETS + name);
      open.push(ASSETS + name);
    }
  }
  return needed;
}

/** Writes the list of what is kept for offline use anew, as a build does. */
function renewOfflineCopy(copy: string): void {
  writeOfflineCopy(copy, readStamp(copy)?.base ?? '/');
  for (const file of ['sw.js', 'offline.json']) remove(copy, file, ['.br', '.gz']);
  writeFileSync(join(copy, 'build.json'), readFileSync(join(DIST, 'build.json')));
}

/** A script of the build whose name begins so. */
export function scriptOf(name: string): string {
  const found = readdirSync(join(DIST, ASSETS)).find((file) => file.startsWith(name) && file.endsWith('.js'));
  if (found === undefined) throw new Error(`The build has no script ${name}.`);
  return ASSETS + found;
}
