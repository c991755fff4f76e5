import { expect, test } from 'vitest';
import { advice } from '../../../src/cli/lab/check.ts';
import { readLab } from '../../../src/cli/lab/folder.ts';
import { requireOn } from '../../../src/cli/lab/switched-off.ts';
import { UsageError } from '../../../src/cli/lab/usage-error.ts';
import { labPage } from '../../../src/ui/lab/lab-page.ts';

const source = await readLab('tight-subnet');

test('a page without hints and solutions holds none of their text', () => {
  const hidden = labPage(source, { hints: 'off', solutions: 'off' });
  expect(hidden.tasks.map(({ hints }) => hints)).toEqual(source.lab.tasks.map(() => null));
  expect(hidden.solutions).toEqual([]);
  const shown = labPage(source);
  expect(shown.tasks.every(({ hints }) => hints?.length === 3)).toBe(true);
  expect(shown.solutions).toEqual(source.solutions);
});

test('the terminal refuses what is off and says whom to ask', () => {
  expect(() => {
    requireOn('off', 'hints');
  }).toThrow(UsageError);
  expect(() => {
    requireOn('on', 'hints');
  }).not.toThrow();
});

test('and never sends anybody there', () => {
  const failed = { lab: 'x', title: 'X', seed: 'a', passed: false, script: null, bugs: [], tasks: [] };
  const off = { hints: 'off', solutions: 'off' } as const;
  const on = { hints: 'on', solutions: 'on' } as const;
  expect(advice(failed, 'lab.sh', off)).toBe('Next: edit lab.sh\n');
  expect(advice(failed, 'lab.sh', on)).toContain('lab -- hint x');
  expect(advice({ ...failed, passed: true }, 'lab.sh', off)).toBe('All done.\n');
  expect(advice({ ...failed, passed: true }, 'lab.sh', on)).toContain('lab -- solution x');
});
