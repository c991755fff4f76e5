/** What the page and the worker that runs the simulation say to each other. All of it survives cloning. */
import type { Briefing, Truth } from '../../lab/incident-world.ts';
import type { Look } from '../../lab/incident.ts';
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

/** A change that the log made, and by which of its entries. */
export interface LogChange {
  readonly entry: number;
  readonly command: string;
  readonly broke: readonly string[];
  readonly effect: 'new' | 'taken-back';
}

/** What an incident was, told once it is over. */
export interface Debriefing {
  readonly truth: Truth;
  readonly changes: readonly LogChange[];
  /** The reference path: what each command prints in the network as it was found. */
  readonly evidence: readonly {
    readonly look: Look;
    readonly command: string;
    readonly why: string;
    readonly output: string;
  }[];
  /** The questions with the answers of the reference solution; empty where the course shows none. */
  readonly answers: readonly { readonly key: string; readonly answer: string }[];
  readonly straight: number;
}

export interface Requests {
  readonly open: {
    readonly ask: {
      readonly lab: string;
      /** What the lab is called in its terminal, where its own title would tell something. */
      readonly title: string;
      readonly seed: string;
      readonly log: readonly LogEntry[];
    };
    readonly reply: Screen;
  };
  readonly run: { readonly ask: LogEntry; readonly reply: Screen };
  readonly complete: { readonly ask: string; readonly reply: Completion };
  readonly check: { readonly ask: null; readonly reply: LabReport };
  /** Only of labs that are incidents too. */
  readonly brief: { readonly ask: null; readonly reply: Briefing };
  readonly debrief: { readonly ask: null; readonly reply: Debriefing };
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
