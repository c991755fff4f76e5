import { describe, expect, test } from 'vitest';
import { address, addressKey } from '../../../../src/model/ip/address.ts';
import { setOf, setOfAddresses } from '../../../../src/model/ip/address-set.ts';
import { prefix } from '../../../../src/model/ip/prefix.ts';
import type { FilterChain, Host, TranslationRule } from '../../../../src/model/network/network.ts';
import { trace } from '../../../../src/model/trace/walk.ts';
import {
  connected,
  face,
  flow,
  gateway,
  host,
  listener,
  mainTable,
  network,
  route,
} from '../../../support/network-drafts.ts';
import { lastStep, mustEnd, places, seenAddress, stepsAt } from '../../../support/trace-expectations.ts';

const CLIENT = host('client', 'vm', {
  interfaces: [face('eth0', 'left', '10.0.0.2/24')],
  tables: mainTable(connected('10.0.0.0/24', 'eth0'), gateway('0.0.0.0/0', '10.0.0.1', 'eth0')),
});
const SERVER = host('server', 'vm', {
  interfaces: [face('eth0', 'right', '10.0.1.2/24')],
  tables: mainTable(connected('10.0.1.0/24', 'eth0'), gateway('0.0.0.0/0', '10.0.1.1', 'eth0')),
  listeners: [listener(80), listener(53, 'udp', 'dns')],
});

/** A router between client and server. */
function router(parts: Partial<Host> = {}): Host {
  return host('router', 'vm', {
    forwarding: 'on',
    interfaces: [face('left', 'left', '10.0.0.1/24'), face('right', 'right', '10.0.1.1/24')],
    tables: mainTable(connected('10.0.0.0/24', 'left'), connected('10.0.1.0/24', 'right')),
    ...parts,
  });
}

function through(parts: Partial<Host>): ReturnType<typeof trace> {
  return trace(network([CLIENT, router(parts), SERVER]), flow('client', '10.0.1.2'));
}

function chain(hook: FilterChain['hook'], parts: Partial<FilterChain> = {}): FilterChain {
  return {
    by: `${hook} chain`,
    hook,
    interface: null,
    rules: [],
    otherwise: { kind: 'drop', disposition: 'denied-inbound' },
    ...parts,
  };
}

