/** Runs a lesson's commands on its scenario while the site is built. Never part of a page's script. */
import type { Cloud } from '../../model/cloud.ts';
import { type RunResult, type Session, sessionFrom, type SessionStart } from '../../shell/session.ts';
import { expandScenario } from '../../shell/scenario-text.ts';
import { runScenario } from '../../shell/scenario.ts';

const scripts = import.meta.glob<string>('/content/scenarios/*.sh', {
  query: '?raw',
  import: 'default',
  eager: true,
});

const textOf = (name: string): string | null => scripts[`/content/scenarios/${name}.sh`] ?? null;

/** The commands of `content/scenarios/NAME.sh`. Throws with the names there are if there is none. */
export function scenarioScript(name: string): string {
  const script = textOf(name);
  if (script !== null) {
    const expanded = expandScenario(script, textOf);
    if (expanded.ok) return expanded.value;
    throw new Error(`Scenario ${name}: ${expanded.error}`);
  }
  const names = Object.keys(scripts).map((path) => path.replace(/^.*\/|\.sh$/g, ''));
  throw new Error(`No scenario is called "${name}". Known: ${names.join(', ') || 'none'}.`);
}

const starts = new Map<string, Promise<SessionStart>>();

/**
 * A new session in which the scenario has just run. Throws if a command of the scenario fails. Scenarios
 * are run once: a course asks some of them a hundred times.
 */
export async function scenarioSession(name: string): Promise<Session> {
  const script = scenarioScript(name);
  const known = starts.get(script) ?? runAfresh(name).then((session) => session.asStart());
  starts.set(script, known);
  return sessionFrom(await known);
}

async function runAfresh(name: string): Promise<Session> {
  const outcome = await runScenario(scenarioScript(name), { name: `${name}.sh` });
  if (outcome.exitCode !== 0) {
    throw new Error(`Scenario ${name} exits with ${outcome.exitCode}:\n${outcome.stderr || outcome.stdout}`);
  }
  throwBugs(outcome.session, `scenario ${name}`);
  return outcome.session;
}

const clouds = new Map<string, Promise<Cloud>>();

/**
 * The cloud that a scenario builds, after `setup` (commands, one per element). The same scenario and
 * setup is built once.
 */
export function scenarioCloud(name: string, setup: readonly string[] = []): Promise<Cloud> {
  const key = JSON.stringify([scenarioScript(name), ...setup]);
  const known = clouds.get(key);
  if (known !== undefined) return known;
  const built = (async () => {
    const session = await scenarioSession(name);
    for (const command of setup) await runOrThrow(session, command, 0);
    return session.cloud;
  })();
  clouds.set(key, built);
  return built;
}

/** Runs one command and throws if it exits otherwise than its author expects. */
export async function runOrThrow(session: Session, command: string, exit: number): Promise<RunResult> {
  const result = await session.run(command);
  throwBugs(session, command);
  if (result.exitCode !== exit) {
    throw new Error(
      `"${command}" exits with ${result.exitCode}, not ${exit}:\n${result.stderr || result.stdout || '(no output)'}`,
    );
  }
  return result;
}

function throwBugs(session: Session, what: string): void {
  const [bug] = session.bugs;
  if (bug !== undefined) throw new Error(`A simulated command broke in ${what}.`, { cause: bug });
}
