import { expect, test } from 'vitest';
import {
  isSameSession,
  labProgressOf,
  logged,
  newLabProgress,
  resetLab,
  undoReset,
  withState,
} from '../../../src/progress/lab-progress.ts';

const WORKED = logged(
  withState(newLabProgress('toy', 'amber', '# template\n'), { script: 'az group list\n', passed: ['one'] }),
  { kind: 'line', text: 'az group create -n a' },
);

test('what was written is read back', () => {
  expect(labProgressOf(JSON.parse(JSON.stringify(WORKED)), 'toy')).toEqual(WORKED);
});

test('a reset keeps what was there, and undoing it brings all of it back', () => {
  const reset = resetLab(WORKED, 'birch', '# template\n');
  expect(reset.now).toEqual({ seed: 'birch', script: '# template\n', log: [], passed: [] });
  expect(undoReset(reset).now).toEqual(WORKED.now);
  expect(undoReset(undoReset(reset))).toEqual(reset);
});

test('undoing without a reset changes nothing', () => {
  expect(undoReset(WORKED)).toEqual(WORKED);
});

test.each([
  ['another lab', { ...WORKED, lab: 'other' }],
  ['a later version', { ...WORKED, version: 2 }],
  ['an entry of an unknown kind', { ...WORKED, now: { ...WORKED.now, log: [{ kind: 'x', text: '' }] } }],
  ['a state without a script', { ...WORKED, now: { seed: 'a', log: [], passed: [] } }],
  ['an array', []],
  ['null', null],
  ['a text', JSON.stringify(WORKED)],
])('%s is not read', (_, data) => {
  expect(labProgressOf(data, 'toy')).toBeNull();
});

test('a session is the same if its variation and its commands are', () => {
  const { now } = WORKED;
  expect(isSameSession(now, { ...now, script: 'echo other\n', passed: [] })).toBe(true);
  expect(isSameSession(now, { ...now, seed: 'birch' })).toBe(false);
  expect(isSameSession(now, { ...now, log: [] })).toBe(false);
  expect(isSameSession(now, logged(WORKED, { kind: 'line', text: 'ls' }).now)).toBe(false);
  expect(isSameSession(now, { ...now, log: [{ kind: 'script', text: 'az group create -n a' }] })).toBe(false);
});
