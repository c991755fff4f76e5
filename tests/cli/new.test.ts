/** `new` in a copy of the repository, judged there by the tests that judge every lesson and every lab. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';

const ROOT = join(import.meta.dirname, '../..');
const LAB = 'room-for-guests';
const LESSON = '08-snat/04-idle-timeouts';
const LESSON_FILES = [`content/${LESSON}.mdx`, `content/${LESSON}.quiz.yaml`];

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let copy = '';
let madeLesson: Ran;
let madeLab: Ran;
beforeAll(async () => {
  copy = mkdtempSync(join(tmpdir(), 'new-'));
  for (const part of [
    'src',
    'content',
    'labs',
    'tests/content',
    'package.json',
    'tsconfig.json',
    'course.config.ts',
    'vitest.config.ts',
    'scripts/fuzz-seed.ts',
    'tests/support/fuzz-seed.ts',
    '.prettierrc.json',
  ]) {
    cpSync(join(ROOT, part), join(copy, part), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  // The commands are those of the guide for authors.
  const guide = readFileSync(join(ROOT, 'content/guides/02-authors.mdx'), 'utf8');
  const [lesson = '', lab = ''] = [...guide.matchAll(/^npm run -s new -- (.*)$/gm)].map(
    ([, args]) => args ?? '',
  );
  madeLesson = await made(...lesson.split(' '));
  madeLab = await made(...lab.split(' '), '--title', 'Room for guests, and for nobody else');
});
afterAll(() => {
  rmSync(copy, { recursive: true });
});

interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(program: string, ...args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [program, ...args],
      { cwd: copy, env: plainEnvironment() },
      (error, stdout, stderr) => {
        resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr });
      },
    );
  });
}

/**
 * A vitest that runs within another one must not believe that it is that one, and what is compiled of a copy
 * goes with it.
 */
function plainEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(?:VITEST|TEST|NODE_ENV|NODE_COMPILE_CACHE)/.test(name),
  );
  return { ...Object.fromEntries(own), NO_COLOR: '1' };
}

const made = (...args: readonly string[]): Promise<Ran> => run(join(copy, 'src/cli/new.ts'), ...args);

