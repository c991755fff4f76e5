/** Containers that make load. */
import { startedCommand } from './images.ts';
import { loadOfCommand, loadOfScript } from './load-generators.ts';
import type { LoadProgram } from './load-program.ts';
import type { Container } from './objects.ts';

export interface ContainerLoad {
  readonly load: LoadProgram;
  /** The program and its arguments, as `ps` would show them. */
  readonly command: string;
}

const known = new WeakMap<Container, ContainerLoad | 'none'>();

/** Returns the load that a container makes from its start on; null for most. */
export function containerLoad(container: Container): ContainerLoad | null {
  let found = known.get(container);
  if (found === undefined) {
    found = read(container) ?? 'none';
    known.set(container, found);
  }
  return found === 'none' ? null : found;
}

function read({ image, command = [], args = [] }: Container): ContainerLoad | null {
  const argv = command.length > 0 ? [...command, ...args] : startedCommand(image, args);
  const [program = '', flag = '', script = ''] = argv;
  const isShell = /^(\/(usr\/)?bin\/)?(sh|bash|ash)$/.test(program) && /^-[a-z]*c$/.test(flag);
  const own = isShell ? loadOfScript(script) : { argv, againAfter: null };
  const load = own === null ? null : loadOfCommand(own.argv);
  if (own === null || load?.ok !== true) return null;
  const { againAfter } = own;
  // A single curl is no load worth counting.
  if (againAfter === null && load.value.program === 'curl') return null;
  return {
    load: againAfter === null ? load.value : { ...load.value, againAfter },
    command: own.argv.join(' '),
  };
}
