/** What real bash 5.2 prints of the same scripts. */
import { expect, test } from 'vitest';
import { newCloud } from '../../../src/model/azure/subscription.ts';
import { createSession } from '../../../src/shell/session.ts';

async function printed(script: string): Promise<string> {
  const session = createSession({ cloud: newCloud({}) });
  const { stdout } = await session.runScript('try.sh', script);
  expect(session.bugs).toEqual([]);
  return stdout;
}

test.each([
  ['by a program of the shell', 'echo gone > /dev/null'],
  ['by a simulated program', 'az version > /dev/null'],
  ['at the end', 'echo gone >> /dev/null'],
  ['by tee', 'echo gone | tee /dev/null > /dev/null'],
])('what is thrown away is gone: %s', async (_, line) => {
  expect(await printed(`${line}\ncat /dev/null\ncat < /dev/null\necho end`)).toBe('end\n');
});

test.each([
  ['a here-document', 'while read -r x; do cat < /dev/null; echo "$x"; done <<E\na\nb\nE', 'a\nb\n'],
  ['a pipe', "printf 'a\\nb\\n' | while read -r x; do cat < /dev/null | wc -c; done", '0\n0\n'],
  [
    'the descriptor is named',
    'until ! read -r x; do cat 0< /dev/null; echo "$x"; done <<E\na\nb\nE',
    'a\nb\n',
  ],
  [
    'a loop in a loop',
    'while read -r x; do for y in 1 2; do cat < /dev/null; echo "$x$y"; done; done <<E\na\nb\nE',
    'a1\na2\nb1\nb2\n',
  ],
  [
    'what else is redirected is so still',
    'while read -r x; do { echo "$x"; echo no >&2; } < /dev/null; tr a-z A-Z < /dev/null > f; done <<E\na\nE\ncat f',
    'a\n',
  ],
])('a command in a loop that reads nothing leaves the lines alone: %s', async (_, script, stdout) => {
  expect(await printed(script)).toBe(stdout);
});

test('and has its own exit status', async () => {
  const script = 'while read -r x; do grep -q z < /dev/null && echo yes || echo "no $x"; done <<E\na\nE';
  expect(await printed(script)).toBe('no a\n');
});
