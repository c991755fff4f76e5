/** Reads off the course, while the site is built, what a review can draw from. */
import { getCollection } from 'astro:content';
import { answerSeconds } from '../../practice/answer-time.ts';
import type { Catalogue, CatalogueLesson, CatalogueQuestion } from '../../practice/catalogue.ts';
import { topicsIn } from '../../practice/topics.ts';
import type { Question } from '../../quiz/question.ts';
import { readCourseFolder } from '../course/folder.ts';
import { pagesOf, readingOrder, type SidebarEntry } from '../course/reading-order.ts';
import {
  compiledQuiz,
  compiledVariations,
  quizId,
  quizPaths,
  type VariedQuestion,
} from '../quiz/compiled-quiz.ts';
import type { ReviewLesson } from './review-lesson.ts';

/** Slugs of the lessons that have questions, in reading order. */
export async function lessonsWithQuestions(): Promise<readonly string[]> {
  const withQuiz = new Set(quizPaths().map(quizId));
  const pages = new Set((await getCollection('docs')).map(({ id }) => id));
  return pagesOf(order()).filter((slug) => withQuiz.has(slug) && pages.has(slug));
}

/** The questions of one lesson, with every set of numbers. */
export async function reviewLesson(lesson: string): Promise<ReviewLesson> {
  const path = pathOf(lesson);
  const { quiz, aids } = await compiledQuiz(path);
  const variations = await variationsOf(path);
  return {
    questions: quiz.questions.map((question) => ({
      id: question.id,
      rows: [{ question, aids: aids[question.id] ?? null }, ...(variations.get(question.id) ?? [])],
    })),
  };
}

export async function courseCatalogue(): Promise<Catalogue> {
  const entries = order();
  const titles = new Map((await getCollection('docs')).map(({ id, data }) => [id, data.title]));
  const lessons: CatalogueLesson[] = [];
  for (const id of await lessonsWithQuestions()) {
    const { questions } = await reviewLesson(id);
    lessons.push({
      id,
      title: [...groupsOf(entries, id).slice(1), titles.get(id) ?? id].join(': '),
      module: moduleOf(id),
      questions: questions.map(({ rows }) => catalogueQuestion(id, rows)),
    });
  }
  const modules = [...new Set(lessons.map(({ module }) => module))].map((id) => {
    const first = lessons.find(({ module }) => module === id)?.id ?? id;
    return { id, title: groupsOf(entries, first)[0] ?? titles.get(first) ?? id };
  });
  return { modules, lessons };
}

function catalogueQuestion(lesson: string, rows: readonly VariedQuestion[]): CatalogueQuestion {
  const [first] = rows;
  if (first === undefined) throw new Error(`${lesson}: a question without a row`);
  const { question } = first;
  return {
    id: `${lesson}#${question.id}`,
    topics: topicsIn(`${lesson.replaceAll('-', ' ')} ${wordsOf(question)}`),
    kind: question.kind,
    seconds: answerSeconds(question),
    rows: rows.length,
  };
}

function wordsOf(question: Question): string {
  return `${question.prompt} ${question.why}`;
}

const variations = new Map<string, ReturnType<typeof compiledVariations>>();

function variationsOf(path: string): ReturnType<typeof compiledVariations> {
  const known = variations.get(path);
  if (known !== undefined) return known;
  const made = compiledVariations(path);
  variations.set(path, made);
  return made;
}

function pathOf(lesson: string): string {
  const path = quizPaths().find((each) => quizId(each) === lesson);
  if (path === undefined) throw new Error(`The lesson ${lesson} has no questions.`);
  return path;
}

function order(): readonly SidebarEntry[] {
  const course = readCourseFolder(`${process.cwd()}/content`);
  return readingOrder(course.files, course.titles);
}

/** Labels of the groups around a page, outermost first. */
function groupsOf(entries: readonly SidebarEntry[], slug: string): readonly string[] {
  for (const entry of entries) {
    if (entry.kind === 'group' && pagesOf(entry.entries).includes(slug)) {
      return [entry.label, ...groupsOf(entry.entries, slug)];
    }
  }
  return [];
}

function moduleOf(slug: string): string {
  return slug.split('/')[0] ?? slug;
}