describe('forwarding', () => {
  test('a router passes on', () => {
    mustEnd(through({}), 'delivered');
  });

  test('a host that does not forward is no next hop', () => {
    const traced = through({ forwarding: 'off' });
    mustEnd(traced, 'next-hop-unreachable');
    expect(lastStep(traced).by).toBe('router');
  });

  test('a gateway that nobody has is no next hop, and the sender finds out by ARP', () => {
    const traced = trace(network([CLIENT, SERVER]), flow('client', '10.0.1.2'));
    mustEnd(traced, 'next-hop-unreachable');
    expect(places(traced)).toEqual(['client']);
    expect(lastStep(traced).by).toBe('ARP on eth0');
  });

  test('a router without a route says which table has none', () => {
    const traced = through({
      tableOfInterface: new Map([['left', 'empty']]),
      tables: new Map([
        ...mainTable(connected('10.0.0.0/24', 'left'), connected('10.0.1.0/24', 'right')),
        ['empty', { name: 'empty', routes: [], superseded: [] }],
      ]),
    });
    mustEnd(traced, 'no-route');
    expect(lastStep(traced).by).toBe('table empty of router');
  });

  test('a sender without a route does not send', () => {
    const lonely = { ...CLIENT, tables: mainTable(connected('10.0.0.0/24', 'eth0')) };
    const traced = trace(network([lonely, router(), SERVER]), flow('client', '10.0.1.2'));
    mustEnd(traced, 'no-route');
    expect(places(traced)).toEqual(['client']);
  });

  test('a sender without an address is not known to send anything', () => {
    const nameless = { ...CLIENT, interfaces: [face('eth0', 'left', null)] };
    mustEnd(trace(network([nameless, router(), SERVER]), flow('client', '10.0.1.2')), 'undetermined');
  });

  test('the lower metric wins between equal prefixes, and the loser is named', () => {
    const traced = through({
      tables: mainTable(
        connected('10.0.0.0/24', 'left'),
        route('10.0.1.0/24', { kind: 'drop' }, 'metric 200', 200),
        route('10.0.1.0/24', { kind: 'connected', interface: 'right' }, 'metric 100', 100),
      ),
    });
    mustEnd(traced, 'delivered');
    expect(stepsAt(traced, 'router', 'route')[0]).toMatchObject({
      by: 'metric 100',
      lost: [{ candidate: 'metric 200', why: '10.0.1.0/24 too, but metric 200 is higher than 100' }],
    });
  });

  test('a route that was superseded before is named with its reason', () => {
    const loser = route('10.0.1.0/24', { kind: 'drop' }, 'system route');
    const routes = [connected('10.0.0.0/24', 'left'), connected('10.0.1.0/24', 'right')];
    const tables = new Map([
      ['main', { name: 'main', routes, superseded: [{ route: loser, why: 'a user route wins' }] }],
    ]);
    const [step] = stepsAt(through({ tables }), 'router', 'route');
    expect(step?.lost).toEqual([{ candidate: 'system route', why: 'a user route wins' }]);
  });

  test.each([
    ['a route that drops', route('10.0.1.0/24', { kind: 'drop' }, 'black hole'), 'dropped-by-route'],
    [
      'a route nobody understands',
      route('10.0.1.0/24', { kind: 'undetermined', reason: 'why' }, 'black hole'),
      'undetermined',
    ],
    [
      'an attached address that is not there',
      route('10.0.1.0/24', { kind: 'attached' }, 'black hole'),
      'next-hop-unreachable',
    ],
    [
      'an attached gateway that is not there',
      route('10.0.1.0/24', { kind: 'attached-gateway', via: address('10.0.1.9') }, 'black hole'),
      'next-hop-unreachable',
    ],
  ] as const)('%s ends the path and is named', (_, last, disposition) => {
    const traced = through({ tables: mainTable(connected('10.0.0.0/24', 'left'), last) });
    mustEnd(traced, disposition);
    expect(lastStep(traced).by).toBe('black hole');
  });

  test('an attached gateway gets the packet, with its destination as it was', () => {
    const traced = through({
      attached: new Map([[addressKey(address('10.0.1.2')), 'right']]),
      tables: mainTable(
        connected('10.0.0.0/24', 'left'),
        route('10.0.9.0/24', { kind: 'attached-gateway', via: address('10.0.1.2') }, 'to the appliance'),
        route('10.0.1.0/24', { kind: 'attached' }),
      ),
    });
    mustEnd(traced, 'delivered');
    const appliance = { ...SERVER, forwarding: 'off' as const };
    const onward = trace(
      network([
        CLIENT,
        router({
          attached: new Map([[addressKey(address('10.0.1.2')), 'right']]),
          tables: mainTable(
            connected('10.0.0.0/24', 'left'),
            route('10.0.9.0/24', { kind: 'attached-gateway', via: address('10.0.1.2') }),
          ),
        }),
        appliance,
      ]),
      flow('client', '10.0.9.7'),
    );
    mustEnd(onward, 'next-hop-unreachable');
    expect(places(onward)).toEqual(['client', 'router', 'server']);
  });

  test('two routers that point at each other are a loop', () => {
    const other = host('other', 'vm', {
      forwarding: 'on',
      interfaces: [face('eth0', 'right', '10.0.1.9/24')],
      tables: mainTable(connected('10.0.1.0/24', 'eth0'), gateway('0.0.0.0/0', '10.0.1.1', 'eth0')),
    });
    const looping = router({
      tables: mainTable(
        connected('10.0.0.0/24', 'left'),
        connected('10.0.1.0/24', 'right'),
        gateway('0.0.0.0/0', '10.0.1.9', 'right'),
      ),
    });
    const traced = trace(network([CLIENT, looping, other]), flow('client', '192.0.2.1'));
    mustEnd(traced, 'loop');
    expect(places(traced)).toEqual(['client', 'router', 'other', 'router', 'other']);
    expect(traced.reason).toContain('comes back to other, which sends it the same way again');
  });

  test('a packet that comes back to its sender is dropped there', () => {
    const mirror = router({ tables: mainTable(gateway('0.0.0.0/0', '10.0.0.2', 'left')) });
    const talkative = { ...CLIENT, forwarding: 'on' as const };
    const traced = trace(network([talkative, mirror]), flow('client', '192.0.2.1'));
    mustEnd(traced, 'loop');
    expect(places(traced)).toEqual(['client', 'router', 'client']);
    expect(traced.reason).toContain('claims to come from its own address 10.0.0.2');
  });

  test('a proxy answers for every address but its own asker', () => {
    const proxy = router({
      interfaces: [face('left', 'left', null, 'proxies'), face('right', 'right', null, 'proxies')],
    });
    const traced = trace(network([CLIENT, proxy, SERVER]), flow('client', '10.0.1.2'));
    mustEnd(traced, 'delivered');
    expect(stepsAt(traced, 'client', 'arp')[0]?.action).toContain('router answers for 10.0.0.1');
  });

  test('a flow from a host that does not exist is a bug', () => {
    expect(() => trace(network([CLIENT]), flow('nobody', '10.0.1.2'))).toThrow('no host nobody');
  });
});

