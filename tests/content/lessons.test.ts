import { existsSync } from 'node:fs';
import { mdxToJs } from 'satteri';
import { describe, expect, test } from 'vitest';
import { CALCULATORS } from '../../src/planner/registry.ts';
import { runCalc } from '../../src/planner/command-line.ts';
import { limitNamed } from '../../src/ui/lesson/limits.ts';
import { attributes, CONTENT, lessons, pages } from './course.ts';
import type { Page } from './course.ts';

const ALL = pages();
const LESSONS = lessons();
const named = (list: readonly Page[]) => list.map((page) => [page.file, page] as const);

describe.each(named(ALL))('%s', (_, page) => {
  test('parses', () => {
    // The parser that Astro itself uses for MDX.
    expect(() => mdxToJs(page.body)).not.toThrow();
  });

  test('imports every part it uses, and uses every part it imports', () => {
    // What stands in a block of code is shown, and imports nothing.
    const body = page.body.replaceAll(/^```[\s\S]*?^```$/gm, '');
    // `{ A, B }` of the lesson parts, or one part by its own name.
    const imported = [...body.matchAll(/^import (?:\{([^}]*)\}|(\w+)) from '[^']+';$/gm)]
      .flatMap(([, several, one]) => (several ?? one ?? '').split(','))
      .map((each) => each.trim())
      .filter((each) => each !== '');
    const used = [...new Set([...body.matchAll(/<([A-Z]\w*)/g)].map(([, name]) => name))];
    expect([...imported].sort()).toEqual([...used].sort());
  });

  test('shows only limits that exist', () => {
    const missing = attributes(page.body, 'Fact', 'limit').filter((limit) => limitNamed(limit) === null);
    expect(missing).toEqual([]);
  });

  test('links lead somewhere', () => {
    const broken = linksOf(page.body).filter((link) => !leadsSomewhere(link));
    expect(broken).toEqual([]);
  });
});

describe.each(named(LESSONS))('lesson %s', (_, page) => {
  test('says in its front matter what it is about and what one can do afterwards', () => {
    const { title, description, minutes } = page.frontMatter;
    expect(String(title)).toMatch(/\S/);
    expect(String(description)).toMatch(/[^.]\.$/);
    expect(Number(minutes)).toBeGreaterThan(0);
    const { outcomes } = page.frontMatter;
    if (!Array.isArray(outcomes)) throw new Error('outcomes is no list');
    expect(outcomes.length).toBeGreaterThanOrEqual(2);
    for (const outcome of outcomes) expect(String(outcome)).toMatch(/^[A-Z][a-z]+ .*[^.]$/);
  });

  test('asks for a prediction, and each answer is one of the options', () => {
    const answers = attributes(page.body, 'Predict', 'answer');
    const ids = attributes(page.body, 'Predict', 'id');
    expect(ids.length).toBeGreaterThanOrEqual(1);
    expect(new Set(ids).size).toBe(ids.length);
    for (const answer of answers) {
      const optionsBefore =
        page.body
          .slice(0, page.body.indexOf(`answer="${answer}"`))
          .split('options={')
          .at(-1) ?? '';
      expect(optionsBefore, answer).toContain(`'${answer}'`);
    }
  });

  test('names no option of a prediction by its place, since they are shown in another order', () => {
    expect(page.body).not.toMatch(/\b(first|second|third|fourth|middle|last) option\b/);
  });

  test('has a quiz that exists, and a part that says what changed', () => {
    const [file] = attributes(page.body, 'Quiz', 'file');
    expect(existsSync(`${CONTENT}${page.file.replace(/[^/]*$/, '')}${file ?? ''}`)).toBe(true);
    expect(page.body).toContain('## What changed');
  });

  test('computes what it claims about packets or plans', () => {
    expect(page.body).toMatch(/<(PacketPath|Transcript|Calc)\b/);
  });

  test('takes numbers of the documentation from the limits, not from the keyboard', () => {
    // These are easily written out by habit, and would then stay when the documentation changes.
    const prose = page.body.replaceAll(/<Predict[\s\S]*?>\n|`[^`]*`|<\w+[^>]*\/>/g, '');
    expect(prose).not.toMatch(/\b2028-03-31\b|\b31 March 2028\b|\b400 (nodes|routes)\b/);
  });

  test.each(attributes(page.body, 'Calc', 'line'))('the sum "%s" is answered', (line) => {
    expect(runCalc(line.split(/\s+/))).toMatchObject({ stderr: '' });
  });
});

test('every correction on the errata page has an id of its own, and a source or a lesson', () => {
  const page = ALL.find((each) => each.slug === 'errata');
  if (page === undefined) throw new Error('there is no errata page');
  const ids = attributes(page.body, 'Erratum', 'id');
  expect(ids.length).toBeGreaterThan(30);
  expect(new Set(ids).size).toBe(ids.length);
  const blocks = [...page.body.matchAll(/<Erratum\b[\s\S]*?<\/Erratum>/g)].map(([block]) => block);
  expect(blocks).toHaveLength(ids.length);
  for (const block of blocks) expect(block).toMatch(/\bSources?\b.*:|own output/);
});

function linksOf(body: string): readonly string[] {
  return [...body.matchAll(/\]\((\/[^)]*)\)/g)].map(([, link]) => link ?? '');
}

function leadsSomewhere(link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const slug = path.replace(/\?.*$/, '').replaceAll(/^\/|\/$/g, '');
  const calculator = /^calculators(?:\/(.+))?$/.exec(slug);
  if (calculator !== null) {
    return calculator[1] === undefined || CALCULATORS.some((each) => each.name === calculator[1]);
  }
  if (/^labs(\/|$)/.test(slug)) return existsSync(`${CONTENT}../${slug}`);
  const ownPage = ['.astro', '/index.astro'].some((end) =>
    existsSync(`${CONTENT}../src/pages/${slug}${end}`),
  );
  if (slug !== '' && ownPage) return true;
  const page = ALL.find((each) => each.slug === slug);
  return page !== undefined && (anchor === undefined || anchorsOf(page).includes(anchor));
}

/** As Astro makes them: lower case, punctuation dropped, spaces to dashes. */
function anchorsOf(page: Page): readonly string[] {
  return [...page.body.matchAll(/^#{2,4} (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
