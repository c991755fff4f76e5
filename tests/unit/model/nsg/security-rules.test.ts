/** What the documentation of network security groups says, sentence by sentence. */
import { describe, expect, test } from 'vitest';
import { applyChange } from '../../../../src/model/nsg/changes.ts';
import { evaluate, evaluateGroups } from '../../../../src/model/nsg/evaluate.ts';
import { verdictOver } from '../../../../src/model/nsg/partition.ts';
import { everyPort } from '../../../../src/model/nsg/port-set.ts';
import { shadowedRules } from '../../../../src/model/nsg/shadowed.ts';
import { changesTo, freeBefore, smallestChange } from '../../../../src/model/nsg/smallest-change.ts';
import { trafficOf } from '../../../../src/model/nsg/traffic.ts';
import type { TrafficClass } from '../../../../src/model/nsg/traffic.ts';
import { setOf } from '../../../../src/model/ip/address-set.ts';
import { prefix } from '../../../../src/model/ip/prefix.ts';
import type { SlowRule } from '../../../support/golden/slow-security-rules.ts';
import { addressNames, armRules, packetOf } from '../../../support/security-rules.ts';

const names = addressNames();

/** `100 Allow Tcp Internet > 10.0.1.4 80,443`. */
function rule(text: string, direction = 'Inbound'): SlowRule {
  const [priority = '', access = '', protocol = '', source = '', , destination = '', ports = ''] =
    text.split(' ');
  return {
    name: `${access}-${priority}`,
    priority: Number(priority),
    direction,
    access,
    protocol,
    sources: source.split(','),
    sourcePorts: ['*'],
    destinations: destination.split(','),
    destinationPorts: ports.split(','),
  };
}

/** `Tcp 203.0.113.9:50000 > 10.0.1.4:80`; ports are left out where the protocol has none. */
function packet(text: string) {
  const [protocol = '', from = '', , to = ''] = text.split(' ');
  const [source = '', sourcePort] = from.split(':');
  const [destination = '', destinationPort] = to.split(':');
  const port = (number: string | undefined): number | null => (number === undefined ? null : Number(number));
  return packetOf({
    protocol,
    source,
    sourcePort: port(sourcePort),
    destination,
    destinationPort: port(destinationPort),
  });
}

const WEB = rule('100 Allow Tcp Internet > 10.0.1.4 80');

