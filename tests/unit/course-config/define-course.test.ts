import { describe, expect, test } from 'vitest';
import configured from '../../../course.config.ts';
import { checkCourse, withEnvironment } from '../../../src/course-config/course.ts';
import {
  CourseConfigError,
  defineCourse,
  type CourseInput,
} from '../../../src/course-config/define-course.ts';

const ROOT = `${import.meta.dirname}/../../..`;

const DEFAULTS = {
  title: 'AKS networking workbook',
  brand: {},
  modules: { off: [] },
  hints: 'on',
  solutions: 'on',
  base: '/',
  links: [],
};

test('without a word it is the site as it is', () => {
  expect(defineCourse({})).toEqual(DEFAULTS);
});

test('the configuration of the repository says no more than that', () => {
  expect(configured).toEqual(DEFAULTS);
  expect(checkCourse(configured, ROOT)).toEqual(DEFAULTS);
});

test('everything can be said', () => {
  const input = {
    title: 'Networking for platform teams',
    brand: { name: 'Contoso', logo: '/logo.svg', accent: { light: '#0B57A4', dark: '#8ab4f8' } },
    modules: { off: ['snat', '06-private-link'] },
    hints: 'off',
    solutions: 'off',
    base: '/team/course/',
    links: [
      { label: 'Chat', href: 'https://chat.example.com/aks?x=1#y' },
      { label: 'Mail', href: 'mailto:team@example.com' },
      { label: 'Errata', href: '/errata/' },
    ],
  } as const satisfies CourseInput;
  expect(defineCourse(input)).toEqual({
    ...input,
    brand: { ...input.brand, accent: { light: '#0b57a4', dark: '#8ab4f8' } },
  });
});

/** A configuration is a file that people write: the compiler is not always asked. */
function problems(input: unknown): readonly string[] {
  try {
    defineCourse(input as CourseInput);
    return [];
  } catch (error) {
    if (!(error instanceof CourseConfigError)) throw error;
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
}

describe('what cannot be says where it stands and what is expected', () => {
  test.each<[unknown, string]>([
    [{ title: '' }, 'title: expected one line of 1 to 80 characters'],
    [{ title: 'two\nlines' }, 'title: expected one line of 1 to 80 characters'],
    [{ titel: 'x' }, 'titel: there is no such setting'],
    [{ brand: { color: 'red' } }, 'brand.color: there is no such setting'],
    [
      { brand: { accent: { light: 'red', dark: '#8ab4f8' } } },
      'brand.accent.light: expected a colour such as',
    ],
    [{ brand: { accent: '#0b57a4' } }, 'brand.accent: expected an object with the colours light and dark'],
    [{ brand: { logo: 'https://example.com/x.svg' } }, 'brand.logo: expected a picture in public/'],
    [{ brand: { logo: '//example.com/x.svg' } }, 'brand.logo: expected a picture in public/'],
    [{ brand: { logo: '/../secret.svg' } }, 'brand.logo: expected a picture in public/'],
    [{ modules: ['snat'] }, 'modules: expected an object with the list off'],
    [{ modules: { off: ['../x'] } }, 'modules.off[0]: expected the name of a folder in content/'],
    [{ hints: false }, "hints: expected 'on' or 'off'"],
    [{ solutions: 'yes' }, "solutions: expected 'on' or 'off'"],
    [{ base: '/a b/' }, 'base: expected a path such as /workbook/'],
    [{ base: '/a/../b/' }, 'base: expected a path such as /workbook/'],
    [
      { links: [{ label: 'x', href: 'javascript:alert(1)' }] },
      'links[0].href: expected an address that begins with',
    ],
    [
      { links: [{ label: 'x', href: '//example.com' }] },
      'links[0].href: expected an address that begins with',
    ],
    [{ links: [{ label: 'x', href: 'https:///x' }] }, 'links[0].href: expected an address that begins with'],
    [{ links: 'x' }, 'links: expected a list of links'],
    [7, 'expected an object'],
  ])('%j', (input, words) => {
    const [first = '', ...others] = problems(input);
    expect(first).toContain(words);
    expect(others).toEqual([]);
  });

  test('all at once', () => {
    expect(problems({ title: 1, hints: 1, links: [{}] }).length).toBe(4);
  });
});

describe('what the repository does not have', () => {
  const course =
    (input: CourseInput): (() => void) =>
    () =>
      checkCourse(defineCourse(input), ROOT);

  test.each<[CourseInput, string]>([
    [{ modules: { off: ['snatt'] } }, "modules.off[0]: there is no module 'snatt'; did you mean snat?"],
    [{ modules: { off: ['zzzzzzzz'] } }, 'they are network-plugins, '],
    [{ brand: { logo: '/none.svg' } }, 'brand.logo: there is no file public/none.svg'],
  ])('%j', (input, words) => {
    expect(course(input)).toThrow(words);
  });

  test('with or without its number a module is the same', () => {
    expect(course({ modules: { off: ['snat', '10-nat-gateway'] } })).not.toThrow();
  });
});

test('the variables of a build add to what the file says', () => {
  const course = defineCourse({ base: '/a/', modules: { off: ['snat'] } });
  expect(withEnvironment(course, {})).toEqual(course);
  expect(withEnvironment(course, { BASE_PATH: '', MODULES_OFF: '' })).toEqual(course);
  expect(
    withEnvironment(course, { BASE_PATH: '/b/', MODULES_OFF: 'private-link, nat-gateway,' }),
  ).toMatchObject({
    base: '/b/',
    modules: { off: ['snat', 'private-link', 'nat-gateway'] },
  });
});
