import { describe, expect, it } from 'vitest';
import { deleteAgentPool, addAgentPool } from '../../../../src/model/aks/change-agent-pools.ts';
import { updateAgentPool } from '../../../../src/model/aks/update-agent-pool.ts';
import {
  applyObject,
  changeLabels,
  createObject,
  deleteObject,
  scaleDeployment,
} from '../../../../src/model/kubernetes/apply.ts';
import { createDeployment, deploymentManifest } from '../../../../src/model/kubernetes/create-deployment.ts';
import { reconcileKubernetes } from '../../../../src/model/kubernetes/reconcile.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import type { PodManifest } from '../../../../src/model/kubernetes/manifest.ts';
import { unwrap } from '../../../../src/model/result.ts';
import {
  CLUSTER,
  cloudWithCluster,
  GROUP,
  onlyCluster,
  podsIn,
  stateOf,
} from '../../../support/kubenet-cluster.ts';

function deploy(cloud: Cloud, replicas: number, image = 'nginx'): Cloud {
  const wanted = { name: 'web', namespace: 'default', images: [image], replicas };
  return unwrap(createDeployment(cloud, onlyCluster(cloud), wanted)).cloud;
}

function pod(name: string, spec: Partial<PodManifest['spec']> = {}): PodManifest {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { containers: [{ name: 'c', image: 'nginx' }], ...spec },
  };
}

