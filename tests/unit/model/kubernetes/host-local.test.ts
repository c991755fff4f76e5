import { describe, expect, it } from 'vitest';
import {
  bridgeAddress,
  isPodAddress,
  nextPodAddress,
  podAddressCount,
} from '../../../../src/model/kubernetes/host-local.ts';
import { prefix } from '../../../../src/model/ip/prefix.ts';

const RANGE = '10.244.3.0/24';
const full = new Set(Array.from({ length: 253 }, (_, at) => `10.244.3.${at + 2}`));

describe('host-local on a node range', () => {
  const rows: readonly [string, string | null, ReadonlySet<string>, string | null][] = [
    ['the first pod gets .2, since the bridge holds .1', null, new Set(), '10.244.3.2'],
    ['the next pod gets the address after the last one handed out', '10.244.3.9', new Set(), '10.244.3.10'],
    ['a freed address waits its turn', '10.244.3.9', new Set(['10.244.3.8']), '10.244.3.10'],
    ['taken addresses are passed over', '10.244.3.2', new Set(['10.244.3.3', '10.244.3.4']), '10.244.3.5'],
    ['after .254 it goes round to .2', '10.244.3.254', new Set(), '10.244.3.2'],
    ['a full range has no address', '10.244.3.9', full, null],
    ['a last address of another range is forgotten', '10.244.9.9', new Set(), '10.244.3.2'],
  ];
  it.each(rows)('%s', (_, last, taken, expected) => {
    expect(nextPodAddress(RANGE, last, taken)).toBe(expected);
  });

  it('has 253 addresses for pods in a /24', () => {
    expect(podAddressCount(prefix(RANGE))).toBe(253);
    expect(bridgeAddress(RANGE)).toBe('10.244.3.1');
  });

  it('gives no pod the network, bridge or broadcast address', () => {
    expect(['0', '1', '255'].map((last) => isPodAddress(RANGE, `10.244.3.${last}`))).toEqual([
      false,
      false,
      false,
    ]);
    expect(isPodAddress(RANGE, '10.244.3.254')).toBe(true);
    expect(isPodAddress(RANGE, '10.244.4.2')).toBe(false);
  });
});
