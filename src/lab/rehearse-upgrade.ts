/** What an upgrade would do to a cluster: the model's own operation, run to its end on a copy of the cloud. */
import { letPass, runToEnd } from '../model/aks/operations.ts';
import { upgradeManagedCluster, upgradeNodeImages } from '../model/aks/upgrade-managed-cluster.ts';
import { controlPlaneUpgrades } from '../model/aks/upgrade-versions.ts';
import { armKey, getResource } from '../model/azure/resource-store.ts';
import type { Cloud } from '../model/cloud.ts';
import { kubernetesOf } from '../model/kubernetes/cluster-state.ts';

const CLUSTER = 'Microsoft.ContainerService/ManagedClusters';

/** Node images come out weekly: after this time there is one that no node has. */
const UNTIL_NEXT_IMAGE_SECONDS = 14 * 24 * 60 * 60;

export interface Rehearsal {
  /** How the upgrade left the cloud, or the cloud before it if it was refused. */
  readonly cloud: Cloud;
  /** Code and message of the refusal or of the failure, on one line; null if the upgrade succeeded. */
  readonly failure: string | null;
  /** How many nodes were ready for pods when they were fewest. */
  readonly fewestNodes: number;
}

/** Seconds between two looks at the nodes: less than any step of an upgrade takes. */
const LOOK_SECONDS = 5;

const rehearsed = new WeakMap<Cloud, Map<string, Rehearsal>>();

/**
 * Upgrades a copy of the cluster to the newest version that `az aks upgrade` offers, or where it has that
 * already to the next node image. What is under way comes to its end first. `clusterId` is an ARM id.
 */
export function rehearseUpgrade(cloud: Cloud, clusterId: string): Rehearsal {
  const known = rehearsed.get(cloud) ?? new Map<string, Rehearsal>();
  rehearsed.set(cloud, known);
  const rehearsal = known.get(clusterId) ?? rehearse(cloud, clusterId);
  known.set(clusterId, rehearsal);
  return rehearsal;
}

function rehearse(cloud: Cloud, clusterId: string): Rehearsal {
  const idle = runToEnd(cloud, clusterId).cloud;
  const cluster = getResource(idle, clusterId, CLUSTER);
  if (cluster === null) return { cloud, failure: 'the cluster does not exist', fewestNodes: 0 };
  const { resourceGroup, name, currentKubernetesVersion } = cluster;
  const newest = controlPlaneUpgrades(idle.now, currentKubernetesVersion).at(-1);
  const started =
    newest === undefined
      ? upgradeNodeImages({ ...idle, now: idle.now + UNTIL_NEXT_IMAGE_SECONDS }, resourceGroup, name)
      : upgradeManagedCluster(idle, resourceGroup, name, {
          kubernetesVersion: newest,
          scope: 'everything',
        });
  let fewestNodes = nodesForPods(idle, clusterId);
  if (!started.ok) {
    return { cloud: idle, failure: `${started.error.code}: ${started.error.message}`, fewestNodes };
  }
  let last = started.value;
  for (let next: Cloud | null = last; next !== null; next = letPass(next, LOOK_SECONDS)) {
    fewestNodes = Math.min(fewestNodes, nodesForPods(next, clusterId));
    last = next;
  }
  const ended = runToEnd(last, clusterId);
  return {
    cloud: ended.cloud,
    failure: ended.failure === null ? null : `${ended.failure.code}: ${ended.failure.message}`,
    fewestNodes,
  };
}

function nodesForPods(cloud: Cloud, clusterId: string): number {
  return Object.values(kubernetesOf(cloud, armKey(clusterId)).nodes).filter(
    ({ spec, status }) =>
      spec.unschedulable !== true &&
      status.conditions.some(({ type, status: ready }) => type === 'Ready' && ready === 'True'),
  ).length;
}
