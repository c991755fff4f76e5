import { describe, expect, test } from 'vitest';
import { netpath } from '../../../src/shell/netpath.ts';
import type { CommandContext, CommandResult } from '../../../src/shell/command.ts';
import { withPod, withProxy } from '../../support/forward-proxy.ts';
import { twoNodeCloud } from '../model/compile/two-node-cloud.ts';

const CLOUD = twoNodeCloud();

async function run(
  line: string,
  env: Readonly<Record<string, string>> = {},
  cloud = CLOUD,
): Promise<CommandResult> {
  const context: CommandContext = {
    args: line.split(' ').filter((word) => word !== ''),
    stdin: '',
    env: new Map(Object.entries(env)),
    cwd: '/home/learner',
    place: { kind: 'workstation' },
    cloud,
    readFile: () => Promise.resolve(null),
    writeFile: () => Promise.resolve(),
    runIn: () => Promise.reject(new Error('netpath runs nothing')),
  };
  return netpath.run(context);
}

describe('netpath answers', () => {
  test('JSON has exactly the keys of the contract', async () => {
    const { stdout, exitCode } = await run('--from pod/a --to pod/c -o json');
    const answer = JSON.parse(stdout) as Record<string, unknown>;
    expect(exitCode).toBe(0);
    expect(Object.keys(answer).sort()).toEqual(['disposition', 'hops', 'reason', 'reverse', 'seenSource']);
    expect(answer['disposition']).toBe('delivered');
    expect(Object.keys(answer['seenSource'] as object)).toEqual(['address', 'port']);
    const [hop] = answer['hops'] as { place: string; steps: object[] }[];
    expect(Object.keys(hop ?? {})).toEqual(['place', 'steps']);
    expect(Object.keys(hop?.steps[0] ?? {})).toEqual(['kind', 'by', 'action', 'lost', 'before', 'after']);
    expect(Object.keys(answer['reverse'] as object).sort()).toEqual([
      'disposition',
      'hops',
      'reason',
      'seenSource',
    ]);
  });

  test('JSON of a flow that never arrives has no seen source and no way back', async () => {
    const answer = JSON.parse((await run('--from vm/peer --to pod/c --output=json')).stdout) as Record<
      string,
      unknown
    >;
    expect(answer).toMatchObject({ disposition: 'dropped-by-route', seenSource: null, reverse: null });
  });

  test('text begins with the flow and its outcome', async () => {
    const { stdout } = await run('--from=pod/a --to=pod/c --port=80');
    expect(stdout.split('\n').slice(0, 2)).toEqual([
      expect.stringMatching(
        /^pod\/default\/a \(10\.244\.0\.\d+\) -> pod\/default\/c \(10\.244\.1\.\d+\) tcp\/80$/,
      ),
      expect.stringMatching(/^delivered: nginx at pod\/default\/c/),
    ]);
  });

  test('colour is there when asked for, and nothing else changes', async () => {
    const plain = (await run('--from pod/a --to internet')).stdout;
    const coloured = (await run('--from pod/a --to internet', { CLICOLOR_FORCE: '1' })).stdout;
    expect(coloured).toContain('\u001b[32mdelivered\u001b[0m: ');
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(plain);
    expect((await run('--from pod/a --to internet', { CLICOLOR_FORCE: '1', NO_COLOR: '1' })).stdout).toBe(
      plain,
    );
    expect((await run('--from pod/a --to internet', { CLICOLOR: '1' })).stdout).toBe(plain);
  });

  const rows: readonly { name: string; line: string; exitCode: number; says: RegExp }[] = [
    {
      name: 'a blocked flow is an answer too',
      line: '--from vm/peer --to pod/c',
      exitCode: 0,
      says: /^vm\/peer.*\ndropped-by-route/,
    },
    {
      name: 'icmp has no port',
      line: '--from pod/a --to pod/c --protocol icmp',
      exitCode: 0,
      says: /icmp\ndelivered/,
    },
    {
      name: 'protocols may be in capitals',
      line: '--from pod/a --to 168.63.129.16 --protocol UDP --port 53',
      exitCode: 0,
      says: /udp\/53\ndelivered/,
    },
    { name: 'help', line: '--help', exitCode: 0, says: /^netpath: follows a flow/ },
    {
      name: 'an END that does not exist',
      line: '--from pod/z --to internet',
      exitCode: 1,
      says: /^netpath: there is no pod z in namespace default/,
    },
    {
      name: 'no ENDs',
      line: '',
      exitCode: 2,
      says: /^netpath: --from and --to must be given\nUsage: netpath --from END/,
    },
    { name: 'one END', line: '--from pod/a', exitCode: 2, says: /--to must be given/ },
    {
      name: 'an unknown option',
      line: '--from pod/a --to pod/c --verbose',
      exitCode: 2,
      says: /unknown option --verbose/,
    },
    {
      name: 'a stray word',
      line: 'pod/a pod/c',
      exitCode: 2,
      says: /unexpected argument "pod\/a"; ENDs are given with --from and --to/,
    },
    {
      name: 'an option without its value',
      line: '--from pod/a --to',
      exitCode: 2,
      says: /--to needs a value/,
    },
    {
      name: 'an option where a value should be',
      line: '--from pod/a --to --port 80',
      exitCode: 2,
      says: /--to needs a value/,
    },
    {
      name: 'an option twice',
      line: '--from pod/a --from pod/b --to pod/c',
      exitCode: 2,
      says: /--from is given twice/,
    },
    {
      name: 'port 0',
      line: '--from pod/a --to pod/c --port 0',
      exitCode: 2,
      says: /--port is a number from 1 to 65535, not "0"/,
    },
    {
      name: 'a port that is no number',
      line: '--from pod/a --to pod/c --port http',
      exitCode: 2,
      says: /not "http"/,
    },
    {
      name: 'a port for icmp',
      line: '--from pod/a --to pod/c --protocol icmp --port 80',
      exitCode: 2,
      says: /icmp has no ports/,
    },
    {
      name: 'an unknown protocol',
      line: '--from pod/a --to pod/c --protocol sctp',
      exitCode: 2,
      says: /tcp, udp or icmp, not "sctp"/,
    },
    {
      name: 'an unknown output',
      line: '--from pod/a --to pod/c -o yaml',
      exitCode: 2,
      says: /--output is text or json, not "yaml"/,
    },
  ];
  test.each(rows)('$name', async ({ line, exitCode, says }) => {
    const result = await run(line);
    expect(result.exitCode, result.stderr).toBe(exitCode);
    expect(exitCode === 0 ? result.stdout : result.stderr).toMatch(says);
    expect(exitCode === 0 ? result.stderr : result.stdout).toBe('');
    expect(result.cloud).toBeUndefined();
  });
});

