/**
 * The node's end of a pod's veth. Azure's CNI plugin derives the name from the pod's own, Cilium from
 * the container's id, which nothing else shows and so is drawn.
 */
import { getResource } from '../azure/resource-store.ts';
import type { ArmKey } from '../azure/resources.ts';
import { drawHex } from '../chance.ts';
import type { Cloud } from '../cloud.ts';
import { clusterChance, objectKey } from '../kubernetes/cluster-state.ts';
import type { Pod } from '../kubernetes/objects.ts';
import { sha1Hex } from '../sha1.ts';

/** Azure's CNI plugin gives the node's end of every veth this MAC (ACN netio, virtualMacAddress). */
export const AZURE_VETH_MAC = 'aa:aa:aa:aa:aa:aa';

/**
 * Returns the name of the node's end of a pod's veth: `azv` with the first 11 hexadecimal digits of
 * SHA-1(`namespace.name`) for Azure's data plane (azure-container-networking, generateVethName; the
 * key in mode transparent), `lxc` with 12 digits for Cilium. Only Azure CNI clusters have such names.
 */
export function vethName(cloud: Cloud, cluster: ArmKey, pod: Pod): string {
  const { namespace = 'default', name } = pod.metadata;
  const owner = getResource(cloud, cluster, 'Microsoft.ContainerService/ManagedClusters');
  return owner?.networkProfile.networkDataplane === 'cilium'
    ? `lxc${drawHex(clusterChance(cloud, cluster), `lxc/${objectKey(pod.metadata)}`, 12)}`
    : `azv${sha1Hex(`${namespace}.${name}`).slice(0, 11)}`;
}
