import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { importCloud } from '../../src/planner/import/import-cloud.ts';
import { readNetwork, stateText } from '../../src/planner/import/state-file.ts';
import { traceFlow, tracerEnds } from '../../src/planner/packet-tracer.ts';
import type { TracerState } from '../../src/planner/packet-tracer.ts';
import { runScenario } from '../../src/shell/scenario.ts';
import { printedCloud } from '../support/printed-cloud.ts';
import { scenarioText } from '../support/scenario-text.ts';

type Container = Record<string, unknown>;

const JUNK: readonly unknown[] = [
  null,
  '',
  0,
  -1,
  true,
  false,
  [],
  {},
  'x',
  [null],
  ['x'],
  { id: 1 },
  { id: 'x' },
  '10.0.0.0/99',
  '::1/64',
  1e99,
  [[[]]],
];

/** Every place in a value, as the keys that lead there. */
function placesIn(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => [[...path, key], ...placesIn(each, [...path, key])]);
}

/** The value with something else in one place, or nothing. */
function spoiled(value: unknown, path: readonly string[], junk: unknown): unknown {
  const copy: unknown = structuredClone(value);
  let at = copy as Container;
  for (const key of path.slice(0, -1)) at = at[key] as Container;
  const last = path.at(-1) ?? '';
  if (junk === undefined) delete at[last];
  else at[last] = junk;
  return copy;
}

/** Asks between some of the ends; nothing may throw. */
function askAround(state: TracerState, choices: readonly number[]): void {
  const ends = tracerEnds(state.cloud);
  const end = (choice: number): string => ends[choice % ends.length]?.end ?? 'internet';
  for (const [index, choice] of choices.entries()) {
    traceFlow(state, { from: end(choice), to: end(choices[index + 1] ?? 0), port: 80 });
  }
}

describe.each(['hub-and-spoke', 'load-balancer', 'firewall-policy', 'plugins-pod-subnet'])('%s', (name) => {
  let documents: readonly unknown[] = [];
  let state: TracerState;

  beforeAll(async () => {
    const { session } = await runScenario(scenarioText(name));
    documents = (await printedCloud(session.cloud)).map((text) => JSON.parse(text) as unknown);
    state = { cloud: session.cloud, leftOut: [], notes: [] };
  }, 60_000);

  const numbers = fc.array(fc.nat(), { minLength: 2, maxLength: 4 });
  const junk = fc.constantFrom(undefined, ...JUNK);

  test('printed and spoiled in one place, it is read or refused, and never breaks anything', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), junk, numbers, (which, where, value, choices) => {
        const at = which % documents.length;
        const places = placesIn(documents[at]);
        fc.pre(places.length > 0);
        const path = places[where % places.length] ?? [];
        const read = importCloud(
          documents.map((each, index) => JSON.stringify(index === at ? spoiled(each, path, value) : each)),
        );
        if (read.ok) askAround(read.value, choices);
        else expect(read.error[0]?.message).toMatch(/\.$/);
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  test('saved and spoiled in one place, it is read or refused', () => {
    const saved: unknown = JSON.parse(stateText(state));
    const places = placesIn(saved);
    fc.assert(
      fc.property(fc.nat(), junk, (where, value) => {
        const path = places[where % places.length] ?? [];
        const read = readNetwork([JSON.stringify(spoiled(saved, path, value))]);
        if (!read.ok) expect(read.error[0]?.message).toMatch(/\.$/);
      }),
      { numRuns: 100 },
    );
  }, 60_000);
});
