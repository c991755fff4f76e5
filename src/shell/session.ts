/**
 * A bash session over a simulated subscription. It holds the current cloud; each simulated command
 * replaces it, and shells in pods, nodes and VMs keep their own files for as long as the session lives.
 */
import type { Cloud } from '../model/cloud.ts';
import type { CommandResult, Place, SimulatedCommand } from './command.ts';
import { completeLine, type Completion } from './completion.ts';
import { diskKey, KERNEL, liveFiles, placeKey, providedFiles, setUpPlace } from './place/set-up.ts';
import { trustFiles } from './place/trust-files.ts';
import { PlaceShell, type PlacedFile, type PlaceSetup, type RunOptions } from './place-shell.ts';
import { WORKSTATION_COMMANDS } from './workstation.ts';
import { World } from './world.ts';

export interface SessionOptions {
  readonly cloud: Cloud;
  /** Files of the workstation; a relative path lies in the home directory. */
  readonly files?: Readonly<Record<string, string | PlacedFile>>;
  /** Where the session starts; the workstation if absent. */
  readonly place?: Place;
  /** More programs for the workstation, for example a lab's `answer`. */
  readonly commands?: readonly SimulatedCommand[];
  /** Disks that an earlier session on this cloud has written to; they are written on. New ones if absent. */
  readonly disks?: MachineDisks;
  /** Disks that stay as they are: who logs in to a machine writes on a copy, which is made then. None if absent. */
  readonly lentDisks?: MachineDisks;
  /** How many connections earlier sessions on this cloud have opened: ports follow from it. */
  readonly connections?: number;
  /** Told of each command that changed more than the time, with the world after it. */
  readonly onChange?: (cloud: Cloud, command: string) => void;
}

/** What is on the disks of VMs, and of pods and nodes, by what identifies them. */
export type MachineDisks = ReadonlyMap<string, PlaceShell['disk']>;

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export interface Session {
  /** The cloud as it is now. */
  readonly cloud: Cloud;
  /** Where the next line runs. */
  readonly place: Place;
  readonly prompt: string;
  /** `closed` after `exit` on the place where the session started. */
  readonly state: 'open' | 'closed';
  /** Exceptions thrown by simulated commands: bugs of ours. */
  readonly bugs: readonly Error[];
  /** Runs a line (or several) as typed at the prompt: variables, functions, directory and `$?` stay. */
  run(line: string, options?: RunOptions): Promise<RunResult>;
  /** Runs a script as `bash NAME ARGS...` does: a shell of its own, `$0` is the name. */
  runScript(
    name: string,
    text: string,
    options?: RunOptions & { readonly args?: readonly string[] },
  ): Promise<RunResult>;
  /** Returns what Tab offers at the end of the line. */
  complete(line: string): Promise<Completion>;
  /** Returns a file of the workstation, or null. */
  readFile(path: string): Promise<string | null>;
  writeFile(path: string, text: string): Promise<void>;
  /**
   * The disks of the VMs that somebody was logged in to, for a session that goes on from here. Those that were
   * lent to this session, and that nobody logged in to, are the lent ones.
   */
  readonly disks: MachineDisks;
  /** What another session needs to go on from here as if it had run the same scripts. */
  asStart(): Promise<SessionStart>;
}

/** A network, and what lies on the workstation and elsewhere. Any number of sessions may start from it: `sessionFrom`. */
export type SessionStart = Required<Pick<SessionOptions, 'cloud' | 'files' | 'disks' | 'connections'>>;

/** Opens a session that goes on from a start, which stays as it is. */
export function sessionFrom(
  start: SessionStart,
  options: Omit<SessionOptions, keyof SessionStart | 'lentDisks'> = {},
): Session {
  const { disks, ...others } = start;
  return createSession({ ...options, ...others, lentDisks: disks });
}

/** Disks of their own, with the same on them. */
async function copyOf(disks: MachineDisks): Promise<MachineDisks> {
  const copies = [...disks].map(async ([machine, disk]) => [machine, await disk.copy()] as const);
  return new Map(await Promise.all(copies));
}

export const HOME = '/home/learner';

