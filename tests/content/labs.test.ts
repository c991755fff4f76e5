/** The five proofs of every lab in labs/: nothing here names a lab, so a new folder is proved too. */
import { describe, expect, test } from 'vitest';
import { attemptsOf, labIds, readLab } from '../../src/cli/lab/folder.ts';
import type { LabReport } from '../../src/lab/lab.ts';
import { reportToText } from '../../src/lab/report.ts';
import { checkScript, questionsOf } from '../../src/lab/run.ts';

const labs = await Promise.all(
  labIds().map(async (id) => {
    const source = await readLab(id);
    return { id, source, wrong: attemptsOf(source, 'wrong'), harmless: attemptsOf(source, 'harmless') };
  }),
);

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

describe.each(labs)('lab $id', ({ source, wrong, harmless }) => {
  const { lab } = source;
  const checkIds = lab.tasks.flatMap(({ checks }) => checks.map(({ id }) => id));

  test.each(lab.seeds)('as shipped it fails every task (seed %s)', async (seed) => {
    const report = await checkScript(source, seed, source.template);
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
      const report = await checkScript(source, seed, text);
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
      const report = await checkScript(source, seed, script.text);
      expect(failedChecks(report), told(report)).toEqual([...caughtBy].sort());
    });
  });

  describe.each(harmless)('harmless/$script.name', ({ script, seeds }) => {
    test.each(seeds ?? lab.seeds)('still passes with seed %s', async (seed) => {
      const report = await checkScript(source, seed, script.text);
      expect(report.passed, told(report)).toBe(true);
    });
  });

  test('every check is missed by nobody: some shipped, wrong or permissive attempt fails it', async () => {
    const reports = await Promise.all(lab.seeds.map((seed) => checkScript(source, seed, source.template)));
    const failing = new Set([...wrong.flatMap(({ caughtBy }) => caughtBy), ...reports.flatMap(failedChecks)]);
    expect(checkIds.filter((id) => !failing.has(id))).toEqual([]);
  });

  // A condition, not runIf: a lab without a diagnosis has nothing to skip.
  if (lab.diagnosis !== undefined) {
    test.each(lab.seeds)(
      'until the diagnosis is given, no check tells what decided (seed %s)',
      async (seed) => {
        const asks = questionsOf(lab).map(({ key }) => `answer ${key} anything`);
        const late = await checkScript(source, seed, asks.join('\n'));
        const causes = late.tasks
          .flatMap(({ checks }) => checks.flatMap(({ detail }) => detail))
          .flatMap((line) => /^Decided .*\bby (.*?)(?::|$)/.exec(line)?.[1] ?? []);
        const early = await checkScript(source, seed, '');
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
});