describe('receiving', () => {
  test('what nobody listens for is refused', () => {
    const traced = trace(network([CLIENT, router(), SERVER]), flow('client', '10.0.1.2', 'tcp', 81));
    mustEnd(traced, 'refused');
    expect(traced.reverse?.disposition).toBe('delivered');
  });

  test('protocols have ports of their own', () => {
    mustEnd(trace(network([CLIENT, router(), SERVER]), flow('client', '10.0.1.2', 'udp', 80)), 'refused');
    mustEnd(trace(network([CLIENT, router(), SERVER]), flow('client', '10.0.1.2', 'udp', 53)), 'delivered');
  });

  test('a listener of one address does not answer for another', () => {
    const bound = { ...SERVER, listeners: [{ ...listener(80), address: address('127.0.0.1') }] };
    mustEnd(trace(network([CLIENT, router(), bound]), flow('client', '10.0.1.2')), 'refused');
    mustEnd(trace(network([bound]), flow('server', '127.0.0.1')), 'delivered');
  });

  test('where it is not known what listens, only what is known to listen is delivered', () => {
    const dark = { ...SERVER, unknown: 'the image example/app is not known' };
    mustEnd(trace(network([CLIENT, router(), dark]), flow('client', '10.0.1.2')), 'delivered');
    const traced = trace(network([CLIENT, router(), dark]), flow('client', '10.0.1.2', 'tcp', 81));
    mustEnd(traced, 'undetermined');
    expect(traced.reason).toBe('the image example/app is not known');
    expect(traced.reverse).toBeNull();
    mustEnd(trace(network([CLIENT, router(), dark]), flow('client', '10.0.1.2', 'icmp')), 'delivered');
  });
});

