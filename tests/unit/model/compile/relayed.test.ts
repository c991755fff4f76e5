/** Requests over a forward proxy on a VM: every way that each of the two connections can end. */
import { describe, expect, test } from 'vitest';
import { listResources } from '../../../../src/model/azure/resource-store.ts';
import { setListeners } from '../../../../src/model/azure/virtual-machine.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { ask } from '../../../../src/model/compile/ask.ts';
import type { Answer, Question } from '../../../../src/model/compile/ask.ts';
import { compile } from '../../../../src/model/compile/compile.ts';
import { formatAddress } from '../../../../src/model/ip/address.ts';
import { unwrap } from '../../../../src/model/result.ts';
import type { Disposition } from '../../../../src/model/trace/disposition.ts';
import { formatEndpoint } from '../../../../src/model/trace/header.ts';
import { traceToJson } from '../../../../src/model/trace/json.ts';
import { trace } from '../../../../src/model/trace/walk.ts';
import { createSession } from '../../../../src/shell/session.ts';
import { withPod, withProxy } from '../../../support/forward-proxy.ts';
import { twoNodeCloud } from './two-node-cloud.ts';

const PROXY = 'http://10.225.0.4:8080';
const VARIABLES = { http_proxy: PROXY, HTTPS_PROXY: PROXY, NO_PROXY: 'localhost,.svc,10.0.0.0/16' };
const INTERNET = 'https://example.com/';

const BARE = withPod(withPod(twoNodeCloud(), 'cli', VARIABLES), 'direct', {});
const CLOUD = withProxy(BARE, 'peer');

function asked(cloud: Cloud, to: string, more: Partial<Question> = {}): Answer {
  return unwrap(ask(cloud, { from: 'pod/cli', to, ...more }));
}

async function after(cloud: Cloud, script: string): Promise<Cloud> {
  const session = createSession({ cloud });
  const { exitCode, stderr } = await session.run(
    `set -e\naz aks get-credentials -g rg -n aks >/dev/null 2>&1\n${script}`,
  );
  if (exitCode !== 0) throw new Error(stderr);
  return session.cloud;
}

/** The last step of the way there: what ended it. */
function ender(answer: Answer): string {
  return answer.trace.hops.at(-1)?.steps.at(-1)?.by ?? '';
}

function stopListening(cloud: Cloud, machine: string): Cloud {
  const vm = listResources(cloud, 'Microsoft.Compute/virtualMachines').find(({ name }) => name === machine);
  if (vm === undefined) throw new Error(machine);
  return setListeners(
    cloud,
    vm.id,
    vm.simulation.listeners.filter(({ port }) => port !== 8080),
  );
}

const denyProxy = (direction: 'Inbound' | 'Outbound', port: number): string => `
az network nsg create -g rg -n nsg-proxy -o none
az network nsg rule create -g rg --nsg-name nsg-proxy -n Deny --priority 100 --direction ${direction} --access Deny --protocol Tcp --destination-port-ranges ${port} -o none
az network nic update -g rg -n peerVMNic --network-security-group nsg-proxy -o none`;

/** What machines of the proxy's subnet send there is dropped. */
const loseReplies = (prefix: string): string => `
az network route-table create -g rg -n rt-lost -o none
az network route-table route create -g rg --route-table-name rt-lost -n away --address-prefix ${prefix} --next-hop-type None -o none
VNET=$(az network vnet list -g MC_rg_aks_westeurope --query "[0].name" -o tsv)
ID=$(az network route-table show -g rg -n rt-lost --query id -o tsv)
az network vnet subnet update -g MC_rg_aks_westeurope --vnet-name $VNET -n vm-subnet --route-table $ID -o none`;

