import { expect, test } from 'vitest';
import { runCalc } from '../../../src/planner/command-line.ts';
import { DOCUMENTED_EXAMPLES } from '../../../src/planner/documented-examples.ts';

test.each(DOCUMENTED_EXAMPLES.map((each) => [each.says, each] as const))(
  '%s',
  (_, { line, answer, exitCode: expected = 0 }) => {
    const { stdout, stderr, exitCode } = runCalc([...line.split(' '), '--json']);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: expected });
    expect(JSON.parse(stdout)).toMatchObject(answer);
  },
);

test('every example names where it stands', () => {
  for (const { source, read } of DOCUMENTED_EXAMPLES) {
    expect(source).not.toBe('');
    expect(read).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  }
});
