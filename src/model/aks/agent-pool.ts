/** What a node pool is, from what a request says about it. */
import type { AzureError } from '../azure/error.ts';
import { notSimulated } from '../azure/error.ts';
import type { Cloud } from '../cloud.ts';
import { labelProblems } from '../kubernetes/label-validation.ts';
import {
  KUBENET_DEFAULT_MAX_PODS,
  NODE_SUBNET_DEFAULT_MAX_PODS,
  OVERLAY_DEFAULT_MAX_PODS,
  POD_SUBNET_DEFAULT_MAX_PODS,
} from '../limits/aks.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { EXCLUDED_LABEL } from './cloud-provider/names.ts';
import { checkCount, checkMaxPods } from './capacity.ts';
import { ipamOf } from './ipam.ts';
import type { Ipam } from './ipam.ts';
import { nodeSoftware } from './kubernetes-versions.ts';
import type { AgentPool, AgentPoolUpgradeSettings, NetworkProfile } from './managed-cluster.ts';
import { checkPoolName, invalidParameter } from './names.ts';
import { checkUpgradeSettings } from './upgrade-plan.ts';
import { defaultVmSize, requireVmSize } from './vm-sizes.ts';

const TAINT = /^[a-zA-Z\d][\w\-./]{0,252}=[a-zA-Z\d][\w\-.]{0,62}:(NoSchedule|PreferNoSchedule|NoExecute)$/;

/** What a request says about a pool; absent means the service's default. */
export interface AgentPoolInput {
  readonly name: string;
  readonly mode?: 'System' | 'User';
  readonly count?: number;
  readonly vmSize?: string | null;
  readonly osType?: 'Linux' | 'Windows';
  readonly osSku?: AgentPool['osSku'];
  readonly maxPods?: number | null;
  readonly vnetSubnetId?: string | null;
  readonly podSubnetId?: string | null;
  readonly podIPAllocationMode?: AgentPool['podIPAllocationMode'];
  readonly enableAutoScaling?: boolean;
  readonly minCount?: number | null;
  readonly maxCount?: number | null;
  readonly nodeLabels?: Readonly<Record<string, string>> | null;
  readonly nodeTaints?: readonly string[] | null;
  readonly maxSurge?: string | null;
  readonly maxUnavailable?: string | null;
  readonly drainTimeoutInMinutes?: number | null;
  readonly nodeSoakDurationInMinutes?: number | null;
  readonly undrainableNodeBehavior?: AgentPoolUpgradeSettings['undrainableNodeBehavior'];
  readonly tags?: Readonly<Record<string, string>> | null;
}

/** What the cluster around a pool fixes. */
export interface PoolSetting {
  readonly clusterId: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly version: string;
  /** The version in the words of the request, where it was a minor version alone. */
  readonly askedVersion?: string;
  readonly networkProfile: Pick<NetworkProfile, 'networkPlugin' | 'networkPluginMode'>;
}

/** Returns how many pods a node runs at most if a request says nothing. */
export function defaultMaxPods(ipam: Ipam): number {
  switch (ipam) {
    case 'kubenet':
      return KUBENET_DEFAULT_MAX_PODS.value;
    case 'node-subnet':
      return NODE_SUBNET_DEFAULT_MAX_PODS.value;
    case 'pod-subnet-dynamic':
    case 'pod-subnet-static':
      return POD_SUBNET_DEFAULT_MAX_PODS.value;
    case 'overlay':
    case 'none':
      return OVERLAY_DEFAULT_MAX_PODS.value;
  }
}

/**
 * Returns a pool's description, checked. Errors: `InvalidParameter` (name, count, max pods, labels,
 * taints), `AzureCNIOnlyForWindows`, `BadRequest` and `SystemPoolSkuTooLow` (VM size), `NotSimulated`.
 */
