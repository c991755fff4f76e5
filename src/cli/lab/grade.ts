/** `lab grade DIR`: everything that was handed in, at once, with a seed that the trainer holds. */
import { availableParallelism } from 'node:os';
import type { GradedSubmission, Grading } from '../../lab/grading.ts';
import { gradingExitCode, gradingSummary, withReport } from '../../lab/grading.ts';
import { gradingToJunit } from '../../lab/grading-junit.ts';
import { gradingToCsv, gradingToJson, gradingToText, printable } from '../../lab/grading-report.ts';
import type { Terminal } from '../terminal.ts';
import { parseLabArguments, type LabArguments } from './arguments.ts';
import { findLab } from './find.ts';
import { labIds } from './folder.ts';
import { findSubmissions, type Found } from './grade/find-submissions.ts';
import type { GradeJob, GradeOutcome } from './grade/grade-job.ts';
import { gradeAll } from './grade/grade-pool.ts';
import { NO_HELD_SEED, readSeeds, type HeldSeed } from './grade/held-seeds.ts';
import type { Submission } from './grade/submission.ts';
import { UsageError } from './usage-error.ts';
import { givenSeed } from './workspace.ts';

const REPORTERS = ['text', 'json', 'junit', 'csv'] as const;
type Reporter = (typeof REPORTERS)[number];

const MEMORY_MEGABYTES = 1024;

export async function grade(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseLabArguments(
    args,
    {
      lab: { type: 'string' },
      seed: { type: 'string' },
      seeds: { type: 'string' },
      reporter: { type: 'string' },
      json: { type: 'boolean' },
      jobs: { type: 'string' },
      timeout: { type: 'string' },
    },
    ['folder'],
  );
  const folder = parsed.positionals[0];
  if (folder === undefined) {
    throw new UsageError(
      'Which folder? npm run -s lab -- grade DIR, where DIR holds a folder per learner with LAB.sh, LAB/lab.sh or an exported progress file in it.',
    );
  }
  const reporter = reporterOf(parsed);
  const only = parsed.value('lab');
  const lab = only === undefined ? null : (await findLab(only, 'grade')).lab.id;
  const labs = labIds();
  const held = heldSeedOf(parsed, labs);
  const options = {
    jobs: wholeNumber(parsed, 'jobs', 1, 64) ?? Math.max(1, availableParallelism()),
    timeoutSeconds: wholeNumber(parsed, 'timeout', 1, 3600) ?? 60,
    memoryMegabytes: MEMORY_MEGABYTES,
  };
  const found = findSubmissions(folder, labs, lab);
  if (found.submissions.length === 0) throw nothingFound(folder, found);

  const submissions = await gradeSubmissions(found.submissions, held, options, terminal);
  const grading: Grading = { submissions, skipped: found.skipped };
  terminal.out(printed(grading, reporter, terminal));
  if (reporter !== 'text') terminal.err(`${gradingSummary(grading)}\n`);
  for (const { learner, lab: of, remark } of submissions.filter(({ verdict }) => verdict === 'bug')) {
    terminal.err(`A bug in the workbook, not in the script of ${printable(learner)} for ${of}: ${remark}\n`);
  }
  return gradingExitCode(grading);
}

async function gradeSubmissions(
  submissions: readonly Submission[],
  held: HeldSeed,
  options: Parameters<typeof gradeAll>[1],
  terminal: Terminal,
): Promise<readonly GradedSubmission[]> {
  const rows: GradedSubmission[] = [];
  const jobs: { readonly at: number; readonly job: GradeJob }[] = [];
  for (const [at, { learner, lab, file, seed, work }] of submissions.entries()) {
    // What somebody typed names the nodes and pods of their own network: in another one it would mean nothing.
    const heldSeed = work.kind === 'log' ? null : held(learner, lab);
    const row = { learner, lab, file, seed: heldSeed === null ? (seed ?? '') : null, seconds: 0 };
    if (work.kind === 'rejected') {
      rows[at] = { ...row, verdict: 'rejected', remark: work.why, report: null };
      continue;
    }
    // What it says until a thread has said more.
    rows[at] = { ...row, verdict: 'bug', remark: 'it was never graded', report: null };
    jobs.push({ at, job: { lab, seed: heldSeed ?? seed, work } });
  }
  const progress = new ProgressLine(jobs.length, terminal);
  await gradeAll(
    jobs.map(({ job }) => job),
    options,
    (index, outcome, seconds) => {
      const at = jobs[index]?.at ?? -1;
      const row = rows[at];
      if (row === undefined) return;
      const graded = rowAfter({ ...row, seconds }, outcome);
      rows[at] = graded;
      progress.ended(graded);
    },
  );
  return rows;
}

