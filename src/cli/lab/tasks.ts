import { tasksAsMarkdown } from '../../lab/tasks-text.ts';
import type { Terminal } from '../terminal.ts';
import { parseLabArguments } from './arguments.ts';
import { findLab } from './find.ts';

export async function tasks(args: readonly string[], terminal: Terminal): Promise<number> {
  const { positionals } = parseLabArguments(args, {}, ['lab']);
  const { lab } = await findLab(positionals[0], 'tasks');
  terminal.out(tasksAsMarkdown(lab));
  return 0;
}
