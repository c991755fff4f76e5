/** Command lines that make load, and how long they go on. */
import { ok } from '../result.ts';
import type { Result } from '../result.ts';
import { readHeyArguments } from './hey-arguments.ts';
import type { LoadProgram, LoadRefusal } from './load-program.ts';
import { readWrkArguments } from './wrk-arguments.ts';

/**
 * Returns the load that a command line makes; null if its program is none that makes load, or its URL is
 * none that leads anywhere. Error: what the program prints instead.
 */
export function loadOfCommand(argv: readonly string[]): Result<LoadProgram, LoadRefusal> | null {
  const [program = '', ...args] = argv;
  const name = program.split('/').at(-1) ?? '';
  if (name === 'hey') {
    const read = readHeyArguments(args);
    if (!read.ok) return read;
    return read.value.load === null ? null : ok(read.value.load);
  }
  if (name === 'wrk') {
    const read = readWrkArguments(args);
    return read.ok ? ok(read.value.load) : read;
  }
  return null;
}

/**
 * Returns the command line of a shell script that is nothing but one such program, or runs it again and
 * again without a pause; null for any other script.
 */
export function loadOfScript(script: string): readonly string[] | null {
  const looped = /^while\s+(?:true|:)\s*;\s*do\s+(.*?)\s*;?\s*done$/s.exec(script.trim());
  const command = (looped?.[1] ?? script.trim()).replace(/^exec\s+/, '');
  if (!/^(\/\S*\/|\/)?(hey|wrk)\s/.test(command) || /[;|<>`$&(){}'"\\\n]/.test(command)) return null;
  return command.split(/\s+/);
}

/** Seconds of a request of which nothing else is known, when a container's state is decided. */
const USUAL_REQUEST_SECONDS = 0.02;
/** A program that is done sooner has ended by the time anybody looks. */
const SHORT_SECONDS = 60;

/** Reports whether a container with this program is shown as running. */
export function staysUp({ seconds, requests, workers, perWorker }: LoadProgram): boolean {
  if (seconds !== null) return true;
  const each = perWorker === null ? USUAL_REQUEST_SECONDS : 1 / perWorker;
  return ((requests ?? 0) / workers) * each >= SHORT_SECONDS;
}
