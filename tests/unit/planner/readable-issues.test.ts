import { expect, test } from 'vitest';
import { runCalc } from '../../../src/planner/command-line.ts';
import { CALCULATORS } from '../../../src/planner/registry.ts';
import { readableIssues } from '../../../src/planner/readable-issues.ts';

const PASTED = {
  'one long word': 'x'.repeat(200_000),
  'a file of many words': '{ "name": "a", } '.repeat(10_000),
  emoji: '🦊'.repeat(50_000),
};

/** A manifest that kubectl refuses, and a proxy configuration that Azure refuses, are answers: exit code 1. */
const REFUSALS_ARE_ANSWERS = new Set(['service-preview', 'http-proxy-config']);

test.each(
  CALCULATORS.flatMap(({ name, flags }) =>
    flags
      .filter(({ takes }) => takes === 'one' || takes === 'many')
      .flatMap((flag) =>
        Object.keys(PASTED).map((what) => [name, flag.name, what as keyof typeof PASTED] as const),
      ),
  ),
)('%s --%s with %s pasted: an answer that can be read', (name, flag, what) => {
  const { stdout, stderr, exitCode } = runCalc([name, `--${flag}`, PASTED[what]], (path) =>
    path === PASTED[what] ? path : null,
  );
  expect(exitCode).toBe(REFUSALS_ARE_ANSWERS.has(name) && exitCode === 1 ? 1 : 2);
  expect(stdout.length + stderr.length).toBeLessThan(20_000);
  expect(stdout + stderr).not.toMatch(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])/);
});

test('what was given is kept, and its beginning and end are named', () => {
  const value = `a${'x'.repeat(1_000)}z`;
  const [issue] = readableIssues([
    { flag: 'nodes', value, message: `"${value}" is no number.`, instead: null },
  ]);
  expect(issue?.value).toBe(value);
  expect(issue?.message).toMatch(/^"ax{58}…x+z" is no number\.$/);
});

test('many problems of one field are counted, and none of another is hidden', () => {
  const problem = (flag: string) => ({ flag, value: null, message: 'is wrong.', instead: null });
  const issues = [...Array.from({ length: 12 }, () => problem('a')), problem('b')];
  const readable = readableIssues(issues);
  expect(readable.filter(({ flag }) => flag === 'a')).toHaveLength(9);
  expect(readable.at(-1)?.message).toBe('has 4 more problems like these.');
  expect(readable).toContainEqual(problem('b'));
});
