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

interface Waiting {
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
      this.#waiting.set(id, {
        // The worker answers each request with its own kind of reply.
        resolve: resolve,
        reject,
      });
      worker.postMessage({ kind, id, ask } as ToWorker);
    });
  }

  /** Ends whatever runs; the next question meets a new worker that knows nothing. */
  stop(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#fail(new Stopped('it was stopped'));
  }

  #opened(): WorkerLike {
    const worker = this.#createWorker();
    worker.onmessage = ({ data }) => {
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
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
    for (const { reject } of waiting) reject(problem);
  }
}
