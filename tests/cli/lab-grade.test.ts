import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import type { GradeOutcome } from '../../src/cli/lab/grade/grade-job.ts';
import { gradeAll, type PoolOptions } from '../../src/cli/lab/grade/grade-pool.ts';
import { lab } from '../../src/cli/lab/lab.ts';
import { defineCourse, type CourseInput } from '../../src/course-config/define-course.ts';
import type { Json } from '../../src/progress/entry.ts';
import { progressFileOf, progressFileText } from '../../src/progress/merge-file.ts';
import { incident } from '../support/course-outline.ts';
import { inTerminal, type Ran } from '../support/terminal.ts';

const ROOT = join(import.meta.dirname, '../..');
const LAB = 'tight-subnet';
/** Some seconds of commands that break no limit: only the clock ends it. */
const SLOW = 'for i in $(seq 16000); do az account show >/dev/null; az account list >/dev/null; done\n';

vi.setConfig({ testTimeout: 60_000 });

/** Where the trainer stands. */
let folder = '';
const before = process.cwd();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'grade-'));
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

const grade = (...args: readonly string[]): Promise<Ran> => inTerminal(lab, ['grade', ...args]);

/** The same as a program of its own, which a submission could take with it. */
function gradeProcess(...args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(ROOT, 'src/cli/lab.ts'), 'grade', ...args], (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

function put(name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

function putSolution(name: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  cpSync(join(ROOT, 'labs', LAB, 'solution.sh'), join(folder, name));
}

const CONFIGURATION = z.custom<CourseInput>();

const Grading = z.object({
  passed: z.boolean(),
  submissions: z.array(z.object({ learner: z.string(), seed: z.string().nullable(), verdict: z.string() })),
});

test('everybody passed: 0, with progress on stderr and the table alone on stdout', async () => {
  putSolution(`in/ada/${LAB}.sh`);
  putSolution(`in/bob/${LAB}/lab.sh`);
  const { exitCode, stdout, stderr } = await grade('in', '--jobs', '2');
  expect(stdout).toContain('2 submissions of 2 learners: 2 passed.');
  expect(stderr).toMatch(/^1 of 2 {2}passed {2}\w+ {2}tight-subnet {2}[\d.]+ s\n2 of 2 {2}passed/);
  expect(exitCode).toBe(0);
});

test('somebody failed: 1, and a hostile script takes nobody with it', async () => {
  putSolution(`in/ada/${LAB}.sh`);
  put(`in/endless/${LAB}.sh`, 'while true; do echo endless; done\n');
  put(`in/flood/${LAB}.sh`, 'x=a; while true; do x=$x$x; echo $x; done\n');
  const { exitCode, stdout } = await gradeProcess('in', '--json');
  expect(exitCode).toBe(1);
  const { passed, submissions } = Grading.parse(JSON.parse(stdout));
  expect(passed).toBe(false);
  expect(submissions.map(({ learner, verdict }) => `${learner} ${verdict}`)).toEqual([
    'ada passed',
    'endless failed',
    'flood failed',
  ]);
  expect(stdout.length).toBeLessThan(100_000);
});

describe('seeds', () => {
  test("without a held one the learner's own counts, or the lab's first", async () => {
    put(`in/ada/${LAB}/lab.sh`, 'true\n');
    put(`in/ada/${LAB}/.lab.json`, '{"version":1,"seed":"birch"}');
    put(`in/bob/${LAB}.sh`, 'true\n');
    const { stdout } = await grade('in', '--json');
    expect(Grading.parse(JSON.parse(stdout)).submissions.map(({ seed }) => seed)).toEqual(['birch', 'amber']);
  });

  test('a held one decides, for one learner or all, and is printed nowhere', async () => {
    putSolution(`in/ada/${LAB}.sh`);
    const typed = { seed: 'birch', script: '', log: [{ kind: 'line', text: 'az group list' }], passed: [] };
    put(
      'in/bob.json',
      JSON.stringify({
        format: 'aks-networking-workbook/progress',
        schema: 2,
        exported: '2026-11-23T12:00:00.000Z',
        course: { title: 'Course', version: '1' },
        learner: null,
        entries: { [`lab.${LAB}`]: { at: 1, value: { version: 1, lab: LAB, now: typed, before: null } } },
      }),
    );
    put('seeds.txt', `* = held-for-all\nada/${LAB} = held-for-ada\n`);
    const { exitCode, stdout, stderr } = await grade('in', '--seeds', 'seeds.txt', '--json');
    expect(exitCode).toBe(1);
    expect(Grading.parse(JSON.parse(stdout)).submissions).toEqual([
      { learner: 'ada', seed: null, verdict: 'passed' },
      // What was typed in the browser runs in the network that it was typed in.
      { learner: 'bob', seed: 'birch', verdict: 'failed' },
    ]);
    expect(stdout + stderr).not.toContain('held-for');
  });
});

test('a progress file with reviews, incidents and what no version knows yet is graded for its labs', async () => {
  const typed = { seed: 'birch', script: '', log: [{ kind: 'line', text: 'az group list' }], passed: [] };
  const values: Readonly<Record<string, Json>> = {
    learner: { name: 'Eve' },
    [`lab.${LAB}`]: { version: 1, lab: LAB, now: typed, before: null },
    'quiz.a#b': { answer: { kind: 'number', text: '1' }, state: 'draft', history: [] },
    'review.a#b': { row: 2, history: [{ at: 5, verdict: 'wrong' }] },
    'incident.k7m2pq': incident(80, 5),
    'newkind.x': [1, { two: null }],
  };
  const entries = new Map(Object.entries(values).map(([key, value]) => [key, { at: 5, value }] as const));
  put('in/eve.json', progressFileText(progressFileOf(entries, { title: 'Course', version: '1' }, 9)));
  const { exitCode, stdout, stderr } = await grade('in', '--json');
  expect(exitCode).toBe(1);
  expect(Grading.parse(JSON.parse(stdout)).submissions).toEqual([
    { learner: 'Eve', seed: 'birch', verdict: 'failed' },
  ]);
  expect(stderr).not.toContain('skipped');
});

test.each([
  ['csv', /^"learner","lab","verdict",/],
  ['junit', /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites name="lab grade" /],
])(
  '--reporter %s prints the report alone; what was skipped is counted on stderr',
  async (reporter, start) => {
    put(`in/ada/${LAB}.sh`, 'true\n');
    put('in/notes.txt', 'x');
    const { exitCode, stdout, stderr } = await grade('in', '--reporter', reporter);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(start);
    expect(stderr).toContain('1 submission of 1 learner: 0 passed, 1 failed. 1 file skipped.');
  },
);

test('what the trainer can mend exits with 2 and says what to do', async () => {
  const { exitCode, stdout, stderr } = await grade();
  expect(stderr).toContain('Which folder?');
  expect(stdout).toBe('');
  expect(exitCode).toBe(2);
});

describe('the guide for trainers', () => {
  const guide = readFileSync(join(ROOT, 'content/guides/01-trainers.mdx'), 'utf8');
  const commands = [...guide.matchAll(/^npm run -s lab -- grade (.*?)(?: > \S+)?$/gm)].map(
    ([, args = '']) => args,
  );

  test.each(commands)('grade %s', async (args) => {
    const [, seeds = ''] = /`seeds\.txt` holds several[^\n]*\n\n```\n([^`]+)```/.exec(guide) ?? [];
    putSolution(`handed-in/ada/${LAB}.sh`);
    put('seeds.txt', seeds);
    const { exitCode, stderr } = await grade(...args.split(' '));
    expect(stderr).toContain('1 of 1  passed  ada');
    expect(exitCode).toBe(0);
  });

  test('has commands and seeds to try', () => {
    expect(commands.length).toBeGreaterThanOrEqual(4);
    expect(guide).toContain('* = autumn');
  });

  test('shows a configuration that is accepted', () => {
    const [, text = ''] = /defineCourse\((\{[^`]*\})\);/.exec(guide) ?? [];
    // What stands there is TypeScript; as YAML flow it says the same.
    expect(defineCourse(CONFIGURATION.parse(parse(text))).modules.off).toEqual([
      'http-proxy',
      'private-link',
    ]);
  });
});

