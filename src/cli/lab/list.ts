import { course } from '../../course-config/course.ts';
import { isOff } from '../../course-config/modules.ts';
import { compareLabs } from '../../lab/order.ts';
import type { Terminal } from '../terminal.ts';
import { labIds, readLab } from './folder.ts';
import { parseLabArguments } from './arguments.ts';

export async function list(args: readonly string[], terminal: Terminal): Promise<number> {
  const { flag } = parseLabArguments(args, { json: { type: 'boolean' } }, []);
  const sources = await Promise.all(labIds().map((id) => readLab(id)));
  const inOrder = sources
    .map(({ lab }) => lab)
    .filter(({ module }) => !isOff(course.modules.off, module))
    .sort(compareLabs);
  const labs = inOrder.map((lab) => ({
    id: lab.id,
    title: lab.title,
    minutes: lab.minutes,
    module: lab.module,
    tasks: lab.tasks.length,
    seeds: lab.seeds,
  }));
  if (flag('json')) {
    terminal.out(`${JSON.stringify(labs, null, 2)}\n`);
    return 0;
  }
  const width = Math.max(...labs.map(({ id }) => id.length));
  for (const { id, title, minutes } of labs) {
    terminal.out(`${id.padEnd(width)}  ${String(minutes).padStart(3)} min  ${title}\n`);
  }
  terminal.out('\nStart one: npm run -s lab -- start LAB\n');
  return 0;
}
