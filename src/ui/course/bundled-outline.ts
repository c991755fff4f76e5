/** The outline and the version of this course, for pages while the site is built. */
import type { CourseOutline } from '../../progress/outline.ts';
import type { CourseStamp } from '../../progress/progress-file.ts';
import { course } from '../../course-config/course.ts';
import { courseLabs } from './labs.ts';
import { readOutline } from './outline.ts';

export interface CourseData {
  readonly course: CourseStamp;
  /** Where the site lives, with a slash at both ends. */
  readonly base: string;
  readonly outline: CourseOutline;
}

let outline: Promise<CourseOutline> | null = null;

/** `base` is where the site lives, as the build knows it. */
export async function courseData(base: string): Promise<CourseData> {
  outline ??= courseLabs().then((labs) => readOutline(`${process.cwd()}/content`, labs));
  return {
    course: { title: course.title, version: import.meta.env.COURSE_VERSION },
    base,
    outline: await outline,
  };
}

/** The outline without the prompts of questions, which are most of it. */
export function withoutPrompts(data: CourseData): CourseData {
  const modules = data.outline.modules.map((module) => ({
    ...module,
    lessons: module.lessons.map((lesson) => ({
      ...lesson,
      questions: lesson.questions.map(({ id }) => ({ id, prompt: '' })),
    })),
  }));
  return { ...data, outline: { modules } };
}

/** JSON that may stand in a `script` element: nothing in it can end the element. */
export function scriptJson(data: CourseData): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c');
}
