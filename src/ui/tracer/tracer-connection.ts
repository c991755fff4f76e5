/** The page's side of the tracer: asks the worker, and replaces it when it does not stop. */
import type { FromWorker, RequestKind, Requests, ToWorker } from './protocol.ts';

export interface WorkerLike {
  postMessage(message: ToWorker): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

/** The worker was stopped while it worked: what it held is gone. */
export class Stopped extends Error {}

/** It was stopped because it worked for too long. */
export class TookTooLong extends Stopped {
  readonly seconds: number;

  constructor(seconds: number) {
    super(`it took more than ${seconds} seconds`);
    this.seconds = seconds;
  }
}

/**
 * How long one answer may take, in seconds. A script is stopped by its own shell after 60 (execution-limits.ts),
 * but only between two commands; the largest network that is read at all takes less than 10.
 */
const LONGEST: Readonly<Record<RequestKind, number>> = { do: 90, trace: 30, compare: 90, save: 30 };

interface Waiting {
  readonly limit: ReturnType<typeof setTimeout>;
  readonly resolve: (value: Requests[RequestKind]['reply']) => void;
  readonly reject: (problem: Error) => void;
}

export class TracerConnection {
  readonly #createWorker: () => WorkerLike;
  readonly #waiting = new Map<number, Waiting>();
  #worker: WorkerLike | null = null;
  #nextId = 1;

  constructor(createWorker: () => WorkerLike) {
    this.#createWorker = createWorker;
  }

  ask<K extends RequestKind>(kind: K, ask: Requests[K]['ask']): Promise<Requests[K]['reply']> {
    this.#worker ??= this.#opened();
    const id = this.#nextId++;
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => {
        this.#end(new TookTooLong(LONGEST[kind]));
      }, LONGEST[kind] * 1000);
      this.#waiting.set(id, {
        limit,
        // The worker answers each request with its own kind of reply.
        resolve: resolve,
        reject,
      });
      worker.postMessage({ kind, id, ask } as ToWorker);
    });
  }

  /** Ends whatever runs; the next question meets a new worker that knows nothing. */
  stop(): void {
    this.#end(new Stopped('it was stopped'));
  }

  #end(why: Stopped): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#fail(why);
  }

  #opened(): WorkerLike {
    const worker = this.#createWorker();
    worker.onmessage = ({ data }) => {
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      clearTimeout(waiting?.limit);
      if (data.kind === 'failed') waiting?.reject(new Error(data.message));
      else waiting?.resolve(data.value);
    };
    worker.onerror = (event) => {
      this.#fail(new Error(event.message || 'the simulation could not be loaded'));
    };
    return worker;
  }

  #fail(problem: Error): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { limit, reject } of waiting) {
      clearTimeout(limit);
      reject(problem);
    }
  }
}
