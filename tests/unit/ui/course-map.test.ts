import { describe, expect, test } from 'vitest';
import { calculatorsIn, courseMap, lessonsOf, type LessonFacts } from '../../../src/ui/course/course-map.ts';
import type { CourseFolder } from '../../../src/ui/course/folder.ts';

const FOLDER: CourseFolder = {
  files: [
    '00-how.mdx',
    '01-plugins/01-what.mdx',
    '01-plugins/02-kubenet/01-addresses.mdx',
    '01-plugins/02-kubenet/01-addresses.quiz.yaml',
    '02-snat/01-ports.mdx',
    'errata.mdx',
    'guides/trainers.mdx',
    'README.md',
  ],
  titles: new Map([['02-snat', 'SNAT']]),
  about: new Map([['02-snat', { description: 'Ports.', needs: ['plugins', 'left-out'] }]]),
};

function lesson(slug: string, minutes: number | null, body = ''): LessonFacts {
  return { slug, title: slug.toUpperCase(), description: '', minutes, outcomes: [`Know ${slug}`], body };
}

const LESSONS = [
  lesson(
    'snat/ports',
    18,
    'See [there](/plugins/what/#x), [sums](/calculators/snat-ports/?nodes=3), [me](/snat/ports/).',
  ),
  lesson('how', 4),
  lesson('plugins/what', 12, 'Later: [ports](/snat/ports/).'),
  lesson('plugins/kubenet/addresses', 10, '<Calc line="kubenet-plan --nodes 3" />'),
  lesson('errata', null),
  lesson('guides/trainers', null),
];
const LABS = [
  { id: 'tour', title: 'Tour', minutes: 25, module: '01-plugins' },
  { id: 'till', title: 'Till', minutes: 40, module: '02-snat' },
];
const CALCULATORS = ['kubenet-plan', 'snat-ports', 'unused'].map((name) => ({
  name,
  title: name,
  page: name,
}));

describe('courseMap', () => {
  const map = courseMap(FOLDER, LESSONS, LABS, CALCULATORS);
  const [plugins, snat] = map.modules;

  test('modules are the numbered folders; what stands before and behind them is kept apart', () => {
    expect(map.before.map(({ slug }) => slug)).toEqual(['how']);
    expect(map.modules.map(({ number, slug, title }) => [number, slug, title])).toEqual([
      [1, 'plugins', 'Plugins'],
      [2, 'snat', 'SNAT'],
    ]);
    expect(map.behind.map(({ slug }) => slug)).toEqual(['errata', 'guides/trainers']);
  });

  test('a module has its lessons in parts, its labs, the calculators of its texts, and their time', () => {
    expect(plugins?.parts.map(({ label, lessons }) => [label, lessons.map(({ slug }) => slug)])).toEqual([
      [null, ['plugins/what']],
      ['Kubenet', ['plugins/kubenet/addresses']],
    ]);
    expect(plugins?.labs.map(({ id }) => id)).toEqual(['tour']);
    expect(plugins?.calculators.map(({ name }) => name)).toEqual(['kubenet-plan']);
    expect(plugins?.minutes).toEqual({ lessons: 22, labs: 25 });
  });

  test('what is needed leads back, and a module that a team left out is no loss', () => {
    expect(snat?.needs).toEqual([{ slug: 'plugins', title: 'Plugins' }]);
    expect(plugins?.leadsTo).toEqual([{ slug: 'snat', title: 'SNAT' }]);
    expect(snat?.leadsTo).toEqual([]);
  });

  test('a lesson looks back to earlier lessons of other modules, not to itself and not ahead', () => {
    const looksBack = map.modules
      .flatMap(lessonsOf)
      .map(({ slug, looksBackTo }) => [slug, looksBackTo.map((each) => each.slug)]);
    expect(looksBack).toEqual([
      ['plugins/what', []],
      ['plugins/kubenet/addresses', []],
      ['snat/ports', ['plugins/what']],
    ]);
  });

  test('a page that was not read is named', () => {
    expect(() => courseMap(FOLDER, LESSONS.slice(1), LABS, CALCULATORS)).toThrow('"snat/ports"');
  });

  test('a folder without modules has only pages', () => {
    const { before, modules, behind } = courseMap(
      { ...FOLDER, files: ['00-how.mdx'] },
      LESSONS,
      LABS,
      CALCULATORS,
    );
    expect([before.length, modules.length, behind.length]).toEqual([0, 0, 1]);
  });
});

test.each([
  ['a link', 'the [planner](/calculators/ip-plan/)', ['ip-plan']],
  ['a sum', '<Calc line="snat-ports --nodes 3" lines={2} />', ['snat-ports']],
  ['a picture of a plan', '<PlanFigure line="--nodes 50" shows="vnet" />', ['ip-plan']],
  ['the tracer', 'ask the [tracer](/tracer/)', ['packet-tracer']],
  ['twice the same', '[a](/calculators/no-proxy/) [b](/calculators/no-proxy/?x=1)', ['no-proxy']],
  ['none', 'the [list](/calculators/)', []],
])('calculators in a text: %s', (_, body, names) => {
  expect(calculatorsIn(body)).toEqual(names);
});