describe('filters', () => {
  const web = { protocols: ['tcp' as const], destinationPorts: [{ from: 80, to: 80 }] };
  const accept = { kind: 'accept' } as const;

  test.each(['ingress', 'routed', 'forward', 'egress'] as const)('a %s chain of a router drops', (hook) => {
    const traced = through({ chains: [chain(hook)] });
    mustEnd(traced, 'denied-inbound');
    expect(places(traced)).toEqual(['client', 'router']);
    expect(lastStep(traced).by).toBe(`${hook} chain`);
    expect(stepsAt(traced, 'router', 'filter')).toMatchObject([{ verdict: 'drop' }]);
  });

  test.each(['input', 'output'] as const)('a %s chain of a router leaves forwarded packets alone', (hook) => {
    mustEnd(through({ chains: [chain(hook)] }), 'delivered');
  });

  test('an input chain guards the host itself, an output chain what it sends', () => {
    const guarded = { ...SERVER, chains: [chain('input')] };
    mustEnd(trace(network([CLIENT, router(), guarded]), flow('client', '10.0.1.2')), 'denied-inbound');
    const shy = {
      ...CLIENT,
      chains: [chain('output', { otherwise: { kind: 'drop', disposition: 'denied-outbound' } })],
    };
    mustEnd(trace(network([shy, router(), SERVER]), flow('client', '10.0.1.2')), 'denied-outbound');
  });

  test.each(['output', 'egress', 'ingress', 'input'] as const)(
    'a host that talks to itself meets its %s chain',
    (hook) => {
      const guarded = { ...SERVER, chains: [chain(hook)] };
      mustEnd(trace(network([guarded]), flow('server', '10.0.1.2')), 'denied-inbound');
    },
  );

  test('the first rule that matches decides, and says why those before it did not', () => {
    const traced = through({
      chains: [
        chain('forward', {
          rules: [
            {
              match: { protocols: ['udp'] },
              verdict: { kind: 'drop', disposition: 'denied-inbound' },
              by: 'no udp',
            },
            {
              match: { source: setOf(prefix('10.9.0.0/16')) },
              verdict: { kind: 'drop', disposition: 'denied-inbound' },
              by: 'no 10.9',
            },
            { match: web, verdict: accept, by: 'web' },
            { match: {}, verdict: { kind: 'drop', disposition: 'denied-inbound' }, by: 'never asked' },
          ],
        }),
      ],
    });
    mustEnd(traced, 'delivered');
    expect(stepsAt(traced, 'router', 'filter')).toMatchObject([
      {
        by: 'web',
        verdict: 'accept',
        lost: [
          { candidate: 'no udp', why: 'it is for another protocol' },
          { candidate: 'no 10.9', why: 'it is for other sources' },
        ],
      },
    ]);
  });

  test('replies pass a chain that let the first packet through', () => {
    const traced = through({
      chains: [chain('forward', { rules: [{ match: web, verdict: accept, by: 'web' }] })],
    });
    mustEnd(traced, 'delivered');
    expect(traced.reverse === null ? [] : stepsAt(traced.reverse, 'router', 'session')).toHaveLength(1);
  });

  test('a chain that checks replies asks its rules again', () => {
    const traced = through({
      chains: [chain('forward', { replies: 'checked', rules: [{ match: web, verdict: accept, by: 'web' }] })],
    });
    mustEnd(traced, 'denied-inbound');
    expect(traced.reverse?.disposition).toBe('denied-inbound');
    expect(seenAddress(traced)).toBe('10.0.0.2');
  });

  test('chains of an interface know only the sessions that crossed it', () => {
    const other = host('second', 'vm', {
      forwarding: 'on',
      interfaces: [face('left', 'left', '10.0.0.9/24'), face('right', 'right', '10.0.1.9/24')],
      tables: mainTable(connected('10.0.0.0/24', 'left'), connected('10.0.1.0/24', 'right')),
      chains: [chain('ingress', { interface: 'right', by: 'guard' })],
    });
    const wayward = {
      ...SERVER,
      tables: mainTable(connected('10.0.1.0/24', 'eth0'), gateway('0.0.0.0/0', '10.0.1.9', 'eth0')),
    };
    const traced = trace(network([CLIENT, router(), other, wayward]), flow('client', '10.0.1.2'));
    mustEnd(traced, 'asymmetric');
    expect(traced.reverse === null ? '' : lastStep(traced.reverse).by).toBe('guard');
    expect(traced.reason).toContain('left no session there');
  });

  test('what a chain does not know, nobody knows', () => {
    const traced = through({
      chains: [chain('forward', { otherwise: { kind: 'undetermined', reason: 'an unknown tag' } })],
    });
    mustEnd(traced, 'undetermined');
    expect(traced.reason).toBe('an unknown tag');
  });

  test('port rules never match icmp', () => {
    const open = chain('forward', {
      rules: [{ match: { destinationPorts: [{ from: 0, to: 65535 }] }, verdict: accept, by: 'all ports' }],
    });
    const asked = network([CLIENT, router({ chains: [open] }), SERVER]);
    mustEnd(trace(asked, flow('client', '10.0.1.2', 'udp', 53)), 'delivered');
    mustEnd(trace(asked, flow('client', '10.0.1.2', 'icmp')), 'denied-inbound');
  });
});

