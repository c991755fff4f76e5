/**
 * The outline of the course from its folder: lessons with their predictions and questions, and the
 * labs of each module. For the build; a lesson's source is read, not run.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import type { Lab } from '../../lab/lab.ts';
import { compareLabs } from '../../lab/order.ts';
import type { CourseOutline, OutlineLesson, OutlineModule } from '../../progress/outline.ts';
import { plainText } from '../../quiz/inline.ts';
import { parseQuiz } from '../../quiz/schema.ts';
import { formatQuizIssues } from '../../quiz/read-quiz.ts';
import { readCourseFolder, type CourseFolder } from './folder.ts';
import { isPage, placesOf, readingOrder, slugOf } from './reading-order.ts';

type OutlineLabSource = Pick<Lab, 'id' | 'title' | 'minutes' | 'module' | 'order' | 'tasks'>;

/** What stands before the first module. */
const BEFORE = { id: '', title: 'Before you begin' };

/** Reads the outline of the course in a folder such as `content/`. */
export function readOutline(root: string, labs: readonly Lab[]): CourseOutline {
  return outlineOf(readCourseFolder(root), (file) => readFileSync(join(root, file), 'utf8'), labs);
}

/** What stands behind the course, without a number in its name, is no lesson and stays out. */
export function outlineOf(
  { files, titles }: Pick<CourseFolder, 'files' | 'titles'>,
  textOf: (file: string) => string,
  labs: readonly OutlineLabSource[],
): CourseOutline {
  const bySlug = new Map(files.filter(isPage).map((file) => [slugOf(file), file]));
  const placed = placesOf(readingOrder(files, titles)).flatMap(({ slug, groups }) => {
    const file = bySlug.get(slug) ?? '';
    if (!/^\d+-/.test(file)) return [];
    const lesson = lessonOf(file, textOf, groups.at(1) ?? null);
    return [{ module: moduleOf(file), title: groups[0] ?? BEFORE.title, lesson }];
  });
  const labsInOrder = [...labs].sort(compareLabs);
  const modules = new Map(placed.map(({ module, title }) => [module, title]));
  for (const { module } of labsInOrder) {
    if (!modules.has(module)) modules.set(module, titles.get(module) ?? module);
  }
  return {
    modules: [...modules].map(([id, title]): OutlineModule => ({
      id,
      title,
      lessons: placed.flatMap(({ module, lesson }) => (module === id ? [lesson] : [])),
      labs: labsInOrder
        .filter(({ module }) => module === id)
        .map((lab) => ({
          id: lab.id,
          title: lab.title,
          minutes: lab.minutes,
          tasks: lab.tasks.map((task) => task.id),
        })),
    })),
  };
}

function moduleOf(file: string): string {
  const [folder = '', page] = file.split('/');
  return page === undefined ? BEFORE.id : folder;
}

function lessonOf(file: string, textOf: (file: string) => string, part: string | null): OutlineLesson {
  const source = textOf(file);
  const [, head = '', body = ''] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(source) ?? [];
  const front = (parse(head) ?? {}) as { readonly title?: string; readonly minutes?: number };
  const folder = dirname(file);
  const slug = slugOf(file);
  return {
    slug,
    title: front.title ?? slug,
    part,
    minutes: front.minutes ?? 0,
    predictions: idsOf(body, 'Predict', 'id', file).map((id) => `${slug}#${id}`),
    questions: idsOf(body, 'Quiz', 'file', file).flatMap((name) => questionsOf(join(folder, name), textOf)),
  };
}

/** Values of one attribute of all elements of a name. Throws where an element has none that can be read. */
function idsOf(body: string, element: string, attribute: string, file: string): readonly string[] {
  const ids: string[] = [];
  for (const [tag] of body.matchAll(new RegExp(`<${element}\\s[^]*?>`, 'g'))) {
    const id = new RegExp(`\\s${attribute}="([^"]+)"`).exec(tag)?.[1];
    if (id === undefined) {
      throw new Error(`${file}: ${element} needs ${attribute}="…" as its first attribute, for progress.`);
    }
    ids.push(id);
  }
  return ids;
}

function questionsOf(path: string, textOf: (file: string) => string): OutlineLesson['questions'] {
  const parsed = parseQuiz(textOf(path), path);
  if (!parsed.ok) throw new Error(formatQuizIssues(parsed.error));
  const quiz = slugOf(path.replace(/\.quiz\.yaml$/, ''));
  return parsed.value.questions.map(({ id, prompt }) => ({ id: `${quiz}#${id}`, prompt: plainText(prompt) }));
}
