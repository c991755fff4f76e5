import type { LabReport } from '../../../lab/lab.ts';
import type { Work } from './submission.ts';

/** What a grading thread is given; it goes through `structuredClone`. */
export interface GradeJob {
  readonly lab: string;
  /** Null: the lab's first. */
  readonly seed: string | null;
  readonly work: Exclude<Work, { readonly kind: 'rejected' }>;
}

export type FromGradeWorker =
  /** All modules are loaded: the submission's own time begins. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'graded'; readonly report: LabReport }
  | { readonly kind: 'bug'; readonly message: string };

export type GradeOutcome =
  Exclude<FromGradeWorker, { readonly kind: 'ready' }> | { readonly kind: 'stopped'; readonly why: string };
