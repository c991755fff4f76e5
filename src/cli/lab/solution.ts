import { course } from '../../course-config/course.ts';
import type { Terminal } from '../terminal.ts';
import { parseLabArguments } from './arguments.ts';
import { findLab } from './find.ts';
import { requireOn } from './switched-off.ts';
import { UsageError } from './usage-error.ts';

/** Prints a reference solution on stdout, ready to be piped to a file; notes go to stderr. */
export async function solution(args: readonly string[], terminal: Terminal): Promise<number> {
  requireOn(course.solutions, 'solutions');
  const { positionals } = parseLabArguments(args, {}, ['lab', 'number']);
  const { lab, solutions } = await findLab(positionals[0], 'solution');
  const number = positionals[1] ?? '1';
  const chosen = /^[1-9]\d*$/.test(number) ? solutions[Number(number) - 1] : undefined;
  if (chosen === undefined) {
    throw new UsageError(`Lab '${lab.id}' has solutions 1 to ${solutions.length}, not '${number}'.`);
  }
  terminal.out(chosen.text);
  const others = solutions.map((_, at) => String(at + 1)).filter((other) => other !== number);
  if (others.length > 0) {
    terminal.err(`\nAnother way: npm run -s lab -- solution ${lab.id} ${others.join(' | ')}\n`);
  }
  return 0;
}
