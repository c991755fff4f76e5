/** The firewall's evaluator against its slow twin. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluateFirewall } from '../../src/model/firewall/evaluate.ts';
import { entryPath } from '../../src/model/firewall/rules.ts';
import type { AddressSide, FirewallEntry } from '../../src/model/firewall/rules.ts';
import { shadowedEntries } from '../../src/model/firewall/shadowed.ts';
import { formatAddress } from '../../src/model/ip/address.ts';
import { AZURE_KUBERNETES_SERVICE_TAG } from '../../src/model/limits/aks-egress.ts';
import { classicConfiguration, packetOf, policyConfiguration } from '../support/firewall-rules.ts';
import { slowFirewall } from '../support/golden/slow-firewall.ts';
import type {
  SlowAnswer,
  SlowCollection,
  SlowFirewall,
  SlowPacket,
  SlowRule,
} from '../support/golden/slow-firewall.ts';
import type { FirewallVerdict } from '../../src/model/firewall/evaluate.ts';

const few = <T>(of: readonly T[], maxLength = 2): fc.Arbitrary<readonly T[]> =>
  fc.subarray([...of], { minLength: 1, maxLength: Math.min(maxLength, of.length) });
const none = fc.constant<readonly string[]>([]);
const mostly = (one: fc.Arbitrary<readonly string[]>, other: fc.Arbitrary<readonly string[]>) =>
  fc.oneof({ weight: 4, arbitrary: one }, { weight: 1, arbitrary: other });

const SOURCES = ['*', '10.0.0.0/8', '10.1.0.0/16', '10.1.0.4', '10.1.0.4-10.1.0.9', '203.0.113.0/24'];
const DESTINATIONS = [
  '*',
  '10.2.0.0/16',
  '10.2.0.4',
  '203.0.113.0/24',
  '203.0.113.5-203.0.113.8',
  '198.51.100.7',
  'AzureCloud',
  'AzureCloud.westeurope',
  'AzureCloud.NorthEurope',
  'Storage',
];
const GROUPS = ['spokes', 'servers', 'unknown'];
const NAMES = [
  'www.contoso.com',
  '*.contoso.com',
  '*contoso.com',
  'contoso.com',
  '*',
  'mcr.microsoft.com',
  '*.microsoft.com',
];

const anyRule: fc.Arbitrary<SlowRule> = fc.record({
  name: fc.constant(''),
  sources: mostly(few(SOURCES), none),
  sourceGroups: mostly(none, few(GROUPS, 1)),
  protocols: few(['TCP', 'UDP', 'ICMP', 'Any']),
  destinations: mostly(few(DESTINATIONS), none),
  destinationGroups: mostly(none, few(GROUPS, 1)),
  destinationNames: mostly(none, few(['www.contoso.com', 'ntp.ubuntu.com'])),
  ports: few(['*', '443', '80', '1-1024', '8080-8090', '1433']),
  translated: fc.constantFrom('10.2.0.4:80', '10.2.0.4:443', '10.2.0.5:80', '203.0.113.50:80'),
  applications: few(['Http:80', 'Https:443', 'Http:8080', 'Https:8443', 'Mssql:1433'], 3),
  names: mostly(few(NAMES), none),
  nameTags: mostly(none, few(['AzureKubernetesService', 'WindowsUpdate'])),
  categories: mostly(none, few(['Gambling'])),
});

/** Azure takes service tags in destinations of network rules only. */
const anyCollection: fc.Arbitrary<SlowCollection> = fc
  .record({
    name: fc.constant(''),
    priority: fc.constantFrom(100, 200, 300, 1_000, 65_000),
    type: fc.constantFrom(
      'dnat',
      'network',
      'network',
      'application',
      'application',
      'application',
      'application',
    ),
    action: fc.constantFrom('Allow', 'Allow', 'Deny'),
    rules: fc.array(anyRule, { maxLength: 3 }),
  })
  .map((collection) => ({
    ...collection,
    rules: collection.rules.map((each) => ({
      ...each,
      destinations: each.destinations.filter((text) => collection.type === 'network' || !/^[A-Z]/.test(text)),
    })),
  }));

/** Priorities are unique where Azure asks for it: in a group, and in a policy. */
const anyGroups = fc.uniqueArray(
  fc.record({
    priority: fc.constantFrom(100, 200, 300, 400, 65_000),
    collections: fc.uniqueArray(anyCollection, { maxLength: 4, selector: (each) => each.priority }),
  }),
  { maxLength: 3, selector: (each) => each.priority },
);

