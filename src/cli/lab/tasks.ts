import { tasksAsMarkdown } from '../../lab/tasks-text.ts';
import { parseLabArguments } from './arguments.ts';
import { findLab } from './find.ts';

export async function tasks(args: readonly string[]): Promise<number> {
  const { positionals } = parseLabArguments(args, {}, ['lab']);
  const { lab } = await findLab(positionals[0], 'tasks');
  process.stdout.write(tasksAsMarkdown(lab));
  return 0;
}
