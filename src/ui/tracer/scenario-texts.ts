/// <reference types="vite/client" />
/** The scenarios of the course, as the bundle has them: one piece, loaded when somebody asks for one. */
import { expandScenario } from '../../shell/scenario-text.ts';

const texts = import.meta.glob<string>('/content/scenarios/*.sh', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** Returns the commands of a scenario with the world it stands on; null if there is none of that name. */
export function bundledScenario(name: string): string | null {
  const read = (one: string): string | null => texts[`/content/scenarios/${one}.sh`] ?? null;
  const script = read(name);
  if (script === null) return null;
  const expanded = expandScenario(script, read);
  return expanded.ok ? expanded.value : null;
}
