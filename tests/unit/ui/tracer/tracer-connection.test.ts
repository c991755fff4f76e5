import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { FromWorker, ToWorker } from '../../../../src/ui/tracer/protocol.ts';
import {
  Stopped,
  TookTooLong,
  TracerConnection,
  type WorkerLike,
} from '../../../../src/ui/tracer/tracer-connection.ts';

/** Answers everything at once, but for a script called `hang`, of which nothing is ever heard again. */
class OneWorker implements WorkerLike {
  onmessage: WorkerLike['onmessage'] = null;
  onerror: WorkerLike['onerror'] = null;
  isTerminated = false;

  postMessage(message: ToWorker): void {
    if (message.kind === 'interrupt') return;
    if (message.kind === 'do' && message.ask.kind === 'run' && message.ask.script === 'hang') return;
    queueMicrotask(() => {
      const reply = { kind: 'reply', id: message.id, value: 'answer' } as FromWorker;
      this.onmessage?.({ data: reply } as MessageEvent<FromWorker>);
    });
  }

  terminate(): void {
    this.isTerminated = true;
  }
}

describe('a question that is never answered', () => {
  const workers: OneWorker[] = [];
  let connection: TracerConnection;
  const hang = (): Promise<unknown> =>
    connection.ask('do', { kind: 'run', script: 'hang' }).catch((problem: unknown) => problem);

  beforeEach(() => {
    vi.useFakeTimers();
    workers.length = 0;
    connection = new TracerConnection(() => {
      const worker = new OneWorker();
      workers.push(worker);
      return worker;
    });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('ends after a while with its worker, and not before a script may end by itself', async () => {
    const asked = hang();
    await vi.advanceTimersByTimeAsync(61_000);
    expect(workers.map((worker) => worker.isTerminated)).toEqual([false]);
    await vi.advanceTimersByTimeAsync(30_000);
    const problem = await asked;
    expect(problem).toBeInstanceOf(TookTooLong);
    expect((problem as TookTooLong).seconds).toBe(90);
    expect(workers.map((worker) => worker.isTerminated)).toEqual([true]);
    expect(await connection.ask('save', null)).toBe('answer');
    expect(workers).toHaveLength(2);
  });

  test('ends at once when it is stopped, and is not said to have taken too long', async () => {
    const asked = hang();
    connection.stop();
    const problem = await asked;
    expect(problem).toBeInstanceOf(Stopped);
    expect(problem).not.toBeInstanceOf(TookTooLong);
    await vi.advanceTimersByTimeAsync(200_000);
    expect(await connection.ask('save', null)).toBe('answer');
  });

  test('what was answered in time leaves its worker alone', async () => {
    await connection.ask('save', null);
    await vi.advanceTimersByTimeAsync(200_000);
    expect(workers.map((worker) => worker.isTerminated)).toEqual([false]);
  });
});
