/** The course's outline as the build wrote it into the page, beside the island that needs it. */
import { pathTo } from '../course/base-path.ts';
import type { CourseData } from '../course/bundled-outline.ts';

export const COURSE_ELEMENT = 'course-outline';

export function courseInPage(): CourseData {
  const text = document.getElementById(COURSE_ELEMENT)?.textContent ?? '';
  // The build wrote it, from the same type.
  return JSON.parse(text) as CourseData;
}

/** Makes addresses of the site, below its base path. */
export function linkTo(base: string): (path: string) => string {
  return (path) => pathTo(base, path);
}

/** A moment's day in the reader's own calendar: `2026-11-23`. */
export function dayOf(at: number): string {
  const date = new Date(at);
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
