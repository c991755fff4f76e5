/** What AKS checks about a request for a cluster, apart from ranges, versions and pools. */
import type { AzureError } from '../azure/error.ts';
import { azureError, notSimulated } from '../azure/error.ts';
import { findResourceGroup } from '../azure/resource-group.ts';
import { getResource } from '../azure/resource-store.ts';
import type { Cloud } from '../cloud.ts';
import { OVERLAY_DEFAULT_FROM } from '../limits/aks.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import type { ManagedClusterInput } from './create-managed-cluster.ts';
import { atLeastMinor } from './kubernetes-versions.ts';
import type { NetworkProfile, OutboundType } from './managed-cluster.ts';
import { checkNodeResourceGroupName, invalidParameter } from './names.ts';
import { checkKubenetSubnet, checkUserDefinedRouting, requireBroughtSubnet } from './node-network.ts';
import type { BroughtSubnet, ClusterIdentity } from './node-network.ts';

const IDENTITY = 'Microsoft.ManagedIdentity/userAssignedIdentities';

/** What a network profile says about plugins; fixed at creation but for the ways to Overlay and Cilium. */
export type PluginChoice = Pick<
  NetworkProfile,
  'networkPlugin' | 'networkPluginMode' | 'networkDataplane' | 'networkPolicy'
>;

/**
 * Returns the plugins of a new cluster. One that a request leaves open is the service's choice, by
 * Kubernetes version.
 */
export function choosePlugin(input: ManagedClusterInput, version: string): Result<PluginChoice, AzureError> {
  const byVersion = atLeastMinor(version, OVERLAY_DEFAULT_FROM.value) ? 'overlay' : 'kubenet';
  const open = input.networkPlugin ?? null;
  const networkPlugin = open ?? (byVersion === 'overlay' ? 'azure' : 'kubenet');
  const networkPluginMode =
    input.networkPluginMode ?? (open === null && byVersion === 'overlay' ? 'overlay' : null);
  const policy = (input.networkPolicy ?? '').toLowerCase();
  switch (networkPlugin) {
    case 'none':
      return err(notSimulated('Network plugin none'));
    case 'azure': {
      const networkDataplane = input.networkDataplane ?? 'azure';
      return ok({
        networkPlugin,
        networkPluginMode,
        networkDataplane,
        networkPolicy:
          networkDataplane === 'cilium'
            ? 'cilium'
            : policy === 'azure' || policy === 'calico'
              ? policy
              : 'none',
      });
    }
    case 'kubenet':
      if (policy === '' || policy === 'none') {
        return ok({ networkPlugin, networkPluginMode: null, networkDataplane: null, networkPolicy: 'none' });
      }
      if (policy === 'calico') return err(notSimulated('Network policy calico'));
      return err(
        azureError(
          policy === 'azure' ? 'NetworkPolicyAzureNotSupportedForKubenet' : 'NetworkPolicyNotSupported',
          `Network policy ${policy} is not supported for network plugin kubenet. Use calico, or network plugin azure.`,
          'networkProfile.networkPolicy',
        ),
      );
  }
}

/** Checks the node resource group's name and that it is free. */
export function checkNodeGroup(cloud: Cloud, name: string, clusterGroup: string): Result<null, AzureError> {
  const checked = checkNodeResourceGroupName(name);
  if (!checked.ok) return checked;
  if (name.toLowerCase() === clusterGroup.toLowerCase()) {
    return err(
      azureError(
        'NodeResourceGroupSameAsResourceGroup',
        `The node resource group '${name}' must not be the resource group of the cluster.`,
        'nodeResourceGroup',
      ),
    );
  }
  if (findResourceGroup(cloud, name) !== null) {
    return err(
      azureError(
        'NodeResourceGroupAlreadyExists',
        `The node resource group '${name}' already exists. Provide a name that is not in use.`,
        'nodeResourceGroup',
      ),
    );
  }
  return ok(null);
}

/** Returns who acts for the cluster. Error: `ResourceNotFound` for an identity that is not there. */
export function findIdentity(cloud: Cloud, id: string | null): Result<ClusterIdentity, AzureError> {
  if (id === null) return ok({ kind: 'system-assigned' });
  const identity = getResource(cloud, id, IDENTITY);
  if (identity === null) {
    return err(
      azureError(
        'ResourceNotFound',
        `The user assigned identity ${id} was not found. Make sure it exists and its resource ID is spelled right.`,
        'identity.userAssignedIdentities',
      ),
    );
  }
  return ok({ kind: 'user-assigned', principalId: identity.principalId });
}

/** Returns the customer's subnet, or null for a network that AKS makes. Errors: as `requireBroughtSubnet`. */
export function findBrought(
  cloud: Cloud,
  subnetId: string | null,
  location: string,
): Result<BroughtSubnet | null, AzureError> {
  return subnetId === null ? ok(null) : requireBroughtSubnet(cloud, subnetId, location);
}

/** Checks rights and routes of a brought subnet, and that the outbound type can work. */
export function checkSubnet(
  cloud: Cloud,
  brought: BroughtSubnet | null,
  plugin: PluginChoice,
  identity: ClusterIdentity,
  outboundType: OutboundType,
): Result<null, AzureError> {
  switch (outboundType) {
    case 'loadBalancer':
    case 'userDefinedRouting':
      break;
    case 'managedNATGateway':
    case 'userAssignedNATGateway':
    case 'none':
    case 'block':
      return err(notSimulated(`Outbound type ${outboundType}`));
  }
  if (brought === null) {
    return outboundType === 'loadBalancer'
      ? ok(null)
      : err(
          invalidParameter(
            'networkProfile.outboundType',
            'Outbound type userDefinedRouting needs a subnet of your own, whose route table has a default route.',
          ),
        );
  }
  if (plugin.networkPlugin === 'kubenet') {
    const own = checkKubenetSubnet(cloud, brought.subnet, identity);
    if (!own.ok) return own;
  }
  return outboundType === 'userDefinedRouting' ? checkUserDefinedRouting(cloud, brought.subnet) : ok(null);
}
