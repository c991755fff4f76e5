import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runCalc } from '../../../src/planner/command-line.ts';
import { overlayCapacity, smallestPodCidr } from '../../../src/planner/overlay-capacity.ts';

const input = {
  nodes: null,
  surgeNodes: 0,
  maxPods: 250,
  podCidrLength: 16,
  subnetLength: null,
  otherAddresses: 0,
};

describe('nodes by pod range', () => {
  test.each([
    ['/16', 16, 256, 256],
    ['/18', 18, 64, 64],
    ['/12', 12, 4_096, 4_096],
    ['/11, where the limit of a cluster comes first', 11, 8_192, 5_000],
  ])('%s', (_, podCidrLength, ranges, nodes) => {
    const { nodesByPodCidr, nodesAtOnce } = overlayCapacity({ ...input, podCidrLength });
    expect([nodesByPodCidr, nodesAtOnce]).toEqual([ranges, nodes]);
  });

  test('max pods changes the pods and never the nodes', () => {
    const few = overlayCapacity({ ...input, maxPods: 30 });
    expect([few.nodesAtOnce, few.podsAtOnce]).toEqual([256, 7_680]);
  });
});

test('a small node subnet runs out before the pod range', () => {
  const capacity = overlayCapacity({ ...input, subnetLength: 25, otherAddresses: 3 });
  expect(capacity.runsOutFirst).toEqual(['subnetAddresses']);
  expect(capacity.failsAtNode).toBe(121);
});

test('surge nodes count', () => {
  expect(overlayCapacity({ ...input, nodes: 250, surgeNodes: 6 }).fits).toBe(true);
  expect(overlayCapacity({ ...input, nodes: 250, surgeNodes: 7 }).fits).toBe(false);
});

test('the smallest pod range has a /24 for each node, and half of it has not', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5_000 }), (nodes) => {
      let length = 24;
      let ranges = 1;
      while (ranges < nodes) {
        ranges *= 2;
        length -= 1;
      }
      expect(smallestPodCidr(nodes)).toBe(length);
    }),
  );
});

describe('expansion', () => {
  test.each([
    ['a superset', '--pod-cidr 10.244.0.0/18 --expand-to 10.244.0.0/16', 0],
    ['the same range', '--pod-cidr 10.244.0.0/18 --expand-to 10.244.0.0/18', 2],
    ['a smaller range', '--pod-cidr 10.244.0.0/18 --expand-to 10.244.0.0/20', 2],
    ['a wider range elsewhere', '--pod-cidr 10.244.0.0/18 --expand-to 10.200.0.0/16', 2],
    ['a range that touches a forbidden one', '--pod-cidr 172.16.0.0/16 --expand-to 172.16.0.0/12', 2],
  ])('to %s', (_, line, code) => {
    expect(runCalc(['overlay-capacity', ...line.split(' ')]).exitCode).toBe(code);
  });
});
