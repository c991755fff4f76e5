/**
 * The five proofs of every lab in labs/: nothing here names a lab, so a new folder is proved too. The
 * test files of this folder run side by side and share the labs among them.
 */
import { readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { attemptsOf, labIds, readLab } from '../../../src/cli/lab/folder.ts';
import type { LabReport } from '../../../src/lab/lab.ts';
import { reportToText } from '../../../src/lab/report.ts';
import { buildStart, checkScriptFrom, questionsOf, type LabStart } from '../../../src/lab/run.ts';
import type { LabSource } from '../../../src/lab/source.ts';

/** Every so manieth lab, by the place of the test file among the test files of its folder. */
export function labsOf(testFile: string): readonly string[] {
  const files = readdirSync(dirname(testFile))
    .filter((name) => name.endsWith('.test.ts'))
    .sort();
  const place = files.indexOf(basename(testFile));
  return labIds().filter((_, index) => index % files.length === place);
}

interface Bench {
  readonly start: (seed: string) => Promise<LabStart>;
  readonly check: (seed: string, script: string) => Promise<LabReport>;
}

/**
 * Runs attempts on starting networks that are built once for each seed, each attempt once: the last proof
 * of a lab holds that no attempt changed them.
 */
function benchFor(source: LabSource): Bench {
  const starts = new Map<string, Promise<LabStart>>();
  const start = (seed: string): Promise<LabStart> => {
    const built = starts.get(seed) ?? buildStart(source, seed);
    starts.set(seed, built);
    return built;
  };
  const reports = new Map<string, Promise<LabReport>>();
  const check = (seed: string, script: string): Promise<LabReport> => {
    const attempt = JSON.stringify([seed, script]);
    const report = reports.get(attempt) ?? start(seed).then((from) => checkScriptFrom(source, from, script));
    reports.set(attempt, report);
    return report;
  };
  return { start, check };
}

/** What lies on the disks of a start's machines. */
async function filesOn({ disks }: LabStart): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const [machine, disk] of disks) {
    for (const path of disk.getAllPaths()) {
      const { isFile, mode, mtime } = await disk.lstat(path);
      const content = isFile ? await disk.readFile(path) : '';
      found[`${machine} ${path}`] = `${mode} ${mtime.getTime()} ${content}`;
    }
  }
  return found;
}

function failedChecks(report: LabReport): readonly string[] {
  return report.tasks
    .flatMap(({ checks }) => checks)
    .filter(({ passed }) => !passed)
    .map(({ id }) => id)
    .sort();
}

/** What a failing proof should show: the report, and the end of what the script said. */
function told(report: LabReport): string {
  const { script } = report;
  return `${reportToText(report)}\nexit ${script?.exitCode}\n${script?.stderr.slice(-2000)}`;
}

export async function proveLabs(ids: readonly string[]): Promise<void> {
  for (const id of ids) proveLab(id, await readLab(id));
}

function proveLab(id: string, source: LabSource): void {
  describe(`lab ${id}`, () => {
    const { lab } = source;
    const wrong = attemptsOf(source, 'wrong');
    const harmless = attemptsOf(source, 'harmless');
    const { start, check } = benchFor(source);
    const checkIds = lab.tasks.flatMap(({ checks }) => checks.map(({ id }) => id));

    test.each(lab.seeds)('as shipped it fails every task (seed %s)', async (seed) => {
      const report = await check(seed, source.template);
      expect(report.script?.exitCode, told(report)).toBe(0);
      expect(
        report.tasks.filter(({ passed }) => passed).map(({ id }) => id),
        told(report),
      ).toEqual([]);
    });

    test('it has two solutions that go different ways', () => {
      expect(source.solutions.length).toBeGreaterThanOrEqual(2);
    });

    describe.each(source.solutions)('$name', ({ text }) => {
      test.each([...lab.seeds, 'a seed that no lab lists'])('passes with seed %s', async (seed) => {
        const report = await check(seed, text);
        expect(report.passed, told(report)).toBe(true);
      });
    });

    test('it knows attempts that are wrong, too permissive and harmless', () => {
      expect(wrong.length).toBeGreaterThanOrEqual(3);
      expect(wrong.filter(({ overPermissive }) => overPermissive === 'yes').length).toBeGreaterThanOrEqual(1);
      expect(harmless.length).toBeGreaterThanOrEqual(1);
    });

    describe.each(wrong)('wrong/$script.name', ({ script, caughtBy, seeds }) => {
      test('names checks of this lab that must catch it', () => {
        expect(caughtBy.length).toBeGreaterThan(0);
        expect(caughtBy.filter((id) => !checkIds.includes(id))).toEqual([]);
      });

      test.each(seeds ?? lab.seeds)('fails exactly those with seed %s', async (seed) => {
        const report = await check(seed, script.text);
        expect(failedChecks(report), told(report)).toEqual([...caughtBy].sort());
      });
    });

    describe.each(harmless)('harmless/$script.name', ({ script, seeds }) => {
      test.each(seeds ?? lab.seeds)('still passes with seed %s', async (seed) => {
        const report = await check(seed, script.text);
        expect(report.passed, told(report)).toBe(true);
      });
    });

    test('every check is missed by nobody: some shipped, wrong or permissive attempt fails it', async () => {
      const reports = await Promise.all(lab.seeds.map((seed) => check(seed, source.template)));
      const failing = new Set([
        ...wrong.flatMap(({ caughtBy }) => caughtBy),
        ...reports.flatMap(failedChecks),
      ]);
      expect(checkIds.filter((id) => !failing.has(id))).toEqual([]);
    });

    // A condition, not runIf: a lab without a diagnosis has nothing to skip.
    if (lab.diagnosis !== undefined) {
      test.each(lab.seeds)(
        'until the diagnosis is given, no check tells what decided (seed %s)',
        async (seed) => {
          const asks = questionsOf(lab).map(({ key }) => `answer ${key} anything`);
          const late = await check(seed, asks.join('\n'));
          const causes = late.tasks
            .flatMap(({ checks }) => checks.flatMap(({ detail }) => detail))
            .flatMap((line) => /^Decided .*\bby (.*?)(?::|$)/.exec(line)?.[1] ?? []);
          const early = await check(seed, '');
          const failures = early.tasks.flatMap(({ checks }) => checks).filter(({ passed }) => !passed);
          const said = failures.flatMap(({ detail }) => detail).join('\n');
          const withheld = late.tasks
            .flatMap(({ checks }) => checks.filter(({ kind, passed }) => kind !== 'answer' && !passed))
            .flatMap(({ detail }) => detail.filter((line) => !said.includes(line)));
          expect(withheld.length, told(late)).toBeGreaterThan(0);
          expect(
            causes.filter((cause) => said.includes(` by ${cause}`) || said.includes(`: ${cause}`)),
          ).toEqual([]);
        },
      );
    }

    test('neither its id nor its title nor its tasks name a file of wrong/ or a seed', () => {
      const shown = `${lab.id} ${lab.title}`.toLowerCase();
      expect(lab.seeds.filter((seed) => shown.includes(seed))).toEqual([]);
    });

    test('no attempt changed the network that the others started with', async () => {
      for (const seed of lab.seeds) {
        const [shared, anew] = [await start(seed), await buildStart(source, seed)];
        expect(JSON.stringify(shared.cloud)).toBe(JSON.stringify(anew.cloud));
        expect(await filesOn(shared)).toEqual(await filesOn(anew));
      }
    });
  });
}
