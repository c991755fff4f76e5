/** What somebody's commands changed in a lab, and what each change broke or took back: asked of the model. */
import type { Cloud } from '../model/cloud.ts';
import { askModel } from './ask-model.ts';
import { grade } from './grade.ts';
import type { RunningLab } from './run.ts';

export interface ChangeMade {
  /** The first line of the command, as it ran. */
  readonly command: string;
  /** Its place among all moments of the lab. */
  readonly moment: number;
  /** What worked before it and not after it, and was mended only by taking it back, or not at all. */
  readonly broke: readonly string[];
  /** After it everything is as at an earlier moment. */
  readonly effect: 'new' | 'taken-back';
}

/** So many are looked at; nobody who changes more is told anything new by the rest. */
const MOST_CHANGES = 60;

/** Returns the changes among the moments of a lab, in order. Looking in with a debug pod is none. */
export function changesMade(running: RunningLab, tasks: readonly string[]): readonly ChangeMade[] {
  const states: { readonly text: string; readonly passed: ReadonlySet<string> }[] = [
    { text: stateText(running.start), passed: passing(running, tasks, -1) },
  ];
  const found: { readonly command: string; readonly moment: number }[] = [];
  for (const [moment, { command, cloud }] of running.since.entries()) {
    const text = stateText(cloud);
    if (text === states.at(-1)?.text || found.length >= MOST_CHANGES) continue;
    states.push({ text, passed: passing(running, tasks, moment) });
    found.push({ command: command.split('\n')[0] ?? '', moment });
  }
  const isBack = (at: number): boolean =>
    states.slice(0, Math.max(0, at - 1)).some(({ text }) => text === states[at]?.text);
  const names = evidenceNames(running, tasks);
  return found.map(({ command, moment }, index): ChangeMade => {
    const at = index + 1;
    const [before, after] = [states[at - 1], states[at]];
    const broke = [...(before?.passed ?? [])].filter((id) => {
      // Taking back breaks nothing: what it ends was not the repair.
      if (after?.passed.has(id) === true || isBack(at)) return false;
      const healed = states.findIndex(({ passed }, later) => later > at && passed.has(id));
      return healed === -1 || isBack(healed);
    });
    return {
      command,
      moment,
      broke: broke.map((id) => names.get(id) ?? id),
      effect: isBack(at) ? 'taken-back' : 'new',
    };
  });
}

function evidenceNames({ source }: RunningLab, tasks: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    source.lab.tasks
      .filter(({ id }) => tasks.includes(id))
      .flatMap(({ checks }) => checks.map(({ id, evidence }) => [id, evidence] as const)),
  );
}

/** Ids of the checks that pass at a moment. Answers are no part of the network, and programs are not run again. */
function passing(running: RunningLab, tasks: readonly string[], moment: number): ReadonlySet<string> {
  const { source, seed, start } = running;
  const since = running.since.slice(0, moment + 1);
  const report = grade(
    {
      lab: source.lab,
      seed,
      start,
      cloud: since.at(-1)?.cloud ?? start,
      since,
      answers: running.answers(),
      script: null,
      bugs: [],
    },
    askModel,
  );
  return new Set(
    report.tasks
      .filter(({ id }) => tasks.includes(id))
      .flatMap(({ checks }) => checks)
      .filter(({ kind, passed }) => passed && kind !== 'answer' && kind !== 'command')
      .map(({ id }) => id),
  );
}

const VOLATILE = new Set(['resourceVersion', 'generation', 'etag', 'uid', 'creationTimestamp']);

/**
 * What is set up in a cloud, as text: without counters, without what a kernel learns by itself, and without pods
 * that nobody but a person looking in made.
 */
function stateText({ resources, outsideHosts, kubernetes }: Cloud): string {
  const clusters = Object.entries(kubernetes).map(([key, state]) => [
    key,
    Object.values(state.nodes).map(({ metadata, spec, status, simulation }) => [
      metadata.name,
      metadata.labels,
      spec,
      status.nodeInfo,
      simulation?.ipForward,
    ]),
    Object.values(state.pods)
      .filter(({ metadata }) => (metadata.ownerReferences ?? []).length > 0)
      .map(({ metadata, spec }) => [metadata.name, spec.nodeName]),
    Object.values(state.deployments).map(({ metadata, spec }) => [metadata, spec]),
    Object.values(state.daemonSets).map(({ metadata, spec }) => [metadata, spec]),
    Object.values(state.services).map(({ metadata, spec }) => [metadata, spec]),
    Object.values(state.configMaps),
    Object.values(state.networkPolicies),
  ]);
  return JSON.stringify([resources, outsideHosts, clusters], (key, value: unknown) =>
    VOLATILE.has(key) ? undefined : value,
  );
}
