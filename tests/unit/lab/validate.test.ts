import { expect, test } from 'vitest';
import type { Check, Lab } from '../../../src/lab/lab.ts';
import { labProblems } from '../../../src/lab/validate.ts';
import { variantOf } from '../../../src/lab/variant.ts';
import { TOY } from './toy-lab.ts';

function withCheck(change: (check: Check) => Check): Lab {
  const [first, ...others] = TOY.tasks;
  const [one, two] = first.checks;
  if (two === undefined) throw new Error('toy changed');
  return { ...TOY, tasks: [{ ...first, checks: [one, change(two)] }, ...others] };
}

test('a sound lab has no problems', () => {
  expect(labProblems(TOY, 'toy')).toEqual([]);
});

test.each<[string, Lab, string]>([
  ['a folder with another name', { ...TOY, id: 'other' }, "id is 'other' but the folder is 'toy'"],
  ['a seed twice', { ...TOY, seeds: ['one', 'one'] }, "seed 'one' is used twice"],
  ['no minutes', { ...TOY, minutes: 0 }, 'minutes'],
  ['a check id twice', withCheck((check) => ({ ...check, id: 'open' })), "check id 'open' is used twice"],
  [
    'a control that does not exist',
    withCheck((check) =>
      check.kind === 'flow' && check.expect.kind === 'blocked'
        ? { ...check, expect: { ...check.expect, control: 'nothing' } }
        : check,
    ),
    "control 'nothing'",
  ],
  [
    'a pattern that matches anything',
    withCheck((check) =>
      check.kind === 'flow' && check.expect.kind === 'blocked'
        ? { ...check, expect: { ...check.expect, by: /.*/ } }
        : check,
    ),
    'matches anything',
  ],
  [
    'ports on ICMP',
    withCheck((check) => (check.kind === 'flow' ? { ...check, protocol: 'icmp' } : check)),
    'ICMP has no ports',
  ],
  ['a diagnosis that is no task', { ...TOY, diagnosis: 'nothing' }, "diagnosis 'nothing' is no task"],
  ['a diagnosis without a question', { ...TOY, diagnosis: 'flows' }, 'a task without a question'],
  ['a diagnosis after all flows', { ...TOY, diagnosis: 'rest' }, 'holds nothing back'],
])('%s is a problem', (_, lab, words) => {
  expect(labProblems(lab, 'toy').join('\n')).toContain(words);
});

test('a listed seed picks itself, any other always the same of the listed', () => {
  expect(TOY.seeds.map((seed) => variantOf(TOY, seed))).toEqual(TOY.seeds);
  expect(TOY.seeds).toContain(variantOf(TOY, 'whatever'));
  expect(variantOf(TOY, 'whatever')).toBe(variantOf(TOY, 'whatever'));
  const picked = new Set(['a', 'b', 'c', 'd', 'e'].map((seed) => variantOf(TOY, seed)));
  expect(picked.size).toBe(2);
});