describe('one group (network-security-groups-overview, 2025-07-15)', () => {
  test.each([
    [
      'default rules let a VNet talk to itself',
      [],
      'Udp 10.0.1.4:53 > 10.0.2.4:53',
      'Allow',
      'AllowVnetInBound',
    ],
    [
      'and probes reach everything',
      [],
      'Tcp 168.63.129.16:5000 > 203.0.113.9:80',
      'Allow',
      'AllowAzureLoadBalancerInBound',
    ],
    ['and the internet reaches nothing', [], 'Tcp 203.0.113.9:5000 > 10.0.1.4:80', 'Deny', 'DenyAllInBound'],
    [
      'a rule of a lower number is asked first',
      [WEB],
      'Tcp 203.0.113.9:5000 > 10.0.1.4:80',
      'Allow',
      'Allow-100',
    ],
    ['its port has to match', [WEB], 'Tcp 203.0.113.9:5000 > 10.0.1.4:81', 'Deny', 'DenyAllInBound'],
    ['its protocol has to match', [WEB], 'Udp 203.0.113.9:5000 > 10.0.1.4:80', 'Deny', 'DenyAllInBound'],
    [
      'the first that matches decides',
      [WEB, rule('99 Deny Tcp * > * 80')],
      'Tcp 203.0.113.9:5000 > 10.0.1.4:80',
      'Deny',
      'Deny-99',
    ],
    [
      'an augmented rule has several prefixes and ports',
      [rule('100 Deny * 10.0.0.0/24,10.0.2.0/24 > * 22,3389')],
      'Tcp 10.0.2.9:1 > 10.0.1.4:3389',
      'Deny',
      'Deny-100',
    ],
    [
      'a rule with ports is none for pings',
      [rule('100 Deny * * > * 80')],
      'Icmp 10.0.2.9 > 10.0.1.4',
      'Allow',
      'AllowVnetInBound',
    ],
    [
      'a rule for every port is',
      [rule('100 Deny * * > * *')],
      'Icmp 10.0.2.9 > 10.0.1.4',
      'Deny',
      'Deny-100',
    ],
    ['a rule for ESP', [rule('100 Allow Esp * > * *')], 'Esp 203.0.113.9 > 10.0.1.4', 'Allow', 'Allow-100'],
    [
      'a rule for an application security group',
      [rule('100 Deny Tcp asg/web > asg/db *')],
      'Tcp 10.0.1.6:1 > 10.0.2.200:1433',
      'Deny',
      'Deny-100',
    ],
    [
      'other members of the VNet are none of it',
      [rule('100 Deny Tcp asg/web > asg/db *')],
      'Tcp 10.0.1.5:1 > 10.0.2.200:1433',
      'Allow',
      'AllowVnetInBound',
    ],
    [
      'an unknown tag matters where it decides',
      [rule('100 Allow Tcp Storage > * *')],
      'Tcp 203.0.113.9:1 > 10.0.1.4:1',
      'undetermined',
      'DenyAllInBound',
    ],
    [
      'and not where the next rule says the same',
      [rule('100 Deny Tcp Storage > * *')],
      'Tcp 203.0.113.9:1 > 10.0.1.4:1',
      'Deny',
      'DenyAllInBound',
    ],
    [
      'and not for addresses that it cannot hold',
      [rule('100 Deny Tcp Storage > * *')],
      'Tcp 10.0.2.9:1 > 10.0.1.4:1',
      'Allow',
      'AllowVnetInBound',
    ],
  ] as const)('%s', (_name, rules, asked, access, decided) => {
    const verdict = evaluate(armRules(rules), 'Inbound', packet(asked), names);
    expect({ access: verdict.access, rule: verdict.rule?.name }).toEqual({ access, rule: decided });
  });

  test('rules leave packets to the platform alone, unless they name its tags', () => {
    const dns = packet('Udp 10.0.1.4:5000 > 168.63.129.16:53');
    const denyAll = rule('100 Deny * * > * *', 'Outbound');
    expect(evaluate(armRules([denyAll]), 'Outbound', dns, names)).toMatchObject({
      access: 'Allow',
      rule: null,
    });
    const platform = {
      ...names,
      tag: (tag: string, kind: 'default' | 'custom') =>
        tag === 'AzurePlatformDNS'
          ? { certain: setOf(prefix('168.63.129.16/32')), maybe: setOf(), ports: [53] }
          : names.tag(tag, kind),
    };
    const denyDns = rule('200 Deny * * > AzurePlatformDNS *', 'Outbound');
    const rules = armRules([denyAll, denyDns]);
    expect(evaluate(rules, 'Outbound', dns, platform)).toMatchObject({
      access: 'Deny',
      rule: { priority: 200 },
    });
    const wire = packet('Tcp 10.0.1.4:5000 > 168.63.129.16:80');
    expect(evaluate(rules, 'Outbound', wire, platform)).toMatchObject({ access: 'Allow', rule: null });
  });

  test('each earlier rule says what does not match', () => {
    const { lost } = evaluate(armRules([WEB]), 'Inbound', packet('Udp 10.0.2.9:1 > 10.0.1.5:81'), names);
    expect(lost[0]?.why).toEqual([
      { part: 'protocol', rule: 'Tcp', packet: 'Udp' },
      { part: 'source', rule: 'Internet', packet: '10.0.2.9' },
      { part: 'destination', rule: '10.0.1.4', packet: '10.0.1.5' },
      { part: 'destination port', rule: '80', packet: '81' },
    ]);
  });
});

