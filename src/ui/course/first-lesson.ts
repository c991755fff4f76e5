import { readCourseFolder } from './folder.ts';
import { pagesOf, readingOrder } from './reading-order.ts';

/** The slug of the first lesson of the first module that is on. While the site is built. */
export function firstLesson(): string {
  const { files, titles } = readCourseFolder(`${process.cwd()}/content`);
  const modules = readingOrder(files, titles).filter(({ kind }) => kind === 'group');
  const [first] = pagesOf(modules);
  if (first === undefined) throw new Error('the course has no lesson');
  return first;
}
