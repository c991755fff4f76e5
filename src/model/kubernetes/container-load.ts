/** Containers that make load as long as they run. */
import { startedCommand } from './images.ts';
import { loadOfCommand, loadOfScript, staysUp } from './load-generators.ts';
import type { LoadProgram } from './load-program.ts';
import type { Container } from './objects.ts';

export interface ContainerLoad {
  readonly load: LoadProgram;
  /** The program and its arguments, as `ps` would show them. */
  readonly command: string;
}

const known = new WeakMap<Container, ContainerLoad | 'none'>();

/** Returns the load that a container makes as long as it runs; null for most. */
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
  const own = isShell ? loadOfScript(script) : argv;
  const load = own === null ? null : loadOfCommand(own);
  return own !== null && load?.ok === true && staysUp(load.value)
    ? { load: load.value, command: own.join(' ') }
    : null;
}
