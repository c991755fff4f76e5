/** Progress files for browser tests, as an export writes them. */
import { FORMAT, SCHEMA } from '../../../src/progress/progress-file.ts';

export type Verdict = 'right' | 'wrong';

export interface FileOptions {
  /** When it was exported, and each entry made that says nothing else. */
  readonly at: number;
  readonly learner?: string | null;
}

/** A file of entries by key, each made at `at`. */
export function progressFile(
  values: Readonly<Record<string, unknown>>,
  { at, learner = null }: FileOptions,
): string {
  return JSON.stringify({
    format: FORMAT,
    schema: SCHEMA,
    exported: new Date(at).toISOString(),
    course: { title: 'AKS networking workbook', version: '0.0.9' },
    learner,
    entries: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { at, value }])),
  });
}

/** What is kept of a question that was checked once. */
export function answered(verdict: Verdict, at: number): unknown {
  return {
    answer: { kind: 'choice', option: 'x' },
    state: 'checked',
    verdict,
    history: [{ at, verdict }],
  };
}

export function reviewed(verdict: Verdict, at: number): unknown {
  return { row: 1, history: [{ at, verdict }] };
}

export function worked(lab: string, passed: readonly string[]): unknown {
  const now = { seed: 'amber', script: '', log: [{ kind: 'line', text: 'az group list' }], passed };
  return { version: 1, lab, now, before: null };
}
