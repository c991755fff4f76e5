/** What a lab folder's `lab.ts` default-exports. The engine grades behaviour: flows and invariants. */
import type { Cloud } from '../model/cloud.ts';
import type { ProxyClient } from '../model/proxy/clients.ts';
import type { Disposition } from '../model/trace/disposition.ts';
import type { Place } from '../shell/command.ts';

export interface Lab {
  /** Folder name; also the URL. Never gives the cause away. */
  readonly id: string;
  readonly title: string;
  /** Measured on the reference solution by a reader; whole minutes. */
  readonly minutes: number;
  /** Folder of the course module it belongs to, for example `01-network-plugins`. */
  readonly module: string;
  /** Place among the labs of its module, from 1. */
  readonly order: number;
  readonly objectives: readonly string[];
  /**
   * Seeds that pick a variation, for labs with several causes; the first is the default. `start.sh`
   * reads the chosen one as `$LAB_VARIANT`. Any other text is a seed too: see `variant.ts`.
   */
  readonly seeds: readonly [string, ...string[]];
  /** Shown before the tasks: the situation, in a few sentences. Markdown. */
  readonly brief: string;
  /**
   * Id of the task in which the learner commits to a diagnosis. Until each of its questions has an
   * answer, right or wrong, failed flows tell what the sender sees and not what decided, and failed
   * invariants their symptom.
   */
  readonly diagnosis?: string;
  readonly tasks: readonly [Task, ...Task[]];
}

export interface Task {
  readonly id: string;
  readonly title: string;
  /** Markdown. */
  readonly text: string;
  /** Concept, then where to look, then a worked step. */
  readonly hints: readonly [string, string, string];
  /**
   * `first`: the task's own questions come before its other checks. Until they have answers, right or wrong,
   * those tell what the sender sees, and symptoms.
   */
  readonly hypothesis?: 'first';
  readonly checks: readonly [Check, ...Check[]];
}

/** The world a check looks at: how it is now, and how the lab handed it over. */
export interface Before {
  readonly start: Cloud;
  /** Every change since, in order; the last is how it is now. Absent where only the present is known. */
  readonly since?: readonly Moment[];
  /** The world in which each answer that stands was given, by its key. Absent where only the present is known. */
  readonly answered?: ReadonlyMap<string, Cloud>;
}

/** The world after a command that changed it. */
export interface Moment {
  readonly command: string;
  readonly cloud: Cloud;
}

/** No such end in this cloud; says what is missing in words for the learner. */
export interface Missing {
  readonly missing: string;
}

/** Where a flow starts or ends: netpath's END, computed from the cloud so that names may vary. */
export type EndOf = string | ((cloud: Cloud, before: Before) => string | Missing);

export interface FlowCheck {
  readonly kind: 'flow';
  readonly id: string;
  /** What it is evidence for. */
  readonly evidence: string;
  readonly from: EndOf;
  readonly to: EndOf;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  /** Absent for ICMP, and where the end itself names the port (a URL). */
  readonly port?: number;
  /** Who asks, if `to` is a URL, as `netpath --client` has it; absent: who usually does there. */
  readonly client?: ProxyClient | 'none';
  /** The forward proxy that the client is told of by hand, as with `curl -x`; `to` is a URL then. */
  readonly over?: { readonly at: EndOf; readonly port: number };
  readonly expect: FlowExpectation;
}

export type Blocked = Exclude<Disposition, 'delivered' | 'undetermined'>;

export type FlowExpectation =
  /**
   * `seenSource` is the address that the server must see as the client, and `proxy` whether a forward proxy must
   * relay it (`any`, or the one at an END such as `vm/vm-proxy`), or none may; `reads` whether the proxies on the way
   * read what is asked and answered, so that the client sees their certificate, or pass it on as it is. Each if that matters.
   */
  | {
      readonly kind: 'delivered';
      readonly seenSource?: EndOf;
      readonly proxy?: 'any' | 'none' | { readonly at: EndOf };
      readonly reads?: 'all' | 'nothing';
    }
  /** Names the disposition and the deciding rule: "some error" is no pass. `control` names a flow check that must be delivered. */
  | {
      readonly kind: 'blocked';
      /** Several only where the learner's own choices (of ranges, say) decide which of them it is. */
      readonly disposition: Blocked | readonly [Blocked, ...Blocked[]];
      readonly by: RegExp;
      readonly control: string;
    };

export type Holds =
  | { readonly passed: true }
  /** `symptom` is told instead of `found` until the diagnosis is given, where `found` tells the cause. */
  | { readonly passed: false; readonly found: string; readonly symptom?: string };

export interface InvariantCheck {
  readonly kind: 'invariant';
  readonly id: string;
  readonly evidence: string;
  readonly holds: (cloud: Cloud, before: Before) => Holds;
}

export type Accepts = { readonly passed: true } | { readonly passed: false; readonly feedback: string };

/** The learner writes what they saw with `answer KEY VALUE`; `accept` compares it with the model's own. */
export interface AnswerCheck {
  readonly kind: 'answer';
  readonly id: string;
  readonly evidence: string;
  readonly key: string;
  readonly question: string;
  readonly accept: (cloud: Cloud, answer: string, before: Before) => Accepts;
}

/** A line of bash in one or several places, where programs decide and not packets: who trusts which certificate, say. */
export interface CommandCheck {
  readonly kind: 'command';
  readonly id: string;
  readonly evidence: string;
  readonly at: (cloud: Cloud, before: Before) => readonly Place[] | Missing;
  /** It changes nothing, and finds no file that is only in a running container. */
  readonly run: string;
  /** The same in each place. */
  readonly expect: { readonly exitCode: number; readonly stdout?: RegExp; readonly stderr?: RegExp };
}

export type Check = FlowCheck | InvariantCheck | AnswerCheck | CommandCheck;

export interface CheckResult {
  readonly id: string;
  readonly kind: Check['kind'];
  readonly evidence: string;
  readonly passed: boolean;
  /** What was found: on failure with the trace step that decided (see `Lab.diagnosis`). Lines of plain text. */
  readonly detail: readonly string[];
}

export interface TaskResult {
  readonly id: string;
  readonly title: string;
  readonly passed: boolean;
  readonly checks: readonly CheckResult[];
}

/** How the learner's script itself went; grading goes by behaviour, this only explains. */
export interface ScriptOutcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface LabReport {
  readonly lab: string;
  readonly title: string;
  readonly seed: string;
  readonly passed: boolean;
  /** Null when the present state was graded, as in an interactive terminal. */
  readonly script: ScriptOutcome | null;
  /** Simulated commands that broke on the way: our fault, and a reason to doubt the verdicts. */
  readonly bugs: readonly string[];
  readonly tasks: readonly TaskResult[];
}
