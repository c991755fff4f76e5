/** A firewall in the compiled network against the evaluator of its rules: the same decision, rule and source. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type {
  FirewallApplicationProtocol,
  FirewallProtocol,
  PolicyRuleCollection,
  RuleCollectionGroup,
} from '../../src/model/azure/firewall-resources.ts';
import { getResource, resourceId } from '../../src/model/azure/resource-store.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { entryName } from '../../src/model/compile/firewall-rules.ts';
import { evaluateFirewall } from '../../src/model/firewall/evaluate.ts';
import type { FirewallRequest, FirewallVerdict } from '../../src/model/firewall/evaluate.ts';
import { firewallRulesOf } from '../../src/model/firewall/rules-of.ts';
import { address, formatAddress } from '../../src/model/ip/address.ts';
import { NO_NAME } from '../../src/model/network/network.ts';
import type { Request } from '../../src/model/network/network.ts';
import { describeTrace } from '../../src/model/trace/text.ts';
import type { Trace } from '../../src/model/trace/trace.ts';
import { applicationRule, natRule, networkRule, putFirewall, putPolicy } from '../support/firewall.ts';
import { hubAndSpokes, ADDRESSES, NAMES, traced } from '../unit/model/compile/firewall-world.ts';

const FIREWALLS = 700;
const PACKETS_EACH = 8;

const few = <T>(of: readonly T[], maxLength = 2): fc.Arbitrary<readonly T[]> =>
  fc.subarray([...of], { minLength: 1, maxLength: Math.min(maxLength, of.length) });
const sources = few(['*', '10.1.0.0/16', '10.1.1.4', '10.0.0.0/8', '10.2.1.4', '203.0.113.0/24']);
const action = fc.constantFrom('Allow' as const, 'Deny' as const);
const protocols = few<FirewallProtocol>(['TCP', 'UDP', 'ICMP', 'Any']);
const ports = few(['*', '443', '80', '1-1024', '8443', '53']);

const anyNetworkRule = fc
  .record({
    sourceAddresses: sources,
    protocols,
    destinationPorts: ports,
    to: fc.oneof(
      fc.record({
        destinationAddresses: few([
          '*',
          '10.2.0.0/16',
          '10.2.1.4',
          '203.0.113.0/24',
          '203.0.113.5-203.0.113.80',
          'AzureCloud',
          'Storage',
        ]),
      }),
      fc.record({ destinationFqdns: few([NAMES.web, NAMES.other, 'nowhere.example']) }),
    ),
  })
  .map(({ to, ...rest }) => ({ ...rest, ...to }));

const anyApplicationRule = fc.record({
  sourceAddresses: sources,
  protocols: few<FirewallApplicationProtocol>(
    [
      { protocolType: 'Http', port: 80 },
      { protocolType: 'Https', port: 443 },
      { protocolType: 'Https', port: 8443 },
      { protocolType: 'Http', port: 443 },
      { protocolType: 'Mssql', port: 1433 },
    ],
    3,
  ),
  names: fc.oneof(
    fc.record({ targetFqdns: few([NAMES.web, '*.example.com', '*', '*example.org', 'mcr.microsoft.com']) }),
    fc.record({ fqdnTags: few(['AzureKubernetesService', 'WindowsUpdate'], 1) }),
  ),
});

const anyNatRule = fc.record({
  sourceAddresses: sources,
  protocols: few<FirewallProtocol>(['TCP', 'UDP']),
  destinationAddresses: fc.constant([ADDRESSES.firewall]),
  destinationPorts: few(['80', '443', '8443'], 1),
  translatedAddress: fc.constantFrom('10.1.1.4', '10.2.1.4'),
  translatedPort: fc.constantFrom('80', '8080'),
});

/** Priorities without two alike, in no order. */
function prioritized<T>(
  of: fc.Arbitrary<T>,
  maxLength: number,
): fc.Arbitrary<readonly (T & { priority: number })[]> {
  return fc
    .uniqueArray(fc.record({ priority: fc.integer({ min: 100, max: 999 }), one: of }), {
      maxLength,
      selector: ({ priority }) => priority,
    })
    .map((all) => all.map(({ priority, one }) => ({ ...one, priority })));
}

const rulesOf = <T>(one: fc.Arbitrary<T>) =>
  fc
    .array(one, { minLength: 1, maxLength: 2 })
    .map((all) => all.map((each, at) => ({ ...each, name: `r${at}` })));

const settings = fc.record({
  'Network.DNS.EnableProxy': fc.constantFrom('true', 'false'),
  'Network.SNAT.PrivateRanges': fc.constantFrom(
    'IANAPrivateRanges',
    '0.0.0.0/0',
    '255.255.255.255/32',
    '10.2.0.0/16, 203.0.113.80',
  ),
});

