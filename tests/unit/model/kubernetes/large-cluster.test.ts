/** Large clusters: what they cost, and what sharing and remembering must not change. */
import { beforeAll, describe, expect, it } from 'vitest';
import { reconcile } from '../../../../src/model/aks/reconcile.ts';
import { createResourceGroup } from '../../../../src/model/azure/resource-group.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { ask } from '../../../../src/model/compile/ask.ts';
import { compile } from '../../../../src/model/compile/compile.ts';
import { scaleDeployment } from '../../../../src/model/kubernetes/apply.ts';
import { createDeployment } from '../../../../src/model/kubernetes/create-deployment.ts';
import { unwrap } from '../../../../src/model/result.ts';
import { clusterOn, cloudWithSubnets } from '../../../support/azure-cni-cluster.ts';
import { onlyCluster, stateOf } from '../../../support/kubenet-cluster.ts';

const NODES = 500;
const PODS = 20_000;
/** Some ten times what it takes on a quiet machine: what takes longer does work again for each pod or node. */
const BUILD_MILLISECONDS = 4000;
const UNCHANGED_MILLISECONDS = 150;

describe('an Overlay cluster of 500 nodes with 20,000 pods', () => {
  let cloud: Cloud;
  let milliseconds: number;

  beforeAll(() => {
    const start = performance.now();
    const pool = { count: NODES, maxPods: 250 };
    cloud = deploy(clusterOn(cloudWithSubnets(), 'overlay', pool, { podCidr: '100.64.0.0/14' }), PODS);
    compile(cloud);
    milliseconds = performance.now() - start;
  });

  it('is built in seconds', () => {
    expect(stateOf(cloud).deployments['default/web']?.status.readyReplicas).toBe(PODS);
    expect(milliseconds).toBeLessThan(BUILD_MILLISECONDS);
  });

  it('costs next to nothing where nothing happens to it', () => {
    const settled = reconcile(cloud);
    const changed = unwrap(createResourceGroup(settled, { name: 'other', location: 'westeurope' }));
    const start = performance.now();
    const next = reconcile(changed);
    expect(performance.now() - start).toBeLessThan(UNCHANGED_MILLISECONDS);
    expect(next).toBe(changed);
  });

  it('has pods whose addresses, names and resource versions are all different', () => {
    const pods = Object.values(stateOf(cloud).pods);
    const own = pods.filter((pod) => pod.spec.hostNetwork !== true);
    expect(new Set(own.map((pod) => pod.status.podIP)).size).toBe(own.length);
    expect(new Set(pods.map((pod) => pod.metadata.uid)).size).toBe(pods.length);
    expect(new Set(pods.map((pod) => pod.metadata.resourceVersion)).size).toBe(pods.length);
  });

  it('answers from one pod to another', () => {
    const [from, to] = Object.values(stateOf(cloud).pods)
      .filter((pod) => pod.metadata.namespace === 'default')
      .map((pod) => pod.metadata.name);
    const answer = unwrap(ask(cloud, { from: `pod/${from ?? ''}`, to: `pod/${to ?? ''}`, port: 80 }));
    expect(answer.trace.disposition).toBe('delivered');
  });
});

describe('a cloud', () => {
  it('stays as it was when its cluster goes on', () => {
    const before = deploy(clusterOn(cloudWithSubnets(), 'overlay', { count: 2 }), 5);
    const text = JSON.stringify(before);
    const grown = unwrap(scaleDeployment(before, onlyCluster(before), 'default/web', 400));
    const shrunk = unwrap(scaleDeployment(reconcile(grown), onlyCluster(grown), 'default/web', 3));
    const between = JSON.stringify(grown);
    reconcile(shrunk);
    expect(JSON.stringify(before)).toBe(text);
    expect(JSON.stringify(grown)).toBe(between);
  });

  it('comes out the same from a copy that shares nothing with it', () => {
    const before = deploy(clusterOn(cloudWithSubnets(), 'overlay', { count: 2 }), 30);
    const copy = JSON.parse(JSON.stringify(before)) as Cloud;
    expect(JSON.stringify(deploy(copy, 50, 'api'))).toBe(JSON.stringify(deploy(before, 50, 'api')));
  });
});

function deploy(cloud: Cloud, replicas: number, name = 'web'): Cloud {
  const made = createDeployment(cloud, onlyCluster(cloud), {
    name,
    namespace: 'default',
    images: ['nginx'],
    replicas,
  });
  return reconcile(unwrap(made).cloud);
}
