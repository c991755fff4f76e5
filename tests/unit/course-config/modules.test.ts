import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isOff, moduleProblems, withoutLinksTo } from '../../../src/course-config/modules.ts';
import { readCourseFolder } from '../../../src/ui/course/folder.ts';
import { pagesOf, readingOrder } from '../../../src/ui/course/reading-order.ts';

test.each([
  ['08-snat/01-who-lends-the-address.mdx', true],
  ['snat/who-lends-the-address', true],
  ['/snat/', true],
  ['snat?x=1', true],
  ['snat-ports', false],
  ['calculators/snat-ports/', false],
  ['', false],
])('with snat off, %s is off: %s', (path, off) => {
  expect(isOff(['snat'], path)).toBe(off);
  expect(isOff(['08-snat'], path)).toBe(off);
});

test('a course of nothing is refused', () => {
  expect(moduleProblems(['a', 'b'], ['01-a', '02-b'])).toEqual([
    'modules.off: all modules are off; leave one on',
  ]);
});

test('the sidebar and the home page have no lesson of a module that is off, and all others', () => {
  const content = join(import.meta.dirname, '../../../content');
  const slugs = (off: readonly string[]): readonly string[] =>
    pagesOf(readingOrder(readCourseFolder(content, off).files));
  const all = slugs([]);
  const some = slugs(['snat']);
  expect(all.filter((slug) => !some.includes(slug))).toEqual(all.filter((slug) => slug.startsWith('snat/')));
  expect(all.filter((slug) => slug.startsWith('snat/')).length).toBeGreaterThan(1);
});

describe('links to what is left out', () => {
  const isBuilt = (path: string): boolean => path === 'labs/there/';
  const without = (html: string, base = '/'): string => withoutLinksTo(['08-snat'], html, base, isBuilt);

  test.each([
    [
      'a lesson',
      '<a href="/snat/ports-run-out/">Ports <em>run</em> out</a>',
      '<span>Ports <em>run</em> out</span>',
    ],
    ['a heading of one', '<p>See <a class="x" href="/snat/a/#b">it</a>.</p>', '<p>See <span>it</span>.</p>'],
    ['a comparison without one', '<a href="/comparison/internet/">How</a>', '<span>How</span>'],
    ['a lab without a page', '<a href="/labs/gone/">Go</a>', '<span>Go</span>'],
  ])('%s become text', (_, html, text) => {
    expect(without(html)).toBe(text);
  });

  test.each([
    '<a href="/nat-gateway/managed/">x</a>',
    '<a href="/labs/there/">x</a>',
    '<a href="/labs/">x</a>',
    '<a href="/calculators/snat-ports/">x</a>',
    '<a href="https://example.com/snat/x/">x</a>',
    '<a href="//example.com/snat/">x</a>',
    '<a href="#snat">x</a>',
  ])('%s stays', (html) => {
    expect(without(html)).toBe(html);
  });

  test('below a base path too', () => {
    expect(without('<a href="/team/course/snat/a/">x</a>', '/team/course/')).toBe('<span>x</span>');
    expect(without('<a href="/team/course/">x</a>', '/team/course/')).toBe('<a href="/team/course/">x</a>');
    expect(without('<a href="/team/course/labs/there/#a">x</a>', '/team/course/')).toContain('<a ');
  });

  test('of two links on one line only the one goes', () => {
    expect(without('<a href="/errata/">e</a> <a href="/snat/">s</a> <a href="/errata/">f</a>')).toBe(
      '<a href="/errata/">e</a> <span>s</span> <a href="/errata/">f</a>',
    );
  });

  test('with every module on, a page is as it was', () => {
    const html = '<a href="/snat/">x</a><a href="/labs/gone/">y</a>';
    expect(withoutLinksTo([], html, '/', isBuilt)).toBe(html);
  });
});
