/** Pods that take files and variables from other objects, and wait while these are not there. */
import { describe, expect, test } from 'vitest';
import { applyObject, deleteObject } from '../../../../src/model/kubernetes/apply.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { decodeManifest } from '../../../../src/model/kubernetes/decode-manifest.ts';
import type { Pod } from '../../../../src/model/kubernetes/objects.ts';
import {
  containerVariables,
  readerOf,
  readerOfStarted,
} from '../../../../src/model/kubernetes/pod-sources.ts';
import { restartContainers } from '../../../../src/model/kubernetes/reconcile.ts';
import { volumeContent } from '../../../../src/model/kubernetes/volume-files.ts';
import { cloudWithCluster, onlyCluster, stateOf } from '../../../support/kubenet-cluster.ts';

function apply(cloud: Cloud, object: object): Cloud {
  const decoded = decodeManifest({ apiVersion: 'v1', ...object });
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.error));
  const applied = applyObject(cloud, onlyCluster(cloud), decoded.value);
  if (!applied.ok) throw new Error(applied.error.message);
  return applied.value.cloud;
}

const pod = (container: object, volumes: readonly object[] = []) => ({
  kind: 'Pod',
  metadata: { name: 'p', labels: { app: 'a' } },
  spec: { containers: [{ name: 'c', image: 'nginx', ...container }], volumes },
});
const map = (data: Readonly<Record<string, string>>) => ({
  kind: 'ConfigMap',
  metadata: { name: 'm' },
  data,
});
const thePod = (cloud: Cloud): Pod => {
  const found = stateOf(cloud).pods['default/p'];
  if (found === undefined) throw new Error('no pod');
  return found;
};
const waiting = (cloud: Cloud): unknown => {
  const { state } = thePod(cloud).status.containerStatuses?.[0] ?? {};
  return state !== undefined && 'waiting' in state ? state.waiting : null;
};
const events = (cloud: Cloud): readonly string[] =>
  Object.values(stateOf(cloud).events).map(({ reason, message, count }) => `${reason} x${count}: ${message}`);
const later = (cloud: Cloud, seconds: number): Cloud =>
  restartContainers({ ...cloud, now: cloud.now + seconds });

const MOUNTED = pod({ volumeMounts: [{ name: 'v', mountPath: '/v' }] }, [
  { name: 'v', configMap: { name: 'm' } },
]);
const REFERRING = pod({ env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'm', key: 'k' } } }] });

describe('a pod whose volume cannot be set up', () => {
  const start = apply(cloudWithCluster(), MOUNTED);

  test('has no address, and kubelet says why, ever more seldom', () => {
    expect(thePod(start).status).toMatchObject({ phase: 'Pending' });
    expect(thePod(start).status.podIP).toBeUndefined();
    expect(waiting(start)).toEqual({ reason: 'ContainerCreating' });
    const failed = 'MountVolume.SetUp failed for volume "v" : configmap "m" not found';
    expect(events(start)).toContain(`FailedMount x1: ${failed}`);
    // 0, .5, 1.5, 3.5, 7.5, 15.5 and 31.5 seconds.
    expect(events(later(start, 40))).toContain(`FailedMount x7: ${failed}`);
  });

  test('starts when the object is there, at that time', () => {
    const after = apply({ ...start, now: start.now + 40 }, map({ k: 'v' }));
    expect(thePod(after).status.phase).toBe('Running');
    expect(thePod(after).status.podIP).toBeDefined();
    expect(thePod(after).simulation).toBeUndefined();
    const ready = thePod(after).status.conditions?.find(({ type }) => type === 'Ready');
    expect(Date.parse(ready?.lastTransitionTime ?? '') / 1000).toBe(start.now + 40);
  });

  test.each([
    [
      'a key that is not there',
      { configMap: { name: 'm', items: [{ key: 'x', path: 'x' }] } },
      'configmap references non-existent config key: x',
    ],
    ['a Secret', { secret: { secretName: 's' } }, 'secret "s" not found'],
    [
      'a part of a projected volume',
      { projected: { sources: [{ secret: { name: 's' } }] } },
      'secret "s" not found',
    ],
  ])('waits for %s', (_, source, words) => {
    const cloud = apply(apply(cloudWithCluster(), map({ k: 'v' })), pod({}, [{ name: 'v', ...source }]));
    expect(events(cloud)).toContain(`FailedMount x1: MountVolume.SetUp failed for volume "v" : ${words}`);
  });

  test('does not wait for what is optional', () => {
    const cloud = apply(
      cloudWithCluster(),
      pod({}, [{ name: 'v', configMap: { name: 'm', optional: true } }]),
    );
    expect(thePod(cloud).status.phase).toBe('Running');
  });

  test('does not look into another namespace', () => {
    const other = { ...map({ k: 'v' }), metadata: { name: 'm', namespace: 'kube-system' } };
    expect(thePod(apply(start, other)).status.phase).toBe('Pending');
  });
});