describe('a Deployment', () => {
  it('makes a ReplicaSet and its pods, named as Kubernetes names them', () => {
    const cloud = deploy(cloudWithCluster(), 3);
    const [set] = Object.values(stateOf(cloud).replicaSets).filter(
      (each) => each.metadata.namespace === 'default',
    );
    expect(set?.metadata.name).toMatch(/^web-[456789bcdf]{8,10}$/);
    for (const each of podsIn(cloud, 'default')) {
      expect(each.metadata.name).toMatch(
        new RegExp(`^${set?.metadata.name ?? ''}-[bcdfghjklmnpqrstvwxz2456789]{5}$`),
      );
    }
    expect(stateOf(cloud).deployments['default/web']?.status).toEqual({
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
    });
  });

  it('spreads its pods over the nodes', () => {
    const nodes = podsIn(deploy(cloudWithCluster(), 6), 'default').map((each) => each.spec.nodeName);
    const counts = new Map(nodes.map((node) => [node, nodes.filter((other) => other === node).length]));
    expect([...counts.values()]).toEqual([3, 3]);
  });

  it.each([
    ['hostPort', { ports: [{ containerPort: 80, hostPort: 8080 }] }, {}],
    ['hostNetwork', { ports: [{ containerPort: 80 }] }, { hostNetwork: true as const }],
  ])('with a %s has one pod on each node, and the next waits for a free port', (_, ports, network) => {
    const before = cloudWithCluster();
    const { spec } = deploymentManifest({
      name: 'web',
      namespace: 'default',
      images: ['nginx'],
      replicas: 3,
    });
    const containers = spec.template.spec.containers.map((each) => ({ ...each, ...ports }));
    const template = { ...spec.template, spec: { ...network, containers } };
    const wanted = {
      apiVersion: 'apps/v1' as const,
      kind: 'Deployment' as const,
      metadata: { name: 'web' },
      spec: { ...spec, template },
    };
    const { cloud } = unwrap(applyObject(before, onlyCluster(before), wanted));
    const pods = podsIn(cloud, 'default');
    expect(new Set(pods.map((each) => each.spec.nodeName)).size).toBe(3);
    expect(pods.find((each) => each.spec.nodeName === undefined)?.status.conditions?.[0]?.message).toBe(
      "0/2 nodes are available: 2 node(s) didn't have free ports for the requested pod ports. preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.",
    );
  });

  it.each([
    // Replicas, pods of the old template, pods of the new one.
    [1, {}, 1, 1],
    [3, {}, 3, 1],
    [4, {}, 3, 2],
    [4, { rollingUpdate: { maxSurge: 0, maxUnavailable: '50%' } }, 2, 2],
    [3, { type: 'Recreate' as const }, 0, 3],
  ])('of %i whose new pods do not become ready keeps what %j says', (replicas, strategy, old, latest) => {
    const before = deploy(cloudWithCluster(), replicas);
    const apply = (cloud: Cloud, port: number): Cloud => {
      const { spec } = deploymentManifest({ name: 'web', namespace: 'default', images: ['nginx'], replicas });
      const containers = spec.template.spec.containers.map((each) => ({
        ...each,
        readinessProbe: { tcpSocket: { port } },
      }));
      const template = { ...spec.template, spec: { containers } };
      const wanted = {
        apiVersion: 'apps/v1' as const,
        kind: 'Deployment' as const,
        metadata: { name: 'web' },
        spec: { ...spec, strategy, template },
      };
      return unwrap(applyObject(cloud, onlyCluster(cloud), wanted)).cloud;
    };
    const counts = (cloud: Cloud) =>
      podsIn(cloud, 'default').map((each) => each.status.conditions?.find((c) => c.type === 'Ready')?.status);
    const stuck = apply(before, 81);
    expect(counts(stuck).toSorted()).toEqual([
      ...Array.from({ length: latest }, () => 'False'),
      ...Array.from({ length: old }, () => 'True'),
    ]);
    expect(stateOf(stuck).deployments['default/web']?.status).toEqual({
      replicas: old + latest,
      updatedReplicas: latest,
      readyReplicas: old,
      availableReplicas: old,
    });
    expect(reconcileKubernetes(stuck, onlyCluster(stuck))).toBe(stuck);
    expect(counts(apply(stuck, 80))).toEqual(Array.from({ length: replicas }, () => 'True'));
  });

  it('gives freed addresses back only after the others had their turn', () => {
    const one = cloudWithCluster({ pool: { name: 'nodepool1', count: 1 } });
    const three = deploy(one, 3);
    const last = podsIn(three, 'default').at(-1)?.status.podIP;
    const none = unwrap(scaleDeployment(three, onlyCluster(three), 'default/web', 0));
    const again = unwrap(scaleDeployment(none, onlyCluster(none), 'default/web', 1));
    expect(last).toBe('10.244.0.11');
    expect(podsIn(again, 'default')[0]?.status.podIP).toBe('10.244.0.12');
  });

  it('replaces its pods when the template changes, under a new ReplicaSet', () => {
    const before = deploy(cloudWithCluster(), 2);
    const manifest = deploymentManifest({
      name: 'web',
      namespace: 'default',
      images: ['nginx:1.27'],
      replicas: 2,
    });
    const after = unwrap(applyObject(before, onlyCluster(before), manifest));
    expect(after.outcome).toBe('configured');
    const old = new Set(podsIn(before, 'default').map((each) => each.metadata.uid));
    const pods = podsIn(after.cloud, 'default');
    expect(pods).toHaveLength(2);
    expect(pods.some((each) => old.has(each.metadata.uid))).toBe(false);
    const sets = Object.values(stateOf(after.cloud).replicaSets).filter(
      (each) => each.metadata.namespace === 'default',
    );
    expect(sets.map((each) => each.spec.replicas)).toEqual([0, 2]);
  });

  it('is unchanged when the same manifest is applied again', () => {
    const manifest = deploymentManifest({
      name: 'web',
      namespace: 'default',
      images: ['nginx'],
      replicas: 2,
    });
    const cloud = cloudWithCluster();
    const first = unwrap(applyObject(cloud, onlyCluster(cloud), manifest));
    const second = unwrap(applyObject(first.cloud, onlyCluster(cloud), manifest));
    expect([first.outcome, second.outcome]).toEqual(['created', 'unchanged']);
    expect(second.cloud).toBe(first.cloud);
  });

  it('takes its ReplicaSets and pods along when it is deleted', () => {
    const cloud = deploy(cloudWithCluster(), 3);
    const after = unwrap(deleteObject(cloud, onlyCluster(cloud), 'Deployment', 'default/web'));
    expect(podsIn(after, 'default')).toEqual([]);
    expect(Object.keys(stateOf(after).replicaSets).filter((key) => key.startsWith('default/'))).toEqual([]);
  });

  it('makes a new pod when one is deleted', () => {
    const cloud = deploy(cloudWithCluster(), 2);
    const [first] = podsIn(cloud, 'default');
    const after = unwrap(
      deleteObject(cloud, onlyCluster(cloud), 'Pod', `default/${first?.metadata.name ?? ''}`),
    );
    expect(podsIn(after, 'default')).toHaveLength(2);
    expect(podsIn(after, 'default').some((each) => each.metadata.uid === first?.metadata.uid)).toBe(false);
  });

  it('moves its pods when their node goes', () => {
    const two = unwrap(
      addAgentPool(
        cloudWithCluster(),
        { resourceGroup: GROUP, cluster: CLUSTER },
        { name: 'pool2', count: 1 },
      ),
    );
    const cloud = deploy(two, 6);
    const after = unwrap(deleteAgentPool(cloud, { resourceGroup: GROUP, cluster: CLUSTER, name: 'pool2' }));
    const nodes = new Set(Object.keys(stateOf(after).nodes));
    expect(podsIn(after, 'default')).toHaveLength(6);
    expect(podsIn(after, 'default').every((each) => nodes.has(each.spec.nodeName ?? ''))).toBe(true);
  });
});

