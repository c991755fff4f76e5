import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAddress } from '../../src/model/ip/address.ts';
import { formatPrefix } from '../../src/model/ip/prefix.ts';
import type { Network } from '../../src/model/network/network.ts';
import { DISPOSITIONS } from '../../src/model/trace/disposition.ts';
import type { Flow, Path } from '../../src/model/trace/trace.ts';
import { trace } from '../../src/model/trace/walk.ts';
import { slowLookupAll } from '../support/golden/slow-prefix-table.ts';
import { flow } from '../support/network-drafts.ts';
import { crowdedAddress, randomNetwork } from '../support/random-network.ts';

const randomCase: fc.Arbitrary<readonly [Network, Flow]> = fc
  .tuple(
    randomNetwork,
    crowdedAddress,
    fc.constantFrom('tcp' as const, 'udp' as const, 'icmp' as const),
    fc.nat(),
  )
  .map(([network, to, protocol, from]) => {
    const hosts = [...network.hosts.keys()];
    return [network, flow(hosts[from % hosts.length] ?? 'none', to, protocol)] as const;
  });

test('every trace ends, in a disposition that exists, and the same way each time', () => {
  const ends = new Map<string, number>();
  fc.assert(
    fc.property(randomCase, ([network, asked]) => {
      // trace() also checks its own shape, and throws where it is broken.
      const traced = trace(network, asked);
      expect(Object.keys(DISPOSITIONS)).toContain(traced.disposition);
      expect(traced.hops.length).toBeLessThanOrEqual(260);
      expect(trace(network, asked)).toEqual(traced);
      ends.set(traced.disposition, (ends.get(traced.disposition) ?? 0) + 1);
    }),
    { numRuns: 2000 },
  );
  // A generator that only makes dead ends would prove nothing.
  for (const disposition of [
    'delivered',
    'refused',
    'loop',
    'denied-inbound',
    'no-route',
    'next-hop-unreachable',
  ]) {
    expect(ends.get(disposition) ?? 0, `${disposition} in ${JSON.stringify([...ends])}`).toBeGreaterThan(0);
  }
});

test('each route step takes the longest prefix, and of those the lowest metric', () => {
  fc.assert(
    fc.property(randomCase, ([network, asked]) => {
      const traced = trace(network, asked);
      const paths: Path[] = [traced, ...(traced.reverse === null ? [] : [traced.reverse])];
      for (const { hops } of paths) {
        for (const { place, steps } of hops) {
          const routes = network.hosts.get(place)?.tables.get('main')?.routes ?? [];
          for (const step of steps) {
            if (step.kind !== 'route') continue;
            const ofPrefix = routes.map((route, value) => ({ prefix: formatPrefix(route.prefix), value }));
            const [best] = slowLookupAll(ofPrefix, formatAddress(step.before.destination.address));
            const longest = routes[best ?? -1]?.prefix.length;
            const metric = Math.min(
              ...ofPrefix
                .filter(({ prefix }) => prefix === ofPrefix[best ?? -1]?.prefix)
                .map(({ value }) => routes[value]?.metric ?? 0),
            );
            const won = routes.find((route) => route.by === step.by && route.prefix.length === longest);
            expect(won?.metric).toBe(metric);
          }
        }
      }
    }),
    { numRuns: 500 },
  );
});
