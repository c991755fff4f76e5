/** What the real programs said, in the shape of `recorded/`. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ClientAnswer, GoAnswer } from './clients.ts';
import type { Question } from './questions.ts';
import type { Said } from './run.ts';

export interface Answered {
  readonly name: string;
  /** In the order of the question's lines; long output as a digest (`shortened`). */
  readonly said: readonly Said[];
}

export interface OpensslRecording {
  readonly openssl: string;
  readonly at: number;
  readonly answers: readonly Answered[];
}

export interface ClientRecording {
  readonly at: number;
  readonly curl: { readonly curl: string; readonly openssl: string };
  readonly python: string;
  readonly go: string;
  readonly clients: readonly ClientAnswer[];
  readonly goAnswers: readonly GoAnswer[];
}

const LONGEST = 400;

/** Texts of certificates and keys are compared by their SHA-256, so that the recording stays readable. */
export function shortened({ stdout, stderr, exit }: Said): Said {
  const short =
    stdout.length <= LONGEST ? stdout : `sha256:${createHash('sha256').update(stdout).digest('hex')}`;
  return { stdout: short, stderr, exit };
}

/** Returns where two lists of answers differ, as text for the one who reads the test's failure. */
export function differences(
  questions: readonly Question[],
  real: readonly Answered[],
  simulated: readonly Answered[],
): readonly string[] {
  return questions.flatMap(({ name, lines }, at) =>
    lines.flatMap((line, index) => {
      const [theirs, ours] = [real[at]?.said[index], simulated[at]?.said[index]];
      if (JSON.stringify(theirs) === JSON.stringify(ours)) return [];
      return [
        `${name}: openssl ${line.join(' ')}\n  real ${JSON.stringify(theirs)}\n  ours ${JSON.stringify(ours)}`,
      ];
    }),
  );
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`recorded/${name}`, import.meta.url), 'utf8'));

export const opensslRecording = (): OpensslRecording => read('openssl.json') as OpensslRecording;
export const clientRecording = (): ClientRecording => read('clients.json') as ClientRecording;
