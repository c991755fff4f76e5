/** A site that a test can change under a browser: switched to another build, or off. */
import {
  cpSync,
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
import { join } from 'node:path';
import { DIST, readStamp } from '../../../scripts/built-site.ts';
import { serveSite } from '../../../scripts/serve.ts';
import { writeOfflineCopy } from '../../../src/ui/offline/offline-copy.ts';

export class ChangingSite {
  readonly origin: string;
  readonly #folder: string;
  readonly #server: Server;

  private constructor(folder: string, server: Server, origin: string) {
    this.#folder = folder;
    this.#server = server;
    this.origin = origin;
  }

  /** Serves the build as it is. */
  static async open(): Promise<ChangingSite> {
    const folder = mkdtempSync(join(tmpdir(), 'changing-site-'));
    symlinkSync(DIST, join(folder, 'now'));
    const { server, address } = await serveSite(0, 'localhost', join(folder, 'now'));
    return new ChangingSite(folder, server, new URL(address).origin);
  }

  /** A copy of the build with other words in some files and `without` others; offline list and all its own. */
  build(
    name: string,
    words: Readonly<Record<string, readonly [from: string, to: string]>>,
    without: readonly string[] = [],
  ): string {
    const copy = join(this.#folder, name);
    cpSync(DIST, copy, { recursive: true });
    for (const [file, [from, to]] of Object.entries(words)) {
      const text = readFileSync(join(copy, file), 'utf8');
      if (!text.includes(from)) throw new Error(`${file} does not say "${from}".`);
      this.#write(copy, file, text.replaceAll(from, to));
    }
    for (const file of without) this.#remove(copy, file, ['', '.br', '.gz']);
    writeOfflineCopy(copy, readStamp(copy)?.base ?? '/');
    this.#remove(copy, 'sw.js', ['.br', '.gz']);
    writeFileSync(join(copy, 'build.json'), readFileSync(join(DIST, 'build.json')));
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
    this.#remove(build, file, ['.br', '.gz']);
  }

  #remove(build: string, file: string, endings: readonly string[]): void {
    for (const ending of endings) rmSync(join(build, file + ending), { force: true });
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

/** A script of the build whose name begins so. */
export function scriptOf(name: string): string {
  const found = readdirSync(join(DIST, '_astro')).find(
    (file) => file.startsWith(name) && file.endsWith('.js'),
  );
  if (found === undefined) throw new Error(`The build has no script ${name}.`);
  return `_astro/${found}`;
}
