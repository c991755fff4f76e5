import { expect, test } from 'vitest';
import { withConfiguration } from '../../../../src/shell/place/curl-config.ts';

// Seen with curl 7.88.1: what of these lines reaches the request.
const CURLRC = `# comment
proxy = "http://127.0.0.1:8099"
user-agent:  probe
-H "X-A: \\"b\\""
silent
  max-time 3 and the rest
`;
const OWN = ['--proxy', 'http://127.0.0.1:8099', '--user-agent', 'probe', '-H', 'X-A: "b"', '--silent'];
const FILES: Readonly<Record<string, string>> = { '/root/.curlrc': CURLRC, other: 'cacert=ca.pem\n' };

const called = (args: readonly string[], env: Readonly<Record<string, string>> = { HOME: '/root' }) =>
  withConfiguration(args, {
    env: new Map(Object.entries(env)),
    readFile: (path) => Promise.resolve(FILES[path] ?? null),
  });

test.each<[string, readonly string[], readonly string[], Readonly<Record<string, string>>?]>([
  ['its own file comes first', ['URL'], [...OWN, '--max-time', '3', 'URL']],
  ['-q at the beginning leaves it out', ['-qS', 'URL'], ['-qS', 'URL']],
  ['-q elsewhere does not', ['URL', '-q'], [...OWN, '--max-time', '3', 'URL', '-q']],
  ['-K reads another where it stands', ['-q', '-K', 'other', 'URL'], ['-q', '--cacert', 'ca.pem', 'URL']],
  ['so does -K without a blank', ['-q', '-Kother', 'URL'], ['-q', '--cacert', 'ca.pem', 'URL']],
  ['a file that is not there stays what it is', ['-q', '-K', 'none'], ['-q', '-K', 'none']],
  ['another home has none', ['URL'], ['URL'], { HOME: '/home/azureuser' }],
  [
    'CURL_HOME comes before HOME',
    ['URL'],
    [...OWN, '--max-time', '3', 'URL'],
    { CURL_HOME: '/root', HOME: '/' },
  ],
])('%s', async (_, args, expected, env) => {
  expect(await called(args, env)).toEqual(expected);
});
