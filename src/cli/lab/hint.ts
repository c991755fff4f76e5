import { existsSync } from 'node:fs';
import { course } from '../../course-config/course.ts';
import type { Task } from '../../lab/lab.ts';
import { checkScript } from '../../lab/run.ts';
import type { LabSource } from '../../lab/source.ts';
import type { Terminal } from '../terminal.ts';
import { parseLabArguments, type LabArguments } from './arguments.ts';
import { fileOf, readScript, seedOf } from './check.ts';
import { findLab } from './find.ts';
import { requireOn } from './switched-off.ts';
import { UsageError } from './usage-error.ts';

const LEVELS = ['the idea', 'where to look', 'a worked step'] as const;

/** `hint LAB [TASK] [LEVEL]`: the first task that fails, and the first level, unless they are given. */
export async function hint(args: readonly string[], terminal: Terminal): Promise<number> {
  requireOn(course.hints, 'hints');
  const parsed = parseLabArguments(args, { file: { type: 'string', short: 'f' }, seed: { type: 'string' } }, [
    'lab',
    'task',
    'level',
  ]);
  const [labName, taskName, levelName] = parsed.positionals;
  const source = await findLab(labName, 'hint');
  const { task, number } =
    taskName === undefined ? await firstOpenTask(source, parsed) : namedTask(source, taskName);
  const level = levelOf(levelName);
  terminal.out(`Task ${number}: ${task.title}\nHint ${level} of 3, ${LEVELS[level - 1]}:\n\n`);
  terminal.out(`${task.hints[level - 1]?.trim()}\n`);
  if (level < 3) {
    terminal.out(`\nMore: npm run -s lab -- hint ${source.lab.id} ${number} ${level + 1}\n`);
  }
  return 0;
}

async function firstOpenTask(
  source: LabSource,
  parsed: LabArguments,
): Promise<{ readonly task: Task; readonly number: number }> {
  const { lab } = source;
  const file = fileOf(parsed, source);
  const script = existsSync(file) ? readScript(file, source) : source.template;
  const report = await checkScript(source, seedOf(parsed, source), script);
  const open = report.tasks.findIndex(({ passed }) => !passed);
  const at = open === -1 ? 0 : open;
  return { task: lab.tasks[at] ?? lab.tasks[0], number: at + 1 };
}

function namedTask({ lab }: LabSource, name: string): { readonly task: Task; readonly number: number } {
  const at = lab.tasks.findIndex((task, index) => task.id === name || String(index + 1) === name);
  const task = lab.tasks[at];
  if (task === undefined) {
    const tasks = lab.tasks.map(({ title }, index) => `${index + 1}  ${title}`).join('\n  ');
    throw new UsageError(`Lab '${lab.id}' has no task '${name}'. Its tasks:\n  ${tasks}`);
  }
  return { task, number: at + 1 };
}

function levelOf(name: string | undefined): 1 | 2 | 3 {
  if (name === undefined || name === '1') return 1;
  if (name === '2') return 2;
  if (name === '3') return 3;
  throw new UsageError(
    `There is no hint level '${name}'. The levels are 1 (the idea), 2 (where to look), 3 (a worked step).`,
  );
}
