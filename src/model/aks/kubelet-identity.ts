/** The identity that the nodes of a cluster act under: one that AKS makes, or one that is brought. */
import type { AzureError } from '../azure/error.ts';
import { azureError } from '../azure/error.ts';
import { getResource, resourceId } from '../azure/resource-store.ts';
import { createRoleAssignment } from '../azure/role-assignment.ts';
import { createUserAssignedIdentity } from '../azure/user-assigned-identity.ts';
import type { Cloud } from '../cloud.ts';
import { err } from '../result.ts';
import type { Result } from '../result.ts';
import type { ManagedCluster } from './managed-cluster.ts';
import type { ClusterIdentity } from './node-network.ts';

const IDENTITY = 'Microsoft.ManagedIdentity/userAssignedIdentities';

export interface KubeletIdentityRequest {
  readonly cluster: string;
  readonly nodeResourceGroup: string;
  readonly location: string;
  /** Id of a brought identity, or null for one that AKS makes. */
  readonly brought: string | null;
  readonly identity: ClusterIdentity;
}

/**
 * Returns the cloud with an identity for the nodes. To hand a brought one to them, the cluster's own
 * identity needs the role Managed Identity Operator on it, which azure-cli grants. Errors:
 * `ResourceNotFound`, `CustomKubeletIdentityOnlySupportedOnUserAssignedMSICluster`.
 */
export function provideKubeletIdentity(
  cloud: Cloud,
  { cluster, nodeResourceGroup, location, brought, identity }: KubeletIdentityRequest,
): Result<Cloud, AzureError> {
  if (brought === null) {
    return createUserAssignedIdentity(cloud, {
      resourceGroup: nodeResourceGroup,
      name: ownName(cluster),
      location,
    });
  }
  if (identity.kind === 'system-assigned') {
    return err(
      azureError(
        'CustomKubeletIdentityOnlySupportedOnUserAssignedMSICluster',
        'Custom kubelet identity is only supported on user assigned MSI cluster.',
        'identityProfile.kubeletidentity',
      ),
    );
  }
  const found = getResource(cloud, brought, IDENTITY);
  if (found === null) {
    return err(
      azureError(
        'ResourceNotFound',
        `The user assigned identity ${brought} was not found. Make sure it exists and its resource ID is spelled right.`,
        'identityProfile.kubeletidentity',
      ),
    );
  }
  return createRoleAssignment(cloud, {
    principalId: identity.principalId,
    principalType: 'ServicePrincipal',
    roleDefinitionName: 'Managed Identity Operator',
    scope: found.id,
  });
}

/** Returns the identity that nodes act under, with the id that `az aks show` prints, or null if it is gone. */
export function kubeletIdentityOf(
  cloud: Cloud,
  cluster: ManagedCluster,
): { readonly id: string; readonly clientId: string; readonly principalId: string } | null {
  const id =
    cluster.kubeletIdentityId ??
    resourceId(cloud, cluster.nodeResourceGroup, IDENTITY, ownName(cluster.name));
  return getResource(cloud, id, IDENTITY);
}

function ownName(cluster: string): string {
  return `${cluster}-agentpool`;
}
