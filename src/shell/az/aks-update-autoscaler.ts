/** The autoscaler flags of `az aks update`, which are about the only node pool of a cluster. */
import { updateAgentPool } from '../../model/aks/update-agent-pool.ts';
import type { ManagedCluster } from '../../model/aks/managed-cluster.ts';
import type { Cloud } from '../../model/cloud.ts';
import { ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import { AUTOSCALER_WARNING, readAutoscalerChange } from './aks-pool-arguments.ts';
import type { AzArguments, AzFailure } from './command.ts';
import { refusedByAzure, usageFailure } from './outcome.ts';

export type AutoscalerUpdate =
  | { readonly kind: 'go-on'; readonly cloud: Cloud; readonly warnings: readonly string[] }
  /** azure-cli warns and changes nothing at all. */
  | { readonly kind: 'stop'; readonly warning: string };

/** Returns the cloud with the autoscaler of the cluster's pool as the flags ask for. */
export function updateAutoscaler(
  cloud: Cloud,
  cluster: ManagedCluster,
  args: AzArguments,
): Result<AutoscalerUpdate, AzFailure> {
  const [first, ...others] = cluster.agentPoolProfiles;
  const asked = args['enableClusterAutoscaler'] === true || args['updateClusterAutoscaler'] === true;
  if (asked && others.length > 0) {
    return usageFailure(
      'There are more than one node pool in the cluster. Please use "az aks nodepool" command to update per node pool auto scaler settings',
    );
  }
  if (first === undefined) return ok({ kind: 'go-on', cloud, warnings: [] });
  const read = readAutoscalerChange(args, first);
  if (!read.ok) return read;
  switch (read.value.kind) {
    case 'unchanged':
      return ok({ kind: 'go-on', cloud, warnings: [] });
    case 'already':
      return ok({ kind: 'stop', warning: read.value.warning });
    case 'change': {
      const { change } = read.value;
      const name = { resourceGroup: cluster.resourceGroup, cluster: cluster.name, name: first.name };
      const changed = updateAgentPool(cloud, name, change);
      if (!changed.ok) return refusedByAzure(changed.error);
      const warnings = change.enableAutoScaling === true ? [AUTOSCALER_WARNING] : [];
      return ok({ kind: 'go-on', cloud: changed.value, warnings });
    }
  }
}
