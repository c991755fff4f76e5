/** Commands that run another one, and what they share. */
import type { Command } from 'just-bash';
import { BACKGROUND } from './background-processes.ts';
import { bytesOf, quoteWord } from './quote.ts';

export type Run = Command['execute'];

/** Runs a command that another one was given as its arguments. */
export function runWords(
  words: readonly string[],
  context: Parameters<Run>[1],
  signal = context.signal,
  before = '',
): ReturnType<Run> {
  if (context.exec === undefined) return answer('');
  const line = words.map(quoteWord).join(' ');
  // just-bash gives the caller its values back, but not what was exported: a subshell keeps that to itself.
  return context.exec(before === '' ? line : `(${before}${line})`, {
    cwd: context.cwd,
    env: { ...context.exportedEnv, ...(context.env.has(BACKGROUND) ? { [BACKGROUND]: 'yes' } : {}) },
    stdin: bytesOf(context.stdin),
    stdinKind: 'bytes',
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Returns a file's text, or null. */
export async function textOf({ fs }: Parameters<Run>[1], path: string): Promise<string | null> {
  try {
    return await fs.readFile(path);
  } catch {
    return null;
  }
}

export function answer(stdout: string): ReturnType<Run> {
  return Promise.resolve({ stdout, stderr: '', exitCode: 0 });
}

export function failure(stderr: string): ReturnType<Run> {
  return Promise.resolve({ stdout: '', stderr, exitCode: 1 });
}
