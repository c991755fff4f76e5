/** A proxy that is asked as if it were the server; seen with mitmproxy 8.1.1. */
import { expect, test } from 'vitest';
import { on, withoutProxy } from './proxy-world.ts';

const UNKNOWN =
  'Request destination unknown. Unable to figure out where this request should be forwarded to.';

async function logOf(line: string): Promise<{ readonly stdout: string; readonly log: string }> {
  const session = on(await withoutProxy(), 'vm-debian');
  await session.run('apt-get install -y mitmproxy; mitmdump > m.log 2>&1 & sleep 1');
  const { stdout } = await session.run(line);
  const { stdout: log } = await session.run('cat m.log');
  return { stdout, log: log.replaceAll(/127\.0\.0\.1:\d{5}/g, 'CLIENT').replaceAll(/^ +<</gm, ' <<') };
}

test.each([
  ['as a server', 'curl -s -o /dev/null -w "%{http_code}" http://127.0.0.1:8080/a'],
  ['for itself', 'curl -s -o /dev/null -w "%{http_code}" -x http://127.0.0.1:8080 http://127.0.0.1:8080/a'],
])('asked %s it answers 502 and notes why', async (_, line) => {
  const { stdout, log } = await logOf(line);
  expect(stdout).toBe('502');
  expect(log.split('\n').slice(1, -1)).toEqual([
    'CLIENT: client connect',
    `CLIENT: server connection to 127.0.0.1:8080 killed before connect: ${UNKNOWN}`,
    'CLIENT: GET http://127.0.0.1:8080/a',
    ` << Connection killed: ${UNKNOWN}`,
    'CLIENT: client disconnect',
  ]);
});

test('asked as a server it goes where the Host header says', async () => {
  const { stdout, log } = await logOf(
    'curl -s -o /dev/null -w "%{http_code}" -H "Host: www.example.com" http://127.0.0.1:8080/a',
  );
  expect(stdout).toBe('200');
  expect(log).toContain('CLIENT: GET http://www.example.com/a\n << 200 OK');
});
