/** Which network plugin, mode, data plane and policy engine a new cluster gets, and which do not go together. */
import type { AzureError } from '../azure/error.ts';
import { azureError, notSimulated } from '../azure/error.ts';
import { NODE_SUBNET_CILIUM_FROM } from '../limits/aks-plugins.ts';
import { OVERLAY_DEFAULT_FROM } from '../limits/aks.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { atLeastMinor } from './kubernetes-versions.ts';
import type { NetworkPlugin, NetworkProfile } from './managed-cluster.ts';
import { invalidParameter } from './names.ts';

/** What a network profile says about plugins; fixed at creation but for the ways to Overlay and Cilium. */
export type PluginChoice = Pick<
  NetworkProfile,
  'networkPlugin' | 'networkPluginMode' | 'networkDataplane' | 'networkPolicy'
>;

export interface WantedPlugin {
  readonly networkPlugin?: NetworkPlugin | null;
  readonly networkPluginMode?: NetworkProfile['networkPluginMode'];
  readonly networkDataplane?: NetworkProfile['networkDataplane'];
  readonly networkPolicy?: string | null;
  readonly podCidr?: string | null;
  readonly pool: { readonly podSubnetId?: string | null };
}

const POLICY = 'networkProfile.networkPolicy';
const MODE = 'networkProfile.networkPluginMode';

/**
 * Returns the plugins of a new cluster. What a request leaves open is the service's choice: by
 * Kubernetes version kubenet or Overlay, and with Cilium its own policies. Errors, in the service's
 * order: `UnsupportedNetworkPluginModeWithNetworkPlugin`, `BadRequest` (Cilium),
 * `NetworkPolicyNotSupported` and its kin, `InvalidParameter` for a pod range that no pod would get.
 */
export function choosePlugin(
  wanted: WantedPlugin,
  version: string,
  now: number,
): Result<PluginChoice, AzureError> {
  const overlayByDefault = atLeastMinor(version, OVERLAY_DEFAULT_FROM.value);
  const asked = wanted.networkPlugin ?? null;
  const networkPlugin = asked ?? (overlayByDefault ? 'azure' : 'kubenet');
  const networkPluginMode =
    wanted.networkPluginMode ?? (asked === null && overlayByDefault ? 'overlay' : null);
  if (networkPluginMode === 'overlay' && networkPlugin !== 'azure') {
    return err(
      azureError(
        'UnsupportedNetworkPluginModeWithNetworkPlugin',
        `NetworkPluginMode overlay is not supported with NetworkPlugin ${networkPlugin}.`,
        MODE,
      ),
    );
  }
  const networkDataplane = wanted.networkDataplane ?? (networkPlugin === 'azure' ? 'azure' : null);
  if (networkDataplane === 'cilium') {
    const refused = checkCilium(networkPlugin, networkPluginMode, wanted, now);
    if (refused !== null) return err(refused);
  }
  const policy = choosePolicy(networkPlugin, networkDataplane, wanted.networkPolicy ?? '');
  if (!policy.ok) return policy;
  const podRange = networkPlugin === 'kubenet' || networkPluginMode === 'overlay';
  if (!podRange && (wanted.podCidr ?? null) !== null) {
    return err(
      invalidParameter(
        'networkProfile.podCIDR',
        `A pod CIDR is used with network plugin kubenet, and with network plugin azure in plugin mode overlay. The plugin is ${networkPlugin}, without a mode.`,
      ),
    );
  }
  return ok({
    networkPlugin,
    networkPluginMode,
    networkDataplane: networkPlugin === 'azure' ? networkDataplane : null,
    networkPolicy: policy.value,
  });
}

function checkCilium(
  plugin: NetworkPlugin,
  mode: NetworkProfile['networkPluginMode'],
  wanted: WantedPlugin,
  now: number,
): AzureError | null {
  if (plugin !== 'azure') {
    return azureError(
      'BadRequest',
      'Cilium dataplane requires network plugin azure.',
      'networkProfile.networkPlugin',
    );
  }
  const nodeSubnet = mode === null && (wanted.pool.podSubnetId ?? null) === null;
  if (nodeSubnet && now < Date.parse(NODE_SUBNET_CILIUM_FROM.value) / 1000) {
    return azureError(
      'BadRequest',
      'Cilium dataplane requires either network plugin mode overlay or pod subnet',
      MODE,
    );
  }
  const policy = (wanted.networkPolicy ?? '').toLowerCase();
  return policy === '' || policy === 'cilium'
    ? null
    : azureError('BadRequest', 'Cilium dataplane requires network policy cilium.', POLICY);
}

function choosePolicy(
  plugin: NetworkPlugin,
  dataplane: NetworkProfile['networkDataplane'],
  text: string,
): Result<NonNullable<NetworkProfile['networkPolicy']>, AzureError> {
  const policy = text.toLowerCase();
  switch (policy) {
    case '':
      return ok(dataplane === 'cilium' ? 'cilium' : 'none');
    case 'none':
      return ok('none');
    case 'cilium':
      return dataplane === 'cilium'
        ? ok('cilium')
        : err(
            azureError(
              'NetworkPolicyNotSupported',
              'Network Policy cilium requires NetworkDataplane cilium',
              POLICY,
            ),
          );
    case 'azure':
    case 'calico':
      break;
    default:
      return err(
        azureError(
          'NetworkPolicyNotSupported',
          `Network policy ${policy} is not supported. Use azure, calico, cilium or none.`,
          POLICY,
        ),
      );
  }
  switch (plugin) {
    case 'azure':
      return ok(policy);
    case 'none':
      return err(
        azureError(
          'NetworkPolicyNotSupportedForNone',
          `Network policy ${policy} is not supported for network plugin none. Use none.`,
          POLICY,
        ),
      );
    case 'kubenet':
      if (policy === 'calico') return err(notSimulated('Network policy calico with network plugin kubenet'));
      return err(
        azureError(
          'NetworkPolicyAzureNotSupportedForKubenet',
          `Network policy ${policy} is not supported for network plugin kubenet. Use calico, or network plugin azure.`,
          POLICY,
        ),
      );
  }
}
