import { describe, expect, test } from 'vitest';
import {
  groupOpenedBy,
  groupsAround,
  isPage,
  listAbove,
  moduleOf,
  openingOf,
  pagesOf,
  partsOfSite,
  readingOrder,
  slugOf,
  type RenderedSidebar,
} from '../../../src/ui/course/reading-order.ts';

describe('slugOf', () => {
  test.each([
    [
      'numbers of folders and files are dropped',
      '01-network-plugins/02-kubenet/01-addresses.mdx',
      'network-plugins/kubenet/addresses',
    ],
    ['an index takes its folder', '01-network-plugins/index.mdx', 'network-plugins'],
    ['a number inside a name stays', '03-errata/2028-end.md', 'errata/end'],
    ['a page without number', 'errata.mdx', 'errata'],
  ])('%s', (_, file, slug) => {
    expect(slugOf(file)).toBe(slug);
  });
});

describe('isPage', () => {
  test.each([
    ['a lesson', '01-a/01-b.mdx', true],
    ['a guide for authors', 'README.md', false],
    ['a quiz', '01-a/01-b.quiz.yaml', false],
    ['a draft', '01-a/_next.mdx', false],
    ['a scenario', 'scenarios/kubenet-case-study.sh', false],
  ])('%s', (_, file, expected) => {
    expect(isPage(file)).toBe(expected);
  });
});

describe('readingOrder', () => {
  test('index first, then numbers as numbers, then names; groups nest', () => {
    const files = [
      'errata.mdx',
      '10-last/01-a.mdx',
      '02-first/02-kubenet/10-c.mdx',
      '02-first/02-kubenet/9-b.mdx',
      '02-first/01-what.mdx',
      '02-first/index.mdx',
      'README.md',
    ];
    expect(readingOrder(files, new Map([['10-last', 'Azure CNI']]))).toEqual([
      {
        kind: 'group',
        label: 'First',
        entries: [
          { kind: 'page', slug: 'first' },
          { kind: 'page', slug: 'first/what' },
          {
            kind: 'group',
            label: 'Kubenet',
            entries: [
              { kind: 'page', slug: 'first/kubenet/b' },
              { kind: 'page', slug: 'first/kubenet/c' },
            ],
          },
        ],
      },
      { kind: 'group', label: 'Azure CNI', entries: [{ kind: 'page', slug: 'last/a' }] },
      { kind: 'page', slug: 'errata' },
    ]);
  });

  test('pages come out in the order of reading', () => {
    expect(pagesOf(readingOrder(['z.mdx', '02-b/01-y.mdx', '02-b/02-c/01-x.mdx', '01-a.mdx']))).toEqual([
      'a',
      'b/y',
      'b/c/x',
      'z',
    ]);
  });

  test('the order of the files given does not matter', () => {
    const files = ['01-a/02-y.mdx', '01-a/01-x.mdx', '00-z.mdx'];
    expect(readingOrder(files)).toEqual(readingOrder([...files].reverse()));
  });
});

test('modules are the groups of numbered folders, and of no other', () => {
  const files = ['00-how.mdx', '01-plugins/02-kubenet/01-addresses.mdx', 'guides/trainers.mdx'];
  expect(readingOrder(files).map((entry) => moduleOf(entry, files))).toEqual([null, 'plugins', null]);
});

describe('a sidebar', () => {
  const link = (label: string, href: string, isCurrent = false): RenderedSidebar[number] => ({
    type: 'link',
    label,
    href,
    isCurrent,
  });
  const sidebar: RenderedSidebar = [
    link('Course map', '/base/map/'),
    {
      type: 'group',
      label: 'SNAT',
      entries: [link('About this module', '/base/modules/snat/'), link('Ports', '/base/snat/ports/', true)],
    },
    { type: 'group', label: 'Practice', entries: [link('Labs', '/base/labs/')] },
  ];

  test('knows the groups around the current page, and where their own page is', () => {
    expect(groupsAround(sidebar)).toEqual(['SNAT']);
    expect(sidebar.map(openingOf)).toEqual([null, '/base/modules/snat/', null]);
    expect(openingOf(undefined)).toBeNull();
  });

  test('has the parts of the site beside its lessons', () => {
    expect(partsOfSite(sidebar).map(({ label }) => label)).toEqual(['Course map', 'Labs']);
  });

  test('knows the list that a page is in which it does not name', () => {
    expect(listAbove(sidebar, '/base/labs/tight-subnet/')).toMatchObject({
      group: 'Practice',
      link: { label: 'Labs', href: '/base/labs/' },
    });
    for (const page of ['/base/labs/', '/base/snat/ports/', '/base/comparison/internet/', '/base/', '/']) {
      expect(listAbove(sidebar, page), page).toBeNull();
    }
  });

  test('names a module by its own page, and other pages not', () => {
    expect(groupOpenedBy(sidebar, '/base/modules/snat/')).toBe('SNAT');
    expect(groupOpenedBy(sidebar, '/base/snat/ports/')).toBeNull();
    expect(groupOpenedBy(sidebar, '/base/map/')).toBeNull();
  });
});
