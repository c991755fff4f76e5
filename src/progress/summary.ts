/**
 * What a learner has done of the course, and where they are unsure: outline and entries in, figures
 * out. Pure. Entries of what the course no longer has are counted, and change nothing else.
 */
import { isRecord, kindOf, type Entry } from './entry.ts';
import { incidentsIn, type IncidentSummary } from './incident-summary.ts';
import { misfitOf, type ReadEntry } from './kinds.ts';
import { labProgressOf, type LabState } from './lab-progress.ts';
import type { CourseOutline, OutlineLab, OutlineLesson, OutlineModule } from './outline.ts';
import { questionSummary, weakestFirst, type QuestionSummary } from './question-summary.ts';
import { quizHistory } from './quiz-entry.ts';

export type State = 'new' | 'begun' | 'done';

export interface LessonSummary {
  readonly lesson: OutlineLesson;
  /** Done: every question of its quiz was answered, or, without a quiz, it was read to the end. */
  readonly state: State;
  /** Null until the reader has come to the end of it. */
  readonly read: ReadEntry | null;
  /** How many predictions the reader has committed to. */
  readonly predicted: number;
  readonly questions: readonly QuestionSummary[];
  readonly last: number | null;
}

export interface LabSummary {
  readonly lab: OutlineLab;
  /** Done: every task passed, now or before the last reset of the lab. */
  readonly state: State;
  /** How many of its tasks passed. */
  readonly passed: number;
  readonly last: number | null;
}

export interface ModuleSummary {
  readonly module: OutlineModule;
  readonly state: State;
  readonly lessons: readonly LessonSummary[];
  readonly labs: readonly LabSummary[];
  readonly weak: readonly QuestionSummary[];
}

export interface Tally {
  readonly done: number;
  readonly all: number;
}

export interface Summary {
  readonly modules: readonly ModuleSummary[];
  readonly lessons: Tally;
  readonly labs: Tally;
  readonly questions: Tally & { readonly right: number; readonly rightAtFirst: number };
  /** Weakest first. */
  readonly weak: readonly QuestionSummary[];
  /** The last one first. */
  readonly incidents: readonly IncidentSummary[];
  /** Keys of entries of lessons, questions and labs that the course no longer has, in order. */
  readonly strays: readonly string[];
  /** When the first and the last thing was done; null if nothing was. */
  readonly first: number | null;
  readonly last: number | null;
}

type Entries = ReadonlyMap<string, Entry>;

export function summaryOf(outline: CourseOutline, entries: Entries): Summary {
  const modules = outline.modules.map((module) => moduleSummary(module, entries));
  const lessons = modules.flatMap((module) => module.lessons);
  const labs = modules.flatMap((module) => module.labs);
  const questions = lessons.flatMap((lesson) => lesson.questions);
  const times = [...entries].flatMap(([key, entry]) => timesOf(key, entry));
  return {
    modules,
    lessons: tally(lessons),
    labs: tally(labs),
    questions: {
      done: questions.filter(({ standing }) => standing !== 'open').length,
      all: questions.length,
      right: questions.filter(({ standing }) => standing === 'right').length,
      rightAtFirst: questions.filter(({ firstTry }) => firstTry === 'right').length,
    },
    weak: modules.flatMap((module) => module.weak).sort(weakestFirst),
    incidents: incidentsIn(entries),
    strays: strays(outline, entries),
    first: leastOf(times),
    last: latestOf(times),
  };
}

/** Modules with weak questions, the one with the largest share of them first. */
export function weakModules(summary: Summary): readonly ModuleSummary[] {
  return summary.modules
    .filter(({ weak }) => weak.length > 0)
    .sort((a, b) => weakShare(b) - weakShare(a) || b.weak.length - a.weak.length);
}

/** How many questions of a module were answered, in a lesson or in a review. */
export function answeredIn({ lessons }: ModuleSummary): number {
  return lessons.flatMap(({ questions }) => questions).filter(({ last }) => last !== null).length;
}

function weakShare(module: ModuleSummary): number {
  return module.weak.length / answeredIn(module);
}

