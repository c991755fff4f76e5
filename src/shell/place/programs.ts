import type { LoadedOnUse } from '../place-shell.ts';
import type { Tools } from './image-tools.ts';

/** Returns the simulated programs of a place, ready to be registered in its shell. */
export function programsOf(tools: Tools): readonly LoadedOnUse[] {
  const programs: LoadedOnUse[] = [];
  for (const name of tools.programs) {
    const load = PROGRAMS[name];
    if (load !== undefined) programs.push({ name, load: () => load(tools.style) });
  }
  return programs;
}

type Load = (style: Tools['style']) => ReturnType<LoadedOnUse['load']>;

const PROGRAMS: Readonly<Record<string, Load>> = {};
