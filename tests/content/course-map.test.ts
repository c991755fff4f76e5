/** The map of the course as it is: measured times, what modules stand on, and nothing that is in no module. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { CALCULATORS } from '../../src/planner/registry.ts';
import { courseMap, lessonsOf } from '../../src/ui/course/course-map.ts';
import { readCourseFolder } from '../../src/ui/course/folder.ts';
import { materialOf, studyMinutes } from '../../src/ui/course/study-time.ts';
import { CONTENT, attributes, lessons, pages } from './course.ts';

/** All of it, whatever a team leaves out. */
const FOLDER = readCourseFolder(CONTENT.replace(/\/$/, ''), []);
const map = courseMap(
  FOLDER,
  pages().map(({ slug, body, frontMatter }) => ({
    slug,
    title: String(frontMatter.title),
    description: String(frontMatter.description),
    minutes: Number(frontMatter.minutes),
    outcomes: [],
    body,
  })),
  [],
  CALCULATORS.map(({ name, title }) => ({ name, title, page: name })),
);

/** Off by this much a reader would notice, and plan the evening wrongly. */
const TOLERANCE = { minutes: 3, share: 0.2 };

describe.each(lessons().map((lesson) => [lesson.slug, lesson] as const))('%s', (_, lesson) => {
  test('takes about as long as its front matter says', () => {
    const [quiz = ''] = attributes(lesson.body, 'Quiz', 'file');
    const parsed: unknown = parse(
      readFileSync(`${CONTENT}${lesson.file.replace(/[^/]*$/, '')}${quiz}`, 'utf8'),
    );
    const { questions } = parsed as { readonly questions: readonly unknown[] };
    const measured = studyMinutes(materialOf(lesson.body, questions.length));
    const written = Number(lesson.frontMatter.minutes);
    expect(
      Math.abs(written - measured),
      `minutes: ${written}, but its text, predictions and questions take about ${measured}: write that`,
    ).toBeLessThanOrEqual(Math.max(TOLERANCE.minutes, TOLERANCE.share * measured));
  });
});

describe.each(map.modules.map((module) => [module.slug, module] as const))('module %s', (slug, module) => {
  test('says in one sentence what it is about', () => {
    expect(module.description).toMatch(/^[A-Z].*[a-z]\.$/);
  });

  test('stands on modules that come before it', () => {
    const folder = readdirSync(CONTENT).find((name) => name.replace(/^\d+-/, '') === slug) ?? '';
    const written = FOLDER.about.get(folder)?.needs ?? [];
    expect(module.needs.map((need) => need.slug)).toEqual(written);
    for (const need of module.needs) {
      expect(map.modules.findIndex((each) => each.slug === need.slug)).toBeLessThan(module.number - 1);
    }
  });

  test('names what its lessons look back to, directly or by way of another module', () => {
    const known = standsOn(slug);
    const looked = lessonsOf(module).flatMap((each) =>
      each.looksBackTo.map((target) => target.slug.split('/')[0]),
    );
    expect(looked.filter((target) => target !== undefined && !known.has(target))).toEqual([]);
  });
});

test('every lesson is on the map once, and every calculator belongs to a module', () => {
  expect(
    map.modules
      .flatMap(lessonsOf)
      .map(({ slug }) => slug)
      .sort(),
  ).toEqual(
    lessons()
      .map(({ slug }) => slug)
      .sort(),
  );
  const used = new Set(map.modules.flatMap(({ calculators }) => calculators.map(({ name }) => name)));
  expect(CALCULATORS.map(({ name }) => name).filter((name) => !used.has(name))).toEqual([]);
});

test('every lab names a module that exists', () => {
  const labs = readdirSync(`${CONTENT}../labs`).filter((name) =>
    existsSync(`${CONTENT}../labs/${name}/lab.ts`),
  );
  expect(labs.length).toBeGreaterThan(20);
  const homeless = labs.filter((name) => {
    const folder =
      /\bmodule: '([^']+)'/.exec(readFileSync(`${CONTENT}../labs/${name}/lab.ts`, 'utf8'))?.[1] ?? '';
    return !existsSync(`${CONTENT}${folder}/module.yaml`);
  });
  expect(homeless).toEqual([]);
});

function standsOn(slug: string): ReadonlySet<string> {
  const module = map.modules.find((each) => each.slug === slug);
  const direct = module?.needs.map((need) => need.slug) ?? [];
  return new Set([...direct, ...direct.flatMap((need) => [...standsOn(need)])]);
}
