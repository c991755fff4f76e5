/**
 * Bad command lines neither crash nor hang, and change nothing when they fail and report nothing done. What a
 * failed program did send has been sent, though: the nodes that passed it on know their neighbours from it.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Cloud } from '../../src/model/cloud.ts';
import type { KubernetesState, Node } from '../../src/model/kubernetes/objects.ts';
import { quoteWord } from '../../src/shell/quote.ts';
import { runScenario } from '../../src/shell/scenario.ts';
import { createSession, type Session } from '../../src/shell/session.ts';

const RUNS = 250;
const SLOWEST_MILLISECONDS = 5000;

const NAMES = [
  'nginx-deploy',
  'pod-a',
  'pod-c',
  'demo',
  'default',
  'kube-system',
  'aks-nodepool1-11743156-vmss000000',
  'backend',
  'nope',
  'web',
  '10.244.0.15',
  '10.244.1.27',
  '10.0.0.1',
  '10.1.2.3',
  '168.63.129.16',
  'example.com',
  'kubernetes.default',
  'http://10.244.1.27',
  'https://kubernetes',
  '0',
  '-1',
  '65536',
  '80',
  '',
];
const JUNK = [
  '',
  ' ',
  '-',
  '--',
  '---',
  '-=',
  '--=',
  '=',
  '/',
  '//',
  'a/b/c',
  ',',
  'pods,',
  ',pods',
  '*',
  '?',
  '[',
  '{',
  '}',
  '{.x',
  '%',
  '\\',
  '"',
  "'",
  '\u0000',
  '\n',
  'é',
  '💥',
  '../..',
  '-1',
  '1e9',
  '__proto__',
  'constructor',
  'toString',
  'NaN',
  'a'.repeat(300),
  '$(x)',
  '`x`',
  '10.0.0.0/8',
  '999.1.1.1',
  '::1',
];

function line(words: readonly string[]): fc.Arbitrary<readonly string[]> {
  const word = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...words) },
    { weight: 3, arbitrary: fc.constantFrom(...NAMES) },
    { weight: 1, arbitrary: fc.constantFrom(...JUNK) },
    { weight: 1, arbitrary: fc.string({ maxLength: 12 }) },
  );
  return fc.array(word, { maxLength: 8 });
}

const KUBECTL = line([
  'get',
  'describe',
  'delete',
  'create',
  'apply',
  'scale',
  'expose',
  'run',
  'label',
  'annotate',
  'exec',
  'debug',
  'logs',
  'rollout',
  'status',
  'restart',
  'wait',
  'config',
  'view',
  'use-context',
  'set-context',
  'cordon',
  'drain',
  'cluster-info',
  'version',
  'api-resources',
  'events',
  'top',
  'deployment',
  'namespace',
  'service',
  'clusterip',
  'nodeport',
  'pods',
  'po',
  'svc',
  'deploy',
  'nodes',
  'no',
  'rs',
  'ds',
  'ns',
  'ep',
  'ev',
  'cm',
  'all',
  'endpointslices',
  'secrets',
  'pod/pod-a',
  'node/aks-nodepool1-11743156-vmss000000',
  'deploy/nginx-deploy',
  'svc/nginx-deploy',
  'foo/bar',
  '-n',
  '-A',
  '-l',
  '-o',
  '-f',
  '-it',
  '-i',
  '-c',
  '--',
  '--image=nginx',
  '--image',
  '--replicas=3',
  '--replicas',
  '--port=80',
  '--port',
  '--type=NodePort',
  '--name=x',
  '--tcp=80:80',
  '--overwrite',
  '--all',
  '--dry-run',
  '--dry-run=client',
  '--rm',
  '--for=condition=Ready',
  '--for',
  '--no-headers',
  '--show-labels',
  '--sort-by=.metadata.name',
  '--sort-by',
  '--field-selector',
  '--current',
  '--help',
  '-h',
  '-w',
  '--context',
  '--force',
  'json',
  'yaml',
  'wide',
  'name',
  'jsonpath={.items[*].metadata.name}',
  'jsonpath={',
  'custom-columns=A:.metadata.name',
  'custom-columns=',
  'app=nginx-deploy',
  'a in (b',
  'app in (x,y)',
  '!app',
  'a=b',
  'a-',
  'sh',
  'ls',
  'ip',
  'route',
  'true',
  'false',
]);

const PROGRAMS = [
  'ip',
  'arp',
  'ping',
  'traceroute',
  'tracepath',
  'curl',
  'wget',
  'nc',
  'nslookup',
  'dig',
  'host',
  'getent',
  'route',
  'netstat',
  'ifconfig',
  'ss',
  'sysctl',
  'iptables',
  'iptables-save',
  'brctl',
  'bridge',
  'hostname',
  'env',
  'cat',
  'tcpdump',
  'conntrack',
  'python3',
  'chroot',
  'id',
  'uname',
  'date',
];
const IN_PLACE = line([
  'route',
  'addr',
  'link',
  'neigh',
  'show',
  'get',
  'add',
  'del',
  'dev',
  'eth0',
  'cbr0',
  'lo',
  'default',
  'via',
  'table',
  'main',
  'all',
  'fdb',
  'showmacs',
  'hosts',
  'ahosts',
  '-4',
  '-6',
  '-br',
  '-o',
  '-a',
  '-n',
  '-c',
  '2',
  '-W',
  '1',
  '-s',
  '-v',
  '-m',
  '-I',
  '-w',
  '%{http_code}',
  '-o',
  '/dev/null',
  '--max-time',
  '--connect-timeout',
  '-zv',
  '-u',
  '-T',
  '-qO-',
  '-x',
  '+short',
  '@10.0.0.10',
  '-type=a',
  '-type=mx',
  '-t',
  'nat',
  '-S',
  '-L',
  '-nvL',
  'KUBE-SERVICES',
  'POSTROUTING',
  '-lntp',
  '-rn',
  'net.ipv4.ip_forward',
  'net.ipv4.ip_forward=0',
  'net.ipv4.ip_forward=x',
  'kernel.x',
  '/host',
  '/proc/net/arp',
  '-m',
  'http.server',
  '10.244.0.16:81',
  'http://nginx-deploy.default',
  'ftp://x',
  'http://',
  'http://:80',
  'http://x:99999',
]);

const NETPATH = line([
  '--from',
  '--to',
  '--protocol',
  '--port',
  '-o',
  '--output',
  'json',
  'text',
  'tcp',
  'udp',
  'icmp',
  'pod/demo/pod-a',
  'pod/pod-a',
  'node/aks-pool2-13111960-vmss000000',
  'vm/vm-backend',
  'host/datacenter',
  'internet',
  'service/nginx-deploy',
  'svc/default/kubernetes',
  '--from=pod/demo/pod-a',
  '--to=internet',
  '--port=443',
  '--port=x',
  '--help',
  'vm/',
  'pod/',
  '/',
  'http://nginx-deploy.default:80/x',
]);

const FROM_POD_C = 'kubectl debug -n demo pod-c -it --image=nicolaka/netshoot --';

let built: Session;

beforeAll(async () => {
  built = (await runScenario(readFileSync('content/scenarios/kubenet-case-study.sh', 'utf8'))).session;
});

/** A session of its own on the same cloud, so that one line's effect does not reach the next. */
async function copy(): Promise<Session> {
  const session = createSession({ cloud: built.cloud });
  await session.writeFile('.kube/config', (await built.readFile('.kube/config')) ?? '');
  return session;
}

