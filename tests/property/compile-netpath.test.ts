/** netpath as typed by someone in a hurry: whatever the words, an answer, a reason, or usage; never a crash. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DISPOSITIONS } from '../../src/model/trace/disposition.ts';
import type { CommandContext } from '../../src/shell/command.ts';
import { netpath } from '../../src/shell/netpath.ts';
import { kubenetCloud, nodeName, webService } from '../unit/model/compile/kubenet-cloud.ts';

const CLOUD = kubenetCloud({
  services: [webService('web')],
  outsideHosts: [
    {
      kind: 'on-premises',
      name: 'office',
      address: '10.1.2.3',
      prefix: '10.1.0.0/16',
      virtualNetwork: '*',
      ports: [80],
    },
  ],
});

const known = fc.constantFrom(
  'pod/web-0-0',
  'pod/default/web-1-1',
  'pod/kube-system/kube-proxy-0',
  `node/${nodeName(1)}`,
  'vm/peer',
  'vm/neighbour',
  'host/office',
  'host/internet',
  'internet',
  'service/web',
  '10.244.1.2',
  '10.224.0.5',
  '8.8.8.8',
  '0.0.0.0',
  '127.0.0.1',
  '255.255.255.255',
  '224.0.0.1',
  '169.254.169.254',
  '10.0.99.80',
  'http://web',
  'https://example.com/x',
  'http://kubernetes.default.svc:443',
);
const damaged = fc
  .tuple(known, fc.nat(), fc.constantFrom('', '/', '@', ':', '.', '-', ' ', '\u0000', 'é', '%', '..', '//'))
  .map(
    ([text, at, wedge]) =>
      `${text.slice(0, at % (text.length + 1))}${wedge}${text.slice((at + 1) % (text.length + 1))}`,
  );
const end = fc.oneof({ weight: 3, arbitrary: known }, { weight: 2, arbitrary: damaged }, fc.string());
const word = fc.oneof(
  end,
  fc.constantFrom(
    '--from',
    '--to',
    '--port',
    '--protocol',
    '-o',
    '--output',
    'json',
    'tcp',
    'udp',
    'icmp',
    '80',
    '65536',
    '-1',
    '--help',
    '--',
    '-ojson',
    '--port=443',
  ),
);
const wellFormed = fc
  .tuple(
    end,
    end,
    fc.constantFrom('tcp', 'udp', 'icmp'),
    fc.option(fc.nat(70_000)),
    fc.constantFrom('text', 'json'),
  )
  .map(([from, to, protocol, port, output]) => [
    `--from=${from}`,
    '--to',
    to,
    '--protocol',
    protocol,
    ...(port === null ? [] : ['--port', String(port)]),
    '-o',
    output,
  ]);

test('every line gets an answer, a reason or usage, and changes nothing', async () => {
  const before = JSON.stringify(CLOUD);
  await fc.assert(
    fc.asyncProperty(
      fc.oneof({ weight: 3, arbitrary: wellFormed }, fc.array(word, { maxLength: 9 })),
      async (args) => {
        const context: CommandContext = {
          args,
          stdin: '',
          env: new Map(),
          cwd: '/',
          place: { kind: 'workstation' },
          cloud: CLOUD,
          readFile: () => Promise.resolve(null),
          writeFile: () => Promise.reject(new Error('netpath writes nothing')),
          runIn: () => Promise.reject(new Error('netpath runs nothing')),
        };
        const { stdout, stderr, exitCode, cloud } = await netpath.run(context);
        expect(cloud).toBeUndefined();
        expect([0, 1, 2]).toContain(exitCode);
        if (exitCode === 0) expect(stdout).not.toBe('');
        else
          expect({ stdout, stderr }).toEqual({
            stdout: '',
            stderr: expect.stringMatching(/^netpath: ./) as string,
          });
        if (exitCode === 0 && args.at(-1) === 'json' && args.at(-2) === '-o' && !args.includes('--help')) {
          const answer = JSON.parse(stdout) as { disposition: string };
          expect(Object.keys(DISPOSITIONS)).toContain(answer.disposition);
        }
      },
    ),
    { numRuns: 1500 },
  );
  expect(JSON.stringify(CLOUD)).toBe(before);
});
