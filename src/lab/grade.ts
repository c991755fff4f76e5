import type { Cloud } from '../model/cloud.ts';
import { checkCommandRuns, type CommandOutcome } from './command-check.ts';
import { checkFlow, type AskFlow, type FlowWorld, type Shown } from './check-flow.ts';
import type {
  AnswerCheck,
  Check,
  CheckResult,
  FlowCheck,
  InvariantCheck,
  Lab,
  LabReport,
  Moment,
  ScriptOutcome,
  TaskResult,
} from './lab.ts';

export interface Attempt {
  readonly lab: Lab;
  readonly seed: string;
  /** The world as the lab handed it over. */
  readonly start: Cloud;
  /** The world as it is now. */
  readonly cloud: Cloud;
  /** How it came to that; absent where only the present is known. */
  readonly since?: readonly Moment[];
  /** The world in which each answer was given; absent where only the present is known. */
  readonly answered?: ReadonlyMap<string, Cloud>;
  readonly answers: ReadonlyMap<string, string>;
  /** What the lines of command checks did, by the id of the check; absent for a lab without such. */
  readonly ran?: ReadonlyMap<string, CommandOutcome>;
  readonly script: ScriptOutcome | null;
  readonly bugs: readonly string[];
}

/** Runs every check of a lab on an attempt. Pure: asking twice gives the same report. */
export function grade(attempt: Attempt, ask: AskFlow): LabReport {
  const { lab, seed, script, bugs } = attempt;
  const world: FlowWorld = {
    cloud: attempt.cloud,
    before: {
      start: attempt.start,
      ...(attempt.since === undefined ? {} : { since: attempt.since }),
      ...(attempt.answered === undefined ? {} : { answered: attempt.answered }),
    },
    ask,
    flows: flowsOf(lab),
    shown: shownOf(lab, lab.diagnosis, attempt.answers),
  };
  const tasks = lab.tasks.map((task): TaskResult => {
    const shown = task.hypothesis === 'first' ? shownOf(lab, task.id, attempt.answers) : world.shown;
    const checks = task.checks.map((check) => runCheck(check, { ...world, shown }, attempt));
    return { id: task.id, title: task.title, passed: checks.every(({ passed }) => passed), checks };
  });
  return {
    lab: lab.id,
    title: lab.title,
    seed,
    passed: tasks.every(({ passed }) => passed),
    script,
    bugs,
    tasks,
  };
}

/** Who asks for the causes before saying what they suspect gets the symptoms. */
function shownOf(lab: Lab, diagnosis: string | undefined, answers: ReadonlyMap<string, string>): Shown {
  const at = lab.tasks.findIndex(({ id }) => id === diagnosis);
  const open = lab.tasks[at]?.checks.some((check) => check.kind === 'answer' && !answers.has(check.key));
  return open === true ? { kind: 'symptom', until: `task ${at + 1}` } : { kind: 'cause' };
}

function flowsOf(lab: Lab): ReadonlyMap<string, FlowCheck> {
  const flows = lab.tasks
    .flatMap(({ checks }) => checks)
    .filter((check): check is FlowCheck => check.kind === 'flow');
  return new Map(flows.map((flow) => [flow.id, flow]));
}

function runCheck(
  check: Check,
  world: FlowWorld,
  { answers, ran }: Pick<Attempt, 'answers' | 'ran'>,
): CheckResult {
  switch (check.kind) {
    case 'flow':
      return checkFlow(check, world);
    case 'invariant':
      return checkInvariant(check, world);
    case 'answer':
      return checkAnswer(check, world, answers);
    case 'command':
      return checkCommandRuns(check, ran?.get(check.id));
  }
}

function checkInvariant(check: InvariantCheck, { cloud, before, shown }: FlowWorld): CheckResult {
  const { id, kind, evidence } = check;
  const held = check.holds(cloud, before);
  if (held.passed) return { id, kind, evidence, passed: true, detail: [] };
  const detail =
    shown.kind === 'cause' || held.symptom === undefined
      ? [held.found]
      : [held.symptom, `Why is shown once you have answered ${shown.until}.`];
  return { id, kind, evidence, passed: false, detail };
}

function checkAnswer(
  check: AnswerCheck,
  { cloud, before }: FlowWorld,
  answers: ReadonlyMap<string, string>,
): CheckResult {
  const { id, kind, evidence, key, question } = check;
  const answer = answers.get(key);
  if (answer === undefined) {
    const detail = [question, `Not answered yet: answer ${key} VALUE`];
    return { id, kind, evidence, passed: false, detail };
  }
  const accepted = check.accept(cloud, answer, before);
  return accepted.passed
    ? { id, kind, evidence, passed: true, detail: [`${key}: ${answer}`] }
    : { id, kind, evidence, passed: false, detail: [question, `You answered: ${answer}`, accepted.feedback] };
}
