/** The ConfigMap with the cluster's CA that kube-controller-manager keeps in every namespace (rootcacertpublisher). */
import type { ArmKey } from '../azure/resources.ts';
import type { Cloud } from '../cloud.ts';
import { kubernetesOf, newMetadata, objectKey, withKubernetes } from './cluster-state.ts';
import type { ConfigMap } from './objects.ts';

export const ROOT_CA = 'kube-root-ca.crt';
const SYSTEM = 'kube-system';

/** Returns the CA of a cluster in PEM; null where it is not known, as of imported clusters. */
export function clusterCa(cloud: Cloud, cluster: ArmKey): string | null {
  const text = cloud.kubernetes[cluster]?.configMaps[`${SYSTEM}/${ROOT_CA}`]?.data['ca.crt'];
  return text === undefined || text === '' ? null : text;
}

/** Returns the cloud with the ConfigMap in the namespaces that lack it; the same cloud if none does. */
export function publishRootCa(cloud: Cloud, cluster: ArmKey): Cloud {
  const state = kubernetesOf(cloud, cluster);
  const lacking = Object.values(state.namespaces).filter(
    ({ metadata }) => state.configMaps[`${metadata.name}/${ROOT_CA}`] === undefined,
  );
  const authority = clusterCa(cloud, cluster);
  if (lacking.length === 0 || authority === null) return cloud;
  const made = lacking.map(({ metadata }): ConfigMap => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: newMetadata(cloud, cluster, {
      kind: 'ConfigMap',
      name: ROOT_CA,
      namespace: metadata.name,
      created: cloud.now,
      // No number of its own: names of what comes later would be others.
      resourceVersion: Number(metadata.resourceVersion),
    }),
    data: { 'ca.crt': authority },
  }));
  return withKubernetes(cloud, cluster, {
    ...state,
    configMaps: {
      ...state.configMaps,
      ...Object.fromEntries(made.map((each) => [objectKey(each.metadata), each])),
    },
  });
}
