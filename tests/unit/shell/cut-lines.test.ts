/** What GNU cut 9.1 prints of the same texts. */
import { expect, test } from 'vitest';
import { newCloud } from '../../../src/model/azure/subscription.ts';
import { cutText, readCut } from '../../../src/shell/cut-lines.ts';
import { createSession } from '../../../src/shell/session.ts';

function cut(args: string, text: string): string {
  const read = readCut(args.split(' '));
  if (read.kind === 'request') return cutText(read.request, text);
  return read.kind === 'wrong' ? (read.message.split('\n')[0] ?? '') : 'other';
}

test.each([
  ['-d: -f1,3', 'a:b:c\n', 'a:c\n'],
  ['-d : -f 2-', 'a:b:c\n', 'b:c\n'],
  ['-f2 -d:', 'a:b:c\n', 'b\n'],
  ['-d: -f3,1', 'a:b:c\n', 'a:c\n'],
  ['-d, -f2 --complement', 'a,b,c\n', 'a,c\n'],
  ['-d, -f1,3 --output-delimiter=|', 'a,b,c\n', 'a|c\n'],
  ['--delimiter=, --fields=-2', 'a,b,c\n', 'a,b\n'],
  ['-f2', 'a\tb\nwhole\n', 'b\nwhole\n'],
  ['-sf2', 'a\tb\nwhole\n', 'b\n'],
  ['-c2-3,5', 'abcdef\n', 'bce\n'],
  ['-c1-3,2-4', 'abcdef', 'abcd\n'],
  ['-b-2', 'abcdef\n\n', 'ab\n\n'],
  ['-f0', 'a\n', 'cut: fields are numbered from 1'],
  ['-c3-1', 'a\n', 'cut: invalid decreasing range'],
  ['-c-', 'a\n', 'cut: invalid range with no endpoint: -'],
  ['-fx', 'a\n', 'cut: invalid field value ‘x’'],
  ['-d:: -f1', 'a\n', 'cut: the delimiter must be a single character'],
  ['-d: -c1', 'a\n', 'cut: an input delimiter may be specified only when operating on fields'],
  ['-c1 -f1', 'a\n', 'cut: only one list may be specified'],
  ['-d:', 'a\n', 'cut: you must specify a list of bytes, characters, or fields'],
])('cut %s', (args, text, printed) => {
  expect(cut(args, text)).toBe(printed);
});

test('a long listing is cut, and the script goes on', async () => {
  const session = createSession({ cloud: newCloud({ seed: 'cut' }) });
  const done = await session.run(
    "L=$(printf 'x%.0s' $(seq 1 100)); for i in $(seq 1 300); do echo $L; done > f; cut -c1-80 f | wc -c; cut -c1 f none | wc -l; echo after",
  );
  expect(done.stdout).toBe('24300\n300\nafter\n');
  expect(done.stderr).toBe('cut: none: No such file or directory\n');
});
