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

/** Returns what is under way on a cluster, or null. */
export function operationOf(cloud: Cloud, clusterId: string): LongRunningOperation | null {
  const key = armKey(clusterId);
  return cloud.operations.find((each) => each.cluster === key) ?? null;
}

/** Returns the machines of a cluster that are being made or reimaged, so that they are no nodes at the moment. */
export function absentMachines(cloud: Cloud, clusterId: string): ReadonlySet<string> {
  const key = armKey(clusterId);
  return new Set(cloud.operations.flatMap((each) => (each.cluster === key ? each.absent : [])));
}

function isApart(pending: LongRunningOperation, pool: string | null): boolean {
  const resizes = pending.kind === 'create' || pending.kind === 'scale';
  return resizes && pool !== null && pending.pool !== null && pending.pool !== pool;
}

/** Returns the provisioning state of what an operation works on. */
export function stateDuring(kind: LongRunningOperation['kind']): AksProvisioningState {
  switch (kind) {
    case 'create':
      return 'Creating';
    case 'scale':
      return 'Scaling';
    case 'upgrade':
      return 'Upgrading';
    case 'migrate':
    case 'reimage':
      return 'Updating';
  }
}

/**
 * Checks that nothing is under way on the cluster. `on` is what the new request is about, `pool` the pool
 * that it makes or scales: other pools may be made or scaled meanwhile. Error:
 * `OperationNotAllowed`, worded as https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/create-upgrade-delete/operationnotallowed.
 */
export function checkNothingPending(
  cloud: Cloud,
  cluster: ManagedCluster,
  on: 'cluster' | 'agent-pool',
  pool: string | null = null,
): Result<null, AzureError> {
  const key = armKey(cluster.id);
  const pending = cloud.operations.find((each) => each.cluster === key && !isApart(each, pool));
  if (pending === undefined) return ok(null);
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
