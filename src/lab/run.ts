import type { Cloud } from '../model/cloud.ts';
import { newCloud } from '../model/azure/subscription.ts';
import { readDirectives } from '../shell/scenario.ts';
import { createSession, type Session } from '../shell/session.ts';
import { createAnswerBook, type Question } from './answers.ts';
import { askModel } from './ask-model.ts';
import { grade } from './grade.ts';
import type { Lab, LabReport, ScriptOutcome } from './lab.ts';
import type { LabSource } from './source.ts';

/** A lab under way: a session on its network, the learner's answers, and how it was handed over. */
export interface RunningLab {
  readonly source: LabSource;
  readonly seed: string;
  readonly session: Session;
  readonly start: Cloud;
  readonly answers: () => ReadonlyMap<string, string>;
}

/** A lab whose own `start.sh` fails: the author's mistake, never the learner's. */
export class LabStartError extends Error {
  constructor(lab: string, seed: string, output: string) {
    super(`start.sh of lab '${lab}' failed with seed '${seed}':\n${output}`);
    this.name = 'LabStartError';
  }
}

/** Builds the lab's starting network with a seed and opens a session on it. Throws `LabStartError`. */
export async function startLab(source: LabSource, seed: string): Promise<RunningLab> {
  const { lab, start } = source;
  const options = readDirectives(start);
  if (!options.ok) throw new LabStartError(lab.id, seed, JSON.stringify(options.error, null, 2));
  const book = createAnswerBook(questionsOf(lab));
  const session = createSession({
    cloud: newCloud({ ...options.value, seed: `${lab.id}/${seed}` }),
    commands: [book.command],
  });
  // A subshell, so that the variables of start.sh are not the learner's; kubeconfig and files stay.
  const built = await session.run(`(\nLAB_SEED=${quoted(seed)}\n${start}\n)`);
  if (built.exitCode !== 0 || built.stderr.includes('ERROR:')) {
    throw new LabStartError(lab.id, seed, `exit code ${built.exitCode}\n${built.stdout}${built.stderr}`);
  }
  return { source, seed, session, start: session.cloud, answers: book.answers };
}

/** Runs the learner's script in a lab under way, as `bash lab.sh` would. */
export async function runScript(
  running: RunningLab,
  script: string,
  signal?: AbortSignal,
): Promise<ScriptOutcome> {
  const options = signal === undefined ? {} : { signal };
  return running.session.run(`(\n${script}\n)`, options);
}

/** Grades the lab as it stands now. */
export function gradeNow(running: RunningLab, script: ScriptOutcome | null): LabReport {
  const { source, seed, start, session, answers } = running;
  return grade({ lab: source.lab, seed, start, cloud: session.cloud, answers: answers(), script }, askModel);
}

/** Starts a lab afresh, runs a script on it and grades the outcome. */
export async function checkScript(
  source: LabSource,
  seed: string,
  script: string,
  signal?: AbortSignal,
): Promise<LabReport> {
  const running = await startLab(source, seed);
  return gradeNow(running, await runScript(running, script, signal));
}

/** Returns the questions that the lab's answer checks ask, in order. */
export function questionsOf(lab: Lab): readonly Question[] {
  return lab.tasks
    .flatMap((task) => task.checks)
    .flatMap((check) => (check.kind === 'answer' ? [{ key: check.key, question: check.question }] : []));
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
