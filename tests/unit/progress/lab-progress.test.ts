import { expect, test } from 'vitest';
import {
  logged,
  newLabProgress,
  readLabProgress,
  resetLab,
  undoReset,
  withState,
} from '../../../src/progress/lab-progress.ts';

const WORKED = logged(
  withState(newLabProgress('toy', 'amber', '# template\n'), { script: 'az group list\n', passed: ['one'] }),
  { kind: 'line', text: 'az group create -n a' },
);

test('what was written is read back', () => {
  expect(readLabProgress(JSON.stringify(WORKED), 'toy')).toEqual(WORKED);
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
  ['no JSON', '{'],
  ['another lab', JSON.stringify({ ...WORKED, lab: 'other' })],
  ['a later version', JSON.stringify({ ...WORKED, version: 2 })],
  [
    'an entry of an unknown kind',
    JSON.stringify({ ...WORKED, now: { ...WORKED.now, log: [{ kind: 'x', text: '' }] } }),
  ],
  ['a state without a script', JSON.stringify({ ...WORKED, now: { seed: 'a', log: [], passed: [] } })],
  ['an array', '[]'],
  ['null', 'null'],
])('%s is not read', (_, text) => {
  expect(readLabProgress(text, 'toy')).toBeNull();
});