const Report = z.object({
  testResults: z.array(
    z.object({
      message: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

/** What the content tests say about what was made: the names of those that ran, by their outcome. */
async function judged(...files: readonly string[]): Promise<Readonly<Record<string, readonly string[]>>> {
  const report = join(copy, 'report.json');
  await run(
    join(ROOT, 'node_modules/vitest/vitest.mjs'),
    'run',
    ...files.map((file) => `tests/content/${file}`),
    '-t',
    `lab ${LAB}|04-idle-timeouts|left to fill in`,
    // Loading what the labs need takes longer than one lab: it is done once for all these files.
    '--no-isolate',
    '--maxWorkers=1',
    '--reporter=json',
    `--outputFile=${report}`,
  );
  const { testResults } = Report.parse(JSON.parse(readFileSync(report, 'utf8')));
  // A file that cannot be loaded has no results, and must not count as nothing.
  expect(testResults.map(({ message }) => message).join('')).toBe('');
  const results = testResults.flatMap(({ assertionResults }) => assertionResults);
  const named = (status: string): readonly string[] =>
    results.filter((each) => each.status === status).map(({ fullName }) => fullName.trim());
  return { passed: named('passed'), failed: named('failed') };
}

test('says what it made and what is to fill in, each with its line', () => {
  expect(madeLesson).toMatchObject({ exitCode: 0, stderr: '' });
  for (const file of LESSON_FILES) expect(madeLesson.stdout).toContain(`  ${file}\n`);
  expect(madeLesson.stdout).toContain(
    `  ${LESSON_FILES[0]}:3: one sentence that says what this lesson is about.\n`,
  );
  expect(madeLab).toMatchObject({ exitCode: 0, stderr: '' });
  expect(madeLab.stdout).toContain(`  labs/${LAB}/wrong/everybody.sh\n`);
  expect(madeLab.stdout).toMatch(new RegExp(`labs/${LAB}/lab\\.ts:\\d+: the situation, in a few sentences`));
});

test('every content test accepts both, but for the one that asks what is left to fill in', async () => {
  const { passed = [], failed } = await judged('labs', 'lessons', 'quizzes', 'unfinished');
  expect(failed).toEqual([
    'nothing is left to fill in below content/',
    'nothing is left to fill in below labs/',
  ]);
  expect(passed.filter((name) => name.startsWith(`lab ${LAB}`)).length).toBeGreaterThan(20);
  expect(passed.filter((name) => name.includes(LESSON)).length).toBeGreaterThan(8);
});

test('and when all is written, nothing complains', async () => {
  const files = [...madeLesson.stdout.matchAll(/^ {2}(\S+)$/gm), ...madeLab.stdout.matchAll(/^ {2}(\S+)$/gm)];
  for (const [, file = ''] of files.filter(([, name]) => name?.includes('/') === true)) {
    const path = join(copy, file);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll('FILL IN', 'Written'));
  }
  expect(await judged('lessons', 'unfinished')).toMatchObject({ failed: [] });
});

test('what it makes is formatted as the repository is', async () => {
  const { exitCode, stderr } = await run(
    join(ROOT, 'node_modules/prettier/bin/prettier.cjs'),
    '--check',
    ...LESSON_FILES,
    `labs/${LAB}/lab.ts`,
  );
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
});

describe('what the author can mend exits with 2 and changes nothing', () => {
  test.each<[string, readonly string[], string]>([
    ['nothing to make', [], 'usage:'],
    ['another word', ['lessn', 'x'], 'Did you mean lesson?'],
    ['no name', ['lab'], 'What is it called?'],
    ['a lab that exists', ['lab', LAB, '--module', 'snat'], `labs/${LAB} exists; nothing was changed`],
    [
      'a lesson that exists',
      ['lesson', 'snat/ports-run-out'],
      '02-ports-run-out.mdx exists; nothing was changed',
    ],
    ['a lesson without a module', ['lesson', 'route-tables'], '  08-snat'],
    ['a module that is none', ['lesson', 'snats/x'], 'Did you mean snat?'],
    ['a lab without a module', ['lab', 'x'], '--module MODULE'],
    ['a lab in no module', ['lab', 'x', '--module', 'sna'], 'Did you mean snat?'],
    [
      'a scenario that is none',
      ['lesson', 'snat/x', '--scenario', 'kubnet-case-study'],
      'Did you mean kubenet-case-study?',
    ],
    ['a name that is no address', ['lab', 'Gäste & Co', '--module', 'snat'], "How about 'gaste-co'?"],
    ['a way out of the folder', ['lesson', 'snat/../../x'], 'There is no module'],
    ['a lab that is a path', ['lab', '../x', '--module', 'snat'], 'cannot be a name'],
    ['a scenario that is a path', ['lesson', 'snat/x', '--scenario', '../README'], 'There is no scenario'],
    [
      'a name that tells a variation',
      ['lab', 'amber-lights', '--module', 'snat'],
      'is the name of a variation',
    ],
    ['a title of two lines', ['lab', 'x', '--module', 'snat', '--title', 'a\nb'], 'cannot be a title'],
    ['an unknown option', ['lab', 'x', '--modul', 'snat'], "Unknown option '--modul'"],
  ])('%s', async (_, args, words) => {
    const { exitCode, stdout, stderr } = await made(...args);
    expect(stderr).toContain(words);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  test('a file in the way is left as it is', async () => {
    mkdirSync(join(copy, 'labs/half-done'));
    writeFileSync(join(copy, 'labs/half-done/notes.md'), 'mine');
    const { exitCode } = await made('lab', 'half-done', '--module', 'snat');
    expect(exitCode).toBe(2);
    expect(readFileSync(join(copy, 'labs/half-done/notes.md'), 'utf8')).toBe('mine');
  });
});
