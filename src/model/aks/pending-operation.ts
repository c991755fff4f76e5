/** What a cluster is busy with, and the refusal of everything else meanwhile. */
import type { AzureError } from '../azure/error.ts';
import { azureError } from '../azure/error.ts';
import { armKey } from '../azure/resource-store.ts';
import type { Cloud, LongRunningOperation } from '../cloud.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import type { AksProvisioningState, ManagedCluster } from './managed-cluster.ts';

const PENDING =
  'please wait for it to finish before starting a new operation. See https://aka.ms/aks-pending-operation for more details';

/** Returns the upgrade or migration of a cluster that is under way, or null. */
export function operationOf(cloud: Cloud, clusterId: string): LongRunningOperation | null {
  const key = armKey(clusterId);
  return cloud.operations.find((each) => each.cluster === key) ?? null;
}

/** Reports whether the machine is being made or reimaged, so that it is no node at the moment. */
export function isAbsent(operation: LongRunningOperation | null, node: string): boolean {
  return operation?.absent.includes(node) ?? false;
}

/** Returns the provisioning state of what an operation works on. */
export function stateDuring(kind: LongRunningOperation['kind']): AksProvisioningState {
  return kind === 'upgrade' ? 'Upgrading' : 'Updating';
}

/**
 * Checks that nothing is under way on the cluster. `on` is what the new request is about. Error:
 * `OperationNotAllowed`, worded as https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/create-upgrade-delete/operationnotallowed.
 */
export function checkNothingPending(
  cloud: Cloud,
  cluster: ManagedCluster,
  on: 'cluster' | 'agent-pool',
): Result<null, AzureError> {
  const pending = operationOf(cloud, cluster.id);
  if (pending === null) return ok(null);
  const state = stateDuring(pending.kind);
  if (pending.pool === null) {
    return err(
      azureError(
        'OperationNotAllowed',
        `Operation is not allowed: Another operation (${state}) is in progress, ${PENDING}`,
      ),
    );
  }
  return err(
    azureError(
      'OperationNotAllowed',
      on === 'cluster'
        ? `Managed Cluster operation is not allowed: Another operation (${state}) is in progress on agent pool (${pending.pool}), ${PENDING}`
        : `Operation is not allowed: Another agentpool operation (${pending.pool} - ${state}) is in progress, ${PENDING}`,
    ),
  );
}
