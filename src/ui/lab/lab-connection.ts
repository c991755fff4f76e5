/** The page's side of a lab: asks the worker, and replaces it when it does not stop on Ctrl-C. */
import type { LogEntry } from '../../progress/lab-progress.ts';
import type { FromWorker, Replayed, RequestKind, Requests, Screen, ToWorker } from './protocol.ts';

/** How long a worker may take to obey an interrupt before it is replaced, in milliseconds. */
const PATIENCE = 400;
/**
 * How long one entry may run, in milliseconds. The shell stops by itself before that (execution-limits.ts),
 * but only between commands: what hangs inside of one is stopped here, with nobody at the keyboard.
 */
const LONGEST_RUN = 90_000;

export interface WorkerLike {
  postMessage(message: ToWorker): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

/** What a run came to: a screen, or `stopped` when the worker had to be replaced. */
export type RunOutcome =
  { readonly kind: 'ran'; readonly screen: Screen } | { readonly kind: 'stopped'; readonly screen: Screen };

interface Waiting {
  readonly of: RequestKind;
  readonly resolve: (reply: Extract<FromWorker, { kind: 'reply' }>) => void;
  readonly reject: (problem: Error) => void;
}

class Replaced extends Error {}

export class LabConnection {
  readonly #lab: string;
  readonly #title: string;
  readonly #createWorker: () => WorkerLike;
  readonly #waiting = new Map<number, Waiting>();
  #worker: WorkerLike | null = null;
  #seed = '';
  #log: readonly LogEntry[] = [];
  #onReplayed: (replayed: Replayed) => void = () => undefined;
  #nextId = 1;
  #running = false;

  constructor(lab: string, title: string, createWorker: () => WorkerLike) {
    this.#lab = lab;
    this.#title = title;
    this.#createWorker = createWorker;
  }

  get isRunning(): boolean {
    return this.#running;
  }

  /** Starts the lab afresh in a new worker and runs the log again. */
  async open(
    seed: string,
    log: readonly LogEntry[],
    onReplayed: (replayed: Replayed) => void = () => undefined,
  ): Promise<Screen> {
    this.#replaceWorker();
    this.#seed = seed;
    this.#log = log;
    this.#onReplayed = onReplayed;
    return this.#asking(() => this.#ask('open', this.#opening()));
  }

  /** Runs one entry. If it is interrupted and does not obey, the lab is as before the entry. */
  async run(entry: LogEntry): Promise<RunOutcome> {
    const tooLong = setTimeout(() => {
      this.#replaceWorker();
    }, LONGEST_RUN);
    try {
      const screen = await this.#asking(() => this.#ask('run', entry));
      if (screen.session === 'open') this.#log = [...this.#log, entry];
      return { kind: 'ran', screen };
    } catch (problem) {
      if (!(problem instanceof Replaced)) throw problem;
      clearTimeout(tooLong);
      this.#onReplayed = () => undefined;
      return {
        kind: 'stopped',
        screen: await this.#asking(() => this.#ask('open', this.#opening())),
      };
    } finally {
      clearTimeout(tooLong);
    }
  }

  complete(line: string): Promise<Requests['complete']['reply']> {
    return this.#ask('complete', line);
  }

  check(): Promise<Requests['check']['reply']> {
    return this.#asking(() => this.#ask('check', null));
  }

  brief(): Promise<Requests['brief']['reply']> {
    return this.#asking(() => this.#ask('brief', null));
  }

  debrief(): Promise<Requests['debrief']['reply']> {
    return this.#asking(() => this.#ask('debrief', null));
  }

  #opening(): Requests['open']['ask'] {
    return { lab: this.#lab, title: this.#title, seed: this.#seed, log: this.#log };
  }

  /** Stops what is running: politely first, then by replacing the worker. */
  interrupt(): void {
    if (!this.#running) return;
    this.#worker?.postMessage({ kind: 'interrupt' });
    const waiting = [...this.#waiting.keys()];
    setTimeout(() => {
      if (waiting.some((id) => this.#waiting.has(id))) this.#replaceWorker();
    }, PATIENCE);
  }

  close(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#fail(new Replaced('the lab was closed'));
  }

  async #asking<T>(work: () => Promise<T>): Promise<T> {
    this.#running = true;
    try {
      return await work();
    } finally {
      this.#running = false;
    }
  }

  #ask<K extends RequestKind>(kind: K, ask: Requests[K]['ask']): Promise<Requests[K]['reply']> {
    const worker = this.#worker;
    if (worker === null) return Promise.reject(new Error('the lab is not open'));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, {
        of: kind,
        // The worker answers each request with its own kind of reply.
        resolve: (reply) => {
          resolve(reply.value);
        },
        reject,
      });
      const message = { kind, id, ask } as ToWorker;
      worker.postMessage(message);
    });
  }

  #replaceWorker(): void {
    this.#worker?.terminate();
    const worker = this.#createWorker();
    this.#worker = worker;
    worker.onmessage = ({ data }) => {
      if (worker === this.#worker) this.#receive(data);
    };
    worker.onerror = (event) => {
      if (worker === this.#worker)
        this.#fail(new Error(event.message || 'the simulation could not be loaded'));
    };
    this.#fail(new Replaced('the simulation was stopped'));
  }

  #receive(message: FromWorker): void {
    if (message.kind === 'replayed') {
      this.#onReplayed(message.replayed);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.kind === 'failed') waiting?.reject(new Error(message.message));
    else waiting?.resolve(message);
  }

  #fail(problem: Error): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(problem);
  }
}
