/** Every calculator of the site, in the order in which they are listed. */
import type { Calculator } from './calculator.ts';
import { kubenetPlan } from './calculators/kubenet-plan.ts';
import { subnetSplit } from './calculators/subnet-split.ts';

export const CALCULATORS: readonly Calculator[] = [subnetSplit, kubenetPlan];

/** Returns the calculator of that name, or null. Case does not count. */
export function findCalculator(name: string): Calculator | null {
  return CALCULATORS.find((each) => each.name === name.toLowerCase()) ?? null;
}
