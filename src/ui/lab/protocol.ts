/** What the page and the worker that runs the simulation say to each other. All of it survives cloning. */
import type { LabReport } from '../../lab/lab.ts';
import type { LogEntry } from '../../progress/lab-progress.ts';
import type { NetworkView } from './network-view.ts';

/** The terminal after something ran. */
export interface Screen {
  /** What it printed, with addresses marked and line ends for a terminal. */
  readonly output: string;
  readonly exitCode: number;
  /** The prompt of the next line. */
  readonly prompt: string;
  /** `closed` after `exit` on the workstation. */
  readonly session: 'open' | 'closed';
  readonly network: NetworkView;
}

/** One entry of the log, run again while a lab opens. */
export interface Replayed {
  readonly entry: LogEntry;
  /** The prompt it was typed at. */
  readonly prompt: string;
  readonly output: string;
  readonly number: number;
  readonly of: number;
}

export interface Completion {
  readonly from: number;
  readonly candidates: readonly string[];
}

export interface Requests {
  readonly open: {
    readonly ask: { readonly lab: string; readonly seed: string; readonly log: readonly LogEntry[] };
    readonly reply: Screen;
  };
  readonly run: { readonly ask: LogEntry; readonly reply: Screen };
  readonly complete: { readonly ask: string; readonly reply: Completion };
  readonly check: { readonly ask: null; readonly reply: LabReport };
}

export type RequestKind = keyof Requests;

export type ToWorker =
  | {
      readonly [K in RequestKind]: {
        readonly kind: K;
        readonly id: number;
        readonly ask: Requests[K]['ask'];
      };
    }[RequestKind]
  | { readonly kind: 'interrupt' };

export type FromWorker =
  | { readonly kind: 'replayed'; readonly replayed: Replayed }
  | {
      readonly [K in RequestKind]: {
        readonly kind: 'reply';
        readonly id: number;
        readonly of: K;
        readonly value: Requests[K]['reply'];
      };
    }[RequestKind]
  /** A bug of ours, with the text to report. */
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };
