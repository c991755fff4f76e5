import { describe, expect, it } from 'vitest';
import { reconcile } from '../../../../src/model/aks/reconcile.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { drawPodAddress, podAddressPool } from '../../../../src/model/kubernetes/azure-cns.ts';
import { createObject } from '../../../../src/model/kubernetes/apply.ts';
import { unwrap } from '../../../../src/model/result.ts';
import { clusterOn, cloudWithSubnets } from '../../../support/azure-cni-cluster.ts';
import type { PodAddressing } from '../../../support/azure-cni-cluster.ts';
import { onlyCluster, stateOf } from '../../../support/kubenet-cluster.ts';

const CHANCE = { seed: 'test', pins: {} };

function poolOf(addresses: readonly string[]): NonNullable<ReturnType<typeof podAddressPool>> {
  return {
    size: addresses.length,
    at: (index) => addresses[index] ?? null,
    has: (address) => addresses.includes(address),
  };
}

describe('an address for a pod', () => {
  const four = poolOf(['10.0.0.4', '10.0.0.5', '10.0.0.6', '10.0.0.7']);

  it('is one of the pool that nobody has, until all are taken', () => {
    const taken = new Set<string>();
    for (let pod = 0; pod < four.size; pod++) {
      const drawn = drawPodAddress(CHANCE, `pod-ip/default/web-${pod}`, four, taken);
      expect(drawn).not.toBeNull();
      expect(four.has(drawn ?? '')).toBe(true);
      expect(taken.has(drawn ?? '')).toBe(false);
      taken.add(drawn ?? '');
    }
    expect(drawPodAddress(CHANCE, 'pod-ip/default/late', four, taken)).toBeNull();
  });

  it('follows from the seed', () => {
    const first = (seed: string): readonly (string | null)[] =>
      ['a', 'b', 'c', 'd', 'e', 'f'].map((name) =>
        drawPodAddress({ seed, pins: {} }, `pod-ip/default/${name}`, four, new Set()),
      );
    expect(first('one')).toEqual(first('one'));
    expect(first('one')).not.toEqual(first('another'));
  });
});

describe('the pool of a node', () => {
  const sizes: readonly [PodAddressing, number][] = [
    ['node-subnet', 28],
    ['overlay', 256],
    ['dynamic', 16],
    ['static', 255],
  ];
  it.each(sizes)('with %s has %i addresses', (pods, size) => {
    const [node] = Object.values(stateOf(clusterOn(cloudWithSubnets(), pods)).nodes);
    const pool = node === undefined ? null : podAddressPool(node);
    expect(pool?.size).toBe(size);
    const all = Array.from({ length: size }, (_, at) => pool?.at(at) ?? '');
    expect(new Set(all).size).toBe(size);
    expect(all.every((each) => pool?.has(each) === true)).toBe(true);
  });
});

describe('a pinned address', () => {
  function withPod(address: string): Cloud {
    const pins = { 'pod-ip/default/web': address };
    const cloud = clusterOn(cloudWithSubnets({}, { pins }), 'node-subnet', { count: 1 });
    const made = createObject(cloud, onlyCluster(cloud), {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web', namespace: 'default' },
      spec: { containers: [{ name: 'web', image: 'nginx' }] },
    });
    return reconcile(unwrap(made).cloud);
  }

  it('is taken if the node has it', () => {
    expect(stateOf(withPod('10.240.0.32')).pods['default/web']?.status.podIP).toBe('10.240.0.32');
  });

  it('is refused in words if the node does not', () => {
    const state = stateOf(withPod('10.240.0.33'));
    expect(state.pods['default/web']?.status.podIP).toBeUndefined();
    expect(Object.values(state.events).map((each) => each.message)).toContainEqual(
      expect.stringContaining('the pin "pod-ip/default/web 10.240.0.33" is not a free address'),
    );
  });
});
