/** What systemd does with a service whose process ended beside it. */
import { expect, test } from 'vitest';
import { on, withoutProxy } from './proxy-world.ts';

async function service(restart: string, ...lines: readonly string[]): Promise<string> {
  const session = on(await withoutProxy(), 'vm-debian');
  const { stdout } = await session.run(
    [
      'apt-get install -y mitmproxy > /dev/null 2>&1',
      `printf '[Unit]\\nDescription=proxy\\n[Service]\\nExecStart=/usr/bin/mitmdump\\n${restart}\\n' > /etc/systemd/system/proxy.service`,
      'systemctl daemon-reload; systemctl start proxy; P=$(systemctl show proxy -p MainPID)',
      ...lines,
    ].join('\n'),
  );
  return stdout;
}

const STATE =
  'systemctl is-active proxy; [ "$(systemctl show proxy -p MainPID)" = "$P" ] && echo same || echo another; ss -ltn | grep -c 8080';

test.each([
  ['Restart=always', 'pkill mitmdump', 'active'],
  ['Restart=always', 'pkill -9 mitmdump', 'active'],
  ['Restart=on-failure', 'pkill mitmdump', 'inactive'],
  ['Restart=on-failure', 'kill -KILL $(pidof mitmdump)', 'active'],
  ['Restart=on-success', 'kill $(pidof mitmdump)', 'active'],
  ['Restart=no', 'pkill mitmdump', 'inactive'],
  ['', 'pkill -9 mitmdump', 'failed'],
])('%s, and %s', async (restart, line, state) => {
  const said = await service(restart, line, STATE);
  expect(said).toBe(`${state}\nanother\n${state === 'active' ? 1 : 0}\n`);
});

test('the journal tells of it, and how often', async () => {
  const said = await service(
    'Restart=always\\nRestartSec=5',
    'pkill -9 mitmdump; pkill mitmdump',
    'journalctl -u proxy -o cat --no-pager; systemctl stop proxy; systemctl is-active proxy',
  );
  expect(said.split('\n').filter((line) => !line.startsWith('Proxy server'))).toEqual([
    'Started proxy.service - proxy.',
    'proxy.service: Main process exited, code=killed, status=9/KILL',
    "proxy.service: Failed with result 'signal'.",
    'proxy.service: Scheduled restart job, restart counter is at 1.',
    'Started proxy.service - proxy.',
    'proxy.service: Deactivated successfully.',
    'proxy.service: Scheduled restart job, restart counter is at 2.',
    'Started proxy.service - proxy.',
    'inactive',
    '',
  ]);
});