describe('two groups (network-security-group-how-it-works, 2025-03-31)', () => {
  const asked = packet('Tcp 203.0.113.9:5000 > 10.0.1.4:80');
  const groups = (ofSubnet: readonly SlowRule[], ofNic: readonly SlowRule[]) =>
    [
      { name: 'NSG1', place: 'subnet', rules: armRules(ofSubnet) },
      { name: 'NSG2', place: 'nic', rules: armRules(ofNic) },
    ] as const;
  test.each([
    ['both must allow', [WEB], [WEB], 'Allow', ['Allow', 'Allow']],
    ['a deny of the subnet ends it', [], [WEB], 'Deny', ['Deny', null]],
    ['the NIC is asked second', [WEB], [], 'Deny', ['Allow', 'Deny']],
    [
      'a doubt behind which a group denies is none',
      [rule('100 Allow Tcp Storage > * *')],
      [],
      'Deny',
      ['undetermined', 'Deny'],
    ],
  ] as const)('inbound: %s', (_name, ofSubnet, ofNic, access, each) => {
    const path = evaluateGroups(groups(ofSubnet, ofNic), 'Inbound', asked, names);
    expect(path.access).toBe(access);
    expect(path.groups.map(({ verdict }) => verdict?.access ?? null)).toEqual(each);
  });

  test('outbound the NIC is asked first', () => {
    const path = evaluateGroups(groups([], []), 'Outbound', asked, names);
    expect(path.groups.map(({ group }) => group.name)).toEqual(['NSG2', 'NSG1']);
  });
});

describe('rules that never decide', () => {
  const shadows = (...rules: readonly SlowRule[]) =>
    shadowedRules(armRules(rules), 'Inbound', names)
      .filter(({ rule: each }) => each.priority < 65_000)
      .map(({ rule: each, coveredBy }) => [each.priority, coveredBy.map(({ priority }) => priority)]);

  test.each([
    [
      'one rule covers it',
      [rule('100 Deny * * > 10.0.0.0/16 *'), rule('200 Allow Tcp * > 10.0.1.4 80')],
      [[200, [100]]],
    ],
    [
      'two halves cover it together',
      [
        rule('100 Deny Tcp * > 10.0.0.0/25 *'),
        rule('110 Allow Tcp * > 10.0.0.128/25 *'),
        rule('200 Allow Tcp * > 10.0.0.0/24 80'),
      ],
      [[200, [100, 110]]],
    ],
    [
      'three of different shape do',
      [
        rule('100 Deny Tcp * > 10.0.0.0/24 0-1000'),
        rule('110 Deny Tcp 10.0.0.0/8 > * *'),
        rule('120 Deny Tcp Internet,10.0.0.0/8 > 10.0.0.0/24 *'),
        rule('200 Allow Tcp 10.0.0.0/16 > 10.0.0.0/24 80'),
      ],
      [[200, [100]]],
    ],
    [
      'one of them would do, so one is named',
      [rule('100 Deny Tcp * > * 80'), rule('110 Deny * * > * *'), rule('200 Allow Tcp * > * 80')],
      [[200, [100]]],
    ],
    [
      'a port that nobody covers',
      [rule('100 Deny Tcp * > * 0-79,81-65535'), rule('200 Allow Tcp * > * *')],
      [],
    ],
    [
      'a protocol that nobody covers',
      [rule('100 Deny Tcp * > * *'), rule('110 Deny Udp * > * *'), rule('200 Allow * * > * *')],
      [],
    ],
    [
      'every protocol by its own rule',
      ['Tcp', 'Udp', 'Icmp', 'Esp', 'Ah']
        .map((each, at) => rule(`${100 + at} Deny ${each} * > * *`))
        .concat(rule('200 Allow * * > * *')),
      [[200, [100, 101, 102, 103, 104]]],
    ],
    [
      'an unknown tag covers nothing for certain',
      [rule('100 Deny * Storage > * *'), rule('200 Allow Tcp 203.0.113.0/24 > * *')],
      [],
    ],
    ['IPv6 matches no packet here', [rule('100 Deny * 2001:db8::/32 > * *')], [[100, []]]],
  ] as const)('%s', (_name, rules, found) => {
    expect(shadows(...rules)).toEqual(found);
  });
});

