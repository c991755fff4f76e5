import { expect, test } from 'vitest';
import { runIpPlan } from '../../../src/planner/calculators/ip-plan.ts';

/** One frame of a display at 60 Hz is 16 ms; on a busy machine this still has a margin of three. */
const FRAME = 16;
const MARGIN = 3;

test('the plan of 100 pools for every plugin is recomputed within a frame while one types', () => {
  const pools = Array.from({ length: 100 }, (_, index) => 10 + (index % 30)).join(',');
  const times = Array.from({ length: 60 }, (_, typed) => {
    const start = performance.now();
    const plan = runIpPlan({
      nodes: [pools],
      surge: [`${typed + 1}%`],
      growth: ['20%'],
      vnet: ['10.0.0.0/8'],
    });
    expect(plan.ok).toBe(true);
    return performance.now() - start;
  }).sort((a, b) => a - b);
  expect(times[30]).toBeLessThan(FRAME / MARGIN);
});
