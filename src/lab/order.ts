import type { Lab } from './lab.ts';

type Placed = Pick<Lab, 'module' | 'order' | 'id'>;

/** Course order: by module, then by the lab's place in it. */
export function compareLabs(a: Placed, b: Placed): number {
  return a.module.localeCompare(b.module) || a.order - b.order || a.id.localeCompare(b.id);
}
