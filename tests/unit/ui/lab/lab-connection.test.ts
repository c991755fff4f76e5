import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LabConnection, type WorkerLike } from '../../../../src/ui/lab/lab-connection.ts';
import type { FromWorker, Screen, ToWorker } from '../../../../src/ui/lab/protocol.ts';

const SCREEN = { output: '', exitCode: 0, prompt: '$ ', session: 'open' } as Screen;

/** Answers everything at once, but for an entry called `hang`, of which nothing is ever heard again. */
class OneWorker implements WorkerLike {
  onmessage: WorkerLike['onmessage'] = null;
  onerror: WorkerLike['onerror'] = null;
  readonly heard: ToWorker[] = [];
  isTerminated = false;

  postMessage(message: ToWorker): void {
    this.heard.push(message);
    if (message.kind === 'interrupt') return;
    if (message.kind === 'run' && message.ask.text === 'hang') return;
    queueMicrotask(() => {
      const reply = { kind: 'reply', id: message.id, of: message.kind, value: SCREEN } as FromWorker;
      this.onmessage?.({ data: reply } as MessageEvent<FromWorker>);
    });
  }

  terminate(): void {
    this.isTerminated = true;
  }
}

describe('an entry that hangs where no interrupt reaches it', () => {
  const workers: OneWorker[] = [];
  let connection: LabConnection;

  beforeEach(async () => {
    vi.useFakeTimers();
    workers.length = 0;
    connection = new LabConnection('a-lab', 'A lab', () => {
      const worker = new OneWorker();
      workers.push(worker);
      return worker;
    });
    await connection.open('1', []);
    await connection.run({ kind: 'line', text: 'before' });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const isAsBefore = (): void => {
    expect(workers.map((worker) => worker.isTerminated)).toEqual([true, false]);
    expect(workers[1]?.heard).toMatchObject([
      { kind: 'open', ask: { log: [{ kind: 'line', text: 'before' }] } },
    ]);
  };

  test('is stopped by Ctrl-C within half a second', async () => {
    const run = connection.run({ kind: 'line', text: 'hang' });
    connection.interrupt();
    await vi.advanceTimersByTimeAsync(500);
    expect((await run).kind).toBe('stopped');
    isAsBefore();
  });

  test('is stopped after a while with nobody at the keyboard, and not sooner', async () => {
    const run = connection.run({ kind: 'line', text: 'hang' });
    await vi.advanceTimersByTimeAsync(61_000);
    expect(workers).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(30_000);
    expect((await run).kind).toBe('stopped');
    isAsBefore();
    expect((await connection.run({ kind: 'line', text: 'after' })).kind).toBe('ran');
  });

  test('what has ended in time is left alone', async () => {
    await connection.run({ kind: 'line', text: 'quick' });
    await vi.advanceTimersByTimeAsync(200_000);
    expect(workers.map((worker) => worker.isTerminated)).toEqual([false]);
  });
});
