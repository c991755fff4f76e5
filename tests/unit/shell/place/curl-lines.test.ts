/** Lines of curl on a machine behind nothing; seen with curl 7.88.1. */
import { expect, test } from 'vitest';
import { on, proxyWorld, forwardProxy, type Machine } from './proxy-world.ts';

const P = '-x http://10.20.0.6:8080';
const H = 'http://www.example.com/';

async function ran(line: string, machine: Machine = 'vm-debian', proxy = forwardProxy()) {
  return on(await proxyWorld(proxy), machine).run(line);
}

test.each([
  ['curl', 2, 'curl: no URL specified!\n'],
  [`curl --prox ${H}`, 2, 'curl: option --prox: is ambiguous\n'],
  [`curl --resolve bogus ${H}`, 49, "curl: (49) Couldn't parse CURLOPT_RESOLVE entry 'bogus'\n"],
  [`curl --resolve x:80:nonsense ${H}`, 49, "entry 'x:80:nonsense'"],
  [`curl --connect-timeout -1 ${H}`, 2, 'expected a positive numerical parameter'],
  [`curl -m abc ${H}`, 2, 'option -m: expected a proper numerical parameter'],
  [`curl --no-proxy x ${H}`, 2, "option --no-proxy: used '--no-' for option that isn't a boolean\n"],
  [`curl --no-ipv4 ${H}`, 2, "option --no-ipv4: the given option can't be reversed with a --no- prefix\n"],
  [`curl --no-bogus ${H}`, 2, 'option --no-bogus: is unknown\n'],
  [`curl -sS -x 'ht!tp://10.20.0.6:8080' ${H}`, 5, "Unsupported proxy syntax in 'ht!tp://10.20.0.6:8080'\n"],
  [`curl --retry x ${H}`, 2, 'option --retry: expected a proper numerical parameter'],
  ["curl -sS 'http://www example.com/'", 3, 'curl: (3) URL using bad/illegal format or missing URL\n'],
  ["curl -sS 'http://www.exa*mple.com/'", 3, 'curl: (3) '],
  ['curl -sS http://www.example.com:x/', 3, 'curl: (3) '],
  ["curl -sS 'http://[zz]/' -g", 3, 'curl: (3) '],
  ["curl -sS 'http://[::1]:9/'", 7, 'IPv6 is not simulated'],
  ["curl -sS 'http://www.example.com/{a,b}'", 1, 'several addresses in one URL'],
  [`curl -sS -d @file ${H}`, 2, 'a file in --data (@file) is not simulated'],
  [`curl -sS -b jar ${H}`, 2, 'a file of cookies'],
  [`curl -sSO ${H}`, 23, 'curl: (23) Failed writing received data to disk/application\n'],
  [`curl -sS -o no/page ${H}`, 23, 'curl: (23) Failure writing output to destination\n'],
  [`curl -sS -o /tmp ${H}`, 23, 'curl: (23) Failure writing output to destination\n'],
  [`curl -sSI -o no/page ${H}`, 23, 'curl: (23) Failed writing header\n'],
  [`curl -sS -o no/page http://www.example.com:81/`, 7, 'curl: (7) '],
  [
    `CURL_CA_BUNDLE=none.pem curl -sS https://www.example.com/`,
    77,
    'error setting certificate file: none.pem',
  ],
])('%s ends with %i', async (line, exitCode, words) => {
  const result = await ran(line);
  expect({ exitCode: result.exitCode, stderr: result.stderr }).toEqual({
    exitCode,
    stderr: expect.stringContaining(words) as unknown,
  });
  expect(result.stdout).toBe('');
});

test('a switch is taken back by --no-', async () => {
  const quiet = await ran(`curl -sS -v --no-verbose --keepalive --no-location ${H}`);
  expect(quiet).toMatchObject({ exitCode: 0, stderr: '' });
});

test('an address in a short form is an address', async () => {
  expect((await ran('curl -sSv -m 1 http://10.20.6:8080/')).stderr).toContain('Trying 10.20.0.6:8080...');
});

test('from 8.0 on it says what is wrong with the address of a proxy', async () => {
  const { stderr } = await ran(`curl -sS -x 'ht!tp://10.20.0.6:8080' ${H}`, 'vm-noble');
  expect(stderr).toBe(
    "curl: (5) Unsupported proxy syntax in 'ht!tp://10.20.0.6:8080': Port number was not a decimal number between 0 and 65535\n",
  );
});

