/** `env` and `printenv`: just-bash's own show variables of the shell itself, and take none away from a program. */
import type { Command } from 'just-bash';
import { quoteWord } from './quote.ts';

type Run = Command['execute'];
type Context = Parameters<Run>[1];
type Answer = Awaited<ReturnType<Run>>;

/** Runs a program with a script before it, in the environment of the caller. */
type RunWords = (
  words: readonly string[],
  context: Context,
  signal: Context['signal'],
  before: string,
) => ReturnType<Run>;

/** What a shell finds programs and itself by: it keeps them, but does not pass them on. */
const OF_THE_SHELL: readonly string[] = ['PATH', 'PWD', 'OLDPWD'];

interface EnvWords {
  readonly unset: readonly string[];
  readonly from: 'nothing' | 'caller';
  readonly assignments: readonly (readonly [string, string])[];
  readonly command: readonly string[];
  readonly end: '\n' | '\0';
}

/** `env [-i] [-u NAME]... [-0] [NAME=VALUE]... [COMMAND [ARG]...]` of GNU coreutils 9 and of busybox. */
export function runEnv(args: readonly string[], context: Context, runWords: RunWords): ReturnType<Run> {
  const read = readEnv(args);
  if (typeof read === 'string') return Promise.resolve({ stdout: '', stderr: read, exitCode: 125 });
  const exported = context.exportedEnv ?? {};
  const { unset, from, assignments, command, end } = read;
  if (command.length === 0) {
    const shown = new Map(from === 'nothing' ? [] : Object.entries(exported));
    for (const name of unset) shown.delete(name);
    for (const [name, value] of assignments) shown.set(name, value);
    return answer([...shown].map(([name, value]) => `${name}=${value}${end}`).join(''));
  }
  const gone = [...unset, ...(from === 'nothing' ? Object.keys(exported) : [])];
  const before = [
    ...gone.map((name) => `${OF_THE_SHELL.includes(name) ? 'export -n' : 'unset'} ${name}; `),
    ...assignments.map(([name, value]) => `export ${name}=${quoteWord(value)}; `),
  ];
  return runWords(command, context, context.signal, before.join(''));
}

/** Returns what the words ask for, or what env says of them. */
function readEnv(args: readonly string[]): EnvWords | string {
  const unset: string[] = [];
  let from: EnvWords['from'] = 'caller';
  let end: EnvWords['end'] = '\n';
  let at = 0;
  for (; args[at]?.startsWith('-') === true; at++) {
    const arg = args[at] ?? '';
    if (arg === '--') {
      at++;
      break;
    }
    const glued = /^(?:-u|--unset=)(.+)$/s.exec(arg)?.[1];
    if (glued !== undefined) unset.push(glued);
    else if (arg === '-u' || arg === '--unset') {
      at++;
      const name = args[at];
      if (name === undefined) return `env: option requires an argument -- 'u'\n${TRY}`;
      unset.push(name);
    } else if (arg === '-' || arg === '-i' || arg === '--ignore-environment') from = 'nothing';
    else if (arg === '-0' || arg === '--null') end = '\0';
    else return `env: the option ${arg} is not simulated in this workbook\n`;
  }
  const assignments: [string, string][] = [];
  for (; /^[A-Za-z_]\w*=/.test(args[at] ?? ''); at++) {
    const text = args[at] ?? '';
    const split = text.indexOf('=');
    assignments.push([text.slice(0, split), text.slice(split + 1)]);
  }
  return { unset, from, assignments, command: args.slice(at), end };
}

const TRY = "Try 'env --help' for more information.\n";

/** `printenv [NAME]...`: values alone where names are given, and 1 if one of them is not set. */
export function runPrintenv(args: readonly string[], context: Context): ReturnType<Run> {
  const exported = context.exportedEnv ?? {};
  const option = args.find((arg) => arg.startsWith('-'));
  if (option !== undefined) {
    return Promise.resolve<Answer>({
      stdout: '',
      stderr: `printenv: the option ${option} is not simulated in this workbook\n`,
      exitCode: 2,
    });
  }
  if (args.length === 0) {
    return answer(
      Object.entries(exported)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    );
  }
  const values = args.flatMap((name) => exported[name] ?? []);
  return answer(values.map((value) => `${value}\n`).join(''), values.length === args.length ? 0 : 1);
}

function answer(stdout: string, exitCode = 0): ReturnType<Run> {
  return Promise.resolve({ stdout, stderr: '', exitCode });
}
