/** Security rules against their slow twin, and the exact answers over sets of packets against single packets. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressNames as namesOfRules } from '../../src/model/compile/rule-names.ts';
import { compileSecurityRules } from '../../src/model/compile/security-rules.ts';
import { parsedText } from '../../src/model/compile/parsed-text.ts';
import { noAddress, setContains, setOf } from '../../src/model/ip/address-set.ts';
import { formatAddress } from '../../src/model/ip/address.ts';
import { hostPrefix, prefix } from '../../src/model/ip/prefix.ts';
import { applyChange } from '../../src/model/nsg/changes.ts';
import { evaluate, evaluateGroups } from '../../src/model/nsg/evaluate.ts';
import { partition, verdictOfGroups, verdictOver } from '../../src/model/nsg/partition.ts';
import { everyPort } from '../../src/model/nsg/port-set.ts';
import { inOrder } from '../../src/model/nsg/rule-traffic.ts';
import { shadowedRules } from '../../src/model/nsg/shadowed.ts';
import { changesTo } from '../../src/model/nsg/smallest-change.ts';
import {
  boxContains,
  everyPacket,
  onePacketOf,
  trafficOf,
  trafficSize,
} from '../../src/model/nsg/traffic.ts';
import type { Packet, TrafficClass } from '../../src/model/nsg/traffic.ts';
import type { NetworkSecurityGroup, SecurityRule } from '../../src/model/azure/resources.ts';
import { slowAnswer } from '../support/golden/slow-security-rules.ts';
import type { SlowPacket } from '../support/golden/slow-security-rules.ts';
import { anyPacket, anyRules } from '../support/random-security-rules.ts';
import { addressNames, armRules, NAMES, packetOf, PUBLIC, slowRule } from '../support/security-rules.ts';

const names = addressNames();
const direction = fc.constantFrom('Inbound' as const, 'Outbound' as const);

test('10,000 rule sets and packets: the same access and the same rule as the slow twin', () => {
  fc.assert(
    fc.property(anyRules(12), direction, anyPacket(), (rules, way, packet) => {
      const { access, rule } = evaluate(armRules(rules), way, packetOf(packet), names);
      expect({ access, rule: rule?.name ?? null }).toEqual(slowAnswer(rules, way, packet, NAMES));
    }),
    { numRuns: 10_000 },
  );
});

test('the order of the file says nothing', () => {
  const shuffled = anyRules(8).chain((rules) =>
    fc.tuple(
      fc.constant(armRules(rules)),
      fc.shuffledSubarray([...armRules(rules)], { minLength: rules.length + 6 }),
    ),
  );
  fc.assert(
    fc.property(shuffled, direction, anyPacket(), ([rules, others], way, packet) => {
      expect(evaluate(others, way, packetOf(packet), names)).toEqual(
        evaluate(rules, way, packetOf(packet), names),
      );
      expect(shadowedRules(others, way, names)).toEqual(shadowedRules(rules, way, names));
    }),
    { numRuns: 500 },
  );
});

test('a rule that does not match a packet changes nothing for it', () => {
  fc.assert(
    fc.property(anyRules(8), direction, anyPacket(), fc.nat(), (rules, way, packet, which) => {
      const all = armRules(rules);
      const { rule, access, lost } = evaluate(all, way, packetOf(packet), names);
      const taken = lost[which % Math.max(1, lost.length)];
      if (taken === undefined) return;
      expect(taken.why).not.toEqual([]);
      const without = evaluate(
        all.filter((each) => each !== taken.rule),
        way,
        packetOf(packet),
        names,
      );
      expect({ rule: without.rule, access: without.access }).toEqual({ rule, access });
    }),
    { numRuns: 1_000 },
  );
});

/** A class of packets: one flow's, a range of ports, or a prefix. */
const anyClass: fc.Arbitrary<TrafficClass> = fc.record({
  protocol: fc.constantFrom('Tcp', 'Udp', 'Icmp', '*'),
  source: fc
    .constantFrom('10.0.0.0/14', '203.0.113.0/24', '10.0.1.4/32', '0.0.0.0/0')
    .map((each) => setOf(prefix(each))),
  sourcePorts: fc.constantFrom(everyPort, [{ from: 50_000, to: 50_000 }]),
  destination: fc
    .constantFrom('10.0.1.4/32', '10.0.0.0/22', '203.0.113.9/32')
    .map((each) => setOf(prefix(each))),
  destinationPorts: fc.constantFrom(everyPort, [{ from: 80, to: 80 }], [{ from: 1, to: 1_500 }]),
});

