import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { address } from '../../../src/model/ip/address.ts';
import { prefix } from '../../../src/model/ip/prefix.ts';
import { checkOverlaps } from '../../../src/planner/overlap-check.ts';
import type { RangeKind } from '../../../src/planner/overlap-check.ts';

const range = (kind: RangeKind, text: string) => ({ kind, name: kind, prefix: prefix(text) });
const check = (dns: string | null, ...ranges: readonly (readonly [RangeKind, string])[]) =>
  checkOverlaps({
    ranges: ranges.map(([kind, text]) => range(kind, text)),
    dnsServiceAddress: dns === null ? null : address(dns),
  }).map(({ severity, code }) => (code === null ? severity : `${severity} ${code}`));

describe('pairs', () => {
  test.each<[string, RangeKind, RangeKind, readonly string[]]>([
    ['a VNet and its peer', 'vnet', 'peer', ['refused VnetAddressSpacesOverlap']],
    ['two peers of one VNet', 'peer', 'peer', ['refused VnetAddressSpaceOverlapsWithAlreadyPeeredVnet']],
    ['a VNet and the office', 'vnet', 'on-premises', ['breaks']],
    ['pods and a subnet', 'pod', 'subnet', ['refused NetworkProfileCIDROverlapVNET']],
    ['pods and the rest of the VNet', 'pod', 'vnet', ['avoid']],
    ['pods and a peer', 'pod', 'peer', ['breaks']],
    ['Services and a subnet', 'service', 'subnet', ['refused ServiceCidrOverlapExistingSubnetsCidr']],
    ['Services and the rest of the VNet', 'service', 'vnet', ['avoid']],
    ['Services and pods', 'service', 'pod', ['refused PodCidrOverlapServiceCidr']],
    ['what the learner forbids', 'vnet', 'forbidden', ['avoid']],
    ['a subnet in its VNet, where it belongs', 'vnet', 'subnet', []],
    ['pod ranges of two clusters, which may be the same', 'pod', 'pod', []],
  ])('%s', (_, first, second, expected) => {
    expect(check(null, [first, '10.1.0.0/16'], [second, '10.1.0.0/16'])).toEqual(expected);
    expect(check(null, [second, '10.1.0.0/16'], [first, '10.1.0.0/16'])).toEqual(expected);
  });
});

describe('single ranges', () => {
  test.each<[string, string | null, RangeKind, string, readonly string[]]>([
    [
      '172.16.0.0/12 touches two ranges of AKS',
      null,
      'pod',
      '172.16.0.0/12',
      ['refused InvalidParameter', 'refused InvalidParameter'],
    ],
    ['172.16.0.0/16 touches none', null, 'pod', '172.16.0.0/16', []],
    ['a Service range of /11 is too large', null, 'service', '10.0.0.0/11', ['refused InvalidParameter']],
    ['a Service range of /12 is not smaller than /12', null, 'service', '10.0.0.0/12', ['avoid']],
    ['a public Service range is refused', null, 'service', '20.0.0.0/16', ['refused InvalidParameter']],
    ['a Service range for benchmarks is taken', null, 'service', '198.18.0.0/16', []],
    ['a public pod range breaks traffic', null, 'pod', '20.0.0.0/16', ['breaks']],
    [
      'a DNS address outside',
      '10.1.0.10',
      'service',
      '10.0.0.0/16',
      ['refused DnsServiceIpOutOfServiceCidr'],
    ],
    [
      'the address of kubernetes.default',
      '10.0.0.1',
      'service',
      '10.0.0.0/16',
      ['refused DnsServiceIpConflicting'],
    ],
    [
      'the last address for DNS',
      '10.0.255.255',
      'service',
      '10.0.0.0/16',
      ['refused DnsBroadcastAddressConflicting'],
    ],
    [
      'a VNet of link-local addresses',
      null,
      'vnet',
      '169.254.0.0/16',
      ['refused AddressPrefixNotAllowed', 'breaks'],
    ],
    [
      'a pod range of link-local addresses',
      null,
      'pod',
      '169.254.0.0/16',
      ['refused InvalidParameter', 'breaks'],
    ],
    [
      'a VNet that is too large',
      null,
      'vnet',
      '10.0.0.0/7',
      ['refused AddressPrefixSizeNotAllowed', 'breaks'],
    ],
    ['a subnet that is too small', null, 'subnet', '10.0.0.0/30', ['refused NetcfgInvalidSubnet']],
    ['a pod range that is too small', null, 'pod', '10.0.0.0/25', ['refused InvalidParameter']],
    ['the usual DNS address', '10.0.0.10', 'service', '10.0.0.0/16', []],
  ])('%s', (_, dns, kind, text, expected) => {
    expect(check(dns, [kind, text])).toEqual(expected);
  });

  test('a subnet outside its VNet', () => {
    expect(check(null, ['vnet', '10.1.0.0/16'], ['subnet', '10.2.0.0/24'])).toEqual([
      'refused NetcfgSubnetRangeOutsideVnet',
    ]);
  });
});

test('every overlapping pair is found, as comparing address by address does', () => {
  const block = fc.record({ start: fc.nat(15), size: fc.constantFrom(1, 2, 4) });
  fc.assert(
    fc.property(fc.array(block, { maxLength: 6 }), (blocks) => {
      const held = blocks.map(({ start, size }) => {
        const first = start - (start % size);
        return Array.from({ length: size }, (_, index) => first + index);
      });
      const pairs = held.flatMap((one, index) =>
        held.slice(index + 1).filter((two) => one.some((each) => two.includes(each))),
      );
      const ranges = held.map((addresses) =>
        range('peer', `10.0.0.${addresses[0]}/${32 - Math.log2(addresses.length)}`),
      );
      const findings = checkOverlaps({ ranges, dnsServiceAddress: null });
      expect(findings.filter((each) => each.shared !== null)).toHaveLength(pairs.length);
    }),
  );
});

test('whatever is refused has a code, and nothing else has one', () => {
  const kinds: readonly RangeKind[] = [
    'vnet',
    'subnet',
    'peer',
    'on-premises',
    'pod',
    'service',
    'forbidden',
  ];
  const ranges = fc.array(
    fc.tuple(
      fc.constantFrom(...kinds),
      fc.constantFrom(
        '10.0.0.0/8',
        '172.16.0.0/12',
        '10.1.0.0/30',
        '20.0.0.0/16',
        '169.254.0.0/16',
        '10.0.0.0/7',
      ),
    ),
    { maxLength: 5 },
  );
  fc.assert(
    fc.property(ranges, (given) => {
      const findings = checkOverlaps({
        ranges: given.map(([kind, text]) => range(kind, text)),
        dnsServiceAddress: null,
      });
      for (const { severity, code } of findings) expect(code !== null).toBe(severity === 'refused');
    }),
  );
});
