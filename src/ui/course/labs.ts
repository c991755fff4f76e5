/** The labs that the course has, in order: those of modules that are off have no page. While the site is built. */
import { course } from '../../course-config/course.ts';
import { isOff } from '../../course-config/modules.ts';
import type { Lab } from '../../lab/lab.ts';
import { compareLabs } from '../../lab/order.ts';
import { bundledLab, bundledLabIds } from '../lab/lab-bundle.ts';

let labs: Promise<readonly Lab[]> | null = null;

export function courseLabs(): Promise<readonly Lab[]> {
  labs ??= readLabs();
  return labs;
}

async function readLabs(): Promise<readonly Lab[]> {
  const sources = await Promise.all(bundledLabIds().map((id) => bundledLab(id)));
  return sources
    .map(({ lab }) => lab)
    .filter(({ module }) => !isOff(course.modules.off, module))
    .sort(compareLabs);
}
