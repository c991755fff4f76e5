/** What GNU diff 3.8 prints of the same texts. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newCloud } from '../../../src/model/azure/subscription.ts';
import { normalDiff } from '../../../src/shell/diff-lines.ts';
import { createSession } from '../../../src/shell/session.ts';

test.each([
  ['a line that changed', 'a\nb\n', 'a\nc\n', '2c2\n< b\n---\n> c\n'],
  ['a line more', 'a\nc\n', 'a\nb\nc\n', '1a2\n> b\n'],
  ['lines less', 'a\nb\nc\nd\n', 'a\nd\n', '2,3d1\n< b\n< c\n'],
  ['at both ends', '1\n2\n3\n', '2\n3\n4\n', '1d0\n< 1\n3a3\n> 4\n'],
  ['all of it', '', 'a\nb\n', '0a1,2\n> a\n> b\n'],
  ['the last newline', 'a', 'a\n', '1c1\n< a\n\\ No newline at end of file\n---\n> a\n'],
  ['nothing', 'a\n', 'a\n', ''],
])('%s', (_, before, after, text) => {
  expect(normalDiff(before, after)).toBe(text);
});

test('what it takes away and puts in leads from the one to the other', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 });
  fc.assert(
    fc.property(lines, lines, (old, fresh) => {
      const text = normalDiff(
        old.map((each) => `${each}\n`).join(''),
        fresh.map((each) => `${each}\n`).join(''),
      );
      const of = (sign: string) =>
        (text ?? '').split('\n').flatMap((line) => (line.startsWith(`${sign} `) ? [line.slice(2)] : []));
      const without = (all: readonly string[], some: readonly string[]) =>
        some.reduce<readonly string[]>((rest, each) => rest.toSpliced(rest.indexOf(each), 1), all);
      expect([...without(old, of('<'))].sort()).toEqual([...without(fresh, of('>'))].sort());
      expect(text === '').toBe(old.join() === fresh.join());
    }),
  );
});

test.each([
  ['two commands', "diff <(printf 'a\\nb\\n') <(printf 'a\\nc\\n')", '2c2\n< b\n---\n> c\n', 1],
  ['stdin', 'echo x > f; echo x | diff - f', '', 0],
  ['with an option it is unified', 'echo x > f; echo y > g; diff -u f g | tail -2', '-x\n+y\n', 0],
])('of %s', async (_, line, stdout, exitCode) => {
  const session = createSession({ cloud: newCloud({}) });
  expect(await session.run(line)).toMatchObject({ stdout, exitCode });
});
