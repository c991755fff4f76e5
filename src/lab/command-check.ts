/**
 * Checks that run a program where it stands: what no packet shows, such as whether a client in a pod trusts a
 * certificate, or whether a node can pull an image. The lines run before the grading, which stays pure.
 */
import type { Cloud } from '../model/cloud.ts';
import type { Place } from '../shell/command.ts';
import { createSession } from '../shell/session.ts';
import type { Before, CheckResult, CommandCheck, Lab } from './lab.ts';

export interface CommandRun {
  /** As the report names the place: `pod/default/web-1`. */
  readonly place: string;
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where there is nothing to run in, the reason. */
export type CommandOutcome =
  | { readonly kind: 'ran'; readonly runs: readonly CommandRun[] }
  | { readonly kind: 'missing'; readonly why: string };

/**
 * Runs the lines of all command checks of a lab, each in each of its places. Every run has a session of its own on the
 * cloud: it changes nothing, and finds nothing that somebody only wrote into the files of a running container.
 */
export async function runCommandChecks(
  lab: Lab,
  cloud: Cloud,
  before: Before,
): Promise<ReadonlyMap<string, CommandOutcome>> {
  const outcomes = new Map<string, CommandOutcome>();
  for (const check of lab.tasks.flatMap(({ checks }) => checks)) {
    if (check.kind === 'command') outcomes.set(check.id, await outcomeOf(check, cloud, before));
  }
  return outcomes;
}

async function outcomeOf(check: CommandCheck, cloud: Cloud, before: Before): Promise<CommandOutcome> {
  const at = check.at(cloud, before);
  if ('missing' in at) return { kind: 'missing', why: at.missing };
  const runs: CommandRun[] = [];
  for (const place of at) {
    const { stdout, stderr, exitCode } = await createSession({ cloud, place }).run(check.run);
    runs.push({ place: nameOf(place), exitCode, stdout, stderr });
  }
  return { kind: 'ran', runs };
}

function nameOf(place: Place): string {
  switch (place.kind) {
    case 'workstation':
      return 'workstation';
    case 'pod':
      return `pod/${place.namespace}/${place.name}`;
    case 'vm':
      return `vm/${place.id.split('/').at(-1) ?? ''}`;
    case 'node':
      return `node/${place.name}`;
    case 'on-premises':
    case 'internet':
      return `host/${place.name}`;
  }
}

/** Grades what the line did in the first place where it did not do what is expected. */
export function checkCommandRuns(check: CommandCheck, outcome: CommandOutcome | undefined): CheckResult {
  const { id, kind, evidence } = check;
  const failed = (...detail: readonly string[]): CheckResult => ({
    id,
    kind,
    evidence,
    passed: false,
    detail,
  });
  if (outcome === undefined) throw new Error(`the line of check '${id}' was not run`);
  if (outcome.kind === 'missing') return failed(outcome.why);
  if (outcome.runs.length === 0) return failed(`There is no place to run it in: ${check.run}`);
  for (const run of outcome.runs) {
    const problem = problemOf(check, run);
    if (problem === null) continue;
    return failed(`In ${run.place}: ${check.run}`, problem, ...saidLines(run));
  }
  return {
    id,
    kind,
    evidence,
    passed: true,
    detail: outcome.runs.map(({ place }) => `In ${place}: ${check.run}`),
  };
}

function problemOf({ expect }: CommandCheck, run: CommandRun): string | null {
  if (run.exitCode !== expect.exitCode) {
    return `It ends with exit code ${run.exitCode}; it must end with ${expect.exitCode}.`;
  }
  for (const stream of ['stdout', 'stderr'] as const) {
    const wanted = expect[stream];
    if (wanted !== undefined && !wanted.test(run[stream])) {
      return `It ends with exit code ${run.exitCode}, but prints something else than expected.`;
    }
  }
  return null;
}

/** The beginning of what it said: errors where there are any. */
function saidLines({ stdout, stderr }: CommandRun): readonly string[] {
  const said = (stderr.trim() === '' ? stdout : stderr).split('\n').filter((line) => line.trim() !== '');
  return [...said.slice(0, 3), ...(said.length > 3 ? ['...'] : [])].map((line) => `  | ${line}`);
}
