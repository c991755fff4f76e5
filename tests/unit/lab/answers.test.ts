import { expect, test } from 'vitest';
import { createAnswerBook } from '../../../src/lab/answers.ts';
import type { CommandContext, CommandResult } from '../../../src/shell/command.ts';
import { newCloud } from '../../../src/model/azure/subscription.ts';
import { CLOUD } from './toy-lab.ts';

function bookWith(...lines: readonly (readonly string[])[]) {
  const book = createAnswerBook([{ key: 'colour', question: 'Which colour?' }]);
  const context: Omit<CommandContext, 'args'> = {
    stdin: '',
    env: new Map(),
    cwd: '/',
    place: { kind: 'workstation' },
    cloud: CLOUD,
    terminal: 'none',
    readFile: () => Promise.resolve(null),
    writeFile: () => Promise.resolve(),
    runIn: () => Promise.reject(new Error('not used')),
  };
  let last: CommandResult | Promise<CommandResult> = { stdout: '', stderr: '', exitCode: 0 };
  for (const args of lines) last = book.command.run({ ...context, args });
  return { last, answers: Object.fromEntries(book.answers()) };
}

test.each<[string, readonly (readonly string[])[], Readonly<Record<string, string>>, number]>([
  ['an answer is written down', [['colour', 'green']], { colour: 'green' }, 0],
  [
    'a later answer replaces it',
    [
      ['colour', 'blue'],
      ['colour', 'green'],
    ],
    { colour: 'green' },
    0,
  ],
  ['several words are one answer', [['colour', 'light', 'green']], { colour: 'light green' }, 0],
  [
    'an answer can be taken back',
    [
      ['colour', 'blue'],
      ['--clear', 'colour'],
    ],
    {},
    0,
  ],
  [
    'an empty value is refused and changes nothing',
    [
      ['colour', 'blue'],
      ['colour', ''],
    ],
    { colour: 'blue' },
    2,
  ],
  ['an unknown question is refused', [['size', 'big']], {}, 2],
  ['a name of Object.prototype is no question', [['constructor', 'x']], {}, 2],
  ['an unknown option is refused', [['--all']], {}, 2],
  ['no arguments list the questions', [[]], {}, 0],
])('%s', async (_, lines, answers, exitCode) => {
  const { last, answers: given } = bookWith(...lines);
  expect(given).toEqual(answers);
  expect((await last).exitCode).toBe(exitCode);
});

test('an answer belongs to the world in which it was given, and the same words again change nothing', () => {
  const book = createAnswerBook([{ key: 'colour', question: 'Which colour?' }]);
  const worlds = ['one', 'two', 'three'].map((seed) => newCloud({ seed }));
  const say = (cloud: (typeof worlds)[number] | undefined, ...args: readonly string[]): unknown => {
    if (cloud === undefined) throw new Error('no world');
    const context: CommandContext = {
      args,
      stdin: '',
      env: new Map(),
      cwd: '/',
      place: { kind: 'workstation' },
      cloud,
      terminal: 'none',
      readFile: () => Promise.resolve(null),
      writeFile: () => Promise.resolve(),
      runIn: () => Promise.reject(new Error('not used')),
    };
    void book.command.run(context);
    return book.answered().get('colour');
  };
  const [one, two, three] = worlds;
  expect(say(one, 'colour', 'green')).toBe(one);
  expect(say(two, 'colour', 'green')).toBe(one);
  expect(say(two, 'colour', 'blue')).toBe(two);
  expect(say(three)).toBe(two);
  expect(say(three, '--clear', 'colour')).toBeUndefined();
});
