/** A VNet with subnets for nodes and pods, and clusters of Azure CNI on it. */
import { createManagedCluster } from '../../src/model/aks/create-managed-cluster.ts';
import type { ManagedClusterInput } from '../../src/model/aks/create-managed-cluster.ts';
import type { AgentPoolInput } from '../../src/model/aks/agent-pool.ts';
import type { AzureError } from '../../src/model/azure/error.ts';
import { createVirtualNetwork } from '../../src/model/azure/virtual-network.ts';
import { findResource, resourceId } from '../../src/model/azure/resource-store.ts';
import { subnetId } from '../../src/model/azure/subnet.ts';
import type { CloudOptions } from '../../src/model/azure/subscription.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { unwrap } from '../../src/model/result.ts';
import type { Result } from '../../src/model/result.ts';
import { CLUSTER, emptyCloud, GROUP } from './kubenet-cluster.ts';

export interface Prefixes {
  readonly nodes?: string;
  readonly pods?: string;
}

/** Returns a cloud with the VNet `vnet`, 10.0.0.0/8, and its subnets `nodes` and `pods`. */
export function cloudWithSubnets(prefixes: Prefixes = {}, options: CloudOptions = {}): Cloud {
  return unwrap(
    createVirtualNetwork(emptyCloud(options), {
      resourceGroup: GROUP,
      name: 'vnet',
      addressPrefixes: ['10.0.0.0/8'],
      subnets: [
        { name: 'nodes', addressPrefix: prefixes.nodes ?? '10.240.0.0/16' },
        { name: 'pods', addressPrefix: prefixes.pods ?? '10.241.0.0/16' },
      ],
    }),
  );
}

/** Returns the id of a subnet of that VNet. */
export function subnetNamed(cloud: Cloud, name: string): string {
  const vnet = findResource(cloud, 'Microsoft.Network/virtualNetworks', GROUP, 'vnet');
  return subnetId(vnet?.id ?? resourceId(cloud, GROUP, 'Microsoft.Network/virtualNetworks', 'vnet'), name);
}

export type PodAddressing = 'node-subnet' | 'overlay' | 'dynamic' | 'static';

/** Tries to create the cluster `aks` on that VNet. */
export function tryCluster(
  cloud: Cloud,
  pods: PodAddressing,
  pool: Partial<AgentPoolInput> = {},
  changes: Partial<ManagedClusterInput> = {},
): Result<Cloud, AzureError> {
  const withPodSubnet = pods === 'dynamic' || pods === 'static';
  return createManagedCluster(cloud, {
    resourceGroup: GROUP,
    name: CLUSTER,
    networkPlugin: 'azure',
    networkPluginMode: pods === 'overlay' ? 'overlay' : null,
    ...changes,
    pool: {
      name: 'nodepool1',
      count: 2,
      vnetSubnetId: subnetNamed(cloud, 'nodes'),
      ...(withPodSubnet ? { podSubnetId: subnetNamed(cloud, 'pods') } : {}),
      ...(pods === 'static' ? { podIPAllocationMode: 'StaticBlock' as const } : {}),
      ...pool,
    },
  });
}

/** Creates it. */
export function clusterOn(
  cloud: Cloud,
  pods: PodAddressing,
  pool: Partial<AgentPoolInput> = {},
  changes: Partial<ManagedClusterInput> = {},
): Cloud {
  return unwrap(tryCluster(cloud, pods, pool, changes));
}
