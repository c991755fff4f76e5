/** journalctl's options (man journalctl, systemd.time) on a journal of four entries. */
import { expect, test } from 'vitest';
import { journalctlOn } from '../../../../src/shell/place/journal.ts';
import type { ServiceManager } from '../../../../src/shell/place/systemd-unit.ts';

const NOW = Date.parse('2026-09-01T10:00:00Z') / 1000;
const entry = (minutesAgo: number, identifier: string, message: string) => ({
  at: NOW - minutesAgo * 60,
  unit: `${identifier}.service`,
  identifier,
  pid: 7,
  message,
});
const MANAGER: ServiceManager = {
  systemd: 255,
  hostname: 'host',
  units: [],
  environment: [],
  journal: [
    entry(24 * 60, 'a', 'yesterday'),
    entry(90, 'a', 'one'),
    entry(20, 'b', 'two'),
    entry(5, 'a', 'Three\nlines'),
  ],
};
const messages = (...args: string[]) => {
  const { stdout, exitCode } = journalctlOn(MANAGER, [...args, '-o', 'cat'], NOW);
  expect(exitCode).toBe(0);
  return stdout.trimEnd().split('\n').join('|');
};

test.each([
  [[], 'yesterday|one|two|Three|lines'],
  [['-u', 'a'], 'yesterday|one|Three|lines'],
  [['-u', 'a.service', '-u', 'b', '-n', '2', '--no-pager'], 'two|Three|lines'],
  [['--unit=b'], 'two'],
  [['-ub', '-n1'], 'two'],
  [['--lines=1'], 'Three|lines'],
  [['-r', '-n', '2'], 'Three|lines|two'],
  [['--since', '1 hour ago'], 'two|Three|lines'],
  [['--since=-10min'], 'Three|lines'],
  [['--since', '1h 40min ago', '--until', '30 min ago'], 'one'],
  [['-S', 'today'], 'one|two|Three|lines'],
  [['--since', '2026-09-01 09:00:00'], 'two|Three|lines'],
  [['--since', '09:50'], 'Three|lines'],
  [['-g', 'three'], 'Three|lines'],
  [['-xeu', 'b'], 'two'],
  [['-u', 'c'], '-- No entries --'],
])('journalctl %j', (args, expected) => {
  expect(messages(...args)).toBe(expected);
});

test('lines of one message stand below one another', () => {
  expect(journalctlOn(MANAGER, ['-n', '1'], NOW).stdout).toBe(
    `Sep 01 09:55:00 host a[7]: Three\n${' '.repeat('Sep 01 09:55:00 host a[7]: '.length)}lines\n`,
  );
});

test.each([
  [['--since', 'someday'], 'Failed to parse timestamp: someday\n'],
  [['-o', 'json'], 'journalctl: the output "json" is not simulated in this workbook\n'],
  [['--disk-usage'], 'journalctl: the option --disk-usage is not simulated in this workbook\n'],
  [['_PID=1'], 'journalctl: choosing by "_PID=1" is not simulated in this workbook\n'],
])('journalctl %j is refused', (args, words) => {
  expect(journalctlOn(MANAGER, args, NOW)).toMatchObject({ stdout: '', stderr: words, exitCode: 1 });
});
