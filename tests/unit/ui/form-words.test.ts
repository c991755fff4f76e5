import { describe, expect, test } from 'vitest';
import { nsgEvaluator } from '../../../src/planner/calculators/nsg-evaluator.ts';
import { subnetSplit } from '../../../src/planner/calculators/subnet-split.ts';
import { formWords, insteadWords } from '../../../src/ui/calc/form-words.ts';
import { fieldNamed, fieldsOf } from '../../../src/ui/calc/url-state.ts';

const FIELDS = fieldsOf(subnetSplit);
const field = (name: string) => {
  const found = fieldNamed(FIELDS, name);
  if (found === null) throw new Error(`subnet-split has no ${name}`);
  return found;
};

describe('a sentence about inputs', () => {
  test('names the labels of the form', () => {
    expect(formWords('cannot be combined with --hosts.', FIELDS)).toBe(
      'cannot be combined with “Subnets by need”.',
    );
  });

  test('leaves options that the form has not', () => {
    expect(formWords('az: --load-balancer-outbound-ports; --check is for terminals', FIELDS)).toContain(
      '--load-balancer-outbound-ports',
    );
  });

  test('of any calculator holds no option of its form', () => {
    for (const { name, aliases } of fieldsOf(nsgEvaluator)) {
      for (const each of [name, ...aliases]) {
        expect(formWords(`give --${each} too`, fieldsOf(nsgEvaluator))).toMatch(/^give “[^”-]+.*” too$/);
      }
    }
  });
});

describe('what to type instead', () => {
  test('is the value alone at its own field', () => {
    expect(insteadWords('--prefix 10.224.0.0/16', field('prefix'), FIELDS)).toEqual({
      text: '10.224.0.0/16',
      place: '',
      isText: true,
    });
  });

  test('says where, if it is for another field', () => {
    expect(insteadWords('--prefix 10.224.0.0/16', field('into'), FIELDS)).toEqual({
      text: '10.224.0.0/16',
      place: ' in “Address space”',
      isText: true,
    });
  });

  test.each([
    ['10.224.0.0/16', true],
    ['nodes=251', true],
    ['/24', true],
    ['one of the two alone.', false],
    ['digits, as in 1', false],
    ['a larger --prefix.', false],
  ])('"%s" is set as a value: %s', (instead, isText) => {
    expect(insteadWords(instead, field('into'), FIELDS).isText).toBe(isText);
  });
});
