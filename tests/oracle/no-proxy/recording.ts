/** What the clients were seen to do: `recorded/clients.json`. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Pair } from './pairs.ts';
import type { Answer, Question } from './question.ts';

export const RECORDING = fileURLToPath(new URL('recorded/clients.json', import.meta.url));

export interface Recording {
  /** yyyy-mm-dd. */
  readonly date: string;
  /** By client: a name of the model, or such a name with another version behind it. */
  readonly versions: Readonly<Record<string, string>>;
  /** Of the random pairs. */
  readonly seed: number;
  /** The chosen pairs, then the random ones. */
  readonly pairs: readonly (Pair & { readonly answers: Readonly<Record<string, Answer>> })[];
  readonly environments: readonly (Question & { readonly answers: Readonly<Record<string, Answer>> })[];
}

export function readRecording(): Recording {
  return JSON.parse(readFileSync(RECORDING, 'utf8')) as Recording;
}
