/**
 * A quiz as the page and the grader see it: every key is already computed (see `resolve.ts`), every
 * id is stable for ever, and nothing depends on the order in which options are shown.
 */
import type { ProxyClient } from '../model/proxy/clients.ts';

/** Something a learner can run in the lesson's terminal to see where reality leaves their choice. */
export type Run =
  | { readonly kind: 'command'; readonly command: string }
  | { readonly kind: 'flow'; readonly flow: AskedFlow };

/** A flow in netpath's words; `port` is absent for icmp, and where a URL says it. */
export interface AskedFlow {
  readonly from: string;
  readonly to: string;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly port?: number;
  /** Who asks for a URL; absent: who usually does there. */
  readonly client?: ProxyClient | 'none';
}

/** Where a key came from. `computed` keys say how, so that a reader can repeat the computation. */
export type KeyOrigin =
  | { readonly kind: 'written' }
  | { readonly kind: 'computed'; readonly how: string; readonly run: Run | null };

interface QuestionBase {
  /** Unique within the quiz, never reused: progress and statistics hang on it. */
  readonly id: string;
  /** Text with `code` and **strong** only; see `inlineParts`. */
  readonly prompt: string;
  /** Shown after any answer: why the key is the key. */
  readonly why: string;
  /** Name of the scenario in content/scenarios that the question is about; null if it needs none. */
  readonly scenario: string | null;
  readonly origin: KeyOrigin;
}

export interface QuizOption {
  readonly id: string;
  readonly text: string;
  readonly verdict: 'right' | 'wrong';
  /** Shown when this option was chosen (or, for `multi`, wrongly left out). */
  readonly feedback: string;
  readonly run: Run | null;
}

export interface Misreading<T> {
  readonly answer: T;
  readonly feedback: string;
  readonly run: Run | null;
}

/** Exactly one option is right. */
export interface ChoiceQuestion extends QuestionBase {
  readonly kind: 'choice';
  readonly options: readonly QuizOption[];
}

/** At least one option is right, and at least one is wrong. */
export interface MultiQuestion extends QuestionBase {
  readonly kind: 'multi';
  readonly options: readonly QuizOption[];
}

/** The answer is one IPv4 address or prefix, compared by value. */
export interface AddressQuestion extends QuestionBase {
  readonly kind: 'address';
  readonly answers: 'address' | 'prefix';
  readonly key: string;
  readonly misreadings: readonly Misreading<string>[];
  readonly otherwise: string;
}

export interface NumberQuestion extends QuestionBase {
  readonly kind: 'number';
  readonly key: number;
  /** What is counted, as shown behind the field: `nodes`, `addresses`. */
  readonly unit: string;
  readonly misreadings: readonly Misreading<number>[];
  readonly otherwise: string;
}

/** `items` stand in the right order; show them with `shuffledItems`. */
export interface OrderQuestion extends QuestionBase {
  readonly kind: 'order';
  readonly items: readonly {
    readonly id: string;
    readonly text: string;
    /** Shown when this is the first item that stands in the wrong place. */
    readonly feedback: string;
  }[];
}

/** Predict one flow: how it ends, which source the other side sees, and what decided on the way. */
export interface TraceQuestion extends QuestionBase {
  readonly kind: 'trace';
  readonly flow: AskedFlow;
  readonly parts: readonly TracePart[];
}

/** One thing to predict about the flow. */
export type TracePart =
  | {
      readonly kind: 'disposition' | 'decided-by';
      readonly id: string;
      readonly label: string;
      readonly options: readonly QuizOption[];
    }
  | {
      readonly kind: 'seen-source';
      readonly id: string;
      readonly label: string;
      /** Null when the packet never arrives, so that nobody sees a source. */
      readonly key: string | null;
      readonly misreadings: readonly Misreading<string>[];
      readonly otherwise: string;
    };

export type Question =
  ChoiceQuestion | MultiQuestion | AddressQuestion | NumberQuestion | OrderQuestion | TraceQuestion;

export type QuestionKind = Question['kind'];

export interface Quiz {
  /** Module and name, as in `01-network-plugins/kubenet-addresses`; the key of stored progress. */
  readonly id: string;
  readonly title: string;
  readonly questions: readonly Question[];
}
