import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  drawSeed,
  incidentOf,
  readIncidentSeed,
  type Incident,
  type IncidentLab,
} from '../../../src/practice/incident.ts';

const LABS: readonly IncidentLab[] = [
  { lab: 'shop', module: '01', seeds: ['amber', 'birch', 'cedar'] },
  { lab: 'mill', module: '02', seeds: ['amber', 'birch'] },
  { lab: 'books', module: '13', seeds: ['amber', 'birch', 'cedar', 'dune', 'ember', 'flint'] },
  { lab: 'library', module: '07', seeds: ['amber'] },
];
const seeds = fc.string({
  minLength: 4,
  maxLength: 20,
  unit: fc.constantFrom(...'abcdefghjkmnpqrstuvwxyz23456789'),
});

/** Numbers that follow from one: random enough to draw seeds with. */
function numbers(start: number): () => number {
  let state = start >>> 0;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 8;
}

describe('which incident a seed is', () => {
  test('the same for everybody, in whichever order the labs are read', () => {
    fc.assert(
      fc.property(seeds, fc.shuffledSubarray([...LABS], { minLength: LABS.length }), (seed, labs) => {
        expect(incidentOf(seed, labs)).toEqual(incidentOf(seed, LABS));
      }),
    );
  });

  test('without labs there is none', () => {
    expect(incidentOf('k7m2px', [])).toBeNull();
    expect(drawSeed([], [], numbers(1))).toBeNull();
  });

  test('modules come equally often, and every cause comes', () => {
    const counts = new Map<string, number>();
    const causes = new Set<string>();
    for (let at = 0; at < 4000; at++) {
      const incident = incidentOf(`seed${at}`, LABS);
      if (incident === null) throw new Error('no incident');
      counts.set(incident.module, (counts.get(incident.module) ?? 0) + 1);
      causes.add(`${incident.lab} ${incident.variation}`);
    }
    expect(causes.size).toBe(12);
    for (const [module, count] of counts) {
      expect(count, module).toBeGreaterThan(850);
      expect(count, module).toBeLessThan(1150);
    }
  });

  test('a seed whose module stays keeps its incident when another module is left out', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const incident = incidentOf(seed, LABS);
        const fewer = LABS.filter(({ module }) => module === incident?.module || module === '01');
        expect(incidentOf(seed, fewer)).toEqual(incident);
      }),
    );
  });
});

describe('drawing', () => {
  test('never the module that one had last, and no cause again while there are others', () => {
    fc.assert(
      fc.property(fc.integer(), (start) => {
        const random = numbers(start);
        const had: Incident[] = [];
        for (let turn = 0; turn < 6; turn++) {
          const seed = drawSeed(LABS, had, random);
          const incident = seed === null ? null : incidentOf(seed, LABS);
          if (seed === null || incident === null) throw new Error('nothing drawn');
          expect(readIncidentSeed(seed)).toBe(seed);
          expect(incident.module).not.toBe(had.at(-1)?.module);
          expect(had).not.toContainEqual(incident);
          had.push(incident);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('with one cause only it comes again', () => {
    const only: readonly IncidentLab[] = [{ lab: 'library', module: '07', seeds: ['amber'] }];
    const incident = { lab: 'library', module: '07', variation: 'amber' };
    expect(incidentOf(drawSeed(only, [incident], numbers(3)) ?? '', only)).toEqual(incident);
  });
});

test.each([
  ['k7m2px', 'k7m2px'],
  ['  K7M2PX ', 'k7m2px'],
  ['abc', null],
  ['', null],
  ['../../etc', null],
  ['a'.repeat(21), null],
  ['k7m2px<script>', null],
])('the seed %o is read as %o', (text, seed) => {
  expect(readIncidentSeed(text)).toBe(seed);
});