export function createSession(options: SessionOptions): Session {
  const world = new World(options.cloud, options.onChange ?? null, options.connections);
  const shells = new Map<string, PlaceShell>();
  const root = options.place ?? { kind: 'workstation' };
  let entered: readonly Place[] = [root];
  let state: Session['state'] = 'open';
  let queue: Promise<unknown> = Promise.resolve();

  const copies = new Map<string, Promise<void>>();
  const ownDisks = new Map(options.disks);

  /** Copies what was lent of a place before somebody writes there. */
  const copyLent = async (place: Place): Promise<void> => {
    const key = place.kind === 'vm' ? diskKey(place) : placeKey(world.cloud, place);
    const lent = key === null ? undefined : options.lentDisks?.get(key);
    if (key === null || lent === undefined) return;
    const copy =
      copies.get(key) ??
      lent.copy().then((disk) => {
        ownDisks.set(key, disk);
      });
    copies.set(key, copy);
    await copy;
  };
  const shellOf = async (place: Place): Promise<PlaceShell | string> => {
    await copyLent(place);
    const key = placeKey(world.cloud, place);
    const known = key === null ? undefined : shells.get(key);
    const shell = known ?? newShell(place);
    if (typeof shell === 'string') return shell;
    if (known === undefined && key !== null) shells.set(key, shell);
    await refresh(shell, world.cloud);
    return shell;
  };
  const newShell = (place: Place): PlaceShell | string => {
    if (place.kind === 'workstation') return new PlaceShell(place, workstation(options), world, runIn);
    const setup = setUpPlace(world.cloud, place);
    if (!setup.ok) return setup.error;
    const disk = place.kind === 'vm' ? diskOf(place) : leftIn(place);
    return new PlaceShell(place, setup.value, world, runIn, disk);
  };
  const diskOf = (place: Extract<Place, { kind: 'vm' }>): PlaceShell['disk'] | undefined =>
    [...shells.values()].find((each) => each.place.kind === 'vm' && diskKey(each.place) === diskKey(place))
      ?.disk ?? ownDisks.get(diskKey(place));
  const leftIn = (place: Place): PlaceShell['disk'] | undefined => {
    const key = placeKey(world.cloud, place);
    return key === null ? undefined : ownDisks.get(key);
  };
  const runIn = async (
    place: Place,
    argv: readonly string[],
    stdin: string,
    cloud?: Cloud,
  ): Promise<CommandResult> => {
    if (cloud !== undefined) world.change(cloud);
    const shell = await shellOf(place);
    if (typeof shell === 'string') return { stdout: '', stderr: `${shell}\n`, exitCode: 1 };
    const result = await shell.runProgram(argv, { stdin });
    return { ...result, cloud: world.cloud };
  };
  const oneAtATime = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = queue.then(work, work);
    queue = turn.catch(() => undefined);
    return turn;
  };
  const here = (): Place => entered.at(-1) ?? root;
  const workstationShell = async (): Promise<PlaceShell> => {
    const shell = await shellOf({ kind: 'workstation' });
    if (typeof shell === 'string') throw new Error(shell);
    return shell;
  };

  const runLine = async (line: string, runOptions: RunOptions): Promise<RunResult> => {
    if (state === 'closed') return { stdout: '', stderr: 'the session has ended\n', exitCode: 1 };
    const shell = await shellOf(here());
    if (typeof shell === 'string') {
      // The pod or VM went away under the learner's feet.
      entered = entered.length > 1 ? entered.slice(0, -1) : entered;
      return { stdout: '', stderr: `${shell}\ncommand terminated with exit code 137\n`, exitCode: 137 };
    }
    const outcome = await shell.runLine(line, runOptions);
    if (outcome.shell === 'left') {
      if (entered.length > 1) entered = entered.slice(0, -1);
      else state = 'closed';
    } else if (outcome.entering !== null) {
      entered = [...entered, outcome.entering];
    }
    return { stdout: outcome.stdout, stderr: outcome.stderr, exitCode: outcome.exitCode };
  };

  const disks = (): MachineDisks => {
    const machines = [...shells.values()].flatMap(({ place, disk }): [string, PlaceShell['disk']][] =>
      place.kind === 'vm' ? [[diskKey(place), disk]] : [],
    );
    return new Map([...(options.lentDisks ?? []), ...ownDisks, ...machines]);
  };

  return {
    get cloud() {
      return world.cloud;
    },
    get place() {
      return here();
    },
    get prompt() {
      const key = placeKey(world.cloud, here());
      const shell = key === null ? undefined : shells.get(key);
      if (shell !== undefined) return shell.prompt;
      const fresh = newShell(here());
      return typeof fresh === 'string' ? '$ ' : fresh.prompt;
    },
    get state() {
      return state;
    },
    get bugs() {
      return world.bugs;
    },
    run: (line, runOptions = {}) => oneAtATime(() => runLine(line, runOptions)),
    runScript: (name, text, runOptions = {}) =>
      oneAtATime(async () => {
        const shell = await workstationShell();
        const path = name.startsWith('/') ? name : `${HOME}/${name}`;
        await shell.refresh({ [path]: text });
        const { args = [], ...rest } = runOptions;
        const { stdout, stderr, exitCode } = await shell.runFile(name, args, rest);
        return { stdout, stderr, exitCode };
      }),
    complete: async (line) => {
      const shell = await shellOf(here());
      if (typeof shell === 'string') return { from: line.length, candidates: [] };
      return completeLine(line, shell, world.cloud);
    },
    readFile: async (path) => {
      const shell = await workstationShell();
      try {
        return await shell.files.readFile(shell.files.resolvePath(HOME, path));
      } catch {
        return null;
      }
    },
    writeFile: async (path, text) => {
      const shell = await workstationShell();
      await shell.refresh({ [shell.files.resolvePath(HOME, path)]: text });
    },
    get disks() {
      return disks();
    },
    asStart: async () => {
      const shell = await workstationShell();
      const found: [string, PlacedFile][] = [];
      for (const path of shell.files.getAllPaths()) {
        if (!/^\/(?:home|tmp)\//.test(path)) continue;
        const { isFile, mode } = await shell.files.stat(path);
        if (isFile) found.push([path, { content: await shell.files.readFile(path), mode }]);
      }
      const elsewhere = [...shells].filter(
        ([, { place }]) => place.kind !== 'workstation' && place.kind !== 'vm',
      );
      const left = new Map([...disks(), ...elsewhere.map(([key, { disk }]) => [key, disk] as const)]);
      return {
        cloud: world.cloud,
        files: Object.fromEntries(found),
        disks: await copyOf(left),
        connections: world.connections,
      };
    },
  };
}