describe('a request over a proxy', () => {
  test('goes in two connections, and the server sees the proxy’s own address', () => {
    const { trace: traced, over, to } = asked(CLOUD, INTERNET);
    expect(traced.disposition).toBe('delivered');
    const places = traced.hops.map(({ place }) => place);
    expect(places.indexOf('vm/peer')).toBeGreaterThan(0);
    expect(places.at(-1)).toBe('host/internet');
    expect(traced.reverse?.hops.map(({ place }) => place).includes('vm/peer')).toBe(true);
    expect(traced.reverse?.hops.at(-1)?.place).toBe('pod/default/cli');
    const outside = trace(compile(CLOUD).network, {
      ...(traced.relayed?.legs[1]?.flow ?? traced.flow),
    });
    expect(traced.seenSource).toEqual(outside.seenSource);
    expect(over?.proxy).toBe(PROXY);
    expect(over?.proxies.map(({ relay }) => relay.kind)).toEqual(['passes']);
    expect(formatAddress(to.address)).toBe(formatAddress(outside.flow.destination.address));
  });

  test('its two halves are the two connections, each traced by itself', () => {
    const { trace: traced } = asked(CLOUD, INTERNET);
    const legs = traced.relayed?.legs ?? [];
    expect(legs).toHaveLength(2);
    const { network } = compile(CLOUD);
    for (const leg of legs) expect(trace(network, leg.flow)).toEqual(leg);
    const steps = traced.hops.flatMap((hop) => hop.steps);
    const relays = steps.filter((step) => step.kind === 'proxy');
    expect(steps.filter((step) => step.kind !== 'proxy')).toEqual(
      legs.flatMap((leg) => leg.hops.flatMap((hop) => hop.steps)),
    );
    expect(relays).toHaveLength(1);
    const back = traced.reverse?.hops.flatMap((hop) => hop.steps) ?? [];
    expect(back.filter((step) => step.kind !== 'proxy')).toEqual(
      legs.toReversed().flatMap((leg) => leg.reverse?.hops.flatMap((hop) => hop.steps) ?? []),
    );
  });

  test('the proxy’s step has both headers, and the entries that did not match', () => {
    const json = traceToJson(asked(CLOUD, INTERNET).trace);
    const step = json.hops.flatMap((hop) => hop.steps).find(({ kind }) => kind === 'proxy');
    expect(Object.keys(step ?? {})).toEqual(['kind', 'does', 'by', 'action', 'lost', 'before', 'after']);
    expect(step).toMatchObject({
      kind: 'proxy',
      does: 'relay',
      by: 'mitmdump at vm/peer',
      before: { destination: { address: '10.225.0.4', port: 8080 }, request: { protocol: 'http' } },
      after: { source: { address: '10.225.0.4' }, request: { protocol: 'https', host: 'example.com' } },
    });
    expect(step?.action).toMatch(
      /^takes CONNECT example\.com:443 and opens a connection of its own; .*certificate/,
    );
    expect(step?.lost.map(({ candidate }) => candidate)).toEqual([
      'NO_PROXY entry localhost',
      'NO_PROXY entry .svc',
      'NO_PROXY entry 10.0.0.0/16',
    ]);
    expect(step?.after.destination.port).toBe(443);
  });

  test('plain HTTP is read, and said so', () => {
    const { trace: traced } = asked(CLOUD, 'http://example.com/a?b=1');
    const [relay] = traced.hops.flatMap((hop) => hop.steps.filter(({ kind }) => kind === 'proxy'));
    expect(relay?.action).toBe('reads GET http://example.com/a?b=1 and opens a connection of its own');
  });

  test('a host that is passed through unread is a tunnel', () => {
    const { trace: traced } = asked(withProxy(BARE, 'peer', { ignoreHosts: ['example'] }), INTERNET);
    const [relay] = traced.hops.flatMap((hop) => hop.steps.filter(({ kind }) => kind === 'proxy'));
    expect(relay).toMatchObject({ reads: 'nothing' });
    expect(relay?.action).toMatch(/a tunnel, of which it reads nothing/);
  });
});

