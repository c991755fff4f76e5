/** `npm run -s lab -- COMMAND`: do a lab in the terminal, and grade one in CI. */
import { check, watch } from './lab/check.ts';
import { hint } from './lab/hint.ts';
import { list } from './lab/list.ts';
import { reset } from './lab/reset.ts';
import { shell } from './lab/shell.ts';
import { solution } from './lab/solution.ts';
import { start } from './lab/start.ts';
import { tasks } from './lab/tasks.ts';
import { UsageError } from './lab/usage-error.ts';
import { similarNames } from '../lab/similar-names.ts';

const USAGE = `usage: npm run -s lab -- COMMAND

  list [--json]                     the labs, with their length
  start LAB [--seed S] [--force]    writes workspace/LAB/lab.sh, which you edit
  tasks LAB                         the situation and what to do
  shell LAB [--seed S] [--file F]   a terminal in the lab's network; 'check' grades what you built in it
  check LAB [--file F] [--seed S] [--json | --reporter text|json|junit]
                                    runs your script in a fresh network and grades the outcome
  watch LAB [--file F] [--seed S]   checks after each save
  hint LAB [TASK] [1|2|3]           the idea, where to look, a worked step
  reset LAB                         your script as shipped; the old one is kept
  solution LAB [N]                  a reference solution

Exit codes: 0 passed, 1 a check failed, 2 wrong usage, 3 a bug of ours.
`;

const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  list,
  start,
  tasks,
  shell,
  check,
  watch,
  hint,
  reset,
  solution,
};

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined) {
    process.stderr.write(USAGE);
    return 2;
  }
  if (
    name === '--help' ||
    name === '-h' ||
    name === 'help' ||
    rest.includes('--help') ||
    rest.includes('-h')
  ) {
    process.stdout.write(USAGE);
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    const similar = similarNames(name, Object.keys(COMMANDS));
    const advice = similar.length > 0 ? `Did you mean ${similar.join(' or ')}?` : `\n\n${USAGE}`;
    throw new UsageError(`There is no command '${name}'. ${advice}`);
  }
  return command(rest);
}

// A reader that closes the pipe early (`| head`) is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
  throw error;
});

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  } else {
    process.stderr.write(
      'This is a bug in the workbook, not in your script. Please report it with these lines:\n',
    );
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 3;
  }
}