const numbered = <T>(all: readonly T[], letter: string): (T & { name: string })[] =>
  all.map((each, at) => ({ ...each, name: `${letter}${at}` }));

const anyFirewall: fc.Arbitrary<SlowFirewall> = fc.record({
  policies: fc.array(anyGroups, { minLength: 1, maxLength: 2 }).map((policies) =>
    policies.map((groups, at) => ({
      name: `p${at}`,
      groups: numbered(
        groups.map((group) => ({
          ...group,
          collections: numbered(
            group.collections.map((each) => ({ ...each, rules: numbered(each.rules, 'r') })),
            'c',
          ),
        })),
        'g',
      ),
    })),
  ),
  ipGroups: fc.constant({
    spokes: ['10.1.0.0/24', '10.2.0.0/24'],
    servers: ['203.0.113.7', '10.2.0.4-10.2.0.9'],
  }),
  held: fc.constant({ westeurope: ['203.0.113.4/30'], northeurope: ['198.51.100.0/24'] }),
  tagNames: fc.constant({
    AzureKubernetesService: {
      sure: AZURE_KUBERNETES_SERVICE_TAG.value.included,
      unsure: AZURE_KUBERNETES_SERVICE_TAG.value.uncertain,
    },
    WindowsUpdate: { sure: [], unsure: ['*'] },
  }),
  dnsProxy: fc.boolean(),
  privateRanges: fc.constantFrom(
    ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'],
    ['0.0.0.0/0'],
    ['255.255.255.255/32'],
    ['10.2.0.0/16', '203.0.113.0/24'],
  ),
});

const ADDRESSES = [
  '10.2.0.4',
  '10.2.0.200',
  '10.3.0.1',
  '203.0.113.5',
  '203.0.113.9',
  '198.51.100.7',
  '192.0.2.1',
];
const HOSTS = [
  'www.contoso.com',
  'contoso.com',
  'th3re4lcontoso.com',
  'mcr.microsoft.com',
  'example.org',
  'vault.azure.net',
  'md-1.blob.storage.azure.net',
  '-',
];

/** Names are seldom asked for on a port that no application rule has. */
function usualPort({ port, request }: { readonly port: number; readonly request: string | null }): number {
  if (request?.startsWith('https') === true) return port === 1_433 || port === 22 ? port : 443;
  if (request?.startsWith('http ') === true) return port === 8_080 || port === 22 ? port : 80;
  return port;
}

const anyPacket: fc.Arbitrary<SlowPacket> = fc
  .record({
    fromInternet: fc.constantFrom(false, false, false, false, true),
    protocol: fc.constantFrom('TCP', 'TCP', 'TCP', 'UDP', 'ICMP'),
    source: fc.constantFrom('10.1.0.4', '10.1.0.200', '10.9.0.1', '203.0.113.77'),
    destinations: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...ADDRESSES).map((each) => [each]) },
      { weight: 1, arbitrary: few(ADDRESSES, 5) },
    ),
    names: fc.oneof(
      few(['www.contoso.com', 'example.org', 'ntp.ubuntu.com']),
      none,
      fc.constant('unknown' as const),
    ),
    port: fc.constantFrom(80, 443, 1_433, 8_080, 22, 123),
    request: fc.oneof(
      fc.constant(null),
      fc
        .tuple(fc.constantFrom('http', 'https', 'https', 'mssql'), fc.constantFrom(...HOSTS))
        .map(([protocol, host]) => `${protocol} ${host}`),
    ),
  })
  .map((packet) => ({
    ...packet,
    port: packet.protocol === 'ICMP' ? null : usualPort(packet),
    request: packet.protocol === 'TCP' ? packet.request : null,
  }));

function answerOf({ verdict, decided, source, translated }: FirewallVerdict): SlowAnswer {
  return {
    verdict,
    decided: typeof decided === 'string' ? null : entryPath(decided),
    source,
    translated:
      translated === null || translated.translatedAddress === null
        ? null
        : `${formatAddress(translated.translatedAddress)}:${translated.translatedPort}`,
  };
}