describe('how it can end', () => {
  const rows: readonly {
    name: string;
    cloud: () => Cloud | Promise<Cloud>;
    to?: string;
    more?: Partial<Question>;
    disposition: Disposition;
    by: RegExp;
    reason: RegExp;
    /** Whether an answer, of whatever kind, gets back to the client. */
    answered: boolean;
    senderSees: RegExp | null;
    legs: number;
  }[] = [
    {
      name: 'nothing listens at the proxy',
      cloud: () => stopListening(CLOUD, 'peer'),
      disposition: 'refused',
      by: /vm\/peer/,
      reason: /^the request does not reach the proxy 10\.225\.0\.4:8080: nothing listens/,
      answered: true,
      senderSees: null,
      legs: 1,
    },
    {
      name: 'an NSG keeps the client from the proxy',
      cloud: () => after(CLOUD, denyProxy('Inbound', 8080)),
      disposition: 'denied-inbound',
      by: /^Deny .*nsg-proxy/,
      reason: /^the request does not reach the proxy/,
      answered: false,
      senderSees: null,
      legs: 1,
    },
    {
      name: 'the proxy’s reply to the client gets lost',
      cloud: () => after(CLOUD, loseReplies('10.224.0.0/16')),
      disposition: 'dropped-by-route',
      by: /^mitmdump$/,
      reason:
        /^the request does not reach the proxy 10\.225\.0\.4:8080: the packet reaches vm\/peer, but the reply/,
      answered: false,
      senderSees: null,
      legs: 1,
    },
    {
      name: 'an NSG keeps the proxy in',
      cloud: () => after(CLOUD, denyProxy('Outbound', 443)),
      disposition: 'denied-outbound',
      by: /^Deny .*nsg-proxy/,
      reason: /^mitmdump at vm\/peer takes the request, but its own connection fails: /,
      answered: true,
      senderSees: /502 Bad Gateway.*timed out/,
      legs: 2,
    },
    {
      name: 'nothing listens at the server',
      cloud: () => CLOUD,
      to: 'http://example.com:81/',
      disposition: 'refused',
      by: /host\/internet/,
      reason: /its own connection fails: nothing listens on tcp/,
      answered: true,
      senderSees: /^the answer 502 Bad Gateway, which is the proxy's own$/,
      legs: 2,
    },
    {
      name: 'the proxy has no way out',
      cloud: () =>
        after(
          CLOUD,
          'VNET=$(az network vnet list -g MC_rg_aks_westeurope --query "[0].name" -o tsv)\naz network vnet subnet update -g MC_rg_aks_westeurope --vnet-name $VNET -n vm-subnet --default-outbound-access false -o none',
        ),
      disposition: 'no-outbound-path',
      by: /^NIC peerVMNic \(no way to the internet/,
      reason: /its own connection fails: /,
      answered: true,
      senderSees: /502 Bad Gateway.*timed out/,
      legs: 2,
    },
    {
      name: 'the proxy’s route to the server drops it',
      cloud: () => CLOUD,
      to: 'http://10.9.9.9/',
      disposition: 'dropped-by-route',
      by: /system route 10\.0\.0\.0\/8/,
      reason: /its own connection fails: /,
      answered: true,
      senderSees: /502 Bad Gateway/,
      legs: 2,
    },
    {
      name: 'the proxy does not know the name of a Service',
      cloud: () => CLOUD,
      to: 'http://web/',
      disposition: 'no-route',
      by: /^mitmdump at vm\/peer$/,
      reason: /has no address to send it to: web does not resolve from vm\/peer .*names of Services/,
      answered: true,
      senderSees: /^the answer 502 Bad Gateway/,
      legs: 1,
    },
    {
      name: 'nobody knows the name',
      cloud: () => CLOUD,
      to: 'https://no.such.example/',
      disposition: 'no-route',
      by: /^mitmdump at vm\/peer$/,
      reason: /no\.such\.example does not resolve from vm\/peer/,
      answered: true,
      senderSees: /^the answer 502 Bad Gateway/,
      legs: 1,
    },
    {
      name: 'block_list denies',
      cloud: () => withProxy(BARE, 'peer', { blockList: [{ filter: '~d example', status: 403 }] }),
      to: 'http://example.com/',
      disposition: 'denied-outbound',
      by: /^block_list=\/~d example\/403$/,
      reason: /answers 403 Forbidden by block_list/,
      answered: true,
      senderSees: /^the answer 403 Forbidden, which is the proxy's own$/,
      legs: 1,
    },
    {
      name: 'block_list denies what is asked inside TLS, once the server has been reached',
      cloud: () => withProxy(BARE, 'peer', { blockList: [{ filter: '~d example', status: 403 }] }),
      disposition: 'denied-outbound',
      by: /^block_list=\/~d example\/403$/,
      reason: /answers 403 Forbidden by block_list/,
      answered: true,
      senderSees: /403 Forbidden/,
      legs: 1,
    },
    {
      name: 'what would be denied inside TLS is not asked for, if the server cannot be reached',
      cloud: () =>
        after(
          withProxy(BARE, 'peer', { blockList: [{ filter: '~d example', status: 403 }] }),
          denyProxy('Outbound', 443),
        ),
      disposition: 'denied-outbound',
      by: /^Deny .*nsg-proxy/,
      reason: /its own connection fails/,
      answered: true,
      senderSees: /502 Bad Gateway/,
      legs: 2,
    },
    {
      name: 'block_list closes',
      cloud: () => withProxy(BARE, 'peer', { blockList: [{ filter: '~m GET', status: 444 }] }),
      to: 'http://example.com/',
      disposition: 'denied-outbound',
      by: /^block_list=/,
      reason: /closes the connection without an answer/,
      answered: true,
      senderSees: /closed without an answer/,
      legs: 1,
    },
    {
      name: 'a password is missing',
      cloud: () => withProxy(BARE, 'peer', { proxyAuth: 'a:b' }),
      disposition: 'denied-outbound',
      by: /^proxyauth$/,
      reason: /answers 407 Proxy Authentication Required/,
      answered: true,
      senderSees: /407/,
      legs: 1,
    },
    {
      name: 'block_private kills what comes from inside',
      cloud: () => withProxy(BARE, 'peer', { blockPrivate: 'on' }),
      disposition: 'denied-outbound',
      by: /^block_private$/,
      reason: /block_private is on, and the address 10\.224\.0\.\d+ of the client is private/,
      answered: true,
      senderSees: /closed without an answer/,
      legs: 1,
    },
    {
      name: 'what listens there is no proxy',
      cloud: () => withPod(BARE, 'web80', { ...VARIABLES, HTTPS_PROXY: 'http://10.225.0.4:80' }),
      more: { from: 'pod/web80' },
      disposition: 'undetermined',
      by: /^nginx at vm\/peer$/,
      reason: /no proxy that is simulated/,
      answered: false,
      senderSees: /^not known$/,
      legs: 1,
    },
    {
      name: 'a filter that cannot be followed',
      cloud: () => withProxy(BARE, 'peer', { blockList: [{ filter: '~h cookie', status: 403 }] }),
      to: 'http://example.com/',
      disposition: 'undetermined',
      by: /^mitmdump at vm\/peer$/,
      reason: /block_list=\/~h cookie\/403 matches is not simulated/,
      answered: false,
      senderSees: /^not known$/,
      legs: 1,
    },
    {
      name: 'the proxy is asked for itself',
      cloud: () => CLOUD,
      to: 'http://10.225.0.4:8080/',
      disposition: 'loop',
      by: /^mitmdump at vm\/peer$/,
      reason: /asks mitmdump at vm\/peer for itself/,
      answered: false,
      senderSees: /timeout/,
      legs: 1,
    },
    {
      name: 'a proxy that is its own upstream',
      cloud: () =>
        withProxy(BARE, 'peer', {
          mode: { kind: 'upstream', scheme: 'http', host: '10.225.0.4', port: 8080 },
        }),
      disposition: 'loop',
      by: /^mitmdump at vm\/peer$/,
      reason: /comes back to mitmdump at vm\/peer/,
      answered: true,
      senderSees: /502|timeout/,
      legs: 2,
    },
    {
      name: 'the server’s reply to the proxy gets lost',
      cloud: () =>
        after(
          withPod(withProxy(BARE, 'neighbour'), 'lost', { http_proxy: 'http://10.224.1.2:8080' }),
          loseReplies('10.224.1.2/32'),
        ),
      to: 'http://10.225.0.4/',
      more: { from: 'pod/lost' },
      disposition: 'dropped-by-route',
      by: /^nginx$/,
      reason: /its own connection fails: the packet reaches vm\/peer, but the reply does not come back/,
      answered: false,
      senderSees: /502 Bad Gateway.*timed out/,
      legs: 2,
    },
  ];

  test.each(rows)(
    '$name',
    async ({ cloud, to = INTERNET, more, disposition, by, reason, answered, senderSees, legs }) => {
      const answer = asked(await cloud(), to, more);
      const { trace: traced } = answer;
      const told = JSON.stringify({ d: traced.disposition, r: traced.reason, by: ender(answer) });
      expect(traced.disposition, told).toBe(disposition);
      expect(ender(answer), told).toMatch(by);
      expect(traced.reason, told).toMatch(reason);
      expect(traced.reverse?.disposition === 'delivered', told).toBe(answered);
      expect(traced.relayed?.legs.length, told).toBe(legs);
      const sees = traced.relayed?.senderSees ?? null;
      if (senderSees === null) expect(sees).toBeNull();
      else expect(sees).toMatch(senderSees);
    },
  );
});

describe('proxies behind proxies', () => {
  const two = withProxy(withProxy(twoNodeCloud(), 'peer'), 'neighbour', {
    mode: { kind: 'upstream', scheme: 'http', host: '10.225.0.4', port: 8080 },
  });
  const chained = withPod(two, 'cli', {
    HTTPS_PROXY: 'http://10.224.1.2:8080',
    http_proxy: 'http://10.224.1.2:8080',
  });

  test('make three connections of one request', () => {
    const { trace: traced, over } = asked(chained, INTERNET);
    expect(traced.disposition).toBe('delivered');
    expect(traced.relayed?.legs.map(({ flow }) => flow.from)).toEqual([
      'pod/default/cli',
      'vm/neighbour',
      'vm/peer',
    ]);
    expect(over?.proxies.map(({ place }) => place?.label)).toEqual(['vm/neighbour', 'vm/peer']);
    const relays = traced.hops.flatMap((hop) => hop.steps.filter(({ kind }) => kind === 'proxy'));
    expect(relays.map(({ action }) => action)).toEqual([
      expect.stringMatching(/hands it on to the proxy 10\.225\.0\.4:8080/),
      expect.stringMatching(/opens a connection of its own/),
    ]);
  });

  test.each([
    ['https', /^that the tunnel opens, and inside it the answer 502 Bad Gateway/],
    ['http', /^the answer 502 Bad Gateway/],
  ] as const)('the last one fails over %s', (scheme, sees) => {
    const { trace: traced } = asked(chained, `${scheme}://example.com:81/`);
    expect(traced.disposition).toBe('refused');
    expect(traced.relayed?.senderSees).toMatch(sees);
  });
});

describe('the choice of the client', () => {
  test.each<
    readonly [name: string, question: Partial<Question> & { to: string }, over: boolean, note: RegExp | null]
  >([
    [
      'curl from a pod is the default',
      { to: INTERNET },
      true,
      /^client curl asks the proxy .* HTTPS_PROXY names; none of the 3 entries/,
    ],
    [
      'an entry that matches',
      { to: 'http://web.default.svc/' },
      false,
      /^client curl goes to web\.default\.svc without a proxy: NO_PROXY has \.svc$/,
    ],
    ['an address in a range', { to: 'http://10.0.99.80/' }, false, /NO_PROXY has 10\.0\.0\.0\/16/],
    [
      'which older curl does not know',
      { to: 'http://10.0.99.80/', client: 'curl-7.81' },
      true,
      /^client curl-7\.81 asks/,
    ],
    ['nor urllib', { to: 'http://10.0.99.80/', client: 'python-urllib' }, true, /^client python-urllib asks/],
    ['Go does', { to: 'http://10.0.99.80/', client: 'go' }, false, /^client go goes/],
    ['none reads nothing', { to: INTERNET, client: 'none' }, false, null],
    ['fetch of Node.js neither', { to: INTERNET, client: 'node-fetch' }, false, /reads no proxy variables/],
    ['a pod without variables', { from: 'pod/direct', to: INTERNET }, false, null],
    ['a VM', { from: 'vm/neighbour', to: INTERNET }, false, null],
    ['an address is no URL', { to: '203.0.113.80', port: 443 }, false, null],
    ['nor is a pod', { to: 'pod/a' }, false, null],
    ['UDP knows no proxy', { to: 'http://example.com', protocol: 'udp', port: 53 }, false, null],
  ])('%s', (_, question, over, note) => {
    const answer = unwrap(ask(CLOUD, { from: 'pod/cli', ...question }));
    expect(answer.over !== null).toBe(over);
    expect(answer.trace.relayed !== undefined).toBe(over);
    expect(answer.notes).toHaveLength(note === null ? 0 : 1);
    if (note !== null) expect(answer.notes[0]).toMatch(note);
  });

  test.each<readonly [name: string, question: Partial<Question> & { to: string }, message: RegExp]>([
    [
      'a client asks for URLs only',
      { to: 'pod/a', client: 'curl' },
      /only a URL is asked for by a client such as curl/,
    ],
    ['a proxy of another scheme', { from: 'pod/socks', to: INTERNET }, /scheme socks5 is not simulated/],
    [
      'a proxy whose name is none',
      { from: 'pod/nowhere', to: INTERNET },
      /proxy\.nowhere\.example does not resolve/,
    ],
  ])('%s', (_, question, message) => {
    const cloud = withPod(withPod(CLOUD, 'socks', { HTTPS_PROXY: 'socks5://10.225.0.4:1080' }), 'nowhere', {
      HTTPS_PROXY: 'http://proxy.nowhere.example:8080',
    });
    const answer = ask(cloud, { from: 'pod/cli', ...question });
    expect(answer.ok ? '' : answer.error.message).toMatch(message);
  });

  test('a port that is given counts as spelled, but for the scheme’s own', () => {
    const cloud = withPod(CLOUD, 'ported', { ...VARIABLES, NO_PROXY: 'example.com:443' });
    const direct = (more: Partial<Question>): boolean =>
      unwrap(ask(cloud, { from: 'pod/ported', to: INTERNET, client: 'python-urllib', ...more })).over ===
      null;
    expect(direct({})).toBe(false);
    expect(direct({ port: 443 })).toBe(false);
    expect(direct({ to: 'https://example.com:443/' })).toBe(true);
  });

  test('the password of the variable is sent to the proxy, and not told', () => {
    const guarded = withPod(withProxy(BARE, 'peer', { proxyAuth: 'user:p@ss' }), 'known', {
      HTTPS_PROXY: 'http://user:p%40ss@10.225.0.4:8080',
    });
    const answer = unwrap(ask(guarded, { from: 'pod/known', to: INTERNET }));
    expect(answer.trace.disposition).toBe('delivered');
    expect(JSON.stringify([answer.notes, traceToJson(answer.trace)])).not.toContain('ss@');
  });
});

test('a proxy is found by its name too', () => {
  const cloud = withPod(CLOUD, 'named', { HTTPS_PROXY: 'http://peer:8080' });
  const { trace: traced } = unwrap(ask(cloud, { from: 'pod/named', to: INTERNET }));
  expect(traced.disposition).toBe('delivered');
  expect(formatEndpoint(traced.relayed?.legs[0]?.flow.destination ?? traced.flow.destination)).toBe(
    '10.225.0.4:8080',
  );
});

test('the source port of a flow is that of the question', () => {
  const { trace: traced } = asked(CLOUD, INTERNET, { sourcePort: 50_000 });
  expect(traced.flow.source.port).toBe(50_000);
});
