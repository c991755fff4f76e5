/** A file system whose times are those of the simulation, and whose files keep their mode when they are rewritten. */
import { InMemoryFs } from 'just-bash';

type FileStat = Awaited<ReturnType<InMemoryFs['stat']>>;

/** Files that the programs which write them keep from others: private keys (umask_secret of mitmproxy's certs.py, ssh-keygen). */
const SECRET = /\/(mitmproxy-ca\.(pem|p12)|\.ssh\/id_\w+)$/;
const PROGRAM_MODE = 0o755;
const SECRET_MODE = 0o600;
/** What is dated so near to the real clock was dated by it. */
const REAL_NOW_MILLISECONDS = 5000;

export class DatedFs extends InMemoryFs {
  /** Seconds since the epoch, by path; whatever is not listed is as old as the place. */
  readonly #times = new Map<string, number>();
  #clock: (() => number) | null = null;
  #born = 0;

  /** The simulation's clock, in seconds since the epoch. */
  set clock(clock: () => number) {
    if (this.#clock === null) this.#born = clock();
    this.#clock = clock;
  }

  /** Makes this one, which is empty, hold what another one holds, as old as it is there. */
  protected async fillFrom(other: DatedFs): Promise<void> {
    for (const path of other.getAllPaths()) {
      const { isDirectory, isSymbolicLink, mode } = await other.lstat(path);
      if (isSymbolicLink) await super.symlink(await other.readlink(path), path);
      else if (isDirectory) {
        if (path !== '/') this.mkdirSync(path);
        await super.chmod(path, mode);
      } else this.writeFileSync(path, await other.readFileBuffer(path), undefined, { mode });
    }
    for (const [path, time] of other.#times) this.#times.set(path, time);
    this.#clock = other.#clock;
    this.#born = other.#born;
  }

  override async writeFile(...args: Parameters<InMemoryFs['writeFile']>): Promise<void> {
    const [path] = args;
    const mode = (await this.#modeOf(path)) ?? (SECRET.test(path) ? SECRET_MODE : null);
    await super.writeFile(...args);
    if (mode !== null) await super.chmod(path, mode);
    this.#stamp(path);
  }

  override async appendFile(...args: Parameters<InMemoryFs['appendFile']>): Promise<void> {
    const [path] = args;
    const mode = await this.#modeOf(path);
    await super.appendFile(...args);
    if (mode !== null) await super.chmod(path, mode);
    this.#stamp(path);
  }

  /** Writes a program: a file that may be executed. */
  async writeProgram(path: string, text: string): Promise<void> {
    await this.writeFile(path, text);
    await super.chmod(path, PROGRAM_MODE);
  }

  override async mkdir(...args: Parameters<InMemoryFs['mkdir']>): Promise<void> {
    const isNew = !(await super.exists(args[0]));
    await super.mkdir(...args);
    if (isNew) this.#stamp(args[0]);
  }

  override async cp(...args: Parameters<InMemoryFs['cp']>): Promise<void> {
    await super.cp(...args);
    this.#stamp(args[1]);
  }

  override async mv(...args: Parameters<InMemoryFs['mv']>): Promise<void> {
    const [from, to] = args;
    await super.mv(...args);
    const time = this.#times.get(from);
    this.#times.delete(from);
    if (time !== undefined) this.#times.set(to, time);
  }

  override async rm(...args: Parameters<InMemoryFs['rm']>): Promise<void> {
    await super.rm(...args);
    this.#times.delete(args[0]);
  }

  override async symlink(...args: Parameters<InMemoryFs['symlink']>): Promise<void> {
    await super.symlink(...args);
    this.#stamp(args[1]);
  }

  override async utimes(path: string, atime: Date, mtime: Date): Promise<void> {
    await super.utimes(path, atime, mtime);
    if (Math.abs(mtime.getTime() - Date.now()) < REAL_NOW_MILLISECONDS) this.#stamp(path);
    else this.#times.set(path, mtime.getTime() / 1000);
  }

  override async stat(path: string): Promise<FileStat> {
    return this.#dated(path, await super.stat(path));
  }

  override async lstat(path: string): Promise<FileStat> {
    return this.#dated(path, await super.lstat(path));
  }

  #stamp(path: string): void {
    if (this.#clock !== null) this.#times.set(path, this.#clock());
  }

  #dated(path: string, stat: FileStat): FileStat {
    if (this.#clock === null) return stat;
    return { ...stat, mtime: new Date((this.#times.get(path) ?? this.#born) * 1000) };
  }

  async #modeOf(path: string): Promise<number | null> {
    try {
      return (await super.stat(path)).mode;
    } catch {
      return null;
    }
  }
}
