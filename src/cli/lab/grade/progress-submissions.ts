/** The labs in a progress file that the browser exported. */
import { labProgressOf, type LabState } from '../../../progress/lab-progress.ts';
import { formatProgressFileProblem, readProgressFile } from '../../../progress/progress-file.ts';
import { scriptText } from '../script-text.ts';
import { readProgressText } from './submission-files.ts';
import type { Submission, Work } from './submission.ts';

export type ProgressSubmissions =
  | { readonly kind: 'unfit'; readonly why: string }
  | {
      readonly kind: 'read';
      /** The name that the learner typed; null if none. */
      readonly learner: string | null;
      readonly submissions: readonly Omit<Submission, 'learner' | 'file'>[];
    };

/** Returns what was done in each of `labs`; a lab in which nothing was done is none of them. */
export function progressSubmissions(path: string, labs: readonly string[]): ProgressSubmissions {
  const text = readProgressText(path);
  if (text.kind === 'unfit') return text;
  const file = readProgressFile(text.text);
  if (!file.ok) {
    const { error } = file;
    // In the browser a page is loaded again; here it is the repository that is older.
    const todo = error.kind === 'newer-schema' ? 'Grade it with a repository of that version.' : error.todo;
    return { kind: 'unfit', why: formatProgressFileProblem({ ...error, todo }) };
  }
  const { learner, entries } = file.value;
  const submissions = labs.flatMap((lab) => {
    const entry = Object.hasOwn(entries, `lab.${lab}`) ? entries[`lab.${lab}`] : undefined;
    const progress = entry === undefined ? null : labProgressOf(entry.value, lab);
    if (progress === null || progress.now.log.length === 0) return [];
    return [{ lab, seed: progress.now.seed, work: workOf(progress.now) }];
  });
  return { kind: 'read', learner, submissions };
}

/** A script that ran in a fresh network, and nothing besides, is a script like any other. */
function workOf({ log }: LabState): Work {
  const [only] = log;
  return log.length === 1 && only?.kind === 'script'
    ? { kind: 'script', text: scriptText(only.text) }
    : { kind: 'log', entries: log };
}