describe('a pod that lacks what a variable comes from', () => {
  const start = apply(cloudWithCluster(), REFERRING);

  test('has its address, and its container is not created', () => {
    expect(thePod(start).status).toMatchObject({ phase: 'Pending' });
    expect(thePod(start).status.podIP).toBeDefined();
    expect(waiting(start)).toEqual({
      reason: 'CreateContainerConfigError',
      message: 'configmap "m" not found',
    });
    expect(thePod(later(start, 600)).status.containerStatuses?.[0]?.restartCount).toBe(0);
  });

  test('says when only the key is missing, and starts with it', () => {
    const keyless = apply(start, map({ other: 'x' }));
    expect(waiting(keyless)).toMatchObject({ message: "couldn't find key k in ConfigMap default/m" });
    expect(thePod(apply(keyless, map({ k: 'v' }))).status.phase).toBe('Running');
  });

  test('keeps what it started with when the object changes or goes', () => {
    const running = apply(start, map({ k: 'old' }));
    const variables = (cloud: Cloud) => {
      const [container] = thePod(cloud).spec.containers;
      if (container === undefined) throw new Error('no container');
      return containerVariables(thePod(cloud), container, readerOfStarted(thePod(cloud).simulation?.sources));
    };
    expect(variables(running)).toEqual({ ok: true, value: { A: 'old' } });
    expect(variables(apply(running, map({ k: 'new' })))).toEqual({ ok: true, value: { A: 'old' } });
    const gone = deleteObject(running, onlyCluster(running), 'ConfigMap', 'default/m');
    if (!gone.ok) throw new Error('not deleted');
    expect(thePod(gone.value).status.phase).toBe('Running');
    expect(variables(gone.value)).toEqual({ ok: true, value: { A: 'old' } });
  });
});

test('a volume follows its object', () => {
  const before = apply(apply(cloudWithCluster(), map({ k: 'old' })), MOUNTED);
  const content = (cloud: Cloud) => {
    const [volume] = thePod(cloud).spec.volumes ?? [];
    if (volume === undefined) throw new Error('no volume');
    return volumeContent(thePod(cloud), volume, readerOf(stateOf(cloud), 'default'));
  };
  expect(content(before)).toEqual({ ok: true, value: { kind: 'files', files: { k: 'old' } } });
  expect(content(apply(before, map({ k: 'new', l: 'x' })))).toEqual({
    ok: true,
    value: { kind: 'files', files: { k: 'new', l: 'x' } },
  });
});

describe('variables', () => {
  const cloud = apply(apply(cloudWithCluster(), map({ k: 'v', 'x-y': 'z' })), pod({}));
  const read = readerOf(stateOf(cloud), 'default');
  test.each<[string, object, Readonly<Record<string, string>>]>([
    [
      'refer to earlier ones and to Services',
      {
        env: [
          { name: 'A', value: 'a' },
          { name: 'B', value: '$(A)-$(S)' },
        ],
      },
      { A: 'a', B: 'a-s' },
    ],
    [
      'keep what is not known, and what is escaped',
      { env: [{ name: 'B', value: '$(A) $$(S) $S' }] },
      { B: '$(A) $(S) $S' },
    ],
    [
      'do not expand what comes from elsewhere',
      { env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'm', key: 'k' } } }] },
      { A: 'v' },
    ],
    [
      'come with a prefix, and later ones win',
      { envFrom: [{ prefix: 'P_', configMapRef: { name: 'm' } }], env: [{ name: 'P_k', value: 'own' }] },
      { P_k: 'own', 'P_x-y': 'z' },
    ],
    [
      'are left out where an optional key is missing',
      { env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'm', key: 'n', optional: true } } }] },
      {},
    ],
    [
      'give fields of the pod',
      {
        env: [
          { name: 'A', valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } },
          { name: 'N', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
        ],
      },
      { A: 'a', N: 'default' },
    ],
  ])('%s', (_, fields, expected) => {
    const container = { name: 'c', image: 'nginx', ...fields };
    expect(containerVariables(thePod(cloud), container, read, { S: 's' })).toEqual({
      ok: true,
      value: expected,
    });
  });
});