function slowPacket(packet: Packet): SlowPacket {
  return { ...packet, source: formatAddress(packet.source), destination: formatAddress(packet.destination) };
}

test('the parts of a set of packets are all of it, do not overlap, and agree with single packets', () => {
  fc.assert(
    fc.property(
      anyRules(8),
      direction,
      anyClass,
      fc.array(anyPacket(), { maxLength: 12 }),
      (rules, way, asked, packets) => {
        const traffic = trafficOf(asked);
        const parts = verdictOver(armRules(rules), way, traffic, names);
        const size = parts.reduce((sum, { where }) => sum + trafficSize([where]), 0);
        expect(size / trafficSize(traffic)).toBeCloseTo(1, 9);
        for (const part of parts) {
          const answer = slowAnswer(rules, way, slowPacket(onePacketOf(part.where)), NAMES);
          expect({ access: part.access, rule: part.rule?.name ?? null }).toEqual(answer);
        }
        for (const packet of packets) {
          const holding = parts.filter(({ where }) => boxContains(where, packetOf(packet)));
          expect(holding).toHaveLength(traffic.some((box) => boxContains(box, packetOf(packet))) ? 1 : 0);
          for (const { access } of holding) expect(access).toBe(slowAnswer(rules, way, packet, NAMES).access);
        }
      },
    ),
    { numRuns: 600 },
  );
});

test('a rule is shadowed exactly if no packet at all meets it, and each that covers it is needed', () => {
  fc.assert(
    fc.property(anyRules(9), direction, (rules, way) => {
      const all = armRules(rules);
      const meets = new Set(
        partition(inOrder(all, way, names), way, everyPacket).flatMap(({ rule, doubtful }) => [
          rule,
          ...doubtful.map((each) => each.rule),
        ]),
      );
      const shadowed = shadowedRules(all, way, names);
      expect(shadowed.map(({ rule }) => rule.name).sort()).toEqual(
        all
          .filter((rule) => rule.direction === way && !meets.has(rule))
          .map(({ name }) => name)
          .sort(),
      );
      for (const { rule, coveredBy } of shadowed) {
        for (const each of coveredBy) {
          const kept = coveredBy.filter((other) => other !== each);
          expect(shadowedRules([...kept, rule], way, names)).not.toContainEqual(
            expect.objectContaining({ rule }),
          );
        }
      }
    }),
    { numRuns: 500 },
  );
});

test('each proposed change flips the verdict, takes no used priority, and changes just what it says', () => {
  let proposed = 0;
  fc.assert(
    fc.property(
      anyRules(8),
      direction,
      anyPacket(),
      fc.array(anyPacket(), { maxLength: 25 }),
      (rules, way, packet, others) => {
        const all = armRules(rules);
        const before = slowAnswer(rules, way, packet, NAMES).access;
        const wanted = before === 'Allow' ? 'Deny' : 'Allow';
        const one = packetOf(packet);
        const asked: TrafficClass = {
          protocol: one.protocol,
          source: setOf(hostPrefix(one.source)),
          sourcePorts: everyPort,
          destination: setOf(hostPrefix(one.destination)),
          destinationPorts:
            one.destinationPort === null
              ? everyPort
              : [{ from: one.destinationPort, to: one.destinationPort }],
        };
        const changes = changesTo(all, way, asked, wanted, names);
        const sizes = changes.map(({ alsoSize }) => alsoSize);
        expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
        for (const { change, also } of changes) {
          proposed++;
          const after = applyChange(all, change);
          const own = after.filter(({ priority }) => priority < 65_000).map(slowRule);
          const used = own.map((each) => `${each.direction} ${each.priority}`);
          expect(new Set(used).size).toBe(used.length);
          expect(own.every((each) => each.priority >= 100 && each.priority <= 4096)).toBe(true);
          expect(slowAnswer(own, way, packet, NAMES).access).toBe(wanted);
          for (const other of others) {
            if (trafficOf(asked).some((box) => boxContains(box, packetOf(other)))) continue;
            const said = also.filter(({ where }) => where.some((box) => boxContains(box, packetOf(other))));
            const [was, is] = [rules, own].map((each) => slowAnswer(each, way, other, NAMES).access);
            expect(said.map((each) => [each.before, each.after])).toEqual(was === is ? [] : [[was, is]]);
          }
          for (const { where, before: was, after: is } of also) {
            for (const box of where.slice(0, 3)) {
              const sample = slowPacket(onePacketOf(box));
              expect(slowAnswer(rules, way, sample, NAMES).access).toBe(was);
              expect(slowAnswer(own, way, sample, NAMES).access).toBe(is);
            }
          }
        }
      },
    ),
    { numRuns: 400 },
  );
  expect(proposed).toBeGreaterThan(400);
});

