/** One bash in one place (the workstation, a pod, a node, a VM), with a file system of its own. */
import { Bash } from 'just-bash';
import type { Command, InitialFiles, IFileSystem } from 'just-bash';
import type { Cloud } from '../model/cloud.ts';
import type { CommandContext, CommandResult, Place, SimulatedCommand } from './command.ts';
import { expandInArithmetic } from './arithmetic-expansions.ts';
import { keepBackslashes } from './here-documents.ts';
import { settleAssignments } from './assignment-status.ts';
import { splitCommandWords } from './command-words.ts';
import { readNothing } from './null-stdin.ts';
import { everydayCommands } from './everyday.ts';
import { EXECUTION_LIMITS, explainLimits } from './execution-limits.ts';
import { InteractiveShell, type LineOutcome } from './interactive-line.ts';
import { attributesOf } from './variable-attributes.ts';
import { redirectProcess } from '../model/azure/machine-software.ts';
import { lastProcess, machineCommands } from './machine-commands.ts';
import { followMachine } from './machine-disk.ts';
import { BACKGROUND, followProcesses } from './background-processes.ts';
import { INSTALLED_LATER } from './place/image-tools.ts';
import { liveFiles, providedFiles, type ProvidedFiles } from './place/set-up.ts';
import { bytesOf, decodeUtf8, quoteWord } from './quote.ts';
import { PassingFs, StreamedOutput, type OutputListener } from './streamed-output.ts';
import type { World } from './world.ts';

/** A file that is there from the start with a mode of its own, such as a private key. */
export interface PlacedFile {
  readonly content: string;
  readonly mode: number;
}

/** What a place offers: decided by its image or machine. */
export interface PlaceSetup {
  readonly home: string;
  readonly user: string;
  readonly hostname: string;
  /** What `uname -r` says. */
  readonly kernel: string;
  readonly files: Readonly<Record<string, string | PlacedFile>>;
  /** Files whose text is made when they are first read. */
  readonly lateFiles?: Readonly<Record<string, () => Promise<string>>>;
  readonly env: Readonly<Record<string, string>>;
  /** Bash's own everyday programs that exist here (`ls`, `grep` ...); all of them if `all`. */
  readonly builtins: 'all' | readonly string[];
  readonly commands: readonly LoadedOnUse[];
  /** Whether `PROMPT $ ` shows the directory as bash does, or `/ # ` as busybox ash does. */
  readonly promptStyle: 'bash' | 'ash';
}

/** A simulated program that is imported when it is first run, so that short scripts start fast. */
export interface LoadedOnUse {
  readonly name: string;
  readonly load: () => Promise<SimulatedCommand>;
}

export interface RunOptions {
  readonly stdin?: string;
  readonly signal?: AbortSignal;
  /** Receives a script's output as it comes; the result then holds only what is left. */
  readonly onOutput?: OutputListener;
}

export class PlaceShell {
  readonly place: Place;
  readonly setup: PlaceSetup;
  readonly #bash: Bash;
  readonly #fs: PassingFs;
  readonly #interactive: InteractiveShell;
  readonly #streamed: StreamedOutput;
  readonly #resetAttributes: () => void;
  #trustVersion: string | null = null;
  #entering: Place | null = null;
  #terminal: 'interactive' | 'none' = 'none';

