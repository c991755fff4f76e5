/** Names of pods in traces: `pod/NAMESPACE/NAME`, with `@CLUSTER` where clusters share the name. */
import type { ArmKey } from '../azure/resources.ts';
import type { Pod } from '../kubernetes/objects.ts';
import type { HostId } from '../network/network.ts';
import type { ClusterPart } from './inventory.ts';

export interface PodNames {
  readonly idOf: (cluster: ArmKey, pod: Pod) => HostId;
  /** Returns the pod of a name; null if there is none. */
  readonly find: (id: HostId) => Pod | null;
}

export function podNames(clusters: readonly ClusterPart[]): PodNames {
  const labels = new Map<ArmKey, string>();
  for (const { key, cluster } of clusters) {
    const shared = clusters.some((each) => each.key !== key && each.cluster.name === cluster.name);
    labels.set(key, shared ? `${cluster.resourceGroup}/${cluster.name}` : cluster.name);
  }
  const sharesName = (cluster: ArmKey, name: string): boolean =>
    clusters.length > 1 &&
    clusters.some((each) => each.key !== cluster && each.state.pods[name] !== undefined);
  return {
    idOf: (cluster, pod) => {
      const name = `${pod.metadata.namespace ?? 'default'}/${pod.metadata.name}`;
      return sharesName(cluster, name) ? `pod/${name}@${labels.get(cluster) ?? cluster}` : `pod/${name}`;
    },
    find: (id) => {
      if (!id.startsWith('pod/')) return null;
      const at = id.indexOf('@');
      const name = id.slice('pod/'.length, at < 0 ? id.length : at);
      const label = at < 0 ? null : id.slice(at + 1);
      const cluster = clusters.find((each) =>
        label === null ? each.state.pods[name] !== undefined : (labels.get(each.key) ?? each.key) === label,
      );
      return cluster?.state.pods[name] ?? null;
    },
  };
}