test('a folder that is not there is told of, and not made', async () => {
  const told = await ran(`curl -o no/page ${H}; ls no`);
  expect(told.stderr).toContain('Warning: Failed to open the file no/page: No such file or directory\n');
  expect(told.stderr).toContain('ls: no: No such file or directory');
  const loud = await ran(`curl -sSv -o no/page -w '%{http_code} %{exitcode}' -D head ${H}; head -c 12 head`);
  expect(loud.stderr).toMatch(
    /< \n\* Failure writing output to destination\n\* Closing connection 0\ncurl: \(23\) /,
  );
  expect(loud.stdout).toBe('200 23HTTP/1.1 200');
  expect((await ran(`curl -sS -o no/page ${H}`, 'vm-noble')).stderr).toBe(
    'curl: (23) Failure writing output to destination\n',
  );
});

test.each([
  [`wget -O no/page ${H}`, 1, 'no/page: No such file or directory\n'],
  ['openssl genrsa -out no/key 2048', 1, 'Can\'t open "no/key" for writing, No such file or directory\n'],
  ['openssl genrsa -out /tmp 2048', 1, 'Can\'t open "/tmp" for writing, Is a directory\n'],
])('%s makes no folder either', async (line, exitCode, words) => {
  const result = await ran(`${line}; echo $? > code; ls no; cat code`);
  expect(result.stdout).toBe(`${exitCode}\n`);
  expect(result.stderr).toContain(words);
});

test('newer ones say what is wrong with a URL, and cut no option short', async () => {
  expect((await ran("curl -sS 'http://a b/'", 'vm-noble')).stderr).toBe(
    'curl: (3) URL rejected: Malformed input to a URL function\n',
  );
  expect((await ran('curl', 'vm-noble')).stderr).toContain('curl: (2) no URL specified\n');
});

test('an option may be cut short where one alone is meant', async () => {
  const whole = await ran(`curl --sil --nopro x ${H} --outp /dev/null --write '%{http_code}'`);
  expect(whole.stdout).toBe('200');
});

test('what is sent beside the request', async () => {
  const { stderr } = await ran(`curl -sv -e http://ref/ -b a=b -b c=d --compressed ${P} ${H}`);
  const sent = stderr.split('\n').filter((line) => line.startsWith('> '));
  expect(sent.slice(2)).toEqual([
    '> User-Agent: curl/7.88.1',
    '> Accept: */*',
    '> Accept-Encoding: deflate, gzip, br, zstd',
    '> Referer: http://ref/',
    '> Proxy-Connection: Keep-Alive',
    '> Cookie: a=b; c=d',
    '> ',
  ]);
});

test('whoever logs in by the address of the proxy does not by --proxy-user', async () => {
  const asking = forwardProxy({ proxyAuth: 'ann:secret' });
  const line = `curl -s -o /dev/null -w '%{http_code}' -U ann:secret -x http://ann:wrong@10.20.0.6:8080 ${H}`;
  expect((await ran(line, 'vm-debian', asking)).stdout).toBe('407');
});

test('--write-out: streams, a file, headers, what is none', async () => {
  const { stdout, stderr } = await ran(
    `printf 'of a file %%{urlnum}' > f; curl -s -o /dev/null -w @f ${H}; curl -s -o /dev/null -w '%{nosuch}|%%|%header{server}|%{stderr}%{http_code}' ${H}`,
  );
  expect({ stdout, stderr }).toEqual({
    stdout: 'of a file 0|%|web server|',
    stderr: "curl: unknown --write-out variable: 'nosuch'\n200",
  });
});

test('--dump-header has what CONNECT said, and comes before the page', async () => {
  const { stdout } = await ran(`curl -s -k -D - -o /dev/null ${P} https://www.example.com/`);
  expect(stdout.split('\r\n').slice(0, 3)).toEqual([
    'HTTP/1.1 200 Connection established',
    '',
    'HTTP/1.1 200 OK',
  ]);
  expect((await ran(`curl -s -D h -o /dev/null ${H}; head -1 h`)).stdout).toBe('HTTP/1.1 200 OK\r\n');
});

test('--resolve of every name', async () => {
  const { stderr, exitCode } = await ran("curl -sv --resolve '*:80:203.0.113.81' http://any.example.net/");
  expect(exitCode).toBe(0);
  expect(stderr).toContain(
    '* RESOLVE *:80 is wildcard, enabling wildcard checks\n* Hostname any.example.net',
  );
});

test('blanks in NO_PROXY are said to be old', async () => {
  const line = `no_proxy='a b' curl -sv ${H}`;
  const words = '* space-separated NOPROXY patterns are deprecated\n';
  expect((await ran(line)).stderr).toContain(words);
  expect((await ran(line, 'vm-client')).stderr).not.toContain(words);
});
