/** `npm run -s calc`: every calculator of the site, in the terminal. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { stateText } from '../planner/import/state-file.ts';
import { filesOf, runCalc, SCENARIO_PATH } from '../planner/command-line.ts';

const BUG = 3;
const STANDARD_INPUT = 0;

/** `-` is standard input. */
function readText(path: string): string | null {
  try {
    return readFileSync(path === '-' ? STANDARD_INPUT : path, 'utf8');
  } catch {
    return null;
  }
}

const SCENARIOS = fileURLToPath(new URL('../../content/scenarios/', import.meta.url));

/** Builds the networks of scenarios that the arguments name; the shell is loaded only for that. */
async function scenarioTexts(args: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const path of filesOf(args)) {
    if (!path.startsWith(SCENARIO_PATH)) continue;
    const name = path.slice(SCENARIO_PATH.length).replace(/\.sh$/, '');
    const read = (one: string): string | null =>
      /^[\w-]+$/.test(one) ? readText(`${SCENARIOS}${one}.sh`) : null;
    const script = read(name);
    if (script === null) continue;
    const [{ runScenario }, { expandScenario }] = await Promise.all([
      import('../shell/scenario.ts'),
      import('../shell/scenario-text.ts'),
    ]);
    const expanded = expandScenario(script, read);
    if (!expanded.ok) throw new Error(`${name}: ${expanded.error}`);
    const { session } = await runScenario(expanded.value);
    texts.set(path, stateText({ cloud: session.cloud, leftOut: [], notes: [] }));
  }
  return texts;
}

// `calc ... | head -1` closes the pipe early. That is the reader's right, and no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  const args = process.argv.slice(2);
  const scenarios = await scenarioTexts(args);
  const { stdout, stderr, exitCode } = runCalc(args, (path) =>
    path.startsWith(SCENARIO_PATH) ? (scenarios.get(path) ?? null) : readText(path),
  );
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = exitCode;
} catch (error) {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`calc: this is a bug in the workbook, not in your input.\n${detail}\n`);
  process.exitCode = BUG;
}
