/**
 * What may change about the network of a running cluster: to Azure CNI Overlay, to the Cilium data
 * plane, to another policy engine, to a wider pod range. Source:
 * https://learn.microsoft.com/azure/aks/update-azure-cni, read 2026-07; wording of the refusals as in
 * github.com/Azure/AKS issues 4006 and 5662 and MicrosoftDocs/azure-aks-docs issue 264 where known.
 */
import type { AzureError } from '../azure/error.ts';
import { azureError, notSimulated } from '../azure/error.ts';
import { armKey, getResource } from '../azure/resource-store.ts';
import type { Cloud } from '../cloud.ts';
import { formatPrefix, prefix, prefixCovers, prefixesOverlap } from '../ip/prefix.ts';
import { kubernetesOf } from '../kubernetes/cluster-state.ts';
import { DEFAULT_POD_CIDR } from '../limits/aks.ts';
import { OVERLAY_MIGRATION_FROM } from '../limits/aks-upgrade.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { atLeastMinor } from './kubernetes-versions.ts';
import type { ManagedCluster, NetworkPlugin, NetworkProfile } from './managed-cluster.ts';
import { checkPodRange, parseRange, podRangeOverlap } from './network-profile.ts';

const VNET = 'Microsoft.Network/virtualNetworks';
/** The customer's own list for the masquerade agent. */
const CUSTOM_MASQUERADE = 'kube-system/azure-ip-masq-agent-config';

/** What a request says about the network; absent keys stay. */
export interface NetworkChange {
  readonly networkPlugin?: NetworkPlugin;
  readonly networkPluginMode?: 'overlay';
  readonly networkDataplane?: 'azure' | 'cilium';
  readonly networkPolicy?: 'none' | 'azure' | 'calico' | 'cilium';
  readonly podCidr?: string;
}

/**
 * Returns the network profile after a change, the very same one if nothing would be another. Errors:
 * `UnsupportedNetworkPluginModeWithNetworkPlugin`, `PropertyChangeNotAllowed`, `ValidationError`,
 * `BadRequest`, and the refusals of a pod range.
 */
export function changedProfile(
  cloud: Cloud,
  cluster: ManagedCluster,
  change: NetworkChange,
): Result<NetworkProfile, AzureError> {
  const before = cluster.networkProfile;
  const mode = change.networkPluginMode ?? before.networkPluginMode;
  const plugin = change.networkPlugin ?? before.networkPlugin;
  if (plugin === 'kubenet' && mode === 'overlay') {
    return err(
      azureError(
        'UnsupportedNetworkPluginModeWithNetworkPlugin',
        'NetworkPluginMode overlay is not supported with NetworkPlugin kubenet.',
        'networkProfile.networkPluginMode',
      ),
    );
  }
  const toOverlay = mode === 'overlay' && before.networkPluginMode !== 'overlay';
  if (plugin !== before.networkPlugin && !(before.networkPlugin === 'kubenet' && toOverlay)) {
    return err(notChangeable('networkProfile.networkPlugin'));
  }
  const dataplane = change.networkDataplane ?? before.networkDataplane;
  const toCilium = dataplane === 'cilium' && before.networkDataplane !== 'cilium';
  const plane = checkDataplane(before, plugin, dataplane, toOverlay && toCilium);
  if (plane !== null) return err(plane);
  const policy = changedPolicy(before, change, dataplane);
  if (!policy.ok) return policy;
  const range = toOverlay
    ? overlayRange(cloud, cluster, change.podCidr)
    : widerRange(cloud, cluster, change.podCidr);
  if (!range.ok) return range;
  const after: NetworkProfile = {
    ...before,
    networkPlugin: plugin,
    networkPluginMode: mode,
    networkDataplane: toOverlay && dataplane === null ? 'azure' : dataplane,
    networkPolicy: policy.value,
    podCidr: range.value,
    podCidrs: range.value === before.podCidr ? before.podCidrs : range.value === null ? null : [range.value],
  };
  return ok(JSON.stringify(after) === JSON.stringify(before) ? before : after);
}

