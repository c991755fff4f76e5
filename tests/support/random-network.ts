/** Random small networks, most of them broken: for what must hold of every trace. */
import fc from 'fast-check';
import { address, addressKey } from '../../src/model/ip/address.ts';
import { setOf } from '../../src/model/ip/address-set.ts';
import { prefix, prefixAround } from '../../src/model/ip/prefix.ts';
import type {
  FilterChain,
  FilterVerdict,
  Host,
  Network,
  PacketMatch,
  Protocol,
  Route,
  RouteTarget,
  TranslationRule,
} from '../../src/model/network/network.ts';
import { host, listener, network, stableMac } from './network-drafts.ts';

const SEGMENTS = ['a', 'b', 'c'];
const PROTOCOLS: readonly Protocol[] = ['tcp', 'udp', 'icmp'];

/** Addresses crowded into three /24s, so that hosts, routes and rules meet. */
export const crowdedAddress: fc.Arbitrary<string> = fc
  .tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 1, max: 9 }))
  .map(([segment, last]) => `10.0.${segment}.${last}`);

const crowdedPrefix = fc
  .tuple(crowdedAddress, fc.constantFrom(0, 8, 22, 23, 24, 24, 24, 30, 32))
  .map(([text, length]) => prefixAround(address(text), length));

const verdict: fc.Arbitrary<FilterVerdict> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ kind: 'accept' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'drop' as const, disposition: 'denied-inbound' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'undetermined' as const, reason: 'nobody knows' }) },
);

const match: fc.Arbitrary<PacketMatch> = fc
  .record({
    protocols: fc.option(fc.subarray([...PROTOCOLS], { minLength: 1 }), { nil: undefined }),
    source: fc.option(crowdedPrefix, { nil: undefined }),
    destination: fc.option(crowdedPrefix, { nil: undefined }),
    local: fc.option(fc.constantFrom('yes' as const, 'no' as const), { nil: undefined }),
  })
  .map(({ protocols, source, destination, local }) => ({
    ...(protocols === undefined ? {} : { protocols }),
    ...(source === undefined ? {} : { source: setOf(source) }),
    ...(destination === undefined ? {} : { destination: setOf(destination) }),
    ...(local === undefined ? {} : { destinationIsLocal: local }),
  }));

function chain(faces: readonly string[]): fc.Arbitrary<FilterChain> {
  return anyChain(faces).map((each) => (each.hook === 'forward' ? { ...each, interface: null } : each));
}

function anyChain(faces: readonly string[]): fc.Arbitrary<FilterChain> {
  return fc.record({
    by: fc.constantFrom('first chain', 'second chain'),
    hook: fc.constantFrom('ingress', 'routed', 'input', 'forward', 'output', 'egress'),
    interface: fc.constantFrom(null, ...faces),
    rules: fc.array(fc.record({ match, verdict, by: fc.constantFrom('rule 1', 'rule 2') }), { maxLength: 2 }),
    otherwise: verdict,
  });
}

const translation: fc.Arbitrary<TranslationRule> = fc.oneof(
  fc.record({
    hook: fc.constant('prerouting' as const),
    match,
    action: fc.array(crowdedAddress, { maxLength: 3 }).map((backends) => ({
      kind: 'destination' as const,
      backends: backends.map((text) => ({ address: address(text), port: 80, by: text })),
      masquerade: { when: 'backend-is-source' as const, by: 'mark' },
    })),
    by: fc.constant('to backends'),
  }),
  fc.record({
    hook: fc.constant('postrouting' as const),
    match,
    action: fc.oneof(
      fc.constant({ kind: 'masquerade' as const }),
      fc.constant({ kind: 'none' as const }),
      crowdedAddress.map((text) => ({ kind: 'source' as const, address: address(text) })),
    ),
    by: fc.constant('source rule'),
  }),
);

function target(faces: readonly string[]): fc.Arbitrary<RouteTarget> {
  const device = fc.constantFrom(...faces);
  return fc.oneof(
    { weight: 4, arbitrary: device.map((each) => ({ kind: 'connected' as const, interface: each })) },
    {
      weight: 4,
      arbitrary: fc
        .tuple(crowdedAddress, device)
        .map(([via, each]) => ({ kind: 'gateway' as const, via: address(via), interface: each })),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'attached' as const }) },
    {
      weight: 1,
      arbitrary: crowdedAddress.map((via) => ({ kind: 'attached-gateway' as const, via: address(via) })),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'drop' as const }) },
  );
}

function routes(faces: readonly string[]): fc.Arbitrary<Route[]> {
  return fc.array(
    fc
      .record({ at: crowdedPrefix, to: target(faces), metric: fc.integer({ min: 0, max: 2 }) })
      .map(({ at, to, metric }) => ({
        prefix: at,
        target: to,
        metric,
        preferredSource: null,
        by: `${to.kind} metric ${metric}`,
      })),
    { maxLength: 5 },
  );
}

function randomHost(number: number): fc.Arbitrary<Host> {
  return fc.subarray(SEGMENTS, { minLength: 1 }).chain((segments) => {
    const faces = segments.map((segment) => `to-${segment}`);
    return fc
      .record({
        forwarding: fc.constantFrom('on' as const, 'on' as const, 'off' as const),
        routes: routes(faces),
        proxies: fc.boolean(),
        chains: fc.array(chain(faces), { maxLength: 2 }),
        translations: fc.array(translation, { maxLength: 2 }),
        attached: fc.array(fc.tuple(crowdedAddress, fc.constantFrom(...faces)), { maxLength: 3 }),
        kept: fc.boolean(),
      })
      .map((parts) =>
        host(`host-${number}`, 'vm', {
          forwarding: parts.forwarding,
          ...(parts.kept ? { timeToLive: 'kept' as const } : {}),
          interfaces: segments.map((segment) => ({
            name: `to-${segment}`,
            mac: stableMac(`${number} ${segment}`),
            segment,
            addresses: [{ address: address(`10.0.${SEGMENTS.indexOf(segment)}.${number + 1}`), length: 24 }],
            proxyArp: parts.proxies,
          })),
          tables: new Map([
            [
              'main',
              {
                name: 'main',
                routes: [
                  ...parts.routes,
                  ...segments.map((segment) => ({
                    prefix: prefix(`10.0.${SEGMENTS.indexOf(segment)}.0/24`),
                    target: { kind: 'connected' as const, interface: `to-${segment}` },
                    metric: 1,
                    preferredSource: null,
                    by: `connected to ${segment}`,
                  })),
                ],
                superseded: [],
              },
            ],
          ]),
          attached: new Map(parts.attached.map(([text, face]) => [addressKey(address(text)), face])),
          chains: parts.chains,
          translations: parts.translations,
          listeners: [listener(80), listener(80, 'udp')],
        }),
      );
  });
}

/** Between two and six hosts on up to three segments, one of them a bridge of the first host on it. */
export const randomNetwork: fc.Arbitrary<Network> = fc
  .integer({ min: 2, max: 6 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, i) => randomHost(i))))
  .map((hosts) => {
    const owner = hosts.find((each) => each.interfaces.some((face) => face.segment === 'a'));
    return network(hosts, owner === undefined ? {} : { a: { host: owner.id, device: 'to-a' } });
  });
