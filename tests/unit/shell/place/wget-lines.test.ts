/** Lines of GNU wget; seen with 1.21.3. */
import { expect, test } from 'vitest';
import { on, proxyWorld } from './proxy-world.ts';

const H = 'http://www.example.com/';
const ran = async (line: string) => on(await proxyWorld(), 'vm-debian').run(line);

test.each([
  ['wget foo://www.example.com/', "foo://www.example.com/: Unsupported scheme 'foo'.\n"],
  ['wget http://www.example.com:99999/', 'http://www.example.com:99999/: Bad port number.\n'],
  ['wget http://www.example.com:8a/', 'http://www.example.com:8a/: Bad port number.\n'],
  ['wget ftp://www.example.com/', 'ftp:// is not simulated in this workbook'],
])('%s', async (line, words) => {
  const { stderr, exitCode } = await ran(line);
  expect({ stderr, exitCode }).toEqual({ stderr: expect.stringContaining(words) as unknown, exitCode: 1 });
});

test('a quiet one shows the headers that are asked for', async () => {
  const { stderr } = await ran(`wget -q -S -O /dev/null ${H}`);
  expect(stderr.split('\n').slice(0, 2)).toEqual(['  HTTP/1.1 200 OK', '  Server: web server']);
});

test('several files are counted', async () => {
  const { stderr } = await ran(`wget -nv ${H} ${H}a; ls`);
  expect(stderr).toMatch(
    /FINISHED --[-\d: ]+--\nTotal wall clock time: .*\nDownloaded: 2 files, \d+ in .*\n$/,
  );
  expect((await ran(`wget -nv ${H}`)).stderr).not.toContain('FINISHED');
});
