/** Changing the network of a running cluster: every node of every pool is set up anew. */
import type { AzureError } from '../azure/error.ts';
import { armKey, putResource } from '../azure/resource-store.ts';
import type { Cloud } from '../cloud.ts';
import { kubernetesOf, withKubernetes } from '../kubernetes/cluster-state.ts';
import { ok } from '../result.ts';
import type { Result } from '../result.ts';
import type { ManagedCluster, NetworkProfile } from './managed-cluster.ts';
import { renewModels } from './migrate-machines.ts';
import { reconcileCluster } from './reconcile.ts';
import { renewPools } from './renew-pools.ts';
import { refreshSystemAddons } from './system-addons.ts';

/**
 * Starts the change of a cluster to another network profile, which was checked before. A wider pod range
 * takes effect at once; anything else has all pools reimaged at the same time. Errors: those of
 * `checkUpgradeRoom`.
 */
export function migrateManagedCluster(
  cloud: Cloud,
  cluster: ManagedCluster,
  profile: NetworkProfile,
): Result<Cloud, AzureError> {
  const before = cluster.networkProfile;
  const renews =
    profile.networkPluginMode !== before.networkPluginMode ||
    profile.networkDataplane !== before.networkDataplane ||
    profile.networkPolicy !== before.networkPolicy;
  const accepted: ManagedCluster = {
    ...cluster,
    networkProfile: profile,
    ...(renews ? { provisioningState: 'Updating' as const } : {}),
  };
  const changed = refreshSystemAddons(renewModels(putResource(cloud, accepted), accepted), accepted);
  const next = profile.podCidr === before.podCidr ? changed : withNewPodRange(changed, cluster, before);
  return renews ? migratePools(next, accepted) : ok(reconcileCluster(next, accepted));
}

/**
 * Goes on with a migration that failed: pools whose nodes are not set up as the cluster's network asks
 * for. Returns the same cloud if there are none. Errors: those of `checkUpgradeRoom`.
 */
export function resumeMigration(cloud: Cloud, cluster: ManagedCluster): Result<Cloud, AzureError> {
  const failed = cluster.agentPoolProfiles.some((pool) => pool.provisioningState === 'Failed');
  return failed ? migratePools(cloud, { ...cluster, provisioningState: 'Updating' }) : ok(cloud);
}

function migratePools(cloud: Cloud, cluster: ManagedCluster): Result<Cloud, AzureError> {
  const resumed = cluster.agentPoolProfiles.filter((pool) => pool.provisioningState === 'Failed');
  const pools = resumed.length > 0 ? resumed : cluster.agentPoolProfiles;
  return renewPools(cloud, cluster, { kind: 'migrate', pools, replacing: 'all' });
}

/** Another range is handed out from its beginning; in a wider one, shares go round as before. */
function withNewPodRange(cloud: Cloud, cluster: ManagedCluster, before: NetworkProfile): Cloud {
  if (before.podCidr !== null && before.networkPluginMode === 'overlay') return cloud;
  const key = armKey(cluster.id);
  const state = kubernetesOf(cloud, key);
  return withKubernetes(cloud, key, {
    ...state,
    controlPlane: { ...state.controlPlane, nextPodCidrIndex: 0 },
  });
}
