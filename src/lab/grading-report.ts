/** The reports of `lab grade`: for people, programs, spreadsheets and CI systems. */
import { csv } from './csv.ts';
import {
  firstOpenTask,
  gradingSummary,
  tasksPassed,
  type GradedSubmission,
  type Grading,
  type Verdict,
} from './grading.ts';

/** `style` colours a verdict, or returns it as it is. */
export function gradingToText(
  grading: Grading,
  style: (word: string, verdict: Verdict) => string = (word) => word,
): string {
  const rows = grading.submissions.map((each) => {
    const { passed, of } = tasksPassed(each);
    const open = [firstOpenTask(each), each.remark].filter((part) => part !== '').join('; ');
    return {
      cells: [each.learner, each.lab, each.verdict, of === 0 ? '' : `${passed}/${of}`, open].map(printable),
      verdict: each.verdict,
    };
  });
  const heads = ['LEARNER', 'LAB', 'VERDICT', 'TASKS', 'STUCK AT'];
  const widths = heads.map((head, at) =>
    Math.max(head.length, ...rows.map(({ cells }) => cells[at]?.length ?? 0)),
  );
  const line = (cells: readonly string[], verdict: Verdict | null): string =>
    cells
      .map((cell, at) => {
        const padded = at === cells.length - 1 ? cell : cell.padEnd(widths[at] ?? 0);
        return at === 2 && verdict !== null ? style(padded, verdict) : padded;
      })
      .join('  ')
      .trimEnd();
  const skipped = grading.skipped.map(({ file, why }) => `  ${printable(file)}: ${printable(why)}`);
  return [
    line(heads, null),
    ...rows.map(({ cells, verdict }) => line(cells, verdict)),
    ...(skipped.length === 0 ? [] : ['', 'Skipped:', ...skipped]),
    '',
    gradingSummary(grading),
    '',
  ].join('\n');
}

/** Stable keys; `version` grows when one of them changes its meaning. */
export function gradingToJson(grading: Grading): string {
  const { submissions, skipped } = grading;
  const document = {
    format: 'aks-networking-workbook/grading',
    version: 1,
    passed: submissions.every(({ verdict }) => verdict === 'passed'),
    submissions: submissions.map(({ report, ...each }) => ({
      ...each,
      title: report?.title ?? null,
      script: report?.script ?? null,
      tasks: report?.tasks ?? [],
    })),
    skipped,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

const COLUMNS: readonly (readonly [string, (each: GradedSubmission) => string | number])[] = [
  ['learner', ({ learner }) => learner],
  ['lab', ({ lab }) => lab],
  ['verdict', ({ verdict }) => verdict],
  ['tasks passed', (each) => tasksPassed(each).passed],
  ['tasks', (each) => tasksPassed(each).of],
  ['stuck at', firstOpenTask],
  ['failed checks', (each) => failedChecks(each).join(' ')],
  ['remark', ({ remark }) => remark],
  ['seed', ({ seed }) => seed ?? 'held by the trainer'],
  ['seconds', ({ seconds }) => seconds],
  ['file', ({ file }) => file],
];

/** One row for each submission. */
export function gradingToCsv({ submissions }: Grading): string {
  return csv([
    COLUMNS.map(([name]) => name),
    ...submissions.map((each) => COLUMNS.map(([, value]) => value(each))),
  ]);
}

function failedChecks({ report }: GradedSubmission): readonly string[] {
  return (report?.tasks ?? []).flatMap(({ checks }) =>
    checks.filter(({ passed }) => !passed).map(({ id }) => id),
  );
}

/** Names of files and the words of a script must not move the cursor or colour the terminal. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, '\ufffd');
}
