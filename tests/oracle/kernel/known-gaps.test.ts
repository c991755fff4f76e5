import { expect, test } from 'vitest';
import { SCENARIOS } from './flows/index.ts';
import { readLedger } from './known-gaps.ts';
import { questionText } from './scenario.ts';

test('the ledger keeps to its schema, and every gap names a flow that is sent', () => {
  for (const gap of readLedger()) {
    const variation = SCENARIOS.find((scenario) => scenario.name === gap.scenario)?.variations.find(
      (each) => each.name === gap.variation,
    );
    expect(variation?.questions.map(questionText), gap.id).toContain(gap.flow);
  }
});

const ENTRY = `
  - id: some-gap
    witness: kernel
    scenario: s
    variation: v
    flow: tcp a to b port 80
    model: delivered
    reality: refused
    reason: a reason that is long enough
    since: 2026-01-31`;

test.each<[says: string, text: string, complaint: RegExp]>([
  ['a missing list', 'known: []', /gaps/],
  ['an unknown field', `gaps:${ENTRY}\n    skip: true`, /skip/],
  ['a gap without a reason', `gaps:${ENTRY.replace('a reason that is long enough', 'so')}`, /reason/],
  ['a gap listed twice', `gaps:${ENTRY}${ENTRY}`, /some-gap is listed twice/],
])('the ledger refuses %s', (_, text, complaint) => {
  expect(() => readLedger(text)).toThrow(complaint);
});

test('the ledger takes a whole entry', () => {
  expect(readLedger(`gaps:${ENTRY}`)).toHaveLength(1);
});
