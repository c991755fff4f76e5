import type { Cloud } from '../model/cloud.ts';
import { newCloud } from '../model/azure/subscription.ts';
import { readDirectives } from '../shell/scenario.ts';
import type { SimulatedCommand } from '../shell/command.ts';
import type { RunOptions } from '../shell/place-shell.ts';
import { createSession, type MachineDisks, type Session, type SessionOptions } from '../shell/session.ts';
import { createAnswerBook, type Question } from './answers.ts';
import { askModel } from './ask-model.ts';
import { runCommandChecks } from './command-check.ts';
import { calcCommand } from './calc-command.ts';
import { grade } from './grade.ts';
import type { Lab, LabReport, Moment, ScriptOutcome } from './lab.ts';
import { reportToText } from './report.ts';
import { SCRIPT_NAME, type LabSource } from './source.ts';
import { variantOf } from './variant.ts';

/** A lab under way: a session on its network, the learner's answers, and how it was handed over. */
export interface RunningLab {
  readonly source: LabSource;
  readonly seed: string;
  readonly session: Session;
  readonly start: Cloud;
  /** Every change since the start, in order. */
  readonly since: readonly Moment[];
  readonly answers: () => ReadonlyMap<string, string>;
  readonly answered: () => ReadonlyMap<string, Cloud>;
}

/** A lab whose own `start.sh` fails: the author's mistake, never the learner's. */
export class LabStartError extends Error {
  constructor(lab: string, seed: string, output: string) {
    super(`start.sh of lab '${lab}' failed with seed '${seed}':\n${output}`);
    this.name = 'LabStartError';
  }
}

/** What `start.sh` left. Many may start from it, one after the other or side by side: `startFrom` copies a disk when somebody logs in. */
export interface LabStart {
  readonly seed: string;
  readonly cloud: Cloud;
  readonly kubeconfig: string | null;
  readonly disks: MachineDisks;
}

/**
 * Builds the lab's starting network with a seed and opens a session on it. `commands` are more programs
 * for both sessions; one of a known name takes its place. Throws `LabStartError`.
 */
export async function startLab(
  source: LabSource,
  seed: string,
  commands: readonly SimulatedCommand[] = [],
): Promise<RunningLab> {
  const start = await buildStart(source, seed, commands);
  return opened(source, start, { disks: start.disks }, commands);
}

/** Opens a session on a starting network that is built, which stays as it is. */
export function startFrom(
  source: LabSource,
  start: LabStart,
  commands: readonly SimulatedCommand[] = [],
): RunningLab {
  return opened(source, start, { lentDisks: start.disks }, commands);
}

function opened(
  source: LabSource,
  { seed, cloud, kubeconfig }: LabStart,
  disks: Pick<SessionOptions, 'disks' | 'lentDisks'>,
  commands: readonly SimulatedCommand[],
): RunningLab {
  const { lab } = source;
  const book = createAnswerBook(questionsOf(lab));
  const since: Moment[] = [];
  const handedOver = { lab, seed, start: cloud, since, answers: book.answers, answered: book.answered };
  const session = createSession({
    ...disks,
    cloud,
    onChange: (now, command) => since.push({ command, cloud: now }),
    commands: [book.command, checkCommand(handedOver), calcCommand, ...commands],
    files: kubeconfig === null ? {} : { [KUBECONFIG]: kubeconfig },
  });
  return { source, seed, session, start: cloud, since, answers: book.answers, answered: book.answered };
}

/** `check`, typed in the lab's own terminal: grades what is there now. */
function checkCommand({
  lab,
  seed,
  start,
  since,
  answers,
  answered,
}: { readonly lab: Lab } & Pick<
  RunningLab,
  'seed' | 'start' | 'since' | 'answers' | 'answered'
>): SimulatedCommand {
  return {
    name: 'check',
    places: ['workstation'],
    run: async ({ args, cloud }) => {
      if (args.length > 0) {
        return {
          stdout: '',
          stderr: 'check: takes no arguments; it grades the lab as it is now\n',
          exitCode: 2,
        };
      }
      const given = { answers: answers(), answered: answered() };
      const ran = await runCommandChecks(lab, cloud, { start, since, answered: given.answered });
      const report = grade(
        { lab, seed, start, cloud, since, ...given, ran, script: null, bugs: [] },
        askModel,
      );
      return { stdout: reportToText(report), stderr: '', exitCode: report.passed ? 0 : 1 };
    },
  };
}

/**
 * Another session than the learner's: its files, variables and history would tell the cause. What the script wrote on
 * machines of the network is part of that network, and stays.
 */
export async function buildStart(
  { lab, start }: LabSource,
  seed: string,
  commands: readonly SimulatedCommand[] = [],
): Promise<LabStart> {
  const options = readDirectives(start);
  if (!options.ok) throw new LabStartError(lab.id, seed, JSON.stringify(options.error, null, 2));
  const session = createSession({
    cloud: newCloud({ ...options.value, seed: `${lab.id}/${seed}` }),
    commands,
  });
  const script = `LAB_VARIANT='${variantOf(lab, seed)}'\nset -eu\n${start}`;
  const built = await session.runScript('start.sh', script);
  if (built.exitCode !== 0 || session.bugs.length > 0) {
    const bugs = session.bugs.map((bug) => bug.stack ?? bug.message).join('\n');
    throw new LabStartError(
      lab.id,
      seed,
      `exit code ${built.exitCode}\n${built.stdout}${built.stderr}${bugs}`,
    );
  }
  const kubeconfig = await session.readFile(KUBECONFIG);
  return { seed, cloud: session.cloud, kubeconfig, disks: session.disks };
}

const KUBECONFIG = '.kube/config';

/** Runs the learner's script in a lab under way, as `bash lab.sh` would. */
export async function runScript(
  running: RunningLab,
  script: string,
  options: RunOptions = {},
): Promise<ScriptOutcome> {
  return running.session.runScript(SCRIPT_NAME, script, options);
}

/** Grades the lab as it stands now. */
export async function gradeNow(running: RunningLab, script: ScriptOutcome | null): Promise<LabReport> {
  const { source, seed, start, since, session, answers, answered } = running;
  const bugs = session.bugs.map((bug) => bug.stack ?? bug.message);
  const { cloud } = session;
  const given = { answers: answers(), answered: answered() };
  const ran = await runCommandChecks(source.lab, cloud, { start, since, answered: given.answered });
  return grade({ lab: source.lab, seed, start, cloud, since, ...given, ran, script, bugs }, askModel);
}

/** Starts a lab afresh, runs a script on it and grades the outcome. */
export async function checkScript(source: LabSource, seed: string, script: string): Promise<LabReport> {
  return checkScriptFrom(source, await buildStart(source, seed), script);
}

/** The same on a starting network that is built. */
export async function checkScriptFrom(
  source: LabSource,
  start: LabStart,
  script: string,
): Promise<LabReport> {
  const running = startFrom(source, start);
  return gradeNow(running, await runScript(running, script));
}

/** Returns the questions that the lab's answer checks ask, in order. */
export function questionsOf(lab: Lab): readonly Question[] {
  return lab.tasks
    .flatMap((task) => task.checks)
    .flatMap((check) => (check.kind === 'answer' ? [{ key: check.key, question: check.question }] : []));
}
