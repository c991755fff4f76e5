/**
 * A script's output as it comes, in the order in which stdout and stderr were written, statement by
 * statement. just-bash gives both only when the whole script has ended, so each top-level statement
 * is redirected to two files that pass on what is written to them.
 */
import type { Bash, InMemoryFs } from 'just-bash';
import { DatedFs } from './dated-files.ts';
import { EXECUTION_LIMITS } from './execution-limits.ts';

type Script = ReturnType<Bash['transform']>['ast'];
type Statement = Script['statements'][number];

export type OutputListener = (stream: 'stdout' | 'stderr', text: string) => void;

const STDOUT = '/dev/__script_stdout';
const STDERR = '/dev/__script_stderr';
/** To just-bash a file like any other, which would keep what is thrown away and give it to `< /dev/null`. */
const NULL = '/dev/null';
const UNBOUND = '__unbound';
const RESTORE = '__restore';

export interface AwaitedOutput {
  readonly text: string;
  readonly found: (path: string, how: 'truncated' | 'appended') => void;
}

/** A file system with two files that hold nothing and pass everything on. */
export class PassingFs extends DatedFs {
  listener: OutputListener | null = null;
  lastError = '';
  /** Files and folders that programs may only read. */
  readOnly: readonly string[] = [];
  /** What a program that goes on wrote first, and who is told which file that ends up in. */
  awaited: AwaitedOutput | null = null;
  /** How much of what each process wrote is in its file, by its id. */
  readonly appended = new Map<number, number>();
  /** What others put here, by path, as they put it. */
  provided: ReadonlyMap<string, string> = new Map();
  readonly #emptied = new Set<string>();
  /** What a redirection of the line opened last. */
  opened: { readonly path: string; readonly how: 'truncated' | 'appended' } | null = null;

  /** Returns a disk of its own that holds the same. */
  async copy(): Promise<PassingFs> {
    const copy = new PassingFs({}, { maxTotalBytes: EXECUTION_LIMITS.maxFileSystemBytes });
    await copy.fillFrom(this);
    copy.readOnly = this.readOnly;
    copy.provided = this.provided;
    for (const [pid, length] of this.appended) copy.appended.set(pid, length);
    return copy;
  }

  // Bash opens a connection for /dev/tcp/HOST/PORT. A file of that name would look like a connection that
  // opened, so it is a directory, which no redirection opens; explainLimits words the error.
  override exists(path: string): Promise<boolean> {
    return isConnection(path) ? Promise.resolve(true) : super.exists(path);
  }

  override stat(path: string): ReturnType<InMemoryFs['stat']> {
    return super.stat(isConnection(path) ? '/dev' : path);
  }

  override async writeFile(...args: Parameters<InMemoryFs['writeFile']>): Promise<void> {
    if (isConnection(args[0])) throw new Error(`EISDIR: illegal operation on a directory, open '${args[0]}'`);
    refuseKernelSetting(args[0]);
    this.#refuseReadOnly(args[0]);
    if (this.#passOn(args[0], args[1])) return;
    if (args[0] !== NULL) await super.writeFile(...args);
    if (args[1].length === 0) {
      this.#emptied.add(args[0]);
      this.opened = { path: args[0], how: 'truncated' };
    }
    this.#look(args[0], args[1], 'truncated');
  }

  /** Writes a file that follows the cloud, which programs may only read. */
  async writeFollowing(path: string, text: string): Promise<void> {
    await super.writeFile(path, text);
  }

  override async appendFile(...args: Parameters<InMemoryFs['appendFile']>): Promise<void> {
    refuseKernelSetting(args[0]);
    this.#refuseReadOnly(args[0]);
    if (this.#passOn(args[0], args[1])) return;
    if (args[0] !== NULL) await super.appendFile(...args);
    if (args[1].length === 0) this.opened = { path: args[0], how: 'appended' };
    this.#look(args[0], args[1], this.#emptied.has(args[0]) ? 'truncated' : 'appended');
  }

  /** Waits for a process's first words until the next line; a redirection writes them when the command returned. */
  awaitOutput(awaited: AwaitedOutput | null): void {
    this.awaited = awaited;
    if (awaited !== null) return;
    this.#emptied.clear();
    this.opened = null;
  }

  #look(path: string, content: string | Uint8Array, how: 'truncated' | 'appended'): void {
    const { awaited } = this;
    if (awaited === null || path.startsWith('/dev/')) return;
    const text = typeof content === 'string' ? content : new TextDecoder().decode(content);
    if (!text.includes(awaited.text)) return;
    this.awaited = null;
    awaited.found(path, how);
  }

  override async rm(...args: Parameters<InMemoryFs['rm']>): Promise<void> {
    this.#refuseReadOnly(args[0]);
    await super.rm(...args);
  }

  override async mv(...args: Parameters<InMemoryFs['mv']>): Promise<void> {
    for (const path of args) this.#refuseReadOnly(path);
    await super.mv(...args);
  }

  override async mkdir(...args: Parameters<InMemoryFs['mkdir']>): Promise<void> {
    if (!(await super.exists(args[0]))) this.#refuseReadOnly(args[0]);
    await super.mkdir(...args);
  }

  #refuseReadOnly(path: string): void {
    if (this.readOnly.some((each) => path === each || path.startsWith(`${each}/`)))
      throw new Error(`EROFS: read-only file system, open '${path}'`);
  }

