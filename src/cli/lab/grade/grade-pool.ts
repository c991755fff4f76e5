/** Grades many submissions at once, each in a thread of its own that is ended when it takes too long. */
import { Worker } from 'node:worker_threads';
import type { FromGradeWorker, GradeJob, GradeOutcome } from './grade-job.ts';

export interface PoolOptions {
  readonly jobs: number;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
}

/** Loading the simulation takes a second; on a busy machine ten. */
const LOADING_SECONDS = 120;

/** Resolves when all are done; `done` is told of each as it ends, with the seconds that it took. */
export async function gradeAll(
  all: readonly GradeJob[],
  options: PoolOptions,
  done: (index: number, outcome: GradeOutcome, seconds: number) => void,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (;;) {
      const index = next++;
      const job = all[index];
      if (job === undefined) return;
      const started = performance.now();
      const outcome = await gradeOne(job, options);
      done(index, outcome, Math.round((performance.now() - started) / 100) / 10);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.jobs, all.length) }, lane));
}

function gradeOne(job: GradeJob, { timeoutSeconds, memoryMegabytes }: PoolOptions): Promise<GradeOutcome> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL('./grade-worker.ts', import.meta.url), {
      workerData: job,
      // Nothing of the machine's own is there to be found by a script that breaks out of the simulation.
      env: {},
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: memoryMegabytes },
    });
    worker.stdout.resume();
    worker.stderr.resume();
    let timer: NodeJS.Timeout | null = null;
    let ended = false;
    const end = (outcome: GradeOutcome): void => {
      if (ended) return;
      ended = true;
      if (timer !== null) clearTimeout(timer);
      void worker.terminate().then(() => {
        resolve(outcome);
      });
    };
    const endAfter = (seconds: number, outcome: GradeOutcome): void => {
      if (timer !== null) clearTimeout(timer);
      timer = setTimeout(end, seconds * 1000, outcome);
    };
    endAfter(LOADING_SECONDS, {
      kind: 'bug',
      message: `the simulation did not load within ${LOADING_SECONDS} seconds`,
    });
    worker.on('message', (message: FromGradeWorker) => {
      if (message.kind !== 'ready') {
        end(message);
        return;
      }
      endAfter(timeoutSeconds, {
        kind: 'stopped',
        why: `it ran longer than ${timeoutSeconds} s (--timeout)`,
      });
    });
    worker.on('error', (error: Error & { readonly code?: string }) => {
      end(
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? { kind: 'stopped', why: `it needed more than ${memoryMegabytes} MB of memory` }
          : { kind: 'bug', message: error.stack ?? error.message },
      );
    });
    worker.on('exit', (code) => {
      end({ kind: 'bug', message: `the grading thread ended with code ${code} and said nothing` });
    });
  });
}