function checkDataplane(
  before: NetworkProfile,
  plugin: NetworkPlugin,
  wanted: NetworkProfile['networkDataplane'],
  withIpam: boolean,
): AzureError | null {
  if (wanted === before.networkDataplane) return null;
  if (before.networkDataplane === 'cilium') return notChangeable('networkProfile.networkDataplane');
  if (wanted !== 'cilium') return plugin === 'kubenet' ? needsAzurePlugin('azure') : null;
  if (before.networkPlugin !== 'azure') return needsAzurePlugin('cilium');
  return withIpam
    ? azureError(
        'ValidationError',
        'Cannot update network plugin mode and network dataplane in a single operation. Update the cluster to Azure CNI Overlay first, or the dataplane first.',
      )
    : null;
}

function needsAzurePlugin(dataplane: string): AzureError {
  return azureError(
    'BadRequest',
    `Network dataplane ${dataplane} requires network plugin azure. Update a cluster with network plugin kubenet to Azure CNI Overlay first, and its dataplane in a second operation.`,
    'networkProfile.networkDataplane',
  );
}

/** Cilium brings its own engine and takes the place of another; no other engine works with it. */
function changedPolicy(
  before: NetworkProfile,
  change: NetworkChange,
  dataplane: NetworkProfile['networkDataplane'],
): Result<NetworkProfile['networkPolicy'], AzureError> {
  const wanted = change.networkPolicy;
  const target = 'networkProfile.networkPolicy';
  if (dataplane === 'cilium') {
    return wanted === undefined || wanted === 'cilium'
      ? ok('cilium')
      : err(azureError('BadRequest', 'Cilium dataplane requires network policy cilium.', target));
  }
  const present = before.networkPolicy ?? 'none';
  if (wanted === undefined || wanted === present) return ok(before.networkPolicy);
  if (wanted === 'cilium') {
    return err(azureError('BadRequest', 'Network policy cilium requires network dataplane cilium.', target));
  }
  if (before.networkPlugin === 'kubenet') {
    return err(
      wanted === 'azure'
        ? azureError(
            'NetworkPolicyAzureNotSupportedForKubenet',
            'Network policy azure is not supported for network plugin kubenet. Use calico, or network plugin azure.',
            target,
          )
        : notSimulated('Network policy calico with network plugin kubenet'),
    );
  }
  // One engine goes before another comes (https://learn.microsoft.com/azure/aks/use-network-policies).
  if (wanted !== 'none' && present !== 'none') {
    return err(
      azureError(
        'PropertyChangeNotAllowed',
        `Changing property '${target}' from ${present} to ${wanted} is not allowed. Uninstall network policy ${present} first, with network policy none.`,
        target,
      ),
    );
  }
  return ok(wanted);
}

/** Returns the pod range of a cluster that goes to Overlay, after all that can keep it from going there. */
function overlayRange(
  cloud: Cloud,
  cluster: ManagedCluster,
  wanted: string | undefined,
): Result<string, AzureError> {
  const before = cluster.networkProfile;
  const refusal = whyNotOverlay(cloud, cluster);
  if (refusal !== null) return err(refusal);
  const text = wanted ?? before.podCidr ?? DEFAULT_POD_CIDR.value;
  const range = parseRange('networkProfile.podCIDR', text);
  if (!range.ok) return range;
  const services = prefix(before.serviceCidr);
  const usable = checkPodRange(range.value, services);
  if (usable !== null) return err(usable);
  if (formatPrefix(range.value) === before.podCidr) return ok(before.podCidr);
  // Unlike a new cluster's, the new range of a migration must stay off the whole VNet.
  const network = getResource(cloud, cluster.simulation.virtualNetworkId, VNET);
  const taken = network?.addressSpace.addressPrefixes.find((each) =>
    prefixesOverlap(prefix(each), range.value),
  );
  if (taken === undefined) return ok(formatPrefix(range.value));
  return err(
    azureError(
      'NetworkProfileCIDROverlapVNET',
      `NetworkProfile CIDR ${formatPrefix(range.value)} overlaps with reserved VNET CIDR ${taken}`,
      'networkProfile.podCIDR',
    ),
  );
}

