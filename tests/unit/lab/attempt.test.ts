import { describe, expect, test } from 'vitest';
import { readAttempt } from '../../../src/lab/attempt.ts';

const OTHERS = [{ name: 'solution.sh', text: 'set -e\naz one \\\n  --small\naz two\naz two again\n' }];

const read = (text: string) => readAttempt({ name: 'try.sh', text }, OTHERS);
const scriptOf = (text: string): string => {
  const attempt = read(text);
  return attempt.ok ? attempt.value.script.text : `error: ${attempt.error}`;
};

describe('an attempt', () => {
  test('declares what must happen to it in its first comment lines', () => {
    const attempt = read(
      '# caught-by: one, two\n# over-permissive\n# seeds: amber\n\naz three\n# caught-by: later\n',
    );
    expect(attempt).toMatchObject({
      ok: true,
      value: { caughtBy: ['one', 'two'], overPermissive: 'yes', seeds: ['amber'] },
    });
  });

  test('is a script of its own where it is like no other', () => {
    expect(scriptOf('# caught-by: one\n# - az two\naz three\n')).toBe(
      '# caught-by: one\n# - az two\naz three\n',
    );
  });

  test.each([
    [
      'changes lines, indented ones too',
      '# like: solution.sh\n# -   --small\n# +   --large\n',
      'set -e\naz one \\\n  --large\naz two\naz two again\n',
    ],
    ['leaves lines out', '# like: solution.sh\n# - az two\n', 'set -e\naz one \\\n  --small\naz two again\n'],
    [
      'changes several places, whatever stands between them',
      '# like: solution.sh\n# Because of this:\n# - az two again\n# + az three\n# and that:\n# - set -e\n# + set -u\n',
      'set -u\naz one \\\n  --small\naz two\naz three\n',
    ],
    [
      'adds its own lines at the end',
      '# like: solution.sh\n# + az last\n\naz really last\n',
      'set -e\naz one \\\n  --small\naz two\naz two again\naz last\n\naz really last\n',
    ],
  ])('that is like another %s', (_, text, script) => {
    expect(scriptOf(text)).toBe(script);
  });

  test.each([
    [
      'a script that is not there',
      '# like: template.sh\n',
      'try.sh: it is like template.sh, which this lab does not have',
    ],
    [
      'a line that is not there',
      '# like: solution.sh\n# - az three\n',
      'try.sh: these lines stand 0 times in solution.sh, and must stand there once:\naz three',
    ],
  ])('says so of %s', (_, text, error) => {
    expect(read(text)).toEqual({ ok: false, error });
  });

  test('says so of a line that stands there twice', () => {
    const twice = [{ name: 'solution.sh', text: 'az one\naz one\n' }];
    const attempt = readAttempt({ name: 'try.sh', text: '# like: solution.sh\n# - az one\n' }, twice);
    expect(attempt).toMatchObject({ ok: false });
  });
});
