import type { LogEntry } from '../../../progress/lab-progress.ts';

/** What one learner handed in for one lab. */
export interface Submission {
  readonly learner: string;
  readonly lab: string;
  /** Below the folder that is graded, with forward slashes. */
  readonly file: string;
  /** The seed that the learner worked with, where that is known. */
  readonly seed: string | null;
  readonly work: Work;
}

export type Work =
  | { readonly kind: 'script'; readonly text: string }
  /** What ran in the browser's terminal, in order. */
  | { readonly kind: 'log'; readonly entries: readonly LogEntry[] }
  /** Handed in, but nothing that can be run. */
  | { readonly kind: 'rejected'; readonly why: string };
