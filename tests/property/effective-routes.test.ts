import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressOfBits } from '../../src/model/ip/address.ts';
import { addressCount, formatPrefix, prefix, prefixAround } from '../../src/model/ip/prefix.ts';
import type { Prefix } from '../../src/model/ip/prefix.ts';
import { chooseRoute } from '../../src/model/routes/choose.ts';
import type { CandidateRoute, NextHopType } from '../../src/model/routes/route.ts';
import { settleRoutes } from '../../src/model/routes/settle.ts';
import { slowRoute, UNIVERSE } from '../support/golden/slow-routes.ts';
import type { SlowRoute } from '../support/golden/slow-routes.ts';

const TABLES = 10_000;

/** The universe is 10.0.0.0/24; nothing outside it is ever asked, so its /0 may hold all the rest too. */
const START = prefix('10.0.0.0/24').address;

interface Numbered extends CandidateRoute {
  readonly id: number;
}

/** Block `index` among those of `2 ** size` addresses; all 256 are 0.0.0.0/0. */
const block: fc.Arbitrary<Prefix> = fc
  .tuple(fc.constantFrom(0, 0, 1, 2, 4, 5, 6, 7, 7, 8, 8), fc.nat(UNIVERSE - 1))
  .map(([size, at]) =>
    size === 8 ? prefix('0.0.0.0/0') : prefixAround(addressOfBits(START.bits + at), 32 - size),
  );

const host: fc.Arbitrary<Prefix> = fc
  .nat(UNIVERSE - 1)
  .map((at) => prefixAround(addressOfBits(START.bits + at), 32));

const of = (source: CandidateRoute['source'], types: readonly NextHopType[]) =>
  fc.record({ source: fc.constant(source), prefix: block, nextHopType: fc.constantFrom(...types) });

const route: fc.Arbitrary<CandidateRoute> = fc.oneof(
  of('Default', ['VnetLocal', 'VNetPeering', 'VNetGlobalPeering', 'Internet', 'None', 'None']),
  of('Default', ['VirtualNetworkServiceEndpoint']),
  fc
    .record({ prefix: host, within: fc.option(fc.array(block, { minLength: 1, maxLength: 2 })) })
    .map(({ prefix: at, within }) => ({
      source: 'Default' as const,
      prefix: at,
      nextHopType: 'InterfaceEndpoint' as const,
      ...(within === null ? {} : { yieldsWithin: within }),
    })),
  of('VirtualNetworkGateway', ['VirtualNetworkGateway']),
  fc
    .record({
      source: fc.constant('User' as const),
      prefix: block,
      nextHopType: fc.constantFrom<NextHopType>(
        'VirtualAppliance',
        'VnetLocal',
        'Internet',
        'VirtualNetworkGateway',
        'None',
      ),
      tag: fc.constantFrom(
        null,
        null,
        null,
        'Storage',
        'Storage.WestEurope',
        'AzureCloud',
        'AzureCloud.westeurope',
      ),
      hasBgpOverride: fc.constantFrom(false, false, false, true),
    })
    .map(({ tag, hasBgpOverride, ...rest }) => ({
      ...rest,
      ...(tag === null ? {} : { tag }),
      ...(hasBgpOverride ? { hasBgpOverride } : {}),
    })),
);

const table: fc.Arbitrary<readonly Numbered[]> = fc
  .array(route, { minLength: 1, maxLength: 14 })
  .map((routes) => routes.map((each, id) => ({ ...each, id })));

const addressesOf = (at: Prefix): ReadonlySet<number> => {
  if (at.length === 0) return new Set(Array.from({ length: UNIVERSE }, (_, i) => i));
  const first = at.address.bits - START.bits;
  return new Set(Array.from({ length: addressCount(at) }, (_, i) => first + i));
};

const slow = (each: Numbered): SlowRoute => ({
  id: each.id,
  source: each.source,
  holds: addressesOf(each.prefix),
  nextHopType: each.nextHopType,
  tag: each.tag ?? null,
  hasBgpOverride: each.hasBgpOverride ?? false,
  yieldsWithin: each.yieldsWithin?.map(addressesOf) ?? null,
});

const words = ({ source, prefix: at, nextHopType, tag }: CandidateRoute): string =>
  `${source} ${formatPrefix(at)} ${nextHopType} ${tag ?? ''}`;

test(`the route to every address of ${TABLES} random tables is the one that the slow twin finds`, () => {
  let decided = 0;
  const states = new Map<string, number>();
  fc.assert(
    fc.property(table, (routes) => {
      const settled = settleRoutes(routes);
      for (const { loss } of settled) {
        const kind = loss?.kind ?? 'active';
        states.set(kind, (states.get(kind) ?? 0) + 1);
      }
      const twins = routes.map(slow);
      // Routes change only where some prefix begins or ends.
      const edges = new Set([0]);
      for (const { holds } of twins) {
        const all = [...holds];
        edges.add(Math.min(...all));
        edges.add((Math.max(...all) + 1) % UNIVERSE);
      }
      for (const at of edges) {
        decided += 1;
        const { winner, losers } = chooseRoute(settled, addressOfBits(START.bits + at));
        const expected = slowRoute(twins, at);
        expect(winner?.id ?? null, `to .${at} of ${routes.map(words).join('; ')}`).toBe(expected);
        expect(losers.length + (winner === null ? 0 : 1)).toBe(
          twins.filter(({ holds }) => holds.has(at)).length,
        );
      }
    }),
    { numRuns: TABLES },
  );
  // Tables in which nothing ever loses for a reason would prove nothing about it.
  for (const kind of [
    'active',
    'same-prefix',
    'learned-inside-system',
    'bgp-override',
    'inside-service-endpoint',
    'endpoint-policy',
    'default-overridden',
    'tag-order',
  ]) {
    expect(states.get(kind) ?? 0, kind).toBeGreaterThan(100);
  }
  expect(decided).toBeGreaterThan(TABLES * 5);
}, 120_000);
