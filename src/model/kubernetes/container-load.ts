/** Containers that make load. */
import { startedCommand } from './images.ts';
import { loadOfCommand } from './load-generators.ts';
import type { LoadProgram } from './load-program.ts';
import { programsOfScript } from './load-scripts.ts';
import type { ProgramsOfScript } from './load-scripts.ts';
import type { Container } from './objects.ts';

export interface ContainerLoad {
  readonly load: LoadProgram;
  readonly argv: readonly string[];
  /** The program and its arguments, as `ps` would show them. */
  readonly command: string;
  /** Seconds from the container's start to the program's. */
  readonly startsAfter: number;
  /** `sleeps`: the container stays when its programs have ended, and does not start them again. */
  readonly then: ProgramsOfScript['then'];
}

const known = new WeakMap<Container, readonly ContainerLoad[]>();

/** Returns the load that a container makes, one for each of its programs; none for most. */
export function containerLoads(container: Container): readonly ContainerLoad[] {
  let found = known.get(container);
  if (found === undefined) {
    found = read(container);
    known.set(container, found);
  }
  return found;
}

function read({ image, command = [], args = [], env = [] }: Container): readonly ContainerLoad[] {
  const argv = (command.length > 0 ? [...command, ...args] : startedCommand(image, args)).map((each) =>
    withVariables(each, env),
  );
  const [program = '', flag = '', script = ''] = argv;
  const isShell = /^(\/(usr\/)?bin\/)?(sh|bash|ash)$/.test(program) && /^-[a-z]*c$/.test(flag);
  const found: ProgramsOfScript | null = isShell
    ? programsOfScript(script, env)
    : { programs: [{ argv, againAfter: null, startsAfter: 0 }], then: 'ends' };
  if (found === null) return [];
  const loads = found.programs.flatMap(({ argv: own, againAfter, startsAfter }): readonly ContainerLoad[] => {
    const load = loadOfCommand(own);
    // A single curl is no load worth counting.
    if (load?.ok !== true || (againAfter === null && load.value.program === 'curl')) return [];
    return [
      {
        load: againAfter === null ? load.value : { ...load.value, againAfter },
        argv: own,
        command: own.join(' '),
        startsAfter,
        then: found.then,
      },
    ];
  });
  return loads.length === found.programs.length ? loads : [];
}

/** Kubernetes puts in `$(NAME)` where it knows the variable's value. */
function withVariables(text: string, env: NonNullable<Container['env']>): string {
  return text.replaceAll(/\$\(([A-Za-z_][\w.-]*)\)/g, (whole, name: string) => {
    const value = env.find((each) => each.name === name)?.value ?? '';
    return value === '' ? whole : value;
  });
}
