import { describe, expect, test } from 'vitest';
import { address } from '../../../src/model/ip/address.ts';
import { endAtRelay, joinTraces } from '../../../src/model/trace/relay.ts';
import type { Trace } from '../../../src/model/trace/trace.ts';
import { trace } from '../../../src/model/trace/walk.ts';
import { type PathView, pathView } from '../../../src/ui/packet-path/view.ts';
import { type KubenetOptions, kubenetNetwork, podAddress } from '../../support/kubenet-network.ts';

type Destination = ReturnType<typeof address>;

function viewOf(
  from: string,
  to: Destination,
  port: number,
  options: Partial<KubenetOptions> = {},
): PathView {
  const network = kubenetNetwork({ nodes: 2, podsPerNode: 2, ...options });
  const flow = {
    from,
    protocol: 'tcp' as const,
    source: { address: null, port: null },
    destination: { address: to, port },
  };
  return pathView(trace(network, flow), (place) => ({
    label: place,
    role: network.hosts.get(place)?.role ?? 'outside',
  }));
}

describe('pathView', () => {
  test('a delivered conversation has two ways, and steps counted through', () => {
    const view = viewOf('pod/0-0', podAddress(1, 0), 80);
    expect(view.verdict).toBe('delivered');
    expect(view.ways.map((way) => way.direction)).toEqual(['there', 'back']);
    for (const way of view.ways) {
      const numbers = way.hops.flatMap((hop) => hop.steps.map((step) => step.number));
      expect(numbers).toEqual(Array.from({ length: way.length }, (_, index) => index + 1));
    }
  });

  test('a translation shows the header before and after, and what changed', () => {
    const view = viewOf('pod/1-0', address('10.225.0.4'), 80);
    const changes = view.ways[0]?.hops
      .flatMap((hop) => hop.steps)
      .filter((step) => step.kind === 'translate' && step.after !== null);
    expect(changes?.[0]?.before.source.address).toBe('10.244.1.2');
    expect(changes?.[0]?.after?.source.address).toBe('10.224.0.5');
    expect(changes?.[0]?.after?.changed).toContain('source');
    expect(view.seenSource).toBe('10.224.0.5');
  });

  test('what a bridge does is called switching', () => {
    const words = viewOf('pod/0-0', podAddress(0, 1), 80).ways[0]?.hops.flatMap((hop) =>
      hop.steps.map((step) => step.word),
    );
    expect(words).toContain('Switch');
  });

  test.each([
    ['a closed port', 81, {}, 'refused'],
    ['a missing route', 80, { withoutRoute: [1] }, 'dropped-by-route'],
    ['IP forwarding switched off', 80, { withoutIpForwarding: [1] }, 'next-hop-unreachable'],
  ] as const)('%s ends the way there, and the last step says so', (_, port, options, disposition) => {
    const view = viewOf('pod/0-0', podAddress(1, 0), port, options);
    expect(view.disposition).toBe(disposition);
    expect(view.verdict).toBe('not-delivered');
    expect(view.ways[0]?.hops.at(-1)?.steps.at(-1)?.outcome).toBe('ends');
  });
});

describe('a way over a proxy', () => {
  const network = kubenetNetwork({ nodes: 2, podsPerNode: 2 });
  const flowFrom = (from: string, to: Destination, port = 80) => ({
    from,
    protocol: 'tcp' as const,
    source: { address: null, port: null },
    destination: { address: to, port },
  });
  const first = trace(network, flowFrom('pod/0-0', podAddress(1, 0)));
  const proxy = first.hops.at(-1)?.place ?? '';
  const relay = { by: 'the proxy', action: 'opens a connection of its own', lost: [], reads: 'all' } as const;
  const failure = { reason: 'it failed', answer: 'answers 502', senderSees: 'the answer 502' };
  const shown = (traced: Trace): PathView =>
    pathView(traced, (place) => ({ label: place, role: network.hosts.get(place)?.role ?? 'outside' }));
  const over = (to: Destination, port = 80): PathView =>
    shown(joinTraces(first, relay, trace(network, flowFrom(proxy, to, port)), failure));

  test('is two connections there and two back, and the proxy the end of one and the start of the other', () => {
    const [there, back] = over(podAddress(0, 1)).ways;
    expect(there?.connections.map(({ number }) => number)).toEqual([1, 2]);
    expect(back?.connections.map(({ number }) => number)).toEqual([2, 1]);
    for (const way of [there, back]) {
      const [one, two] = way?.connections ?? [];
      expect(one?.hops.at(-1)?.place).toBe(proxy);
      expect(two?.hops[0]?.place).toBe(proxy);
      expect(way?.hops).toEqual(way?.connections.flatMap(({ hops }) => hops));
      const numbers = way?.hops.flatMap((hop) => hop.steps.map((step) => step.number));
      expect(numbers).toEqual(Array.from({ length: way?.length ?? 0 }, (_, index) => index + 1));
    }
    expect(there?.connections.map(({ header }) => header.source.address)).toEqual([
      '10.244.0.2',
      '10.244.1.2',
    ]);
  });

  test('shows the header of each connection, neither of them as changed', () => {
    const steps = over(podAddress(0, 1)).ways[0]?.hops.flatMap((hop) => hop.steps) ?? [];
    const [step] = steps.filter(({ headers }) => headers === 'relay');
    expect(step).toMatchObject({ word: 'Relay', action: 'the proxy opens a connection of its own' });
    expect(step?.before.destination.address).toBe('10.244.1.2');
    expect(step?.after).toMatchObject({ destination: { address: '10.244.0.3' }, changed: [] });
  });

  test('that is refused at the server comes back over both', () => {
    const view = over(podAddress(0, 1), 81);
    expect(view.disposition).toBe('refused');
    expect(view.ways.map((way) => way.connections.map(({ number }) => number))).toEqual([
      [1, 2],
      [2, 1],
    ]);
  });

  test('that gets lost behind the proxy has the proxy’s own answer on the way back', () => {
    const view = over(address('10.99.0.1'));
    expect(view.ways.map((way) => way.connections.map(({ number }) => number))).toEqual([[1, 2], [1]]);
  });

  test('that the proxy denies is one connection, which ends there', () => {
    const refusal = {
      by: 'a rule',
      disposition: 'denied-outbound',
      reason: 'denied',
      senderSees: 'no',
    } as const;
    const view = shown(endAtRelay(first, relay, { ...refusal, answer: 'answers 403' }));
    expect(view.ways.map((way) => way.connections.length)).toEqual([1, 1]);
    expect(view.ways[0]?.hops.at(-1)?.steps.at(-1)?.outcome).toBe('ends');
  });
});
