import type { Lab } from './lab.ts';

/** Course order: by module, then by the lab's place in it. */
export function compareLabs(a: Lab, b: Lab): number {
  return a.module.localeCompare(b.module) || a.order - b.order || a.id.localeCompare(b.id);
}
