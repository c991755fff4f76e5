/** What a machine of Azure brings and this workbook does not run is said to be so, and not to be missing. */
import { expect, test } from 'vitest';
import { on, proxyWorld } from './proxy-world.ts';

const ran = async (line: string) => on(await proxyWorld(), 'vm-noble').run(line);

test.each([
  ['crontab -l', 'crontab: what cron starts (a unit of systemd starts at boot) is not simulated'],
  ['ufw status', 'ufw: ufw (use iptables) is not simulated'],
  ['dpkg -l', 'dpkg: the list of packages is not simulated'],
  ['systemctl list-unit-files', 'systemctl: "systemctl list-unit-files" is not simulated'],
  ['systemctl', 'systemctl: "systemctl" is not simulated'],
  ['systemctl start', 'Too few arguments.'],
  ['curl -G -d a=b http://www.example.com/', 'curl: -G is not simulated'],
])('%s', async (line, words) => {
  const { stderr, exitCode } = await ran(line);
  expect(stderr).toContain(words);
  expect(stderr).not.toContain('command not found');
  expect(exitCode).not.toBe(0);
});