/** Writes anew what a place's files say about the network. */
async function refresh(shell: PlaceShell, cloud: Cloud): Promise<void> {
  await shell.provide(providedFiles(cloud, shell.place));
  await shell.refresh(liveFiles(cloud, shell.place));
  await shell.follow(cloud);
  if (shell.place.kind === 'workstation') return;
  const { DEVICE_FOLDERS, kernelFiles } = await import('./place/kernel-files.ts');
  const files = await kernelFiles(cloud, shell.place, { readFile: (path) => shell.readFile(path) });
  for (const folder of DEVICE_FOLDERS) await shell.files.rm(folder, { recursive: true, force: true });
  await shell.refresh(files);
}

function workstation(options: SessionOptions): PlaceSetup {
  const files = Object.entries(options.files ?? {}).map(([path, text]): [string, string | PlacedFile] => [
    path.startsWith('/') ? path : `${HOME}/${path}`,
    text,
  ]);
  const added = (options.commands ?? []).map((command) => ({
    name: command.name,
    load: () => Promise.resolve(command),
  }));
  return {
    home: HOME,
    user: 'learner',
    hostname: 'workstation',
    kernel: KERNEL,
    files: Object.fromEntries(files),
    lateFiles: trustFiles('debian'),
    env: { LANG: 'C.UTF-8' },
    builtins: 'all',
    commands: [...WORKSTATION_COMMANDS, ...added],
    promptStyle: 'bash',
  };
}
