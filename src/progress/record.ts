/** The record of completion: what was done, when, in which version, and what such a record is worth. Pure. */
import { fullTitle } from './outline.ts';
import type { CourseStamp } from './progress-file.ts';
import { reviewStanding } from './review-standing.ts';
import type { LabSummary, LessonSummary, Summary } from './summary.ts';

export interface RecordInput {
  readonly summary: Summary;
  readonly learner: string | null;
  readonly course: CourseStamp;
  readonly now: number;
  /** A moment as the reader's calendar has it, such as `2026-11-23`. */
  readonly day: (at: number) => string;
}

export interface RecordPart {
  readonly title: string;
  readonly rows: readonly RecordRow[];
}

export interface RecordRow {
  readonly kind: 'lesson' | 'lab';
  readonly title: string;
  readonly state: 'begun' | 'done';
  readonly result: string;
  /** The day of the last thing done in it. */
  readonly day: string;
}

export interface CompletionRecord {
  readonly title: string;
  readonly learner: string | null;
  /** What the record is about, each a name and what it says. */
  readonly facts: readonly (readonly [string, string])[];
  /** Only what was at least begun. */
  readonly parts: readonly RecordPart[];
  readonly nature: string;
}

/** Printed on every record: it proves nothing, and says so. */
export const NATURE =
  'This record is self-reported. The course made it in the learner’s own browser, from what that browser kept. Nobody watched the work, and whoever has the browser or the file can change it. A trainer who needs proof grades what was handed in: npm run lab -- grade.';

export function recordOf({ summary, learner, course, now, day }: RecordInput): CompletionRecord {
  const { lessons, questions, labs, strays, first, last } = summary;
  return {
    title: `Record of work: ${course.title}`,
    learner,
    facts: [
      ['Version of the course', course.version],
      ['Made on', day(now)],
      ['Worked from', first === null ? 'nothing was done yet' : day(first)],
      ['Worked until', last === null ? 'nothing was done yet' : day(last)],
      ['Lessons done', `${lessons.done} of ${lessons.all}`],
      [
        'Questions answered',
        `${questions.done} of ${questions.all}; ${questions.right} right at the last check, ${questions.rightAtFirst} at the first`,
      ],
      ['Labs done', `${labs.done} of ${labs.all}`],
      ...practiceFacts(summary, now, day),
      ...(strays.length === 0
        ? []
        : [
            [
              'Not counted',
              `${strays.length} ${strays.length === 1 ? 'entry' : 'entries'} of what the course no longer has`,
            ] as const,
          ]),
    ],
    parts: summary.modules
      .map((module) => ({
        title: module.module.title,
        rows: [
          ...module.lessons.flatMap((lesson) => lessonRow(lesson, day)),
          ...module.labs.flatMap((lab) => labRow(lab, day)),
        ],
      }))
      .filter(({ rows }) => rows.length > 0),
    nature: NATURE,
  };
}

/** Reviews and incidents, where there were any. */
function practiceFacts(
  summary: Summary,
  now: number,
  day: RecordInput['day'],
): readonly (readonly [string, string])[] {
  const { answers, questions, right, last } = reviewStanding(summary, now);
  const scored = summary.incidents.flatMap(({ score }) => score ?? []);
  const sum = (member: 'points' | 'of'): number => scored.reduce((all, score) => all + score[member], 0);
  return [
    ...(last === null
      ? []
      : [
          [
            'Reviews',
            `${answers} ${answers === 1 ? 'answer' : 'answers'} to ${questions} of the questions, ${right} right; last on ${day(last)}`,
          ] as const,
        ]),
    ...(summary.incidents.length === 0
      ? []
      : [
          [
            'Incidents',
            `${summary.incidents.length}${scored.length === 0 ? '' : `; ${sum('points')} of ${sum('of')} points`}`,
          ] as const,
        ]),
  ];
}

function lessonRow(
  { lesson, state, read, predicted, questions, last }: LessonSummary,
  day: RecordInput['day'],
): readonly RecordRow[] {
  if (state === 'new' || last === null) return [];
  const answered = questions.filter(({ standing }) => standing !== 'open').length;
  const right = questions.filter(({ standing }) => standing === 'right').length;
  const said = [
    ...(questions.length === 0 ? [] : [`${answered} of ${questions.length} questions, ${right} right`]),
    ...(lesson.predictions.length === 0 ? [] : [`${predicted} of ${lesson.predictions.length} predictions`]),
    ...(read === null ? [] : ['read to the end']),
  ];
  return [{ kind: 'lesson', title: fullTitle(lesson), state, result: said.join('; '), day: day(last) }];
}

function labRow({ lab, state, passed, last }: LabSummary, day: RecordInput['day']): readonly RecordRow[] {
  if (state === 'new' || last === null) return [];
  const result = `${passed} of ${lab.tasks.length} tasks passed`;
  return [{ kind: 'lab', title: lab.title, state, result, day: day(last) }];
}

/** The record as plain text, for a file. */
export function recordText(record: CompletionRecord): string {
  const { title, learner, facts, parts, nature } = record;
  const width = Math.max(...facts.map(([name]) => name.length)) + 2;
  const lines = [
    title,
    '='.repeat(title.length),
    '',
    ...(learner === null ? [] : [`${'Learner'.padEnd(width)}${learner}`]),
    ...facts.map(([name, value]) => `${name.padEnd(width)}${value}`),
  ];
  for (const part of parts) {
    lines.push('', part.title, '-'.repeat(part.title.length));
    for (const row of part.rows) {
      const state = row.state === 'done' ? 'done ' : 'begun';
      lines.push(`${row.day}  ${state}  ${row.kind === 'lab' ? 'Lab: ' : ''}${row.title} (${row.result})`);
    }
  }
  return `${[...lines, '', nature].join('\n')}\n`;
}