test.each<[string, readonly string[], string]>([
  ['a folder that is not there', ['nowhere'], 'Cannot read the folder'],
  ['a folder with nothing to grade', ['.'], 'notes.txt: it is no script'],
  ['an unknown lab', ['.', '--lab', 'tight-subnett'], 'Did you mean tight-subnet?'],
  ['an unknown reporter', ['.', '--reporter', 'xml'], 'text, json, junit and csv'],
  ['two reporters', ['.', '--json', '--reporter', 'csv'], 'not both'],
  ['two ways to give seeds', ['.', '--seed', 'a', '--seeds', 'b'], 'not both'],
  ['an empty seed', ['.', '--seed', ''], '--seed is empty'],
  ['a file of seeds that is not there', ['.', '--seeds', 'none.txt'], 'none.txt'],
  ['no jobs', ['.', '--jobs', '0'], "--jobs is '0'; expected a whole number from 1 to 64"],
  ['a timeout in words', ['.', '--timeout', 'long'], 'from 1 to 3600'],
  ['a surplus word', ['.', 'twice'], "Unexpected argument 'twice'"],
])('%s is for the trainer to mend', async (_, args, words) => {
  put('notes.txt', 'x');
  const { exitCode, stdout, stderr } = await grade(...args);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(words);
});

