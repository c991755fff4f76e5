import { similarNames } from '../../lab/similar-names.ts';
import type { Program, Terminal } from '../terminal.ts';
import { UsageError } from './usage-error.ts';

const USAGE = `usage: npm run -s lab -- COMMAND

  list [--json]                     the labs, with their length
  start LAB [--seed S] [--force]    writes workspace/LAB/lab.sh, which you edit
  tasks LAB                         the situation and what to do
  shell LAB [--seed S] [--file F]   a terminal in the lab's network; 'check' grades what you built in it
  check LAB [--file F] [--seed S] [--json | --reporter text|json|junit]
                                    runs your script in a fresh network and grades the outcome
  grade DIR [--lab LAB] [--seed S | --seeds FILE] [--reporter text|json|junit|csv] [--jobs N] [--timeout SECONDS]
                                    grades what many people handed in, in parallel
  watch LAB [--file F] [--seed S]   checks after each save
  hint LAB [TASK] [1|2|3]           the idea, where to look, a worked step
  reset LAB                         your script as shipped; the old one is kept
  solution LAB [N]                  a reference solution

Exit codes: 0 passed, 1 a check failed, 2 wrong usage, 3 a bug of ours.
`;

/** Loaded when used: `list` needs no shell, and a broken part of ours is caught below. */
const COMMANDS: Readonly<Record<string, () => Promise<Program>>> = {
  list: async () => (await import('./list.ts')).list,
  start: async () => (await import('./start.ts')).start,
  tasks: async () => (await import('./tasks.ts')).tasks,
  shell: async () => (await import('./shell.ts')).shell,
  check: async () => (await import('./check.ts')).check,
  grade: async () => (await import('./grade.ts')).grade,
  watch: async () => (await import('./check.ts')).watch,
  hint: async () => (await import('./hint.ts')).hint,
  reset: async () => (await import('./reset.ts')).reset,
  solution: async () => (await import('./solution.ts')).solution,
};

async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined) {
    terminal.err(USAGE);
    return 2;
  }
  if (
    name === '--help' ||
    name === '-h' ||
    name === 'help' ||
    rest.includes('--help') ||
    rest.includes('-h')
  ) {
    terminal.out(USAGE);
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    const similar = similarNames(name, Object.keys(COMMANDS));
    const advice = similar.length > 0 ? `Did you mean ${similar.join(' or ')}?` : `\n\n${USAGE}`;
    throw new UsageError(`There is no command '${name}'. ${advice}`);
  }
  return (await command())(rest, terminal);
}

/** A folder that is a file, may not be written, or is full: not ours to mend. */
function isWorkspaceTrouble(error: unknown): error is NodeJS.ErrnoException {
  if (!(error instanceof Error) || !('code' in error) || !('path' in error)) return false;
  const codes = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'EEXIST', 'ENOSPC', 'EDQUOT'];
  return codes.includes(String(error.code)) && String(error.path).startsWith('workspace');
}

/** What is wrong in course.config.ts, told by its reader; by name, since few commands read that file. */
function isConfigError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'CourseConfigError';
}

export const lab: Program = async (args, terminal) => {
  try {
    return await main(args, terminal);
  } catch (error) {
    if (error instanceof UsageError || isConfigError(error)) {
      terminal.err(`${error.message}\n`);
      return 2;
    }
    if (isWorkspaceTrouble(error)) {
      terminal.err(`Cannot use the folder workspace/ here: ${error.message}\n`);
      return 2;
    }
    terminal.err('This is a bug in the workbook, not in your script. Please report it with these lines:\n');
    terminal.err(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return 3;
  }
};
