/** What grading many submissions found: the rows that every report is made from. */
import type { LabReport } from './lab.ts';
import { countPassed } from './report.ts';
import { lastError } from './script-trouble.ts';

/**
 * `rejected`: handed in, but not as a script that can be run. `stopped`: it took too long or too much
 * memory. `bug`: the simulation broke, which says nothing about the learner.
 */
export type Verdict = 'passed' | 'failed' | 'rejected' | 'stopped' | 'bug';

export interface GradedSubmission {
  readonly learner: string;
  readonly lab: string;
  /** Below the folder that was graded. */
  readonly file: string;
  /** The learner's own; null if the trainer's was used, which no report prints. */
  readonly seed: string | null;
  readonly verdict: Verdict;
  /** Why there is no report, or what a reader of the verdict should know; else empty. */
  readonly remark: string;
  readonly seconds: number;
  readonly report: LabReport | null;
}

export interface SkippedFile {
  readonly file: string;
  readonly why: string;
}

export interface Grading {
  readonly submissions: readonly GradedSubmission[];
  readonly skipped: readonly SkippedFile[];
}

/** Returns how many submissions have a verdict. */
export function countVerdict({ submissions }: Grading, verdict: Verdict): number {
  return submissions.filter((each) => each.verdict === verdict).length;
}

/** The row with its report. A seed that the trainer holds stands in none: learners read the logs of a CI. */
export function withReport(row: GradedSubmission, report: LabReport): GradedSubmission {
  const [bug] = report.bugs;
  return {
    ...row,
    seed: row.seed === null ? null : report.seed,
    report: row.seed === null ? { ...report, seed: '' } : report,
    verdict: bug === undefined ? (report.passed ? 'passed' : 'failed') : 'bug',
    remark: bug ?? (report.passed ? '' : scriptTrouble(report)),
  };
}

/** Why a script ended early, in its own last words. */
function scriptTrouble({ script }: LabReport): string {
  if (script === null || script.exitCode === 0) return '';
  const last = lastError(script.stderr);
  return `exit code ${script.exitCode}${last === '' ? '' : `: ${last.slice(0, 200)}`}`;
}

/** 3 if the simulation broke anywhere, 0 if everything passed, else 1. */
export function gradingExitCode({ submissions }: Grading): 0 | 1 | 3 {
  if (submissions.some(({ verdict }) => verdict === 'bug')) return 3;
  return submissions.every(({ verdict }) => verdict === 'passed') ? 0 : 1;
}

export function tasksPassed({ report }: GradedSubmission): { readonly passed: number; readonly of: number } {
  return report === null
    ? { passed: 0, of: 0 }
    : { passed: countPassed(report.tasks), of: report.tasks.length };
}

/** The first task that did not pass, as `3. Mend it`; empty if there is none. */
export function firstOpenTask({ report }: GradedSubmission): string {
  const at = report?.tasks.findIndex(({ passed }) => !passed) ?? -1;
  return at === -1 ? '' : `${at + 1}. ${report?.tasks[at]?.title ?? ''}`;
}

/** `3 submissions of 2 learners: 1 passed, 2 failed.` */
export function gradingSummary(grading: Grading): string {
  const { submissions, skipped } = grading;
  const learners = new Set(submissions.map(({ learner }) => learner)).size;
  const verdicts: readonly Verdict[] = ['passed', 'failed', 'rejected', 'stopped', 'bug'];
  const counts = verdicts
    .map((verdict) => ({ verdict, count: countVerdict(grading, verdict) }))
    .filter(({ verdict, count }) => count > 0 || verdict === 'passed')
    .map(({ verdict, count }) => `${count} ${verdict}`);
  const left = skipped.length === 0 ? '' : ` ${plural(skipped.length, 'file')} skipped.`;
  return `${plural(submissions.length, 'submission')} of ${plural(learners, 'learner')}: ${counts.join(', ')}.${left}`;
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
