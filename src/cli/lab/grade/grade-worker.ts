/** Grades one submission in a thread of its own, so that it can be stopped and leaves nothing behind. */
import { parentPort, workerData } from 'node:worker_threads';
import type { LabReport } from '../../../lab/lab.ts';
import { gradeNow, runScript, startLab } from '../../../lab/run.ts';
import { SCRIPT_NAME } from '../../../lab/source.ts';
import { readLab } from '../folder.ts';
import type { FromGradeWorker, GradeJob } from './grade-job.ts';

const MOST_LINES = 60;
const LONGEST_LINE = 600;
const MOST_STDERR = 4000;

function send(message: FromGradeWorker): void {
  parentPort?.postMessage(message);
}

async function graded({ lab, seed, work }: GradeJob): Promise<LabReport> {
  const source = await readLab(lab);
  const running = await startLab(source, seed ?? source.lab.seeds[0]);
  if (work.kind === 'script') return gradeNow(running, await runScript(running, work.text));
  for (const entry of work.entries) {
    if (running.session.state === 'closed') break;
    if (entry.kind === 'line') await running.session.run(entry.text);
    else if (entry.kind === 'script') await runScript(running, entry.text);
    else await running.session.writeFile(SCRIPT_NAME, entry.text);
  }
  return gradeNow(running, null);
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

send({ kind: 'ready' });
try {
  // The job comes from grade-pool.ts and from nowhere else.
  send({ kind: 'graded', report: bounded(await graded(workerData as GradeJob)) });
} catch (error) {
  send({ kind: 'bug', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