/** What a line that fails and says nothing on stdout may have done to the cloud all the same. */
type Excused = 'nothing' | 'neighbours';

async function check(source: string, excused: Excused = 'nothing'): Promise<void> {
  const session = await copy();
  const before = session.cloud;
  const started = performance.now();
  const { exitCode, stdout, stderr } = await session.run(source);
  expect(
    session.bugs.map((bug) => bug.stack ?? bug.message),
    source,
  ).toEqual([]);
  expect(performance.now() - started, source).toBeLessThan(SLOWEST_MILLISECONDS);
  // kubectl goes on after an object that fails, and says on stdout what it did to the others.
  if (exitCode !== 0 && stdout === '' && session.cloud !== before) {
    const after = excused === 'neighbours' ? withoutLessons(session.cloud, before) : session.cloud;
    expect(after, `${source}\n${stderr}`).toEqual(before);
  }
}

/**
 * Returns the cloud without the neighbours that its nodes have learned since. `wget HOST NOBODY` fails, but not
 * before its packets to HOST went out, and it tells of them on stderr. Only a pod or node of the cluster added at
 * the end counts as learned, so that a neighbour forgotten, moved or made up still shows as a change.
 */
function withoutLessons(after: Cloud, before: Cloud): Cloud {
  const kubernetes = mapValues(after.kubernetes, (state, key) => {
    const earlier = before.kubernetes[key];
    if (earlier === undefined) return state;
    const reachable = addressesIn(earlier);
    const nodes = mapValues(state.nodes, (node, name) =>
      withoutLearned(node, earlier.nodes[name]?.simulation?.neighbours.length ?? 0, reachable),
    );
    return { ...state, nodes };
  });
  return { ...after, kubernetes };
}

