/** Running a program in a pod and reporting it as kubectl does. */
import type { Cloud } from '../../model/cloud.ts';
import { drawHex } from '../../model/chance.ts';
import { ok } from '../../model/result.ts';
import type { CommandContext, CommandResult, Place } from '../command.ts';
import { hasProgram, programName, toolsOfPlace } from '../place/set-up.ts';
import type { KubectlOutcome, KubectlResult } from './command.ts';

const SHELLS = ['sh', 'bash', 'ash', '/bin/sh', '/bin/bash', '/bin/ash', '/usr/bin/bash'];

/** Reports whether the command line is a bare shell, which a terminal would enter. */
export function isShell(argv: readonly string[]): boolean {
  const [program, ...args] = argv;
  return (
    program !== undefined &&
    SHELLS.includes(program) &&
    args.every((arg) => ['-i', '-l', '--login'].includes(arg))
  );
}

/** Returns what a container runtime says if the place has no such program; null if it has. */
export function missingProgram(cloud: Cloud, place: Place, argv: readonly string[]): string | null {
  const program = argv[0] ?? '';
  const tools = toolsOfPlace(cloud, place);
  if (!tools.ok) return `error: ${tools.error}\n`;
  if (hasProgram(tools.value, program)) return null;
  const id = drawHex(cloud, `exec/${JSON.stringify(place)}/${program}`, 64);
  const why = program.includes('/')
    ? `stat ${program}: no such file or directory`
    : 'executable file not found in $PATH';
  return (
    'error: Internal error occurred: error executing command in container: failed to exec in container: ' +
    `failed to start exec "${id}": OCI runtime exec failed: exec failed: unable to start container process: ` +
    `exec: "${program}": ${why}: unknown\n`
  );
}

export interface Attached {
  readonly context: CommandContext;
  readonly place: Place;
  readonly argv: readonly string[];
  /** `-it`: a bare shell without input is entered rather than run. */
  readonly terminal: 'asked' | 'not-asked';
  /** `-i`: standard input goes along. */
  readonly stdin: 'passed' | 'closed';
}

/** Returns the place to enter if the command is an interactive shell typed at a terminal. */
export function placeToEnter({ context, place, argv, terminal, stdin }: Attached): Place | null {
  const interactive = context.terminal === 'interactive' && context.stdin === '';
  return interactive && terminal === 'asked' && stdin === 'passed' && isShell(argv) ? place : null;
}

/** `/hey` and `/wrk` are where their images have them; everything else keeps its path. */
function withoutPath(program: string): string {
  return /\/(hey|wrk)$/.test(program) ? programName(program) : program;
}

export async function runAttached(attached: Attached, cloud?: Cloud): Promise<CommandResult> {
  const input = attached.stdin === 'passed' ? attached.context.stdin : '';
  // A shell without a script reads its commands from standard input.
  const isScript = isShell(attached.argv) && input !== '';
  const [program = '', ...rest] = attached.argv;
  const argv = isScript ? [program, '-c', input] : [withoutPath(program), ...rest];
  return attached.context.runIn(attached.place, argv, isScript ? '' : input, cloud);
}

/** Returns the outcome of `kubectl exec`: the program's own output, and kubectl's line if it failed. */
export async function execute(attached: Attached, note: string): Promise<KubectlResult> {
  const missing = missingProgram(attached.context.cloud, attached.place, attached.argv);
  if (missing !== null) return ok({ stderr: note + missing, exitCode: 1 });
  const enter = placeToEnter(attached);
  if (enter !== null) return ok({ enter, stderr: note });
  const result = await runAttached(attached);
  const failed = result.exitCode === 0 ? '' : `command terminated with exit code ${result.exitCode}\n`;
  const outcome: KubectlOutcome = {
    stdout: result.stdout,
    stderr: note + result.stderr + failed,
    exitCode: result.exitCode,
    ...(result.cloud === undefined ? {} : { cloud: result.cloud }),
  };
  return ok(outcome);
}