function whyNotOverlay(cloud: Cloud, cluster: ManagedCluster): AzureError | null {
  const refuse = (why: string): AzureError =>
    azureError('ValidationError', `Cannot update cluster to Azure CNI Overlay ${why}`);
  const from = OVERLAY_MIGRATION_FROM.value;
  if (!atLeastMinor(cluster.currentKubernetesVersion, from)) {
    return refuse(
      `with Kubernetes version ${cluster.currentKubernetesVersion}. Kubernetes version ${from} or later is required.`,
    );
  }
  if (cluster.agentPoolProfiles.some((pool) => pool.podSubnetId !== null)) {
    return refuse('while using dynamic IP allocation or static block allocation of a pod subnet.');
  }
  const { networkPolicy, networkPlugin } = cluster.networkProfile;
  if (networkPolicy === 'azure' || networkPolicy === 'calico') {
    return refuse(
      networkPlugin === 'kubenet'
        ? 'while using network policies with kubenet.'
        : 'while using network policies with Azure CNI v1.',
    );
  }
  if (kubernetesOf(cloud, armKey(cluster.id)).configMaps[CUSTOM_MASQUERADE] !== undefined) {
    return refuse(
      'while the ConfigMap azure-ip-masq-agent-config exists in namespace kube-system. Delete it before updating: pod IPs from the overlay space are unreachable by anything outside the cluster nodes.',
    );
  }
  const brought = cluster.agentPoolProfiles.some((pool) => pool.vnetSubnetId !== null);
  if (networkPlugin === 'kubenet' && brought && cluster.identity.type === 'SystemAssigned') {
    return azureError(
      'CustomRouteTableWithUnsupportedMSIType',
      'Clusters using managed identity type SystemAssigned do not support bringing your own route table. Cannot update cluster to Azure CNI Overlay: a user-assigned managed identity is required to detach the route table from the subnet. Please see https://aka.ms/aks/customrt for more information',
    );
  }
  return null;
}

/** Returns the pod range of a cluster that stays what it is: only Overlay's may grow, around the old one. */
function widerRange(
  cloud: Cloud,
  cluster: ManagedCluster,
  wanted: string | undefined,
): Result<string | null, AzureError> {
  const { networkPluginMode, podCidr, serviceCidr } = cluster.networkProfile;
  if (wanted === undefined || wanted === podCidr) return ok(podCidr);
  const target = 'networkProfile.podCIDR';
  if (networkPluginMode !== 'overlay' || podCidr === null) return err(notChangeable(target));
  const range = parseRange(target, wanted);
  if (!range.ok) return range;
  if (!prefixCovers(range.value, prefix(podCidr))) {
    return err(
      azureError(
        'PropertyChangeNotAllowed',
        `Changing property '${target}' is not allowed. The pod CIDR can only be expanded to a larger CIDR that contains the present one, ${podCidr}: ${formatPrefix(range.value)} does not.`,
        target,
      ),
    );
  }
  if (cluster.agentPoolProfiles.some((pool) => pool.osType === 'Windows')) {
    return err(
      azureError(
        'PropertyChangeNotAllowed',
        `Changing property '${target}' is not allowed. The pod CIDR of a cluster with Windows node pools cannot be expanded.`,
        target,
      ),
    );
  }
  const usable = checkPodRange(range.value, prefix(serviceCidr));
  if (usable !== null) return err(usable);
  const network = getResource(cloud, cluster.simulation.virtualNetworkId, VNET);
  const overlap = network === null ? null : podRangeOverlap(range.value, network, cloud.now);
  return overlap === null ? ok(formatPrefix(range.value)) : err(overlap);
}

function notChangeable(property: string): AzureError {
  return azureError('PropertyChangeNotAllowed', `Changing property '${property}' is not allowed.`, property);
}
