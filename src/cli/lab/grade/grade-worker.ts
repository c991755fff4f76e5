/** Grades one submission in a thread of its own, so that it can be stopped and leaves nothing behind. */
import { flushCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { keepCompiled } from '../../compiled.ts';
import type { FromGradeWorker, GradeJob } from './grade-job.ts';

function send(message: FromGradeWorker): void {
  parentPort?.postMessage(message);
}

keepCompiled();
const { graded } = await import('./graded.ts');
// A thread that is ended keeps nothing of its own accord.
flushCompileCache();
send({ kind: 'ready' });
try {
  // The job comes from grade-pool.ts and from nowhere else.
  send({ kind: 'graded', report: await graded(workerData as GradeJob) });
} catch (error) {
  send({ kind: 'bug', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