function mapValues<T>(
  record: Readonly<Record<string, T>>,
  change: (value: T, key: string) => T,
): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}

function withoutLearned(node: Node, known: number, reachable: ReadonlySet<string>): Node {
  if (node.simulation === undefined) return node;
  const neighbours = node.simulation.neighbours.filter(
    ({ address }, at) => at < known || !reachable.has(address),
  );
  return { ...node, simulation: { ...node.simulation, neighbours } };
}

function addressesIn({ pods, nodes }: KubernetesState): ReadonlySet<string> {
  return new Set([
    ...Object.values(pods).flatMap(({ status }) => status.podIP ?? []),
    ...Object.values(nodes).flatMap(({ status }) => status.addresses.map(({ address }) => address)),
  ]);
}

function command(program: string, words: readonly string[]): string {
  // A NUL cannot be part of an argument.
  return [program, ...words.map((word) => quoteWord(word.replaceAll('\u0000', '')))].join(' ');
}

describe('fuzzed command lines neither crash nor hang nor change the cloud when they fail', () => {
  test('kubectl', async () => {
    await fc.assert(
      fc.asyncProperty(KUBECTL, (words) => check(command('kubectl', words))),
      { numRuns: RUNS },
    );
  }, 120_000);

  test('programs in pods, on nodes and on VMs', async () => {
    const where = fc.constantFrom(
      'kubectl exec -n demo pod-a --',
      'kubectl debug node/aks-nodepool1-11743156-vmss000000 -it --image=busybox --',
      'kubectl debug node/aks-pool2-13111960-vmss000000 -it --image=ubuntu -- chroot /host',
      FROM_POD_C,
    );
    await fc.assert(
      fc.asyncProperty(where, fc.constantFrom(...PROGRAMS), IN_PLACE, (prefix, program, words) =>
        check(command(`${prefix} ${program}`, words), 'neighbours'),
      ),
      {
        numRuns: RUNS,
        // Few lines fail only after their packets went out, and from a pod that its node does not know yet.
        examples: [
          [FROM_POD_C, 'wget', ['10.244.0.15', 'route']],
          [FROM_POD_C, 'nc', ['-zv', '10.244.0.15', '81']],
          [FROM_POD_C, 'curl', ['-s', '-o', '/dev/null', '10.244.0.15', 'http://nope']],
        ],
      },
    );
  }, 120_000);

  test('netpath', async () => {
    await fc.assert(
      fc.asyncProperty(NETPATH, (words) => check(command('netpath', words))),
      { numRuns: RUNS },
    );
  }, 120_000);

  test('bash itself', async () => {
    const pieces = fc.constantFrom(
      'echo',
      'if',
      'then',
      'fi',
      'for',
      'in',
      'do',
      'done',
      '|',
      '||',
      '&&',
      ';',
      '&',
      '>',
      '<',
      '>>',
      '2>&1',
      '$(',
      ')',
      '`',
      '"',
      "'",
      '{',
      '}',
      '[[',
      ']]',
      '((',
      '))',
      '$x',
      '${x',
      '}',
      '*',
      'x=1',
      'kubectl',
      'az',
      'exit',
      '<<EOF',
      '\n',
      'EOF',
      '!',
      'function',
      'f()',
      '\\',
      '#',
      'return',
      'local',
      'set',
      '-e',
      'cat',
      '/etc/hosts',
      'eval',
      '"$@"',
      '$E',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { maxLength: 10 }), (words) => check(words.join(' '))),
      { numRuns: RUNS },
    );
  }, 120_000);
});

