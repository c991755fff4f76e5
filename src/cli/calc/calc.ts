import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { textOfFile } from '../../planner/file-text.ts';
import { stateText } from '../../planner/import/state-file.ts';
import { filesOf, runCalc, SCENARIO_PATH } from '../../planner/command-line.ts';
import type { Program, Terminal } from '../terminal.ts';

const BUG = 3;

/** `-` is standard input. */
function readText(path: string, terminal: Terminal): string | null {
  try {
    return textOfFile(path === '-' ? terminal.input() : readFileSync(path));
  } catch {
    return null;
  }
}

const SCENARIOS = fileURLToPath(new URL('../../../content/scenarios/', import.meta.url));

/** Builds the networks of scenarios that the arguments name; the shell is loaded only for that. */
async function scenarioTexts(
  args: readonly string[],
  terminal: Terminal,
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const path of filesOf(args)) {
    if (!path.startsWith(SCENARIO_PATH)) continue;
    const name = path.slice(SCENARIO_PATH.length).replace(/\.sh$/, '');
    const read = (one: string): string | null =>
      /^[\w-]+$/.test(one) ? readText(`${SCENARIOS}${one}.sh`, terminal) : null;
    const script = read(name);
    if (script === null) continue;
    const [{ runScenario }, { expandScenario }] = await Promise.all([
      import('../../shell/scenario.ts'),
      import('../../shell/scenario-text.ts'),
    ]);
    const expanded = expandScenario(script, read);
    if (!expanded.ok) throw new Error(`${name}: ${expanded.error}`);
    const { session } = await runScenario(expanded.value);
    texts.set(path, stateText({ cloud: session.cloud, leftOut: [], notes: [] }));
  }
  return texts;
}

export const calc: Program = async (args, terminal) => {
  try {
    const scenarios = await scenarioTexts(args, terminal);
    const { stdout, stderr, exitCode } = runCalc(args, (path) =>
      path.startsWith(SCENARIO_PATH) ? (scenarios.get(path) ?? null) : readText(path, terminal),
    );
    terminal.out(stdout);
    terminal.err(stderr);
    return exitCode;
  } catch (error) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    terminal.err(`calc: this is a bug in the workbook, not in your input.\n${detail}\n`);
    return BUG;
  }
};
