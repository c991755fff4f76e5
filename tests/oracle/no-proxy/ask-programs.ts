/** Asks Python, and for a recording Go and the two wgets, with the programs of this folder. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Answer, Question } from './question.ts';

export interface Answers {
  /** By client: `python-urllib` and so on. */
  readonly versions: Readonly<Record<string, string>>;
  readonly answers: readonly Readonly<Record<string, Answer>>[];
}

export function askPython(python: string, questions: readonly Question[]): Answers {
  return ask(python, [here('witness.py')], questions);
}

export function askGo(questions: readonly Question[]): Answers {
  return ask('go', ['run', here('witness.go')], questions);
}

/** In a network of its own (root): the wgets cannot be told where names lead. */
export function askWgets(questions: readonly Question[]): Answers {
  return ask('unshare', ['--net', '--mount', 'python3', here('witness-wget.py')], questions);
}

function here(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

function ask(command: string, args: readonly string[], questions: readonly Question[]): Answers {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    input: JSON.stringify({ questions }),
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (error !== undefined) throw error;
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')} exits with ${status ?? 'a signal'}:\n${stderr}`);
  return JSON.parse(stdout) as Answers;
}
