import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuzzSeed } from '../../../scripts/fuzz-seed.ts';

test('without a word about it the seed is the same each time', () => {
  expect(fuzzSeed(undefined)).toBe(fuzzSeed(undefined));
  expect(fuzzSeed('')).toBe(fuzzSeed(undefined));
});

test('a seed that fast-check printed is taken as it is', () => {
  expect([fuzzSeed('0'), fuzzSeed('1234567890'), fuzzSeed('-2147483647')]).toEqual([
    0, 1234567890, -2147483647,
  ]);
});

test('random is another number each time', () => {
  expect(new Set(Array.from({ length: 20 }, () => fuzzSeed('random'))).size).toBeGreaterThan(15);
});

test.each(['seven', '1.5', '2147483648', '99999999999', ' 7'])('%j is no seed, and it says so', (given) => {
  expect(() => fuzzSeed(given)).toThrow(/FUZZ_SEED is ".*"; expected "random" or a whole number/);
});

test('this very run draws from the seed that was settled for it', () => {
  const drawn = (): readonly number[] => fc.sample(fc.nat(), 20);
  expect(fc.readConfigureGlobal().seed).toBe(Number(process.env['FUZZ_SEED']));
  expect(drawn()).toEqual(drawn());
});
