import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { lab as program } from '../../src/cli/lab/lab.ts';
import { inTerminal, type Ran } from '../support/terminal.ts';

const ROOT = join(import.meta.dirname, '../..');
const DOOR = join(ROOT, 'src/cli/lab.ts');
const LAB = 'bring-your-own-network';
const SCRIPT = join('workspace', LAB, 'lab.sh');

/** Where the learner stands: what `lab` writes and is told of is there. */
let folder = '';
const before = process.cwd();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-'));
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

const lab = (...args: readonly string[]): Promise<Ran> => inTerminal(program, args);

const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
const write = (path: string, text: string): void => {
  writeFileSync(join(folder, path), text);
};

const Listed = z.array(
  z.object({ id: z.string(), title: z.string(), minutes: z.number(), module: z.string() }),
);
const Report = z.object({
  lab: z.string(),
  seed: z.string(),
  passed: z.boolean(),
  script: z.object({ exitCode: z.number() }),
  tasks: z.array(
    z.object({
      id: z.string(),
      passed: z.boolean(),
      checks: z.array(z.object({ id: z.string(), passed: z.boolean(), detail: z.array(z.string()) })),
    }),
  ),
});

describe('list', () => {
  test('--json gives every lab with id, title, minutes and module', async () => {
    const { stdout, exitCode } = await lab('list', '--json');
    expect(exitCode).toBe(0);
    const listed = Listed.parse(JSON.parse(stdout));
    expect(listed.map(({ id }) => id)).toContain(LAB);
    expect(listed.length).toBeGreaterThanOrEqual(3);
  });

  test('without --json it is for people and says how to start: as npm starts it', () => {
    const { stdout, stderr, status } = spawnSync('npm', ['run', '-s', 'lab', '--', 'list'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toContain(`${LAB} `);
    expect(stdout).toContain('npm run -s lab -- start');
  });
});

describe('start', () => {
  test('writes the template and the tasks, records the seed and says what to do next', async () => {
    const { stdout, exitCode } = await lab('start', LAB, '--seed', 'birch');
    expect(exitCode).toBe(0);
    expect(read(SCRIPT)).toBe(readFileSync(join(ROOT, 'labs', LAB, 'template.sh'), 'utf8'));
    expect(read(join('workspace', LAB, 'TASKS.md'))).toContain('# A cluster on a network you bring');
    expect(stdout).toContain('Seed birch');
    expect(stdout).toContain(`check ${LAB}`);
    const { stdout: json } = await lab('check', LAB, '--json');
    expect(Report.parse(JSON.parse(json)).seed).toBe('birch');
  });

  test('leaves what is there alone', async () => {
    await lab('start', LAB, '--seed', 'birch');
    write(SCRIPT, '# mine\n');
    const { exitCode, stderr } = await lab('start', LAB, '--seed', 'cedar');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('nothing was changed (seed birch)');
    expect(read(SCRIPT)).toBe('# mine\n');
  });

  test('--force begins again and keeps the old script', async () => {
    await lab('start', LAB);
    write(SCRIPT, '# mine\n');
    const { exitCode, stdout } = await lab('start', LAB, '--force');
    expect(exitCode).toBe(0);
    const backup = /kept in (\S+)/.exec(stdout)?.[1] ?? '';
    expect(read(backup)).toBe('# mine\n');
  });
});

describe('check', () => {
  test('a failing script exits with 1 and says what was found and what to do: as a process', async () => {
    await lab('start', LAB);
    const { status, stdout } = spawnSync(process.execPath, [DOOR, 'check', LAB], {
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1' },
    });
    expect(status).toBe(1);
    expect(stdout).toContain('FAIL own-network');
    expect(stdout).toContain('There is no cluster aks-corp');
    expect(stdout).toContain(`hint ${LAB} 1`);
  });

  test('--json prints the report and nothing else', async () => {
    write('try.sh', 'echo said; exit 7\n');
    const { exitCode, stdout } = await lab('check', LAB, '--file', 'try.sh', '--seed', 'amber', '--json');
    expect(exitCode).toBe(1);
    const report = Report.parse(JSON.parse(stdout));
    expect(report).toMatchObject({ lab: LAB, seed: 'amber', passed: false, script: { exitCode: 7 } });
    expect(report.tasks.flatMap(({ checks }) => checks).every(({ detail }) => detail.length > 0)).toBe(true);
  });

  test('--reporter junit prints one suite per task', async () => {
    write('try.sh', 'true\n');
    const { exitCode, stdout } = await lab('check', LAB, '--file', 'try.sh', '--reporter', 'junit');
    expect(exitCode).toBe(1);
    expect(stdout.startsWith('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ')).toBe(true);
    expect(stdout.match(/<testsuite /g)?.length).toBe(5);
  });

  test('what decided is told once the diagnosis is given, right or wrong', async () => {
    write('try.sh', 'answer cut-off somewhere\n');
    const early = await lab('check', 'checkout-times-out', '--file', 'try.sh');
    expect(early.stdout).toContain('What decided is shown once you have answered task 1.');
    expect(early.stdout).not.toContain('Decided ');
    write('try.sh', 'answer cut-off somewhere; answer decided-by nsg\n');
    const late = await lab('check', 'checkout-times-out', '--file', 'try.sh');
    expect(late.stdout).toContain('Decided ');
  });

  test('without a start the first seed is taken', async () => {
    write('try.sh', 'true\n');
    const { stdout } = await lab('check', LAB, '--file', 'try.sh', '--json');
    expect(Report.parse(JSON.parse(stdout)).seed).toBe('amber');
  });

  test('a script with line ends and byte order mark of Windows runs as any other', async () => {
    write('try.sh', '\ufeffif true; then\r\n  echo "[$(printf x)]" >&2\r\n  exit 5\r\nfi\r\n');
    const { stdout } = await lab('check', LAB, '--file', 'try.sh');
    expect(stdout).toContain('exit code 5');
    expect(stdout).toContain('| [x]');
  });

  test('a script that never ends is stopped and graded', async () => {
    write('try.sh', 'while true; do :; done\n');
    const { exitCode, stdout } = await lab('check', LAB, '--file', 'try.sh');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('is it endless?');
  });
});

describe('hint', () => {
  test('takes the first open task and its first level, and names the next', async () => {
    const { exitCode, stdout } = await lab('hint', LAB);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Hint 1 of 3, the idea');
    expect(stdout).toContain(`hint ${LAB} 1 2`);
  });

  test('gives the worked step of a named task', async () => {
    const { stdout } = await lab('hint', LAB, 'route-table', '3');
    expect(stdout).toContain('a worked step');
    expect(stdout).toContain('--route-table TABLE');
  });
});

describe('reset', () => {
  test('keeps the script, says where, and keeps the seed', async () => {
    await lab('start', LAB, '--seed', 'cedar');
    write(SCRIPT, '# first\n');
    const first = await lab('reset', LAB);
    write(SCRIPT, '# second\n');
    const second = await lab('reset', LAB);
    const backups = [first, second].map(({ stdout }) => /kept in (\S+)/.exec(stdout)?.[1] ?? '');
    expect(backups.map(read)).toEqual(['# first\n', '# second\n']);
    expect(second.stdout).toContain('seed cedar');
  });

  test('of a lab that is not started is refused', async () => {
    const { exitCode, stderr } = await lab('reset', LAB);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`start ${LAB}`);
    expect(existsSync(join(folder, 'workspace'))).toBe(false);
  });
});

test('solution prints the script alone on stdout', async () => {
  const { exitCode, stdout } = await lab('solution', LAB, '2');
  expect(exitCode).toBe(0);
  expect(stdout).toBe(readFileSync(join(ROOT, 'labs', LAB, 'solution-2.sh'), 'utf8'));
});

test('tasks prints what is asked', async () => {
  const { exitCode, stdout } = await lab('tasks', 'tour-of-a-running-cluster');
  expect(exitCode).toBe(0);
  expect(stdout).toContain('`answer vm-sees VALUE`');
});

describe('what the person at the terminal can mend exits with 2', () => {
  test.each<[string, readonly string[], string]>([
    ['an unknown lab', ['start', 'bring-your-own-netwrok'], `Did you mean ${LAB}?`],
    ['no lab', ['check'], LAB],
    ['an unknown command', ['chek', LAB], 'Did you mean check?'],
    ['an unknown option', ['list', '--yaml'], "Unknown option '--yaml'"],
    ['an option without its value', ['check', LAB, '--seed'], '--seed'],
    ['an empty seed', ['check', LAB, '--file', 'x.sh', '--seed', ''], '--seed is empty'],
    ['an empty seed at the start', ['start', LAB, '--seed='], '--seed is empty'],
    ['an unknown reporter', ['check', LAB, '--reporter', 'xml'], 'text, json and junit'],
    ['two reporters', ['check', LAB, '--json', '--reporter', 'junit'], 'not both'],
    ['a script that is not there', ['check', LAB, '--file', 'nothing.sh'], 'Cannot read nothing.sh'],
    ['a surplus word', ['check', LAB, 'twice'], "Unexpected argument 'twice'"],
    ['an unknown task', ['hint', LAB, '99'], "no task '99'"],
    ['an unknown hint level', ['hint', LAB, '1', '4'], "no hint level '4'"],
    ['a solution that is not there', ['solution', LAB, '9'], 'solutions 1 to'],
    ['no command', [], 'usage:'],
  ])('%s', async (_, args, words) => {
    const { exitCode, stdout, stderr } = await lab(...args);
    expect(stderr).toContain(words);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  test('a workspace that cannot be written', async () => {
    write('workspace', 'a file where the folder should be');
    const { exitCode, stderr } = await lab('start', LAB);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Cannot use the folder workspace/ here: ENOTDIR');
    expect(stderr).not.toContain('bug');
  });

  test('a damaged record of the seed', async () => {
    await lab('start', LAB);
    write(join('workspace', LAB, '.lab.json'), '{');
    const { exitCode, stderr } = await lab('check', LAB);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('damaged');
  });
});

test('watch checks at once, checks again after a save, and ends on Ctrl-C', async () => {
  await lab('start', LAB);
  const child = spawn(process.execPath, [DOOR, 'watch', LAB], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1' },
  });
  let output = '';
  const waiters: (() => void)[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    for (const waiter of waiters) waiter();
  });
  const until = (words: string): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (output.includes(words)) resolve();
      };
      waiters.push(look);
      look();
    });
  await until('Watching');
  output = '';
  write(SCRIPT, 'echo changed >&2; exit 9\n');
  await until('exit code 9');
  child.kill('SIGINT');
  const exitCode = await new Promise((resolve) => child.on('close', resolve));
  expect(exitCode).toBe(0);
});
