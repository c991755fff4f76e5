import type { LabReport } from '../../../lab/lab.ts';
import { gradeNow, runScript, startLab } from '../../../lab/run.ts';
import { SCRIPT_NAME } from '../../../lab/source.ts';
import { readLab } from '../folder.ts';
import type { GradeJob } from './grade-job.ts';

const MOST_LINES = 60;
const LONGEST_LINE = 600;
const MOST_STDERR = 4000;

/** Returns the report on one submission, of bounded size. */
export async function graded({ lab, seed, work }: GradeJob): Promise<LabReport> {
  const source = await readLab(lab);
  const running = await startLab(source, seed ?? source.lab.seeds[0]);
  if (work.kind === 'script') return bounded(await gradeNow(running, await runScript(running, work.text)));
  for (const entry of work.entries) {
    if (running.session.state === 'closed') break;
    if (entry.kind === 'line') await running.session.run(entry.text);
    else if (entry.kind === 'script') await runScript(running, entry.text);
    else await running.session.writeFile(SCRIPT_NAME, entry.text);
  }
  return bounded(await gradeNow(running, null));
}

/** A report of bounded size, whatever the script printed or named its resources. */
function bounded(report: LabReport): LabReport {
  const short = (line: string): string =>
    line.length <= LONGEST_LINE ? line : `${line.slice(0, LONGEST_LINE)} … (${line.length} characters)`;
  const { script } = report;
  return {
    ...report,
    script: script === null ? null : { ...script, stdout: '', stderr: script.stderr.slice(-MOST_STDERR) },
    bugs: report.bugs.slice(0, 3),
    tasks: report.tasks.map((task) => ({
      ...task,
      checks: task.checks.map((check) => ({
        ...check,
        detail: check.detail.slice(0, MOST_LINES).map(short),
      })),
    })),
  };
}
