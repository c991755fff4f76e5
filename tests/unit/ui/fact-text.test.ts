import { describe, expect, test } from 'vitest';
import { factValue, readSource, readableDate } from '../../../src/ui/lesson/fact-text.ts';

test.each([
  ['a small number', 400, '400'],
  ['a large one is grouped', 65_536, '65,536'],
  ['four digits too, as calculators and tables do', 5000, '5,000'],
  ['a day', '2028-03-31', '31 March 2028'],
  ['a list', ['169.254.0.0/16', '172.30.0.0/16'], '169.254.0.0/16, 172.30.0.0/16'],
])('%s', (_, value, text) => {
  expect(factValue(value)).toBe(text);
});

test('a value that cannot be read aloud is a mistake', () => {
  expect(() => factValue({ a: 1 })).toThrow('not {"a":1}');
});

describe('readSource', () => {
  test.each([
    ['title and address', 'Azure FAQ, https://a.b/c#d', { title: 'Azure FAQ', url: 'https://a.b/c#d' }],
    ['only a title', 'RFC 5737', { title: 'RFC 5737', url: null }],
    ['only an address', 'https://a.b', { title: '', url: 'https://a.b' }],
  ])('%s', (_, source, expected) => {
    expect(readSource(source)).toEqual(expected);
  });
});

test('dates are written out', () => {
  expect(readableDate('2026-04-06')).toBe('6 April 2026');
  expect(() => readableDate('April 2026')).toThrow('is not a date');
});