  #passOn(path: string, content: string | Uint8Array): boolean {
    if (path !== STDOUT && path !== STDERR) return false;
    const bytes = typeof content === 'string' ? decoded(content) : new TextDecoder().decode(content);
    const text = path === STDERR ? bytes.replaceAll(/^(\w+: unbound variable)$/gm, 'bash: $1') : bytes;
    if (path === STDERR) this.lastError = text;
    if (text !== '') this.listener?.(path === STDOUT ? 'stdout' : 'stderr', text);
    return true;
  }
}

/** A written file would look like a setting that changed; `sysctl -w` is what changes one here. */
function refuseKernelSetting(path: string): void {
  if (path.startsWith('/proc/sys/')) throw new Error(`EROFS: read-only file system, open '${path}'`);
}

function isConnection(path: string): boolean {
  return /^\/dev\/(tcp|udp)\//.test(path);
}

/** Text may come as one byte per character. */
function decoded(text: string): string {
  if (!/[\u0080-\u00ff]/.test(text) || /[\u0100-\uffff]/.test(text)) return text;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(
      Uint8Array.from(text, (each) => each.charCodeAt(0)),
    );
  } catch {
    return text;
  }
}

/** Prepares a bash so that the script whose source is announced with `stream` is passed on. */
export class StreamedOutput {
  readonly #bash: Bash;
  readonly #fs: PassingFs;
  #depth: 'idle' | 'launcher' | 'script' = 'idle';
  #status = 0;

  constructor(bash: Bash, fs: PassingFs) {
    this.#bash = bash;
    this.#fs = fs;
    bash.registerCommand({
      name: UNBOUND,
      execute: (_args, context) => {
        const options = context.env.get('SHELLOPTS') ?? '';
        this.#status = Number(context.env.get('?') ?? '0');
        const unbound = options.includes('nounset') && /: unbound variable\n$/.test(this.#fs.lastError);
        this.#fs.lastError = '';
        return Promise.resolve({ stdout: '', stderr: '', exitCode: unbound ? 0 : 1 });
      },
    });
    bash.registerCommand({
      name: RESTORE,
      execute: () => Promise.resolve({ stdout: '', stderr: '', exitCode: this.#status }),
    });
    bash.registerTransformPlugin({
      name: 'streamed-output',
      transform: ({ ast }) => ({ ast: this.#wrapped(ast) }),
    });
  }

  /** While `work` runs `bash SCRIPT`, passes the script's output on to the listener. */
  async during<T>(listener: OutputListener, work: () => Promise<T>): Promise<T> {
    this.#fs.listener = listener;
    this.#depth = 'launcher';
    try {
      return await work();
    } finally {
      this.#depth = 'idle';
      this.#fs.listener = null;
    }
  }

  /** The launching line passes first, then the script itself; what that runs in turn is left alone. */
  #wrapped(ast: Script): Script {
    if (this.#depth === 'idle') return ast;
    if (this.#depth === 'launcher') {
      this.#depth = 'script';
      return ast;
    }
    this.#depth = 'idle';
    const source = JSON.stringify(ast);
    const setsOption = (name: string, letter: string) =>
      source.includes(name) || new RegExp(`"value":"-[a-z]*${letter}`).test(source);
    // With `set -e`, a status other than 0 that is to be kept must come from where errexit does not look: before `&&`.
    const guard = setsOption('nounset', 'u')
      ? this.#bash.transform(`if ${UNBOUND}; then exit 1; fi\n${RESTORE} && :`).ast.statements
      : [];
    const [model] = this.#bash.transform(`{ :; } > ${STDOUT} 2> ${STDERR}`).ast.statements;
    if (model === undefined) throw new Error('the template is one statement');
    const statements = ast.statements.flatMap((statement) =>
      isDefinition(statement) ? [statement] : [around(model, statement), ...guard],
    );
    return { ...ast, statements };
  }
}

function isDefinition(statement: Statement): boolean {
  const type = statement.pipelines[0]?.commands[0]?.type;
  return type === 'FunctionDef' || statement.background || statement.deferredError !== undefined;
}

function around(model: Statement, statement: Statement): Statement {
  return {
    ...model,
    ...(statement.line === undefined ? {} : { line: statement.line }),
    pipelines: model.pipelines.map((pipeline) => ({
      ...pipeline,
      commands: pipeline.commands.map((command) =>
        command.type === 'Group' ? { ...command, body: [statement] } : command,
      ),
    })),
  };
}