describe('what a program that fails may leave behind is what its packets taught the nodes, and no more', () => {
  const POD_C = '10.244.1.27';
  const NODE_OF_POD_C = 'aks-pool2-13111960-vmss000000';

  function neighboursOf(cloud: Cloud): readonly string[] {
    const [state] = Object.values(cloud.kubernetes);
    return (state?.nodes[NODE_OF_POD_C]?.simulation?.neighbours ?? []).map(({ address }) => address);
  }

  function withNeighbours(addresses: readonly string[]): Cloud {
    const neighbours = addresses.map((address) => ({ address }));
    const kubernetes = mapValues(built.cloud.kubernetes, (state) => {
      const node = state.nodes[NODE_OF_POD_C];
      if (node?.simulation === undefined) throw new Error(`no such node: ${NODE_OF_POD_C}`);
      const changed = { ...node, simulation: { ...node.simulation, neighbours } };
      return { ...state, nodes: { ...state.nodes, [NODE_OF_POD_C]: changed } };
    });
    return { ...built.cloud, kubernetes };
  }

  test.each(['wget 10.244.0.15 route', 'nc -zv 10.244.0.15 81'])('%s', async (program) => {
    const session = await copy();
    const known = neighboursOf(session.cloud);
    const { exitCode, stdout, stderr } = await session.run(`${FROM_POD_C} ${program}`);
    expect(exitCode, stderr).not.toBe(0);
    expect(stdout).toBe('');
    expect(known).not.toContain(POD_C);
    expect(neighboursOf(session.cloud)).toEqual([...known, POD_C]);
    expect(withoutLessons(session.cloud, built.cloud)).toEqual(built.cloud);
  });

  test('a neighbour learned is excused', () => {
    const known = neighboursOf(built.cloud);
    expect(withoutLessons(withNeighbours([...known, POD_C]), built.cloud)).toEqual(built.cloud);
  });

  test.each<[string, (known: readonly string[]) => readonly string[]]>([
    ['forgotten', (known) => known.slice(1)],
    ['moved', (known) => known.toReversed()],
    ['put first', (known) => [POD_C, ...known]],
    ['made up', (known) => [...known, '10.9.9.9']],
  ])('a neighbour %s is a change', (_how, changed) => {
    const after = withNeighbours(changed(neighboursOf(built.cloud)));
    expect(withoutLessons(after, built.cloud)).not.toEqual(built.cloud);
  });

  test('a change beside what was learned is a change', () => {
    const after = { ...withNeighbours([...neighboursOf(built.cloud), POD_C]), now: built.cloud.now + 1 };
    expect(withoutLessons(after, built.cloud)).not.toEqual(built.cloud);
  });
});
