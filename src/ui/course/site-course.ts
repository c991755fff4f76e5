/** The course map of this site, read while it is built. */
import { getCollection } from 'astro:content';
import { CALCULATORS } from '../../planner/registry.ts';
import { courseMap, type CourseMap } from './course-map.ts';
import { readCourseFolder } from './folder.ts';
import { courseLabs } from './labs.ts';

let read: Promise<CourseMap> | null = null;

export function siteCourse(): Promise<CourseMap> {
  read ??= readSite();
  return read;
}

async function readSite(): Promise<CourseMap> {
  const pages = await getCollection('docs');
  return courseMap(
    readCourseFolder(`${process.cwd()}/content`),
    pages.map(({ id, body, data }) => ({
      slug: id,
      title: data.title,
      description: data.description ?? '',
      minutes: data.minutes ?? null,
      outcomes: data.outcomes,
      body: body ?? '',
    })),
    await courseLabs(),
    CALCULATORS.map(({ name, title, page = `calculators/${name}/` }) => ({ name, title, page })),
  );
}
