import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  doneIncidents,
  newIncident,
  readIncident,
  type IncidentEntry,
  type Outcome,
} from '../../../src/progress/incident-entry.ts';
import { misfitOf } from '../../../src/progress/kinds.ts';
import { logged, newLabProgress } from '../../../src/progress/lab-progress.ts';

const INCIDENT = { lab: 'six-tickets', variation: 'amber', module: '12-http-proxy' };
const OUTCOME: Outcome = {
  at: 2000,
  minutes: 12,
  how: 'mended',
  points: 71,
  of: 100,
  cause: 'a route',
  lines: [{ what: 'Finding', points: 20, of: 20, words: 'Right at the first time.' }],
};
const WHOLE: IncidentEntry = {
  ...newIncident(INCIDENT, 1000, null),
  hypotheses: [{ end: 'no-route', suspect: 'route', confidence: 75, after: 0 }],
  findings: [{ right: 1, of: 2, after: 3 }],
  work: logged(newLabProgress('six-tickets', 'amber', ''), { kind: 'line', text: 'kubectl get pods' }),
  outcome: OUTCOME,
};

describe('an entry', () => {
  test('is read as it was written, through JSON', () => {
    expect(readIncident(JSON.parse(JSON.stringify(WHOLE)))).toEqual(WHOLE);
    expect(misfitOf('incident.k7m2px', WHOLE)).toBeNull();
  });

  test.each<readonly [string, unknown]>([
    ['null', null],
    ['a list', []],
    ['another version', { ...WHOLE, version: 2 }],
    ['no lab', { ...WHOLE, lab: 7 }],
    ['work of another lab', { ...WHOLE, work: newLabProgress('after-the-audit', 'amber', '') }],
    ['a hypothesis without a suspect', { ...WHOLE, hypotheses: [{ end: 'loop', confidence: 5, after: 0 }] }],
    [
      'more confidence than there is',
      { ...WHOLE, hypotheses: [{ ...WHOLE.hypotheses[0], confidence: 400 }] },
    ],
    ['more right than asked', { ...WHOLE, findings: [{ right: 3, of: 2, after: 0 }] }],
    ['more points than there are', { ...WHOLE, outcome: { ...OUTCOME, points: 101 } }],
    ['a time that is none', { ...WHOLE, started: -1 }],
    ['a huge list', { ...WHOLE, findings: Array.from({ length: 5000 }, () => WHOLE.findings[0]) }],
  ])('with %s is none, and an import says so', (_, value) => {
    expect(readIncident(value)).toBeNull();
    expect(misfitOf('incident.k7m2px', value)).not.toBeNull();
  });

  test('whatever JSON it is, reading it gives an entry that is read the same again, or nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(WHOLE)), (value, member) => {
        const read = readIncident({ ...WHOLE, [member]: value });
        if (read !== null) expect(readIncident(JSON.parse(JSON.stringify(read)))).toEqual(read);
      }),
    );
  });
});

test('an attempt begun again keeps how the ones before ended, and no more than ten of them', () => {
  let entry: IncidentEntry | null = null;
  for (let at = 0; at < 14; at++) {
    const next: IncidentEntry = newIncident(INCIDENT, at, entry);
    expect(next).toMatchObject({ hypotheses: [], findings: [], work: null, outcome: null });
    entry = { ...next, outcome: { ...OUTCOME, points: at } };
  }
  expect(entry?.earlier.map(({ points }) => points)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
});

test('what was brought to an end is listed, the latest first; what is open or no incident is not', () => {
  const done = (at: number): IncidentEntry => ({ ...WHOLE, outcome: { ...OUTCOME, at } });
  const entries = new Map<string, { readonly value: unknown }>([
    ['incident.aaaa', { value: done(5) }],
    ['incident.bbbb', { value: done(9) }],
    ['incident.cccc', { value: newIncident(INCIDENT, 1, null) }],
    ['incident.dddd', { value: newIncident(INCIDENT, 1, done(7)) }],
    ['incident.eeee', { value: 'nonsense' }],
    ['lab.six-tickets', { value: done(8) }],
  ]);
  expect(doneIncidents(entries).map(({ seed, attempts }) => [seed, attempts])).toEqual([
    ['bbbb', 1],
    ['dddd', 1],
    ['aaaa', 1],
  ]);
});
