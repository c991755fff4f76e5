import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readSeeds, type HeldSeed } from '../../../src/cli/lab/grade/held-seeds.ts';

const LABS = ['checkout-times-out', 'tight-subnet'];

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'seeds-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function seeds(text: string): HeldSeed {
  const path = join(folder, 'seeds.txt');
  writeFileSync(path, text);
  return readSeeds(path, LABS);
}

test('the closest line counts', () => {
  const seedOf = seeds(`# Autumn course
* = everybody
tight-subnet = one lab   # the hard one
ada/* = hers
ada/tight-subnet = exactly
grace.hopper@example.com/tight-subnet = mail
`);
  expect(seedOf('bob', 'checkout-times-out')).toBe('everybody');
  expect(seedOf('bob', 'tight-subnet')).toBe('one lab');
  expect(seedOf('ada', 'checkout-times-out')).toBe('hers');
  expect(seedOf('ada', 'tight-subnet')).toBe('exactly');
  expect(seedOf('grace.hopper@example.com', 'tight-subnet')).toBe('mail');
});

test('who has no line has no held seed', () => {
  expect(seeds('tight-subnet = a\r\n')('ada', 'checkout-times-out')).toBeNull();
});

test.each([
  ['tight-subnet', 'line 1: expected LAB = SEED'],
  ['\ntight-subnet =', 'line 2: expected LAB = SEED'],
  ['= seed', 'line 1: expected LAB = SEED'],
  ['tight-subnett = a', "line 1: there is no lab 'tight-subnett'. Did you mean tight-subnet?"],
  ['ada/nothing-like-it = a', "line 1: there is no lab 'nothing-like-it'."],
  ['* = a\n* = b', "line 2: '*' has a seed already"],
  ['# nothing\n', 'holds no seed'],
])('%j is refused', (text, words) => {
  expect(() => seeds(text)).toThrow(words);
});

test('a file that is not there is named', () => {
  expect(() => readSeeds(join(folder, 'none.txt'), LABS)).toThrow('none.txt');
});
