import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const CALC = fileURLToPath(new URL('../../src/cli/calc.ts', import.meta.url));
const calc = (...args: string[]) => spawnSync(process.execPath, [CALC, ...args], { encoding: 'utf8' });

describe('calc in a terminal', () => {
  test('prints an answer on stdout, nothing on stderr, and exits with 0', () => {
    const { stdout, stderr, status } = calc('kubenet-plan', '--nodes', '50', '--surge', '1', '--json');
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(JSON.parse(stdout)).toMatchObject({ addressesNeeded: 51, smallestPrefix: 26 });
  });

  test('prints refusals on stderr, nothing on stdout, and exits with 2', () => {
    const { stdout, stderr, status } = calc('subnet-split', '--prefix', '10.0.0.1/8');
    expect({ stdout, status }).toEqual({ stdout: '', status: 2 });
    expect(stderr).toContain('Try 10.0.0.0/8');
  });

  test('exits with 1 where what was asked cannot be done', () => {
    expect(calc('subnet-split', '10.0.0.0/29', '--hosts', '4').status).toBe(1);
  });

  test('a reader who closes the pipe early is no error', () => {
    const line = `set -o pipefail; "${process.execPath}" "${CALC}" subnet-split 10.0.0.0/8 --into 29 --json | head -1`;
    const { stdout, stderr, status } = spawnSync('bash', ['-c', line], { encoding: 'utf8' });
    expect({ stdout, stderr, status }).toEqual({ stdout: '{\n', stderr: '', status: 0 });
  });

  test('lists every calculator, also as JSON', () => {
    const parsed: unknown = JSON.parse(calc('list', '--json').stdout);
    expect(parsed).toMatchObject([{ name: 'subnet-split' }, { name: 'kubenet-plan' }]);
  });
});