test('10,000 policies and packets: the same rule, verdict, source and target as the slow twin', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(anyFirewall, anyPacket, (firewall, packet) => {
      const answer = evaluateFirewall(policyConfiguration(firewall).rules, packetOf(packet));
      expect(answerOf(answer)).toEqual(slowFirewall(firewall, packet));
      const key = `${answer.verdict} ${answer.stage} ${answer.source ?? ''}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }),
    { numRuns: 10_000 },
  );
  // Random cases that all end in the same way would prove nothing.
  for (const end of [
    'allow dnat',
    'allow network unchanged',
    'allow network public',
    'allow application public',
    'allow application private',
    'deny network',
    'deny application',
    'deny default',
    'undetermined infrastructure',
    'undetermined default',
    'undetermined application',
    'undetermined network',
  ]) {
    const count = [...seen].filter(([key]) => key.startsWith(end)).reduce((sum, [, each]) => sum + each, 0);
    expect(count, end).toBeGreaterThan(10);
  }
});

test('collections of a firewall without a policy: the same as in one group', () => {
  const oneGroup = anyFirewall.map((firewall) => {
    const [group] = firewall.policies[0]?.groups ?? [];
    const collections = (group?.collections ?? []).map((each) => ({
      ...each,
      // Only policies know web categories.
      rules: each.rules.map((one) => ({ ...one, categories: [] })),
    }));
    return { ...firewall, policies: [{ name: 'p0', groups: [{ name: 'g0', priority: 100, collections }] }] };
  });
  fc.assert(
    fc.property(oneGroup, anyPacket, (firewall, packet) => {
      const { decided, ...rest } = answerOf(
        evaluateFirewall(classicConfiguration(firewall).rules, packetOf(packet)),
      );
      const expected = slowFirewall(firewall, packet);
      expect({ ...rest, decided: decided?.split('/').at(-1) ?? null }).toEqual({
        ...expected,
        decided: expected.decided?.split('/').at(-1) ?? null,
      });
    }),
    { numRuns: 2_000 },
  );
});

test('an entry that does not match a packet changes nothing for it', () => {
  fc.assert(
    fc.property(anyFirewall, anyPacket, fc.nat(), (firewall, packet, which) => {
      const { rules } = policyConfiguration(firewall);
      const before = evaluateFirewall(rules, packetOf(packet));
      const taken = before.lost[which % Math.max(1, before.lost.length)];
      if (taken === undefined) return;
      expect(taken.why).not.toEqual([]);
      const without = {
        ...rules,
        dnat: rules.dnat.filter((each) => each !== taken.entry),
        network: rules.network.filter((each) => each !== taken.entry),
        application: rules.application.filter((each) => each !== taken.entry),
      };
      const { lost: _, ...rest } = before;
      expect(evaluateFirewall(without, packetOf(packet))).toMatchObject(rest);
    }),
    { numRuns: 1_000 },
  );
});

test('a rule that is said never to decide decides nothing, and each that covers it is asked before', () => {
  let found = 0;
  fc.assert(
    fc.property(anyFirewall, fc.array(anyPacket, { minLength: 5, maxLength: 30 }), (firewall, packets) => {
      const { rules } = policyConfiguration(firewall);
      const order: readonly FirewallEntry[] = [...rules.dnat, ...rules.network, ...rules.application];
      const shadowed = shadowedEntries(rules);
      found += shadowed.length;
      for (const { entry, by } of shadowed) {
        for (const each of by) expect(order.indexOf(each)).toBeLessThan(order.indexOf(entry));
        for (const packet of packets) {
          const { decided, doubtful } = evaluateFirewall(rules, packetOf(packet));
          expect(decided).not.toBe(entry);
          // Several rules may match a name that is not resolved, each for another address, or ICMP by their ports.
          if (packet.destinations.length === 1 && packet.protocol !== 'ICMP')
            expect(doubtful.map((each) => each.entry)).not.toContain(entry);
        }
      }
    }),
    { numRuns: 1_000 },
  );
  expect(found).toBeGreaterThan(100);
});

test('a rule that only repeats one before it never decides', () => {
  fc.assert(
    fc.property(anyFirewall, (firewall) => {
      const { rules } = policyConfiguration(firewall);
      const twice = {
        ...rules,
        dnat: rules.dnat.flatMap((each) => [each, { ...each }]),
        network: rules.network.flatMap((each) => [each, { ...each }]),
        application: rules.application.flatMap((each) => [each, { ...each }]),
      };
      const shadowed = new Set(shadowedEntries(twice).map(({ entry }) => entry));
      const isCertain = (side: AddressSide): boolean => side.doubts.length === 0;
      for (const [at, entry] of twice.network.entries()) {
        const certain = isCertain(entry.source) && isCertain(entry.destination) && entry.fqdns.length === 0;
        if (at % 2 === 1 && certain) expect(shadowed).toContain(entry);
      }
      for (const [at, entry] of twice.application.entries()) {
        const certain = isCertain(entry.source) && entry.names.maybe.length === 0;
        if (at % 2 === 1 && certain) expect(shadowed).toContain(entry);
      }
    }),
    { numRuns: 500 },
  );
});