export function describePool(
  cloud: Cloud,
  setting: PoolSetting,
  input: AgentPoolInput,
  defaults: { readonly count: number; readonly mode: 'System' | 'User' },
): Result<AgentPool, AzureError> {
  if (input.osType === 'Windows') {
    return err(
      setting.networkProfile.networkPlugin === 'azure'
        ? notSimulated('A Windows node pool')
        : {
            code: 'AzureCNIOnlyForWindows',
            message: 'Windows agent pools can only be added to AKS clusters using Azure-CNI.',
          },
    );
  }
  const named = checkPoolName(input.name);
  if (!named.ok) return named;
  const mode = input.mode ?? defaults.mode;
  const count = checkCount(input.count ?? defaults.count, mode);
  if (!count.ok) return count;
  const scaling = checkAutoscaler(input, count.value, mode);
  if (!scaling.ok) return scaling;
  if ((input.podIPAllocationMode ?? null) !== null && (input.podSubnetId ?? null) === null) {
    return err(
      invalidParameter(
        'agentPoolProfile.podIPAllocationMode',
        'podSubnetID must be set when podIPAllocationMode is set.',
      ),
    );
  }
  const podNetwork = readPodNetwork(input);
  const ipam = ipamOf(setting.networkProfile, podNetwork);
  const maxPods = checkMaxPods(input.name, input.maxPods ?? defaultMaxPods(ipam), count.value);
  if (!maxPods.ok) return maxPods;
  const size = requireVmSize(input.vmSize ?? defaultVmSize(cloud.now), setting.location, input.name, mode);
  if (!size.ok) return size;
  const marks = checkLabelsAndTaints(input, mode);
  if (marks !== null) return err(marks);
  const upgradeSettings = checkUpgradeSettings(
    {
      maxSurge: input.maxSurge ?? null,
      maxUnavailable: input.maxUnavailable ?? null,
      drainTimeoutInMinutes: input.drainTimeoutInMinutes ?? null,
      nodeSoakDurationInMinutes: input.nodeSoakDurationInMinutes ?? null,
      undrainableNodeBehavior: input.undrainableNodeBehavior ?? null,
    },
    mode,
  );
  if (!upgradeSettings.ok) return upgradeSettings;
  const software = nodeSoftware(setting.version);
  if (input.osSku === 'AzureLinux') {
    return err(notSimulated('The OS SKU AzureLinux'));
  }
  return ok({
    id: `${setting.clusterId}/agentPools/${input.name}`,
    name: input.name,
    resourceGroup: setting.resourceGroup,
    type: 'Microsoft.ContainerService/managedClusters/agentPools',
    typePropertiesType: 'VirtualMachineScaleSets',
    mode,
    count: count.value,
    vmSize: size.value.name,
    osType: 'Linux',
    osSku: 'Ubuntu',
    maxPods: maxPods.value,
    orchestratorVersion: setting.askedVersion ?? setting.version,
    currentOrchestratorVersion: setting.version,
    nodeImageVersion: software?.nodeImageVersion ?? '',
    ...scaling.value,
    vnetSubnetId: input.vnetSubnetId ?? null,
    ...podNetwork,
    nodeLabels: emptyToNull(input.nodeLabels ?? null),
    nodeTaints: input.nodeTaints === undefined || input.nodeTaints?.length === 0 ? null : input.nodeTaints,
    tags: input.tags ?? null,
    upgradeSettings: upgradeSettings.value,
    powerState: { code: 'Running' },
    provisioningState: 'Succeeded',
  });
}

function readPodNetwork(input: AgentPoolInput): Pick<AgentPool, 'podSubnetId' | 'podIPAllocationMode'> {
  const podSubnetId = input.podSubnetId ?? null;
  return {
    podSubnetId,
    podIPAllocationMode: podSubnetId === null ? null : (input.podIPAllocationMode ?? 'DynamicIndividual'),
  };
}

function checkAutoscaler(
  input: AgentPoolInput,
  count: number,
  mode: 'System' | 'User',
): Result<Pick<AgentPool, 'enableAutoScaling' | 'minCount' | 'maxCount'>, AzureError> {
  const { minCount = null, maxCount = null } = input;
  if (input.enableAutoScaling !== true) {
    return ok({ enableAutoScaling: false, minCount: null, maxCount: null });
  }
  const lowest = checkCount(minCount ?? count, mode);
  if (!lowest.ok) return lowest;
  const highest = checkCount(maxCount ?? count, mode);
  if (!highest.ok) return highest;
  if (lowest.value > highest.value) {
    return err(
      invalidParameter(
        'agentPoolProfile.minCount',
        `The minimum number of nodes ${lowest.value} is more than the maximum ${highest.value}.`,
      ),
    );
  }
  if (count < lowest.value || count > highest.value) {
    return err(
      invalidParameter(
        'agentPoolProfile.count',
        `The number of nodes ${count} must be between the autoscaler's minimum ${lowest.value} and maximum ${highest.value}.`,
      ),
    );
  }
  return ok({ enableAutoScaling: true, minCount: lowest.value, maxCount: highest.value });
}

function emptyToNull<T extends object>(value: T | null): T | null {
  return value === null || Object.keys(value).length === 0 ? null : value;
}

function checkLabelsAndTaints(input: AgentPoolInput, mode: 'System' | 'User'): AzureError | null {
  const [problem] = labelProblems('agentPoolProfile.nodeLabels', input.nodeLabels ?? {});
  if (problem !== undefined) return invalidParameter(problem.path, problem.problem);
  for (const key of Object.keys(input.nodeLabels ?? {})) {
    if (key !== EXCLUDED_LABEL && /^(.+\.)?(kubernetes\.io|k8s\.io|kubernetes\.azure\.com)\//.test(key)) {
      return invalidParameter(
        'agentPoolProfile.nodeLabels',
        `Label key '${key}' is reserved for use by Kubernetes or AKS.`,
      );
    }
  }
  for (const taint of input.nodeTaints ?? []) {
    if (!TAINT.test(taint))
      return invalidParameter('agentPoolProfile.nodeTaints', `Invalid node taint: ${taint}`);
    if (
      mode === 'System' &&
      !taint.endsWith(':PreferNoSchedule') &&
      !taint.startsWith('CriticalAddonsOnly=')
    ) {
      return {
        code: 'SystemPoolHasRestrictedTaint',
        message: `The system node pool '${input.name}' has restricted taint '${taint}': only 'CriticalAddonsOnly=true:NoSchedule' and taints with effect PreferNoSchedule are allowed on a system node pool.`,
        target: 'agentPoolProfile.nodeTaints',
      };
    }
  }
  return null;
}