describe('the smallest change', () => {
  const flow = (to: string, port: number): TrafficClass => ({
    protocol: 'Tcp',
    source: setOf(prefix('203.0.113.9/32')),
    sourcePorts: everyPort,
    destination: setOf(prefix(`${to}/32`)),
    destinationPorts: [{ from: port, to: port }],
  });
  const best = (rules: readonly SlowRule[], wanted: 'Allow' | 'Deny') => {
    const found = smallestChange(armRules(rules), 'Inbound', flow('10.0.1.4', 80), wanted, names);
    if (found === null) return null;
    const { change, also } = found;
    const after = verdictOver(
      applyChange(armRules(rules), change),
      'Inbound',
      trafficOf(flow('10.0.1.4', 80)),
      names,
    );
    expect(after.map(({ access }) => access)).toEqual([wanted]);
    const priority = change.kind === 'priority' ? change.priority : change.rule.priority;
    return [change.kind, change.rule.name, priority, also.length === 0 ? 'alone' : 'more'];
  };

  test.each([
    ['nothing to change', [WEB], 'Allow', null],
    ['a new rule where only default rules are', [], 'Allow', ['add', 'AllowIn', 100, 'alone']],
    [
      'a new rule before the one that denies',
      [rule('250 Deny Tcp * > * *')],
      'Allow',
      ['add', 'AllowIn', 100, 'alone'],
    ],
    [
      'behind rules that are not in the way',
      [rule('100 Allow Tcp 10.0.0.0/8 > * *'), rule('4096 Deny * * > * *')],
      'Allow',
      ['add', 'AllowIn', 200, 'alone'],
    ],
    [
      'between two',
      [rule('100 Allow Udp * > * *'), rule('105 Deny * * > * *')],
      'Allow',
      ['add', 'AllowIn', 102, 'alone'],
    ],
    [
      'a rule for just that is deleted',
      [rule('100 Allow Tcp 203.0.113.9 > 10.0.1.4 80')],
      'Deny',
      ['delete', 'Allow-100', 100, 'alone'],
    ],
    [
      'a rule for just that comes too late',
      [
        rule('100 Deny Udp * > * *'),
        rule('200 Deny Tcp 203.0.113.0/24 > * *'),
        rule('300 Allow Tcp 203.0.113.9 > 10.0.1.4 80'),
      ],
      'Allow',
      ['priority', 'Allow-300', 110, 'alone'],
    ],
    ['room is made where no number is free', [WEB], 'Deny', ['add', 'DenyIn', 100, 'alone']],
  ] as const)('%s', (_name, rules, wanted, expected) => {
    expect(best(rules, wanted)).toEqual(expected);
  });

  test('what is not alone says what else it changes', () => {
    const changes = changesTo(
      armRules([rule('200 Deny Tcp Internet > 10.0.1.0/24 *')]),
      'Inbound',
      flow('10.0.1.4', 80),
      'Allow',
      names,
    );
    expect(
      changes.map(({ change, also }) => [change.kind, also.map(({ before, after }) => `${before} ${after}`)]),
    ).toEqual([
      ['add', []],
      ['access', ['Deny Allow']],
    ]);
  });

  test('numbers run out at the front', () => {
    expect(freeBefore(65_500, new Set())).toBe(100);
    expect(freeBefore(100, new Set([100]))).toBeNull();
    expect(freeBefore(102, new Set([100, 101, 102]))).toBeNull();
    expect(freeBefore(65_500, new Set([4096]))).toBe(100);
    expect(freeBefore(103, new Set([101, 102, 103]))).toBe(100);
  });
});