function moduleSummary(module: OutlineModule, entries: Entries): ModuleSummary {
  const lessons = module.lessons.map((lesson) => lessonSummary(lesson, entries));
  const labs = module.labs.map((lab) => labSummary(lab, entries));
  const states = [...lessons, ...labs].map(({ state }) => state);
  return {
    module,
    state: stateOf(
      states.every((state) => state === 'done'),
      states.some((state) => state !== 'new'),
    ),
    lessons,
    labs,
    weak: lessons
      .flatMap(({ questions }) => questions)
      .filter(({ weakness }) => weakness !== null)
      .sort(weakestFirst),
  };
}

function lessonSummary(lesson: OutlineLesson, entries: Entries): LessonSummary {
  const read = readOf(entries.get(`read.${lesson.slug}`));
  const made = lesson.predictions.flatMap((id) => entries.get(`prediction.${id}`) ?? []);
  const questions = lesson.questions.map((question) => questionSummary(question, lesson, entries));
  const answered = questions.filter(({ standing }) => standing !== 'open');
  return {
    lesson,
    state: stateOf(
      questions.length > 0 ? answered.length === questions.length : read !== null,
      read !== null || made.length > 0 || answered.length > 0,
    ),
    read,
    predicted: made.length,
    questions,
    last: latestOf([
      ...(read === null ? [] : [read.last]),
      ...made.map(({ at }) => at),
      ...answered.flatMap(({ lastInLesson }) => lastInLesson ?? []),
    ]),
  };
}

function labSummary(lab: OutlineLab, entries: Entries): LabSummary {
  const entry = entries.get(`lab.${lab.id}`);
  const progress = labProgressOf(entry?.value, lab.id);
  if (entry === undefined || progress === null) return { lab, state: 'new', passed: 0, last: null };
  const passedIn = (state: LabState | null): number =>
    lab.tasks.filter((task) => state?.passed.includes(task) === true).length;
  const passed = Math.max(passedIn(progress.now), passedIn(progress.before));
  const begun = passed > 0 || [progress.now, progress.before].some((state) => (state?.log.length ?? 0) > 0);
  return { lab, state: stateOf(passed === lab.tasks.length, begun), passed, last: entry.at };
}

function stateOf(isDone: boolean, isBegun: boolean): State {
  if (isDone) return 'done';
  return isBegun ? 'begun' : 'new';
}

function readOf(entry: Entry | undefined): ReadEntry | null {
  if (entry === undefined || misfitOf('read.', entry.value) !== null) return null;
  return entry.value as unknown as ReadEntry;
}

function strays(outline: CourseOutline, entries: Entries): readonly string[] {
  const known = new Set(
    outline.modules.flatMap(({ lessons, labs }) => [
      ...lessons.flatMap(({ slug, predictions, questions }) => [
        `read.${slug}`,
        ...predictions.map((id) => `prediction.${id}`),
        ...questions.flatMap(({ id }) => [`quiz.${id}`, `review.${id}`]),
      ]),
      ...labs.map(({ id }) => `lab.${id}`),
    ]),
  );
  return [...entries.keys()].filter((key) => IN_COURSE.has(kindOf(key)) && !known.has(key)).sort();
}

/** Kinds of entries that belong to something in the course. */
const IN_COURSE = new Set(['read', 'prediction', 'quiz', 'review', 'lab']);

/** When something was done, as far as the entry says. */
function timesOf(key: string, { at, value }: Entry): readonly number[] {
  if (!IN_COURSE.has(kindOf(key)) && kindOf(key) !== 'incident') return [];
  const checks = ['quiz', 'review'].includes(kindOf(key)) ? quizHistory(value).map((check) => check.at) : [];
  const first: unknown = kindOf(key) === 'read' && isRecord(value) ? value['first'] : null;
  return [at, ...checks, ...(typeof first === 'number' ? [first] : [])];
}

function tally(items: readonly { readonly state: State }[]): Tally {
  return { done: items.filter(({ state }) => state === 'done').length, all: items.length };
}

function latestOf(times: readonly number[]): number | null {
  return times.length === 0 ? null : times.reduce((a, b) => Math.max(a, b));
}

function leastOf(times: readonly number[]): number | null {
  return times.length === 0 ? null : times.reduce((a, b) => Math.min(a, b));
}