describe('translations', () => {
  const toServer: TranslationRule = {
    hook: 'prerouting',
    match: {
      destination: setOfAddresses([address('10.0.0.1')]),
      destinationPorts: [{ from: 8080, to: 8080 }],
    },
    action: { kind: 'destination', backends: [{ address: address('10.0.1.2'), port: 80, by: 'backend' }] },
    by: 'port forward',
  };
  const masquerade: TranslationRule = {
    hook: 'postrouting',
    match: { outInterface: 'right' },
    action: { kind: 'masquerade' },
    by: 'masquerade',
  };

  function translated(
    rules: readonly TranslationRule[],
    to = '10.0.1.2',
    port = 80,
  ): ReturnType<typeof trace> {
    return trace(network([CLIENT, router({ translations: rules }), SERVER]), flow('client', to, 'tcp', port));
  }

  test('a port forward changes address and port, and the reply comes from where the client asked', () => {
    const traced = translated([toServer], '10.0.0.1', 8080);
    mustEnd(traced, 'delivered');
    expect(lastStep(traced).after.destination).toEqual({ address: address('10.0.1.2'), port: 80 });
    expect(traced.reverse === null ? null : lastStep(traced.reverse).after.source).toEqual({
      address: address('10.0.0.1'),
      port: 8080,
    });
  });

  test('a service with ports leaves an echo request without one', () => {
    const anything: TranslationRule = {
      ...toServer,
      match: { destination: setOfAddresses([address('10.0.0.1')]) },
    };
    const traced = trace(
      network([CLIENT, router({ translations: [anything] }), SERVER]),
      flow('client', '10.0.0.1', 'icmp'),
    );
    mustEnd(traced, 'delivered');
    expect(lastStep(traced).after.destination).toEqual({ address: address('10.0.1.2'), port: null });
  });

  test('only the first rule that matches a hook counts', () => {
    const traced = translated([{ ...masquerade, action: { kind: 'none' }, by: 'leave it' }, masquerade]);
    expect(seenAddress(traced)).toBe('10.0.0.2');
    expect(seenAddress(translated([masquerade]))).toBe('10.0.1.1');
  });

  test('a source pool always chooses the same for the same flow, and one of its addresses', () => {
    const pool = ['10.0.1.1', '10.0.1.7', '10.0.1.8'].map(address);
    const rules = [{ ...masquerade, action: { kind: 'source-pool' as const, addresses: pool } }];
    const source = (): string => stepsAt(translated(rules), 'router', 'translate')[0]?.action ?? '';
    expect(source()).toBe(source());
    expect(source()).toMatch(/becomes 10\.0\.1\.[178]$/);
  });

  test('a balancer spreads connections over its backends and says who lost', () => {
    const second = { ...SERVER, id: 'server-2', interfaces: [face('eth0', 'right', '10.0.1.3/24')] };
    const balancer: TranslationRule = {
      ...toServer,
      action: {
        kind: 'destination',
        backends: ['10.0.1.2', '10.0.1.3'].map((each) => ({ address: address(each), port: 80, by: each })),
      },
    };
    const asked = network([CLIENT, router({ translations: [balancer] }), SERVER, second]);
    const chosen = new Set<string>();
    for (let port = 40_000; port < 40_040; port++) {
      const base = flow('client', '10.0.0.1', 'tcp', 8080);
      const traced = trace(asked, { ...base, source: { address: null, port } });
      mustEnd(traced, 'delivered');
      chosen.add(places(traced).at(-1) ?? '');
      expect(stepsAt(traced, 'router', 'balance')[0]?.lost).toHaveLength(1);
    }
    expect([...chosen].sort()).toEqual(['server', 'server-2']);
  });

  test('a reply that bypasses the translator is no answer', () => {
    const direct = {
      ...SERVER,
      interfaces: [...SERVER.interfaces, face('eth1', 'left', '10.0.0.77/24')],
      tables: mainTable(connected('10.0.1.0/24', 'eth0'), connected('10.0.0.0/24', 'eth1')),
    };
    const traced = trace(
      network([CLIENT, router({ translations: [toServer] }), direct]),
      flow('client', '10.0.0.1', 'tcp', 8080),
    );
    mustEnd(traced, 'asymmetric');
    expect(traced.reason).toContain('waits for one from 10.0.0.1:8080');
  });

  test('a reply that ends at a host without the session is lost there', () => {
    const decoy = host('decoy', 'vm', {
      interfaces: [face('eth0', 'right', '10.0.1.66/24')],
      tables: mainTable(connected('10.0.1.0/24', 'eth0')),
    });
    const rule: TranslationRule = {
      ...masquerade,
      action: { kind: 'source', address: address('10.0.1.66') },
    };
    const traced = trace(
      network([CLIENT, router({ translations: [rule] }), decoy, SERVER]),
      flow('client', '10.0.1.2'),
    );
    mustEnd(traced, 'asymmetric');
    expect(traced.reverse === null ? [] : places(traced.reverse)).toEqual(['server', 'decoy']);
  });

  test('what a translation does not know, nobody knows', () => {
    const rule: TranslationRule = {
      ...masquerade,
      action: { kind: 'undetermined', reason: 'an unknown pool' },
    };
    mustEnd(translated([rule]), 'undetermined');
  });

  test('a rule on the wrong side of routing is a bug', () => {
    expect(() => translated([{ ...masquerade, hook: 'prerouting', match: {} }])).toThrow('before routing');
    expect(() => translated([{ ...toServer, hook: 'postrouting', match: {} }])).toThrow('after routing');
  });
});
