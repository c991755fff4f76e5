import { existsSync, readFileSync } from 'node:fs';
import { expandScenario } from '../../src/shell/scenario-text.ts';

const SCENARIOS = new URL('../../content/scenarios/', import.meta.url);

/** Returns the commands of `content/scenarios/NAME.sh`, with the world it stands on. */
export function scenarioText(name: string): string {
  const script = read(name);
  if (script === null) throw new Error(`no scenario is called ${name}`);
  const expanded = expandScenario(script, read);
  if (!expanded.ok) throw new Error(`${name}: ${expanded.error}`);
  return expanded.value;
}

function read(name: string): string | null {
  const file = new URL(`${name}.sh`, SCENARIOS);
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}