describe('netpath over a proxy', () => {
  const PROXY = 'http://10.225.0.4:8080';
  const proxied = withPod(withProxy(CLOUD, 'peer'), 'cli', {
    HTTPS_PROXY: PROXY,
    no_proxy: '.svc,10.0.0.0/8',
  });
  const ask = (line: string): Promise<CommandResult> => run(`--from pod/cli ${line}`, {}, proxied);

  test('says so in its first line, and on stderr what chose it', async () => {
    const { stdout, stderr, exitCode } = await ask('--to https://example.com');
    expect(stdout.split('\n')[0]).toMatch(
      /^pod\/default\/cli \(.*\) -> https:\/\/example\.com \(203\.0\.113\.80\) tcp\/443 over the proxy http:\/\/10\.225\.0\.4:8080$/,
    );
    expect(stderr).toBe(
      `netpath: client curl asks the proxy ${PROXY}, which HTTPS_PROXY names; none of the 2 entries of no_proxy matches example.com\n`,
    );
    expect(exitCode).toBe(0);
  });

  test('a client that reads no list of exceptions is not said to have looked in it', async () => {
    const cloud = withPod(withProxy(CLOUD, 'peer'), 'box', { http_proxy: PROXY, no_proxy: '.com' });
    const { stderr } = await run('--from pod/box --to http://example.com --client busybox-wget', {}, cloud);
    expect(stderr).toBe(
      `netpath: client busybox-wget asks the proxy ${PROXY}, which http_proxy names; no_proxy exempts nothing: wget of busybox does not read no_proxy\n`,
    );
  });

  test('wget of busybox gets no https through mitmproxy, as the real one', async () => {
    const cloud = withPod(withProxy(CLOUD, 'peer'), 'box', { http_proxy: PROXY });
    const over = async (scheme: string): Promise<string> =>
      (await run(`--from pod/box --to ${scheme}://example.com --client busybox-wget`, {}, cloud)).stdout;
    expect(await over('http')).toMatch(/\ndelivered: /);
    expect(await over('https')).toMatch(
      /\ndenied-outbound: .* closes the connection without an answer: it is no CONNECT but a plain GET/,
    );
  });

  test('JSON has the same keys as ever, and the proxy’s step says what it does', async () => {
    const { stdout } = await ask('--to https://example.com -o json');
    const answer = JSON.parse(stdout) as { hops: { place: string; steps: Record<string, unknown>[] }[] };
    expect(Object.keys(answer).sort()).toEqual(['disposition', 'hops', 'reason', 'reverse', 'seenSource']);
    const at = answer.hops.find(({ place }) => place === 'vm/peer');
    const [step] = at?.steps.filter(({ kind }) => kind === 'proxy') ?? [];
    expect(step).toMatchObject({ kind: 'proxy', does: 'relay', by: 'mitmdump at vm/peer' });
    expect(step?.['lost']).toHaveLength(2);
  });

  test.each<readonly [name: string, line: string, first: RegExp, stderr: RegExp]>([
    [
      'a client of another kind',
      '--to https://10.0.0.1/ --client python-urllib',
      /over the proxy/,
      /^netpath: client python-urllib asks/,
    ],
    [
      'an entry that matches',
      '--to https://10.0.0.1/ --client go',
      /tcp\/443$/,
      /^netpath: client go goes to 10\.0\.0\.1 without a proxy: no_proxy has 10\.0\.0\.0\/8$/m,
    ],
    ['none', '--to https://example.com --client=none', /tcp\/443$/, /^$/],
    [
      'no name that the proxy knows',
      '--to https://web/',
      /-> https:\/\/web\/ tcp\/443 over the proxy/,
      /^netpath: client curl asks/,
    ],
  ])('%s', async (_, line, first, stderr) => {
    const result = await ask(line);
    expect(result.stdout.split('\n')[0]).toMatch(first);
    expect(result.stderr).toMatch(stderr);
  });

  test.each<readonly [name: string, line: string, complaint: RegExp]>([
    [
      'a client that there is not',
      '--to https://example.com --client lynx',
      /--client is one of curl, .*none, not "lynx"/,
    ],
    [
      'a client, and no URL',
      '--to pod/a --client go',
      /--client says who asks for a URL, and --to "pod\/a" is none/,
    ],
    [
      'a client over UDP',
      '--to http://web --protocol udp --client go',
      /--client go asks over tcp; leave --protocol udp out/,
    ],
    ['a client twice', '--to http://web --client go --client go', /given twice/],
  ])('%s is refused', async (_, line, complaint) => {
    const { stderr, exitCode } = await ask(line);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(complaint);
  });
});