const anyClassic = fc.record({
  settings,
  network: prioritized(fc.record({ action, rules: rulesOf(anyNetworkRule) }), 3),
  application: prioritized(fc.record({ action, rules: rulesOf(anyApplicationRule) }), 2),
  nat: prioritized(fc.record({ rules: rulesOf(anyNatRule) }), 1),
});

const anyCollection: fc.Arbitrary<Omit<PolicyRuleCollection, 'name' | 'priority'>> = fc.oneof(
  fc.record({ action, rules: rulesOf(anyNetworkRule) }).map((each) => ({
    ruleCollectionType: 'FirewallPolicyFilterRuleCollection' as const,
    action: { type: each.action },
    rules: each.rules.map((rule) => {
      const { protocols: ipProtocols, ...rest } = networkRule(rule);
      return { ...rest, ruleType: 'NetworkRule' as const, ipProtocols };
    }),
  })),
  fc.record({ action, rules: rulesOf(anyApplicationRule) }).map((each) => ({
    ruleCollectionType: 'FirewallPolicyFilterRuleCollection' as const,
    action: { type: each.action },
    rules: each.rules.map(({ names, ...rule }) => ({
      ...applicationRule({ ...rule, ...names }),
      ruleType: 'ApplicationRule' as const,
      destinationAddresses: [],
      targetUrls: [],
      webCategories: [],
      terminateTLS: false,
    })),
  })),
  fc.record({ rules: rulesOf(anyNatRule) }).map((each) => ({
    ruleCollectionType: 'FirewallPolicyNatRuleCollection' as const,
    action: { type: 'DNAT' as const },
    rules: each.rules.map((rule) => {
      const { protocols: ipProtocols, ...rest } = natRule(rule);
      return { ...rest, ruleType: 'NatRule' as const, ipProtocols };
    }),
  })),
);

const anyGroups = prioritized(fc.record({ ruleCollections: prioritized(anyCollection, 3) }), 2).map(
  (groups) =>
    groups.map((group, g): RuleCollectionGroup => ({
      id: `/groups/g${g}`,
      name: `g${g}`,
      etag: '',
      provisioningState: 'Succeeded',
      priority: group.priority,
      ruleCollections: group.ruleCollections.map((each, c) => ({
        ...each,
        name: `g${g}c${c}`,
      })) as readonly PolicyRuleCollection[],
    })),
);

const anyPolicies = fc.record({ parent: anyGroups, child: anyGroups, proxy: fc.boolean() });

const anyPacket = fc.record({
  from: fc.constantFrom('vm/one', 'vm/two', 'internet'),
  to: fc.constantFrom(
    '10.2.1.4',
    '10.1.1.4',
    ADDRESSES.web,
    '203.0.113.81',
    '203.0.113.7',
    '10.99.0.1',
    ADDRESSES.firewall,
  ),
  protocol: fc.constantFrom('tcp' as const, 'tcp' as const, 'tcp' as const, 'udp' as const, 'icmp' as const),
  port: fc.constantFrom(80, 443, 8443, 53, 1433, 5000),
  request: fc.oneof(
    { weight: 1, arbitrary: fc.constant(null) },
    {
      weight: 3,
      arbitrary: fc.record({
        protocol: fc.constantFrom('http' as const, 'https' as const),
        host: fc.constantFrom(
          NAMES.web,
          NAMES.other,
          'mcr.microsoft.com',
          'md-hdd-x.blob.storage.azure.net',
          NO_NAME,
        ),
      }),
    },
  ),
});

const SOURCES: Readonly<Record<string, string>> = {
  'vm/one': '10.1.1.4',
  'vm/two': '10.2.1.4',
  internet: ADDRESSES.web,
};
const NAMES_OF: Readonly<Record<string, readonly string[]>> = {
  [ADDRESSES.web]: [NAMES.web],
  '203.0.113.81': [NAMES.other],
};

interface Outcome {
  readonly verdict: 'allow' | 'deny' | 'undetermined';
  readonly by: string;
  readonly source: string;
}

function expected(verdict: FirewallVerdict): Outcome {
  const { decided, source } = verdict;
  const by = typeof decided === 'string' ? 'firewall fw' : entryName(decided, 'fw');
  if (verdict.verdict === 'undetermined' || source === 'undetermined')
    return { verdict: 'undetermined', by: '', source: '' };
  return { verdict: verdict.verdict, by, source: source ?? '' };
}

