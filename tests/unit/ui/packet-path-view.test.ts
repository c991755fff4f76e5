import { describe, expect, test } from 'vitest';
import { address } from '../../../src/model/ip/address.ts';
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
