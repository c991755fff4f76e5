import type { Check, Lab } from './lab.ts';

/** Returns what is wrong with a lab's own declarations, in words for its author; empty if nothing is. */
export function labProblems(lab: Lab, folder: string): readonly string[] {
  const problems: string[] = [];
  if (lab.id !== folder) problems.push(`id is '${lab.id}' but the folder is '${folder}'`);
  if (!Number.isInteger(lab.minutes) || lab.minutes < 1)
    problems.push('minutes is not a whole number above 0');
  if (lab.objectives.length === 0) problems.push('no objectives');
  problems.push(...repeated('seed', lab.seeds));
  problems.push(
    ...repeated(
      'task id',
      lab.tasks.map(({ id }) => id),
    ),
  );
  const checks = lab.tasks.flatMap((task) => task.checks);
  problems.push(
    ...repeated(
      'check id',
      checks.map(({ id }) => id),
    ),
  );
  problems.push(
    ...repeated(
      'answer key',
      checks.flatMap((check) => (check.kind === 'answer' ? [check.key] : [])),
    ),
  );
  for (const check of checks) problems.push(...checkProblems(check, checks));
  problems.push(...diagnosisProblems(lab));
  for (const { id, hypothesis, checks } of lab.tasks) {
    if (hypothesis === 'first' && !checks.some(({ kind }) => kind === 'answer')) {
      problems.push(`task '${id}' wants a hypothesis and asks no question`);
    }
    if (hypothesis === 'first' && checks.every(({ kind }) => kind === 'answer')) {
      problems.push(`task '${id}' wants a hypothesis and holds nothing back: it has no other check`);
    }
  }
  return problems;
}

function diagnosisProblems({ diagnosis, tasks }: Lab): readonly string[] {
  if (diagnosis === undefined) return [];
  const at = tasks.findIndex(({ id }) => id === diagnosis);
  const task = tasks[at];
  if (task === undefined) return [`diagnosis '${diagnosis}' is no task`];
  if (!task.checks.some(({ kind }) => kind === 'answer')) {
    return [`diagnosis '${diagnosis}' is a task without a question`];
  }
  return tasks.slice(at + 1).some(({ checks }) => checks.some(({ kind }) => kind === 'flow'))
    ? []
    : [`diagnosis '${diagnosis}' holds nothing back: no flow is checked in a later task`];
}

function checkProblems(check: Check, all: readonly Check[]): readonly string[] {
  if (check.kind === 'command') {
    return [check.expect.stdout, check.expect.stderr].some(
      (wanted) => wanted?.global === true || wanted?.sticky === true,
    )
      ? [`check '${check.id}': its pattern keeps state (flag g or y)`]
      : [];
  }
  if (check.kind !== 'flow') return [];
  const { id, expect, protocol, port } = check;
  const problems: string[] = [];
  if (protocol === 'icmp' && port !== undefined) problems.push(`check '${id}': ICMP has no ports`);
  if (expect.kind === 'blocked') {
    const control = all.find((other) => other.id === expect.control);
    if (control?.kind !== 'flow' || control.expect.kind !== 'delivered') {
      problems.push(`check '${id}': control '${expect.control}' is not a flow that must be delivered`);
    }
    if (expect.by.test(''))
      problems.push(`check '${id}': its pattern for the deciding rule matches anything`);
    if (expect.by.global || expect.by.sticky)
      problems.push(`check '${id}': its pattern keeps state (flag g or y)`);
  }
  return problems;
}

function repeated(what: string, names: readonly string[]): readonly string[] {
  return names
    .filter((name, at) => names.indexOf(name) !== at)
    .map((name) => `${what} '${name}' is used twice`);
}