/** What the firewall did, read from its own steps. */
function done(trace: Trace, source: string): Outcome {
  const hop = trace.hops.find(({ place }) => place === 'firewall/fw');
  const last = hop?.steps.at(-1);
  if (hop === undefined || last === undefined)
    throw new Error(`not by the firewall\n${describeTrace(trace).join('\n')}`);
  if (last.kind === 'drop' && last.disposition === 'undetermined')
    return { verdict: 'undetermined', by: '', source: '' };
  if (last.kind === 'drop' && /^denied-/.test(last.disposition)) {
    return {
      verdict: 'deny',
      by: last.by.replace(/ \(.*$/, (tail) => (tail.startsWith(' (no DNAT') ? '' : tail)),
      source: '',
    };
  }
  const translated = hop.steps.find((step) => step.kind === 'translate' && step.by.startsWith('DNAT'));
  const filter = hop.steps.find(({ kind }) => kind === 'filter');
  const after = formatAddress(last.after.source.address);
  const seen = after === source ? 'unchanged' : after === '10.0.0.4' ? 'private' : 'public';
  // What keeps a private source towards the internet is let through and goes no further.
  const kept = last.kind === 'drop' && last.disposition === 'no-outbound-path';
  return { verdict: 'allow', by: translated?.by ?? filter?.by ?? '', source: kept ? 'unchanged' : seen };
}

type Packet = typeof anyPacket extends fc.Arbitrary<infer T> ? T : never;

/** A packet that ends at the firewall itself is asked about DNAT rules alone. */
function compare(cloud: Cloud, packet: Packet, seen: Map<string, number>): void {
  const { from, to, protocol, port } = packet;
  const inside = from !== 'internet';
  if (SOURCES[from] === to || (!inside && to !== ADDRESSES.firewall)) return;
  const firewall = getResource(
    cloud,
    resourceId(cloud, 'rg', 'Microsoft.Network/azureFirewalls', 'fw'),
    'Microsoft.Network/azureFirewalls',
  );
  if (firewall === null) throw new Error('no firewall');
  const said: Request | null =
    protocol === 'tcp' && !(packet.request?.protocol === 'http' && packet.request.host === NO_NAME)
      ? packet.request
      : null;
  const request: FirewallRequest | null =
    said === null ? null : { ...said, host: said.host === NO_NAME ? null : said.host };
  const verdict = evaluateFirewall(firewallRulesOf(cloud, firewall).rules, {
    side: inside ? 'inside' : 'internet',
    protocol: protocol === 'tcp' ? 'TCP' : protocol === 'udp' ? 'UDP' : 'ICMP',
    source: address(SOURCES[from] ?? ''),
    destination: address(to),
    names: NAMES_OF[to] ?? [],
    port: protocol === 'icmp' ? null : port,
    request,
  });
  // Nothing but DNAT takes a packet for the firewall's own address.
  if (to === ADDRESSES.firewall && inside && verdict.stage !== 'dnat') return;
  const trace = traced(cloud, from, to, {
    protocol,
    ...(protocol === 'icmp' ? {} : { port }),
    ...(said === null ? {} : { request: said }),
  });
  const what = expected(verdict);
  const key = `${what.verdict} ${verdict.stage}`;
  seen.set(key, (seen.get(key) ?? 0) + 1);
  expect(done(trace, SOURCES[from] ?? ''), describeTrace(trace).join('\n')).toEqual(what);
}

const CLASSIC = anyClassic.map(
  (text) => (cloud: Cloud) =>
    putFirewall(cloud, {
      ...text,
      application: text.application.map((each, at) => ({
        ...each,
        name: `a${at}`,
        rules: each.rules.map(({ names, ...rule }) => ({ ...rule, ...names })),
      })),
      network: text.network.map((each, at) => ({ ...each, name: `n${at}` })),
      nat: text.nat.map((each, at) => ({ ...each, name: `d${at}` })),
    }),
);

const WITH_POLICY = anyPolicies.map(({ parent, child, proxy }) => (cloud: Cloud) => {
  const base = putPolicy(cloud, 'base', { ruleCollectionGroups: parent });
  const own = putPolicy(base, 'own', {
    ruleCollectionGroups: child,
    basePolicy: { id: resourceId(cloud, 'rg', 'Microsoft.Network/firewallPolicies', 'base') },
    dnsSettings: { servers: [], enableProxy: proxy },
  });
  return putFirewall(own, { policy: 'own' });
});

test(`${FIREWALLS} firewalls and ${FIREWALLS * PACKETS_EACH} packets`, async () => {
  const world = await hubAndSpokes();
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(
      fc.oneof(CLASSIC, WITH_POLICY),
      fc.array(anyPacket, { minLength: PACKETS_EACH, maxLength: PACKETS_EACH }),
      (put, packets) => {
        const cloud = put(world);
        for (const packet of packets) compare(cloud, packet, seen);
      },
    ),
    { numRuns: FIREWALLS },
  );
  const total = [...seen.values()].reduce((sum, each) => sum + each, 0);
  expect(total).toBeGreaterThan(2000);
  expect([...seen].filter(([key]) => key.startsWith('undetermined')).length).toBeGreaterThan(1);
  for (const key of [
    'allow network',
    'deny network',
    'allow application',
    'deny application',
    'undetermined default',
    'deny default',
    'allow dnat',
  ]) {
    expect(seen.get(key) ?? 0, key).toBeGreaterThan(0);
  }
});
