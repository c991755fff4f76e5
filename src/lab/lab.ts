/** What a lab folder's `lab.ts` default-exports. The engine grades behaviour: flows and invariants. */
import type { Cloud } from '../model/cloud.ts';
import type { Disposition } from '../model/trace/disposition.ts';

export interface Lab {
  /** Folder name; also the URL. Never gives the cause away. */
  readonly id: string;
  readonly title: string;
  /** Measured on the reference solution by a reader; whole minutes. */
  readonly minutes: number;
  readonly module: string;
  readonly objectives: readonly string[];
  /** Seeds that pick a variation, for labs with several causes; the learner's seed is drawn from these by default. */
  readonly seeds: readonly string[];
  /** Shown before the tasks: the situation, in a few sentences. Markdown. */
  readonly brief: string;
  readonly tasks: readonly Task[];
}

export interface Task {
  readonly id: string;
  readonly title: string;
  /** Markdown. */
  readonly text: string;
  /** Concept, then where to look, then a worked step. */
  readonly hints: readonly [string, string, string];
  readonly checks: readonly Check[];
}

/** Where a flow starts or ends: netpath's END, computed from the cloud so that names may vary. */
export type EndOf = string | ((cloud: Cloud) => string | null);

export interface FlowCheck {
  readonly kind: 'flow';
  readonly id: string;
  /** What it is evidence for. */
  readonly evidence: string;
  readonly from: EndOf;
  readonly to: EndOf;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly port?: number;
  readonly expect: FlowExpectation;
}

export type FlowExpectation =
  | { readonly kind: 'delivered'; readonly seenSource?: EndOf }
  /** Names the disposition and the deciding rule: "some error" is no pass. `control` names a flow check that must be delivered. */
  | {
      readonly kind: 'blocked';
      readonly disposition: Exclude<Disposition, 'delivered' | 'undetermined'>;
      readonly by: RegExp;
      readonly control: string;
    };

export interface InvariantCheck {
  readonly kind: 'invariant';
  readonly id: string;
  readonly evidence: string;
  readonly holds: (cloud: Cloud) => { readonly passed: true } | { readonly passed: false; readonly found: string };
}

/** The learner writes what they saw with `answer KEY VALUE`; `accept` compares it with the model's own. */
export interface AnswerCheck {
  readonly kind: 'answer';
  readonly id: string;
  readonly evidence: string;
  readonly key: string;
  readonly question: string;
  readonly accept: (
    cloud: Cloud,
    answer: string,
  ) => { readonly passed: true } | { readonly passed: false; readonly feedback: string };
}

export type Check = FlowCheck | InvariantCheck | AnswerCheck;

export interface CheckResult {
  readonly id: string;
  readonly evidence: string;
  readonly passed: boolean;
  /** On failure: what was found, with the trace step that decided. */
  readonly detail: string;
}

export interface TaskResult {
  readonly id: string;
  readonly title: string;
  readonly passed: boolean;
  readonly checks: readonly CheckResult[];
}

export interface LabReport {
  readonly lab: string;
  readonly seed: string;
  readonly passed: boolean;
  readonly tasks: readonly TaskResult[];
}