test('two groups in a row agree with each asked alone', () => {
  fc.assert(
    fc.property(anyRules(6), anyRules(6), direction, anyClass, (ofSubnet, ofNic, way, asked) => {
      const groups = [
        { name: 'nic', place: 'nic', rules: armRules(ofNic) },
        { name: 'subnet', place: 'subnet', rules: armRules(ofSubnet) },
      ] as const;
      for (const part of verdictOfGroups(groups, way, trafficOf(asked), names)) {
        const packet = onePacketOf(part.where);
        const answers = [ofSubnet, ofNic].map(
          (rules) => slowAnswer(rules, way, slowPacket(packet), NAMES).access,
        );
        const both = answers.includes('Deny')
          ? 'Deny'
          : answers.every((each) => each === 'Allow')
            ? 'Allow'
            : 'undetermined';
        expect(part.access).toBe(both);
        const single = evaluateGroups(groups, way, packet, names);
        expect(single.access).toBe(both);
        expect(single.groups.map(({ group }) => group.name)).toEqual(
          way === 'Inbound' ? ['subnet', 'nic'] : ['nic', 'subnet'],
        );
      }
    }),
    { numRuns: 300 },
  );
});

test('the compiled chains of the network say the same', () => {
  const tags = {
    virtualNetwork: setOf(...(NAMES.known['virtualnetwork'] ?? []).map(prefix)),
    internet: setOf(...PUBLIC.map(prefix)),
    overlay: noAddress,
  };
  const knownTags = ['VirtualNetwork', 'Internet', 'AzureLoadBalancer', 'Storage', 'asg/web', 'asg/db'];
  fc.assert(
    fc.property(
      anyRules(10, { tags: knownTags, protocols: ['Tcp', 'Udp', '*'] }),
      direction,
      anyPacket(['Tcp', 'Udp', 'Icmp']),
      (rules, way, packet) => {
        const all = armRules(rules).map((rule): SecurityRule => ({
          ...rule,
          id: `/nsg/securityRules/${rule.name}`,
          description: null,
          etag: 'W/"0"',
          provisioningState: 'Succeeded',
        }));
        const group: NetworkSecurityGroup = {
          id: '/nsg',
          name: 'nsg',
          type: 'Microsoft.Network/networkSecurityGroups',
          resourceGroup: 'rg',
          location: 'westeurope',
          tags: null,
          etag: 'W/"0"',
          provisioningState: 'Succeeded',
          securityRules: all.filter(({ priority }) => priority < 65_000),
          defaultSecurityRules: all.filter(({ priority }) => priority >= 65_000),
        };
        const ruleNames = { tags, membersOf: (id: string) => names.applicationSecurityGroup(id).certain };
        const chain = compileSecurityRules(group, way, 'subnet', ruleNames, parsedText(), () => undefined);
        const one = packetOf(packet);
        const has = (ports: readonly { from: number; to: number }[], port: number | null): boolean =>
          port !== null && ports.some(({ from, to }) => from <= port && port <= to);
        const decided = chain.rules.find(
          ({ match }) =>
            (match.protocols === undefined ||
              match.protocols.some((each) => each === one.protocol.toLowerCase())) &&
            (match.source === undefined || setContains(match.source, one.source)) &&
            (match.destination === undefined || setContains(match.destination, one.destination)) &&
            (match.sourcePorts === undefined || has(match.sourcePorts, one.sourcePort)) &&
            (match.destinationPorts === undefined || has(match.destinationPorts, one.destinationPort)),
        );
        const { access, rule, doubtful } = evaluate(armRules(rules), way, one, namesOfRules(ruleNames));
        const kind = doubtful.length > 0 ? 'undetermined' : access === 'Allow' ? 'accept' : 'drop';
        expect(decided?.verdict.kind).toBe(kind);
        if (doubtful.length > 0) return;
        expect(decided?.by).toContain(`${rule?.name ?? ''} (priority ${rule?.priority ?? 0})`);
      },
    ),
    { numRuns: 2_000 },
  );
});