function rowAfter(row: GradedSubmission, outcome: GradeOutcome): GradedSubmission {
  switch (outcome.kind) {
    case 'stopped':
      return { ...row, verdict: 'stopped', remark: outcome.why };
    case 'bug':
      return { ...row, verdict: 'bug', remark: outcome.message };
    case 'graded':
      return withReport(row, outcome.report);
  }
}

/** On stderr: a line that counts where somebody looks on, else a line for each. */
class ProgressLine {
  readonly #of: number;
  readonly #terminal: Terminal;
  #ended = 0;
  #notPassed = 0;

  constructor(of: number, terminal: Terminal) {
    this.#of = of;
    this.#terminal = terminal;
  }

  ended({ learner, lab, verdict, seconds }: GradedSubmission): void {
    this.#ended += 1;
    if (verdict !== 'passed') this.#notPassed += 1;
    const count = `${this.#ended} of ${this.#of}`;
    const last = `${verdict}  ${printable(learner)}  ${lab}  ${seconds} s`;
    const { err, errColumns } = this.#terminal;
    if (errColumns === null) {
      err(`${count}  ${last}\n`);
      return;
    }
    const line = `${count} graded, ${this.#notPassed} not passed; last: ${last}`;
    err(`\r\u001b[K${line.slice(0, Math.max(errColumns - 1, 20))}`);
    if (this.#ended === this.#of) err('\r\u001b[K');
  }
}

function printed(grading: Grading, reporter: Reporter, terminal: Terminal): string {
  switch (reporter) {
    case 'text':
      return gradingToText(grading, (word, verdict) =>
        terminal.colour(verdict === 'passed' ? 'green' : 'red', word),
      );
    case 'json':
      return gradingToJson(grading);
    case 'junit':
      return gradingToJunit(grading);
    case 'csv':
      return gradingToCsv(grading);
  }
}

function reporterOf({ flag, value }: LabArguments): Reporter {
  const asked = value('reporter');
  if (asked === undefined) return flag('json') ? 'json' : 'text';
  const reporter = REPORTERS.find((each) => each === asked);
  if (reporter === undefined) {
    throw new UsageError(`Unknown reporter '${asked}'. The reporters are text, json, junit and csv.`);
  }
  if (flag('json') && reporter !== 'json') {
    throw new UsageError(`Give --json or --reporter ${reporter}, not both.`);
  }
  return reporter;
}

function heldSeedOf({ value }: LabArguments, labs: readonly string[]): HeldSeed {
  const seed = givenSeed(value);
  const file = value('seeds');
  if (seed !== undefined && file !== undefined) throw new UsageError('Give --seed or --seeds, not both.');
  if (file !== undefined) return readSeeds(file, labs);
  return seed === undefined ? NO_HELD_SEED : () => seed;
}

function wholeNumber({ value }: LabArguments, name: string, least: number, most: number): number | undefined {
  const text = value(name);
  if (text === undefined) return undefined;
  const number = /^\d{1,6}$/.test(text) ? Number(text) : NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(`--${name} is '${text}'; expected a whole number from ${least} to ${most}.`);
}

function nothingFound(folder: string, { skipped }: Found): UsageError {
  const lines = skipped.slice(0, 20).map(({ file, why }) => `  ${printable(file)}: ${printable(why)}`);
  const more = skipped.length > 20 ? [`  and ${skipped.length - 20} more`] : [];
  const seen = lines.length === 0 ? ['  the folder is empty'] : [...lines, ...more];
  return new UsageError(
    [
      `Nothing in ${folder} can be graded. Expected a folder per learner with LAB.sh or LAB/lab.sh in it; found:`,
      ...seen,
    ].join('\n'),
  );
}
