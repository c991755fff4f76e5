import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { similarNames } from '../../lab/similar-names.ts';
import { parseLabArguments } from '../lab/arguments.ts';
import { UsageError } from '../lab/usage-error.ts';
import type { Program, Terminal } from '../terminal.ts';
import { newLab } from './lab.ts';
import { newLesson } from './lesson.ts';
import { openMarks } from './made-files.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const USAGE = `usage: npm run -s new -- WHAT NAME

  lesson MODULE/NAME [--title TEXT] [--scenario SCENARIO]
                                  a lesson and its quiz, last in the module: new -- lesson snat/idle-timeouts
  lab NAME --module MODULE [--title TEXT]
                                  a small lab that works, to be changed: new -- lab room-for-guests --module snat

Nothing that exists is changed. Exit codes: 0 made, 2 wrong usage, 3 a bug of ours.
`;

async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  const [what, ...rest] = args;
  if (what === undefined) {
    terminal.err(USAGE);
    return 2;
  }
  if ([what, ...rest].some((each) => each === '--help' || each === '-h') || what === 'help') {
    terminal.out(USAGE);
    return 0;
  }
  switch (what) {
    case 'lesson': {
      const { positionals, value } = parseLabArguments(
        rest,
        { title: { type: 'string' }, scenario: { type: 'string' } },
        ['name'],
      );
      const made = newLesson(ROOT, {
        name: named(positionals[0]),
        title: value('title'),
        scenario: value('scenario'),
      });
      const file = basename(made[0] ?? '', '.mdx');
      report(terminal, made, [
        'npm start',
        `npx vitest run tests/content -t '${file}|left to fill in'`,
        'npm run check',
      ]);
      return 0;
    }
    case 'lab': {
      const { positionals, value } = parseLabArguments(
        rest,
        { title: { type: 'string' }, module: { type: 'string' } },
        ['name'],
      );
      const name = named(positionals[0]);
      const made = await newLab(ROOT, { name, title: value('title'), module: value('module') });
      report(terminal, made, [
        `npm run -s lab -- shell ${name}`,
        `npx vitest run tests/content -t 'lab ${name}|left to fill in'`,
        'npm run check',
      ]);
      return 0;
    }
    default: {
      const similar = similarNames(what, ['lesson', 'lab']);
      throw new UsageError(
        `There is no '${what}' to make. ${similar.length > 0 ? `Did you mean ${similar.join(' or ')}?` : `\n\n${USAGE}`}`,
      );
    }
  }
}

function named(name: string | undefined): string {
  if (name === undefined) throw new UsageError(`What is it called?\n\n${USAGE}`);
  return name;
}

function report(terminal: Terminal, made: readonly string[], next: readonly string[]): void {
  const marks = openMarks(made, (file) => readFileSync(join(ROOT, file), 'utf8'));
  terminal.out(
    [
      'Made:',
      ...made.map((file) => `  ${file}`),
      '',
      'To fill in; a test fails until all of it is written:',
      ...marks.map((mark) => `  ${mark}`),
      '',
      'Then:',
      ...next.map((line) => `  ${line}`),
      '',
    ].join('\n'),
  );
}

export const make: Program = async (args, terminal) => {
  try {
    return await main(args, terminal);
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.err(`${error.message}\n`);
      return 2;
    }
    terminal.err('This is a bug in the workbook. Please report it with these lines:\n');
    terminal.err(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return 3;
  }
};