describe('a number of pods that no cluster has', () => {
  it('is refused, not built', () => {
    const cloud = deploy(cloudWithCluster(), 1);
    const scaled = scaleDeployment(cloud, onlyCluster(cloud), 'default/web', 1_000_000_000);
    expect(!scaled.ok && scaled.error.reason).toBe('NotSimulated');
    const negative = scaleDeployment(cloud, onlyCluster(cloud), 'default/web', -1);
    expect(!negative.ok && negative.error.message).toBe(
      'The Deployment "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    );
  });

  it('waits with one event for each pod, and the events go with the pods', () => {
    const cloud = deploy(cloudWithCluster({ pool: { name: 'nodepool1', count: 2, maxPods: 30 } }), 80);
    const waiting = podsIn(cloud, 'default').filter((each) => each.status.phase === 'Pending');
    expect(Object.keys(stateOf(cloud).events)).toHaveLength(waiting.length);
    const none = unwrap(scaleDeployment(cloud, onlyCluster(cloud), 'default/web', 0));
    expect(stateOf(none).events).toEqual({});
  });
});

describe('the scheduler', () => {
  const rows: readonly [string, Partial<PodManifest['spec']>, string][] = [
    [
      'names the selector that matches no node',
      { nodeSelector: { disk: 'ssd' } },
      "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
    ],
    [
      'names the resource that is short',
      { containers: [{ name: 'c', image: 'nginx', resources: { requests: { cpu: '64' } } }] },
      '0/2 nodes are available: 2 Insufficient cpu. preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.',
    ],
  ];
  it.each(rows)('%s', (_, spec, message) => {
    const cloud = cloudWithCluster();
    const after = unwrap(createObject(cloud, onlyCluster(cloud), pod('p', spec))).cloud;
    const stored = stateOf(after).pods['default/p'];
    expect(stored?.status.phase).toBe('Pending');
    expect(stored?.status.podIP).toBeUndefined();
    expect(stored?.status.conditions?.[0]?.message).toBe(message);
    expect(Object.values(stateOf(after).events).map((each) => each.message)).toEqual([message]);
  });

  it('keeps pods off a tainted pool unless they tolerate the taint', () => {
    const pool = { name: 'pool2', count: 1, nodeTaints: ['sku=gpu:NoSchedule'], nodeLabels: { sku: 'gpu' } };
    const cloud = unwrap(addAgentPool(cloudWithCluster(), { resourceGroup: GROUP, cluster: CLUSTER }, pool));
    const key = onlyCluster(cloud);
    const refused = unwrap(createObject(cloud, key, pod('no', { nodeSelector: { sku: 'gpu' } }))).cloud;
    expect(stateOf(refused).pods['default/no']?.status.conditions?.[0]?.message).toBe(
      "0/3 nodes are available: 1 node(s) had untolerated taint {sku: gpu}, 2 node(s) didn't match Pod's node affinity/selector. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
    );
    const tolerations = [{ key: 'sku', operator: 'Equal', value: 'gpu', effect: 'NoSchedule' }] as const;
    const accepted = unwrap(
      createObject(cloud, key, pod('yes', { nodeSelector: { sku: 'gpu' }, tolerations })),
    ).cloud;
    expect(stateOf(accepted).pods['default/yes']?.spec.nodeName).toContain('pool2');
  });

  it('places a waiting pod once the pool loses its taint', () => {
    const cloud = unwrap(
      addAgentPool(
        cloudWithCluster(),
        { resourceGroup: GROUP, cluster: CLUSTER },
        { name: 'pool2', count: 1, nodeTaints: ['sku=gpu:NoSchedule'], nodeLabels: { sku: 'gpu' } },
      ),
    );
    const waiting = unwrap(
      createObject(cloud, onlyCluster(cloud), pod('p', { nodeSelector: { sku: 'gpu' } })),
    ).cloud;
    const name = { resourceGroup: GROUP, cluster: CLUSTER, name: 'pool2' };
    const after = unwrap(updateAgentPool(waiting, name, { nodeTaints: [] }));
    expect(stateOf(after).pods['default/p']?.status.phase).toBe('Running');
  });

  it('says when every node has as many pods as it may', () => {
    const cloud = cloudWithCluster({ pool: { name: 'nodepool1', count: 2, maxPods: 30 } });
    const system = podsIn(cloud, 'kube-system').length;
    const after = deploy(cloud, 60 - system + 2);
    const waiting = podsIn(after, 'default').filter((each) => each.status.phase === 'Pending');
    expect(waiting).toHaveLength(2);
    expect(waiting[0]?.status.conditions?.[0]?.message).toBe(
      '0/2 nodes are available: 2 Too many pods. preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.',
    );
  });
});

describe('a pod', () => {
  it('shares the node address with hostNetwork', () => {
    const cloud = cloudWithCluster();
    const after = unwrap(createObject(cloud, onlyCluster(cloud), pod('host', { hostNetwork: true }))).cloud;
    const { status } = stateOf(after).pods['default/host'] ?? {};
    expect(status?.podIP).toBe(status?.hostIP);
    expect(status?.podIP).toMatch(/^10\.224\.0\.[45]$/);
  });

  it('restarts again and again when its command ends', () => {
    const cloud = cloudWithCluster();
    const busybox = pod('bb', { containers: [{ name: 'bb', image: 'busybox' }] });
    const after = unwrap(createObject(cloud, onlyCluster(cloud), busybox)).cloud;
    const status = stateOf(after).pods['default/bb']?.status.containerStatuses?.[0];
    expect(status?.ready).toBe(false);
    expect(status?.state).toMatchObject({ waiting: { reason: 'CrashLoopBackOff' } });
    const later = reconcileKubernetes({ ...after, now: after.now + 75 }, onlyCluster(after));
    expect(stateOf(later).pods['default/bb']?.status.containerStatuses?.[0]?.restartCount).toBe(4);
  });

  it('gives its address back when it has ended for good', () => {
    const cloud = cloudWithCluster({ pool: { name: 'nodepool1', count: 1 } });
    const once = pod('once', {
      containers: [{ name: 'c', image: 'busybox', command: ['true'] }],
      restartPolicy: 'Never',
    });
    const after = unwrap(createObject(cloud, onlyCluster(cloud), once)).cloud;
    expect(stateOf(after).pods['default/once']?.status.phase).toBe('Succeeded');
  });

  it('may not change its network once it is there', () => {
    const cloud = cloudWithCluster();
    const key = onlyCluster(cloud);
    const made = unwrap(createObject(cloud, key, pod('p'))).cloud;
    const changed = applyObject(made, key, pod('p', { hostNetwork: true }));
    expect(changed.ok).toBe(false);
    if (!changed.ok) expect(changed.error.message).toContain('pod updates may not change fields other than');
  });
});

describe('a pod whose labels change', () => {
  const cloud = deploy(cloudWithCluster(), 2);
  const key = onlyCluster(cloud);
  const [first] = podsIn(cloud, 'default');
  const name = `default/${first?.metadata.name ?? ''}`;
  const relabel = (from: Cloud, app: string | null): Cloud =>
    unwrap(changeLabels(from, key, 'Pod', name, { app }));

  it('is let go by its ReplicaSet, which makes another', () => {
    const released = relabel(cloud, null);
    expect(podsIn(released, 'default')).toHaveLength(3);
    expect(stateOf(released).pods[name]?.metadata).not.toHaveProperty('ownerReferences');
    expect(stateOf(released).deployments['default/web']?.status.readyReplicas).toBe(2);
  });

  it('is taken in again with its old labels, and the newest goes', () => {
    const back = relabel(relabel(cloud, null), 'web');
    expect(podsIn(back, 'default').map((each) => each.metadata.name)).toEqual(
      podsIn(cloud, 'default').map((each) => each.metadata.name),
    );
    expect(stateOf(back).pods[name]?.metadata.ownerReferences?.[0]?.kind).toBe('ReplicaSet');
  });
});

describe('reconcileKubernetes', () => {
  it('returns the same cloud when there is nothing to do', () => {
    const cloud = deploy(cloudWithCluster(), 4);
    expect(reconcileKubernetes(cloud, onlyCluster(cloud))).toBe(cloud);
  });

  it('builds the same pods from the same seed and others from another', () => {
    const names = (seed: string): readonly string[] =>
      podsIn(deploy(cloudWithCluster({}, { seed }), 3), 'default').map((each) => each.metadata.name);
    expect(names('one')).toEqual(names('one'));
    expect(names('one')).not.toEqual(names('two'));
  });
});