  /** `disk`: of a machine that somebody else is logged in to; a new one if absent. */
  constructor(
    place: Place,
    setup: PlaceSetup,
    world: World,
    runIn: CommandContext['runIn'],
    disk?: PassingFs,
  ) {
    this.place = place;
    this.setup = setup;
    const files: InitialFiles = {
      [`${setup.home}/.profile`]: '',
      '/tmp/.keep': '',
      '/etc/hostname': `${setup.hostname}\n`,
      ...(place.kind === 'workstation' ? {} : systemPrograms(setup.commands)),
      ...setup.lateFiles,
      ...setup.files,
    };
    const adapted = setup.commands.map((command) => this.#adapt(command, world, runIn));
    const fs = disk ?? new PassingFs(files, { maxTotalBytes: EXECUTION_LIMITS.maxFileSystemBytes });
    if (disk !== undefined) disk.writeFileSync(`${setup.home}/.profile`, '');
    fs.clock = () => world.cloud.now;
    this.#fs = fs;
    this.#bash = new Bash({
      fs,
      cwd: setup.home,
      env: environmentOf(place, setup),
      executionLimits: EXECUTION_LIMITS,
      // Its sandbox guards against code in python and js-exec, which we leave out, and forbids lazy imports.
      defenseInDepth: false,
      sleep: (milliseconds) => {
        world.pass(milliseconds / 1000);
        // A turn of the event loop, so that Ctrl-C gets through to a loop that only sleeps.
        return new Promise((resolve) => {
          setTimeout(resolve, 0);
        });
      },
      ...(setup.builtins === 'all' ? {} : { commands: setup.builtins.filter(isCommandName) }),
      customCommands: [
        ...everydayCommands(setup, world),
        ...adapted,
        ...machineCommands(place, setup, world),
      ],
    });
    // just-bash writes its own name there.
    fs.writeFileSync('/proc/version', `Linux version ${setup.kernel}\n`);
    this.#resetAttributes = attributesOf(this.#bash);
    this.#streamed = new StreamedOutput(this.#bash, fs);
    settleAssignments(this.#bash);
    readNothing(this.#bash);
    keepBackslashes(this.#bash);
    splitCommandWords(this.#bash);
    expandInArithmetic(this.#bash);
    if (place.kind === 'vm') followProcesses(this.#bash, () => lastProcess(world.cloud, place.id));
    this.#interactive = new InteractiveShell(this.#bash, { cwd: setup.home });
  }

  /** The disk, for others who log in to the same machine. */
  get disk(): PassingFs {
    return this.#fs;
  }

  get files(): IFileSystem {
    return this.#bash.fs;
  }

  get cwd(): string {
    return this.#interactive.cwd;
  }

  get prompt(): string {
    const sign = this.setup.user === 'root' ? '#' : '$';
    const shown =
      this.cwd === this.setup.home && this.setup.home !== '/'
        ? '~'
        : this.cwd.replace(`${this.setup.home}/`, '~/');
    if (this.setup.promptStyle === 'ash')
      return `${this.cwd === this.setup.home && this.cwd !== '/' ? '~' : this.cwd} ${sign} `;
    return `${this.setup.user}@${this.setup.hostname}:${this.setup.home === '/' ? this.cwd : shown}${sign} `;
  }

  /** Runs one line as an interactive shell does; `entering` is where a command like `kubectl exec -it` leads. */
  async runLine(
    line: string,
    options: RunOptions,
  ): Promise<LineOutcome & { readonly entering: Place | null }> {
    this.#entering = null;
    this.#fs.awaitOutput(null);
    this.#terminal = 'interactive';
    try {
      const outcome = await this.#interactive.run(line, options);
      if (outcome.shell === 'left') {
        this.#interactive.startAnew();
        this.#resetAttributes();
      }
      return { ...outcome, stderr: explainLimits(outcome.stderr), entering: this.#entering };
    } finally {
      this.#terminal = 'none';
    }
  }

  /** Writes files that follow the cloud, such as `/proc/sys/net/ipv4/ip_forward`. */
  async refresh(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      await this.files.mkdir(path.replace(/\/[^/]*$/, '') || '/', { recursive: true });
      await this.#fs.writeFollowing(path, text);
    }
  }

  /** Writes what others put here, where it is not there as they put it: what programs changed since stays. */
  async provide({ files, folders, readOnly, trust }: ProvidedFiles): Promise<void> {
    this.#fs.readOnly = [];
    for (const path of this.#fs.provided.keys()) {
      if (files[path] === undefined) await this.files.rm(path, { force: true });
    }
    for (const folder of folders) await this.files.mkdir(folder, { recursive: true });
    const changed = Object.entries(files).filter(([path, text]) => this.#fs.provided.get(path) !== text);
    await this.refresh(Object.fromEntries(changed));
    this.#fs.provided = new Map(Object.entries(files));
    if (trust !== null && trust.version !== this.#trustVersion) await this.refresh(await trust.files());
    this.#trustVersion = trust?.version ?? null;
    this.#fs.readOnly = readOnly;
  }

  /** Brings the disk of a VM up to what its processes did. */
  async follow(cloud: Cloud): Promise<void> {
    if (this.place.kind === 'vm') await followMachine(this.#fs, cloud, this.place.id);
  }

  /** A redirection of the command line is where a process goes on writing. */
  #awaitOutput({ pid, text }: NonNullable<CommandResult['started']>, world: World): void {
    const { place } = this;
    if (place.kind !== 'vm') return;
    const found = (path: string, how: 'truncated' | 'appended') => {
      this.#fs.appended.set(pid, text.length);
      world.change(redirectProcess(world.cloud, place.id, pid, path, how));
    };
    if (text !== '') {
      this.#fs.awaitOutput({ text, found });
      return;
    }
    // A quiet one says nothing by which its file could be known.
    const { opened } = this.#fs;
    if (opened !== null && !opened.path.startsWith('/dev/')) found(opened.path, opened.how);
  }

  /** Returns a file of this place, or null. */
  async readFile(path: string): Promise<string | null> {
    try {
      return await this.files.readFile(path);
    } catch {
      return null;
    }
  }

  /** Runs `bash NAME ARGS...`, where NAME is a file in this place. */
  async runFile(name: string, args: readonly string[], options: RunOptions): Promise<CommandResult> {
    const run = () => this.#exec(['bash', name, ...args].map(quoteWord).join(' '), options);
    const { onOutput } = options;
    if (onOutput === undefined) return run();
    return this.#streamed.during((stream, text) => {
      onOutput(stream, stream === 'stderr' ? explainLimits(text) : text);
    }, run);
  }

  /** Runs a program with its arguments, as exec does. */
  async runProgram(argv: readonly string[], options: RunOptions): Promise<CommandResult> {
    const line = argv.map(quoteWord).join(' ');
    // Only a shell says where it is.
    const isShell = this.place.kind !== 'pod' || /(?:^|\/)(?:ba|a)?sh$/.test(argv[0] ?? '');
    return this.#exec(isShell ? line : `(export -n PWD OLDPWD; ${line})`, options);
  }

  async #exec(source: string, options: RunOptions): Promise<CommandResult> {
    this.#resetAttributes();
    const { stdout, stderr, exitCode } = await this.#bash.exec(source, {
      rawScript: true,
      ...(options.stdin === undefined ? {} : { stdin: options.stdin }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    return { stdout, stderr: explainLimits(stderr), exitCode };
  }

  #adapt(command: LoadedOnUse, world: World, runIn: CommandContext['runIn']): Command {
    return {
      name: command.name,
      execute: async (args, context) => {
        try {
          const loaded = await command.load();
          const whole = await loaded.run({
            args,
            stdin: decodeUtf8(bytesOf(context.stdin)),
            // A program sees what is exported, and no other variable of its shell.
            env: new Map([...Object.entries(context.exportedEnv ?? {}), ...marks(context.env)]),
            cwd: context.cwd,
            place: this.place,
            cloud: world.cloud,
            terminal: this.#terminal,
            readFile: async (path) => {
              try {
                return await context.fs.readFile(context.fs.resolvePath(context.cwd, path));
              } catch {
                return null;
              }
            },
            writeFile: async (path, text) => {
              const absolute = context.fs.resolvePath(context.cwd, path);
              await context.fs.mkdir(absolute.replace(/\/[^/]*$/, '') || '/', { recursive: true });
              await context.fs.writeFile(absolute, text);
            },
            kindOf: async (path) => {
              try {
                const found = await context.fs.stat(context.fs.resolvePath(context.cwd, path));
                return found.isDirectory ? 'folder' : 'file';
              } catch {
                return null;
              }
            },
            listFiles: (folder) => filesBelow(context.fs, context.fs.resolvePath(context.cwd, folder)),
            removeFile: (path) => context.fs.rm(context.fs.resolvePath(context.cwd, path), { force: true }),
            nextConnection: () => world.nextConnection(),
            runIn,
          });
          const result = ENDED_BY_TIMEOUT.has(command.name) ? world.cut(whole) : whole;
          world.settle(result, [command.name, ...args].map(quoteWord).join(' '));
          // The next command of the same line may read what this one changed.
          if (result.cloud !== undefined) {
            await this.provide(providedFiles(world.cloud, this.place));
            await this.refresh(liveFiles(world.cloud, this.place));
            await this.follow(world.cloud);
          }
          if (result.started !== undefined) this.#awaitOutput(result.started, world);
          if (result.enter !== undefined && result.exitCode === 0) this.#entering = result.enter;
          return { stdout: result.stdout, stderr: result.stderr, exitCode: result.exitCode };
        } catch (bug) {
          world.reportBug(bug);
          const what = bug instanceof Error ? bug.message : String(bug);
          return { stdout: '', stderr: `${command.name}: a bug in this simulation: ${what}\n`, exitCode: 70 };
        }
      },
    };
  }
}

/** Not in the usual order: just-bash has its programs in /usr/bin, and `systemPrograms` says why not to ask elsewhere first. */
const SEARCH_PATH = '/usr/local/sbin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin';

/** Nobody logs in to a container, so it knows neither USER nor SHELL. */
function environmentOf(place: Place, { home, user, hostname, promptStyle, env }: PlaceSetup) {
  if (place.kind === 'pod') return { HOME: home, HOSTNAME: hostname, PATH: SEARCH_PATH, ...env };
  return {
    HOME: home,
    USER: user,
    HOSTNAME: hostname,
    PATH: SEARCH_PATH,
    SHELL: promptStyle === 'bash' ? '/bin/bash' : '/bin/sh',
    ...env,
  };
}

async function filesBelow(fs: IFileSystem, folder: string): Promise<readonly string[]> {
  try {
    const found: string[] = [];
    for (const name of [...(await fs.readdir(folder))].sort()) {
      const path = `${folder === '/' ? '' : folder}/${name}`;
      if ((await fs.stat(path)).isDirectory) found.push(...(await filesBelow(fs, path)));
      else found.push(path);
    }
    return found;
  } catch {
    return [];
  }
}

/** Programs that wait for the network and leave nothing half done elsewhere. */
const ENDED_BY_TIMEOUT = new Set(['curl', 'hey', 'wrk', 'nc', 'wget']);

/**
 * just-bash has its programs in /bin and /usr/bin; scripts also name `/sbin/ip` and `/usr/sbin/iptables`.
 * A file that is run gets its first nine arguments only (just-bash 3.4), so more are refused.
 */
function systemPrograms(commands: readonly LoadedOnUse[]): InitialFiles {
  const files: InitialFiles = {};
  for (const { name } of commands) {
    if (INSTALLED_LATER.includes(name)) continue;
    for (const folder of ['/sbin', '/usr/sbin'])
      files[`${folder}/${name}`] = {
        content: `#!/bin/sh\n${MORE_THAN_NINE(name)}/usr/bin/${name} "$@"\n`,
        mode: 0o755,
      };
  }
  return files;
}

const MORE_THAN_NINE = (name: string): string =>
  `if [ $# -gt 9 ]; then echo "$0: more than nine arguments are not simulated with a path; call ${name} without" >&2; exit 1; fi\n`;

type CommandNames = NonNullable<ConstructorParameters<typeof Bash>[0]>['commands'];
type BuiltinName = NonNullable<CommandNames>[number];

/** just-bash ignores names it does not know, so the list may hold any. */
function isCommandName(name: string): name is BuiltinName {
  return name !== '';
}

/** That a program stands before `&`, which `nohup` and `sudo` hand on without exporting it. */
function marks(env: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
  const mark = env.get(BACKGROUND);
  return mark === undefined ? [] : [[BACKGROUND, mark]];
}
