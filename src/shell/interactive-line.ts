/**
 * What an interactive shell keeps from one line to the next: variables, arrays, functions, options,
 * the directory and `$?`. just-bash forgets all of it after each `exec`, so every line is run between
 * a prologue that restores the state and an epilogue that reports it.
 */
import type { Bash, BashExecResult } from 'just-bash';

type Script = ReturnType<Bash['transform']>['ast'];
type Statement = Script['statements'][number];

export const EPILOGUE = '__session_epilogue';

export interface ShellState {
  readonly variables: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly status: number;
}

export interface LineOutcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  /** `left` if the line ran `exit` or `logout`. */
  readonly shell: 'open' | 'left';
}

const OPTIONS = ['errexit', 'nounset', 'pipefail', 'noglob', 'noclobber', 'allexport', 'xtrace'];
/** Kept by bash itself, or set anew for each line. */
const OWN_VARIABLES = new Set(['SHELLOPTS', 'BASHOPTS', '?', '#', '@', '*', 'PIPESTATUS']);

export class InteractiveShell {
  readonly #bash: Bash;
  readonly #start: ShellState;
  #state: ShellState;
  #arrays: readonly Statement[] = [];
  readonly #functions = new Map<string, Statement>();
  #reported: { variables: Record<string, string>; cwd: string; arrays: string; status: number } | null = null;
  #wrap: 'off' | 'on' = 'off';
  #ranExit: 'no' | 'yes' = 'no';

  constructor(bash: Bash, start: { readonly cwd: string }) {
    this.#bash = bash;
    this.#start = { variables: {}, cwd: start.cwd, status: 0 };
    this.#state = this.#start;
    bash.registerCommand({
      name: EPILOGUE,
      execute: (args, context) => {
        const variables: Record<string, string> = {};
        for (const [name, value] of context.env) {
          if (!OWN_VARIABLES.has(name) && !/^\d+$/.test(name)) variables[name] = value;
        }
        const options = (context.env.get('SHELLOPTS') ?? '').split(':');
        variables[SAVED_OPTIONS] = OPTIONS.filter((option) => options.includes(option)).join(' ');
        this.#reported = {
          variables,
          cwd: context.cwd,
          arrays: args[1] ?? '',
          status: Number(args[0] ?? '0'),
        };
        return Promise.resolve({ stdout: '', stderr: '', exitCode: Number(args[0] ?? '0') });
      },
    });
    bash.registerTransformPlugin({
      name: 'session',
      transform: ({ ast, metadata }) => {
        void metadata;
        if (this.#wrap === 'off') return { ast };
        this.#wrap = 'off';
        this.#ranExit = JSON.stringify(ast).match(
          /"name":\{"type":"Word","parts":\[\{"type":"Literal","value":"(exit|logout)"/,
        )
          ? 'yes'
          : 'no';
        const before = [...this.#prologue()];
        for (const statement of ast.statements) {
          const name = definedFunction(statement);
          if (name !== null) this.#functions.set(name, statement);
        }
        return { ast: { ...ast, statements: [...before, ...ast.statements, ...this.#parse(EPILOGUE_LINE)] } };
      },
    });
  }

  get cwd(): string {
    return this.#state.cwd;
  }

  /** Forgets what the one who left has set: whoever comes next has a shell of their own. */
  startAnew(): void {
    this.#state = this.#start;
    this.#arrays = [];
    this.#functions.clear();
  }

  async run(
    line: string,
    options: { readonly stdin?: string; readonly signal?: AbortSignal },
  ): Promise<LineOutcome> {
    this.#reported = null;
    this.#wrap = 'on';
    const { [SAVED_OPTIONS]: _options, ...variables } = this.#state.variables;
    const result: BashExecResult = await this.#bash.exec(line, {
      rawScript: true,
      env: { ...variables, PWD: this.#state.cwd },
      cwd: this.#state.cwd,
      ...(options.stdin === undefined ? {} : { stdin: options.stdin }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    this.#wrap = 'off';
    return this.#remember(result);
  }

  #remember(result: BashExecResult): LineOutcome {
    const { stdout, stderr, exitCode } = result;
    // Assigned by the epilogue command while exec ran; the compiler cannot see that.
    const reported = this.#reported;
    if (reported === null) {
      const errexit = (this.#state.variables[SAVED_OPTIONS] ?? '').split(' ').includes('errexit');
      this.#state = { ...this.#state, status: exitCode };
      const left = exitCode !== 126 && exitCode !== 124 && (this.#ranExit === 'yes' || errexit);
      return { stdout, stderr, exitCode, shell: left ? 'left' : 'open' };
    }
    this.#state = { variables: reported.variables, cwd: reported.cwd, status: reported.status };
    const arrays = reported.arrays
      .split(/\n(?=declare )/)
      .filter(
        (declaration) => /^declare -[a-zA-Z]*[aA]/.test(declaration) && !declaration.includes(' PIPESTATUS='),
      );
    this.#arrays = arrays.length === 0 ? [] : this.#parse(arrays.map(asAssignment).join('\n'));
    return { stdout, stderr, exitCode: reported.status, shell: 'open' };
  }

  *#prologue(): Generator<Statement> {
    // Interactive shells expand aliases; scripts do not.
    yield* this.#parse('shopt -s expand_aliases');
    yield* this.#functions.values();
    yield* this.#arrays;
    const options = (this.#state.variables[SAVED_OPTIONS] ?? '').split(' ').filter((option) => option !== '');
    for (const option of options) yield* this.#parse(`set -o ${option}`);
    if (this.#state.status !== 0 && !options.includes('errexit'))
      yield* this.#parse(`(exit ${this.#state.status})`);
  }

  #parse(source: string): readonly Statement[] {
    return this.#bash.transform(source).ast.statements;
  }
}

const SAVED_OPTIONS = '\u0000options';
const EPILOGUE_LINE = `${EPILOGUE} "$?" "$(declare -p 2>/dev/null)"`;

/** just-bash splits quoted elements of `declare -a x=(…)` at spaces, but not those of `x=(…)`. */
function asAssignment(declaration: string): string {
  const match = /^declare (-\w+) (\w+)=(.*)$/s.exec(declaration);
  if (match === null) return declaration;
  const [, options = '', name = '', value = ''] = match;
  return options.includes('A') ? `declare ${options} ${name}\n${name}=${value}` : `${name}=${value}`;
}

function definedFunction(statement: Statement): string | null {
  const [pipeline] = statement.pipelines;
  const [command] = pipeline?.commands ?? [];
  return command?.type === 'FunctionDef' ? command.name : null;
}
