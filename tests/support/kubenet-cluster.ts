/** A cloud with kubenet clusters, built with the model's own operations. */
import { createManagedCluster } from '../../src/model/aks/create-managed-cluster.ts';
import type { ManagedClusterInput } from '../../src/model/aks/create-managed-cluster.ts';
import { createResourceGroup } from '../../src/model/azure/resource-group.ts';
import { newCloud } from '../../src/model/azure/subscription.ts';
import type { CloudOptions } from '../../src/model/azure/subscription.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import type { KubernetesState, Pod } from '../../src/model/kubernetes/objects.ts';
import { unwrap } from '../../src/model/result.ts';

export const GROUP = 'rg';
export const CLUSTER = 'aks';

/** Returns a cloud with the empty group `rg` in West Europe. */
export function emptyCloud(options: CloudOptions = {}): Cloud {
  return unwrap(createResourceGroup(newCloud(options), { name: GROUP, location: 'westeurope' }));
}

/** Returns the input of a small cluster `aks` in `rg`, with these changes. */
export function clusterInput(changes: Partial<ManagedClusterInput> = {}): ManagedClusterInput {
  return {
    resourceGroup: GROUP,
    name: CLUSTER,
    networkPlugin: 'kubenet',
    pool: { name: 'nodepool1', count: 2 },
    ...changes,
  };
}

/** Returns a cloud with the cluster `aks` in `rg`. */
export function cloudWithCluster(
  changes: Partial<ManagedClusterInput> = {},
  options: CloudOptions = {},
): Cloud {
  return unwrap(createManagedCluster(emptyCloud(options), clusterInput(changes)));
}

/** Returns the key of the only cluster of a cloud. */
export function onlyCluster(cloud: Cloud): string {
  const keys = Object.keys(cloud.kubernetes);
  const [key] = keys;
  if (key === undefined || keys.length > 1) throw new Error(`expected one cluster, found ${keys.length}`);
  return key;
}

export function stateOf(cloud: Cloud): KubernetesState {
  const state = cloud.kubernetes[onlyCluster(cloud)];
  if (state === undefined) throw new Error('the cluster has no Kubernetes state');
  return state;
}

/** Returns the pods of one namespace, in order of creation. */
export function podsIn(cloud: Cloud, namespace: string): readonly Pod[] {
  return Object.values(stateOf(cloud).pods).filter((pod) => pod.metadata.namespace === namespace);
}