describe('a grading thread', () => {
  async function outcomeOf(
    lab: string,
    text: string,
    options: Partial<PoolOptions> = {},
  ): Promise<GradeOutcome | null> {
    let ended: GradeOutcome | null = null;
    const job = { lab, seed: null, work: { kind: 'script', text } } as const;
    const all = { jobs: 1, timeoutSeconds: 60, memoryMegabytes: 512, ...options };
    await gradeAll([job], all, (_, outcome) => {
      ended = outcome;
    });
    return ended;
  }

  test('that breaks is a bug of ours, not a failure of the learner', async () => {
    expect(await outcomeOf('no-such-lab', 'true\n')).toMatchObject({ kind: 'bug' });
  });

  test('that takes too long is stopped', async () => {
    expect(await outcomeOf(LAB, SLOW, { timeoutSeconds: 1 })).toEqual({
      kind: 'stopped',
      why: 'it ran longer than 1 s (--timeout)',
    });
  });

  test('that needs too much memory is stopped', async () => {
    expect(await outcomeOf(LAB, 'true\n', { memoryMegabytes: 24 })).toEqual({
      kind: 'stopped',
      why: 'it needed more than 24 MB of memory',
    });
  });

  test('grades what was typed in the browser as it was typed', async () => {
    let ended: GradeOutcome | null = null;
    const entries = [
      { kind: 'save', text: 'answer room $1\n' },
      { kind: 'line', text: 'bash lab.sh 7' },
      { kind: 'script', text: 'echo "answer plan-of-30 $((4 * 31))" > more.sh' },
      { kind: 'line', text: '. ./more.sh' },
    ] as const;
    const job = { lab: LAB, seed: 'birch', work: { kind: 'log', entries } } as const;
    await gradeAll([job], { jobs: 1, timeoutSeconds: 60, memoryMegabytes: 512 }, (_, outcome) => {
      ended = outcome;
    });
    const report = JSON.stringify(ended);
    expect(report).toContain('"seed":"birch"');
    expect(report).toContain('You answered: 7');
    expect(report).toContain('plan-of-30');
    expect(report).not.toContain('Not answered yet');
  });
});
