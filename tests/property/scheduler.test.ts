/** The queue that places many pods chooses as a look at every node would. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Node, PodSpec, Taint } from '../../src/model/kubernetes/objects.ts';
import { assign, emptyLoad, openQueue } from '../../src/model/kubernetes/scheduler.ts';
import type { NodeLoad, PlacementQueue } from '../../src/model/kubernetes/scheduler.ts';
import { slowChoice } from '../support/golden/slow-scheduler.ts';

const taint: fc.Arbitrary<Taint> = fc.record({
  key: fc.constantFrom('sku', 'spot'),
  effect: fc.constantFrom('NoSchedule' as const, 'PreferNoSchedule' as const),
});

const machine = fc.record({
  pods: fc.integer({ min: 0, max: 6 }),
  cpu: fc.integer({ min: 0, max: 4 }),
  taints: fc.array(taint, { maxLength: 2 }),
});

function nodeOf(name: string, made: { pods: number; cpu: number; taints: readonly Taint[] }): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, uid: name, creationTimestamp: '', resourceVersion: '1' },
    spec: { providerID: name, taints: made.taints },
    status: {
      addresses: [],
      allocatable: { pods: made.pods.toString(), cpu: made.cpu.toString(), memory: '8Gi' },
      capacity: {},
      conditions: [],
      nodeInfo: {
        kubeletVersion: '',
        osImage: '',
        kernelVersion: '',
        containerRuntimeVersion: '',
        operatingSystem: 'linux',
        architecture: 'amd64',
      },
    },
  };
}

const small: PodSpec = { containers: [{ name: 'c', image: 'i' }] };
const greedy: PodSpec = {
  containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: '1' } } }],
  tolerations: [{ key: 'sku', operator: 'Exists' }],
};

describe('the queue of the scheduler', () => {
  it('chooses as a look at every node does, whatever other pods do in between', () => {
    const wave = fc.record({
      spec: fc.constantFrom(small, greedy),
      owner: fc.constantFrom('a', 'b'),
      count: fc.integer({ min: 1, max: 12 }),
    });
    fc.assert(
      fc.property(
        fc.array(machine, { minLength: 1, maxLength: 9 }),
        fc.array(wave, { maxLength: 6 }),
        (machines, waves) => {
          const nodes = machines.map((each, at) => nodeOf(`node-${at}`, each));
          const fast: NodeLoad[] = nodes.map(emptyLoad);
          const slow: NodeLoad[] = nodes.map(emptyLoad);
          let queue: PlacementQueue | null = null;
          for (const { spec, owner, count } of waves) {
            for (let i = 0; i < count; i++) {
              if (queue === null || !queue.serves(spec, owner)) queue = openQueue(spec, owner, fast);
              const chosen = queue.next();
              const expected = slowChoice(spec, owner, slow);
              expect(chosen?.node.metadata.name ?? null).toBe(expected?.node.metadata.name ?? null);
              if (chosen === null || expected === null) break;
              assign(chosen, spec, owner);
              assign(expected, spec, owner);
            }
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
