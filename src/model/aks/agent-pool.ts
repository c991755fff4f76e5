/** Node pools: their scale sets, instances and NICs. */
import type { AzureError } from '../azure/error.ts';
import { notSimulated } from '../azure/error.ts';
import { drawNetworkInterfaceMac } from '../azure/network-interface.ts';
import { requireResourceGroup } from '../azure/resource-group.ts';
import { armKey, nextEtag, putResource, resourceId } from '../azure/resource-store.ts';
import type { ScaleSetInstance, Subnet, VirtualMachineScaleSet } from '../azure/resources.ts';
import { freeAddresses } from '../azure/subnet-addresses.ts';
import { findSubnet } from '../azure/subnet.ts';
import type { Cloud } from '../cloud.ts';
import { clusterChance } from '../kubernetes/cluster-state.ts';
import { labelProblems } from '../kubernetes/validation.ts';
import { KUBENET_DEFAULT_MAX_PODS } from '../limits/aks.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { checkCount, checkMaxPods } from './capacity.ts';
import { nodeSoftware } from './kubernetes-versions.ts';
import type { AgentPool, ManagedCluster } from './managed-cluster.ts';
import { checkPoolName, invalidParameter, nodeName, scaleSetName } from './names.ts';
import { findScaleSet } from './nodes.ts';
import { defaultVmSize, requireVmSize } from './vm-sizes.ts';

const VMSS = 'Microsoft.Compute/virtualMachineScaleSets';
const TAINT = /^[a-zA-Z\d][\w\-./]{0,252}=[a-zA-Z\d][\w\-.]{0,62}:(NoSchedule|PreferNoSchedule|NoExecute)$/;
export const OUTBOUND_BACKEND_POOL = 'aksOutboundBackendPool';

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
  readonly nodeLabels?: Readonly<Record<string, string>> | null;
  readonly nodeTaints?: readonly string[] | null;
  readonly maxSurge?: string | null;
  readonly tags?: Readonly<Record<string, string>> | null;
}

/** What the cluster around a pool fixes. */
export interface PoolSetting {
  readonly clusterId: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly version: string;
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
    return err({
      code: 'AzureCNIOnlyForWindows',
      message: 'Windows agent pools can only be added to AKS clusters using Azure-CNI.',
    });
  }
  const named = checkPoolName(input.name);
  if (!named.ok) return named;
  const mode = input.mode ?? defaults.mode;
  const count = checkCount(input.count ?? defaults.count, mode);
  if (!count.ok) return count;
  const maxPods = checkMaxPods(input.name, input.maxPods ?? KUBENET_DEFAULT_MAX_PODS.value, count.value);
  if (!maxPods.ok) return maxPods;
  const size = requireVmSize(input.vmSize ?? defaultVmSize(cloud.now), setting.location, input.name, mode);
  if (!size.ok) return size;
  const marks = checkLabelsAndTaints(input, mode);
  if (marks !== null) return err(marks);
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
    orchestratorVersion: setting.version,
    currentOrchestratorVersion: setting.version,
    nodeImageVersion: software?.nodeImageVersion ?? '',
    enableAutoScaling: false,
    minCount: null,
    maxCount: null,
    vnetSubnetId: input.vnetSubnetId ?? null,
    podSubnetId: null,
    nodeLabels: emptyToNull(input.nodeLabels ?? null),
    nodeTaints: input.nodeTaints === undefined || input.nodeTaints?.length === 0 ? null : input.nodeTaints,
    tags: input.tags ?? null,
    podIPAllocationMode: null,
    upgradeSettings: {
      maxSurge: input.maxSurge ?? null,
      maxUnavailable: null,
      drainTimeoutInMinutes: null,
      nodeSoakDurationInMinutes: null,
      undrainableNodeBehavior: null,
    },
    powerState: { code: 'Running' },
    provisioningState: 'Succeeded',
  });
}

function emptyToNull<T extends object>(value: T | null): T | null {
  return value === null || Object.keys(value).length === 0 ? null : value;
}

function checkLabelsAndTaints(input: AgentPoolInput, mode: 'System' | 'User'): AzureError | null {
  const [problem] = labelProblems('agentPoolProfile.nodeLabels', input.nodeLabels ?? {});
  if (problem !== undefined) return invalidParameter(problem.path, problem.problem);
  for (const key of Object.keys(input.nodeLabels ?? {})) {
    if (/^(.+\.)?(kubernetes\.io|k8s\.io|kubernetes\.azure\.com)\//.test(key)) {
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

/** Returns the cloud with an empty scale set for the pool. */
export function createScaleSet(
  cloud: Cloud,
  cluster: Pick<ManagedCluster, 'id' | 'name' | 'location' | 'nodeResourceGroup'>,
  pool: AgentPool,
  tags: Readonly<Record<string, string>> | null,
): Cloud {
  const name = scaleSetName(clusterChance(cloud, armKey(cluster.id)), cluster.name, pool.name);
  const id = resourceId(cloud, cluster.nodeResourceGroup, VMSS, name);
  return putResource(cloud, {
    id,
    name,
    resourceGroup: cluster.nodeResourceGroup,
    location: cluster.location,
    tags: { 'aks-managed-poolName': pool.name, ...tags },
    type: VMSS,
    sku: { name: pool.vmSize, tier: 'Standard', capacity: 0 },
    instances: [],
    simulation: { nextInstanceId: 0 },
    etag: nextEtag(cloud, id),
    provisioningState: 'Succeeded',
  });
}

/**
 * Returns the cloud with the pool's scale set at `count` instances: new ones take the lowest free
 * addresses of the subnet, and the newest ones go first. Errors: `SubnetIsFull` and its kin, and the
 * absence of what AKS made: `ResourceGroupNotFound`, `NotFound`, `SubnetNotFound`.
 */
export function resizeScaleSet(
  cloud: Cloud,
  cluster: ManagedCluster,
  pool: AgentPool,
  count: number,
): Result<Cloud, AzureError> {
  const group = requireResourceGroup(cloud, cluster.nodeResourceGroup);
  if (!group.ok) return group;
  const scaleSet = findScaleSet(cloud, cluster, pool.name);
  if (scaleSet === null) {
    return err({
      code: 'NotFound',
      message: `The scale set of agent pool ${pool.name} was not found in resource group ${cluster.nodeResourceGroup}.`,
    });
  }
  const missing = count - scaleSet.instances.length;
  if (missing <= 0) {
    const instances = scaleSet.instances.slice(0, count);
    return ok(putScaleSet(cloud, scaleSet, instances, scaleSet.simulation.nextInstanceId));
  }
  const subnet = nodeSubnet(cloud, cluster, pool);
  if (subnet === null) {
    return err({
      code: 'SubnetNotFound',
      message: `The subnet of agent pool ${pool.name} was not found. Make sure the virtual network and its subnet exist.`,
      target: 'agentPoolProfile.vnetSubnetID',
    });
  }
  const addresses = freeAddresses(cloud, subnet, missing);
  if (!addresses.ok) return addresses;
  const first = scaleSet.simulation.nextInstanceId;
  const added = addresses.value.map((address, at) =>
    newInstance(cloud, cluster, scaleSet, first + at, address, subnet),
  );
  return ok(putScaleSet(cloud, scaleSet, [...scaleSet.instances, ...added], first + missing));
}

/** Returns the subnet of a pool's nodes: the one it was given, or that of the managed VNet. */
export function nodeSubnet(cloud: Cloud, cluster: ManagedCluster, pool: AgentPool): Subnet | null {
  const id = pool.vnetSubnetId ?? `${cluster.simulation.virtualNetworkId}/subnets/aks-subnet`;
  return findSubnet(cloud, id)?.subnet ?? null;
}

function putScaleSet(
  cloud: Cloud,
  scaleSet: VirtualMachineScaleSet,
  instances: readonly ScaleSetInstance[],
  nextInstanceId: number,
): Cloud {
  return putResource(cloud, {
    ...scaleSet,
    sku: { ...scaleSet.sku, capacity: instances.length },
    instances,
    simulation: { nextInstanceId },
    etag: nextEtag(cloud, scaleSet.id, scaleSet.etag),
  });
}

function newInstance(
  cloud: Cloud,
  cluster: ManagedCluster,
  scaleSet: VirtualMachineScaleSet,
  instanceId: number,
  address: string,
  subnet: Subnet,
): ScaleSetInstance {
  const computerName = nodeName(scaleSet.name, instanceId);
  const id = `${scaleSet.id}/virtualMachines/${instanceId}/networkInterfaces/${scaleSet.name}`;
  const configuration = `${id}/ipConfigurations/ipconfig1`;
  const group = `/subscriptions/${cloud.subscription.id}/resourceGroups/${cluster.nodeResourceGroup}`;
  const balancer = `${group}/providers/Microsoft.Network/loadBalancers/kubernetes`;
  const balanced = cluster.networkProfile.outboundType === 'loadBalancer';
  return {
    instanceId: instanceId.toString(),
    computerName,
    networkInterface: {
      id,
      name: scaleSet.name,
      resourceGroup: cluster.nodeResourceGroup,
      location: cluster.location,
      tags: null,
      type: 'Microsoft.Network/networkInterfaces',
      enableIPForwarding: true,
      macAddress: drawNetworkInterfaceMac(cloud, id),
      networkSecurityGroup: {
        id: `${group}/providers/Microsoft.Network/networkSecurityGroups/aks-agentpool-${cluster.simulation.agentPoolDigits}-nsg`,
      },
      primary: true,
      ipConfigurations: [
        {
          id: configuration,
          name: 'ipconfig1',
          primary: true,
          privateIPAddress: address,
          privateIPAllocationMethod: 'Dynamic',
          privateIPAddressVersion: 'IPv4',
          publicIPAddress: null,
          subnet: { id: subnet.id },
          loadBalancerBackendAddressPools: balanced
            ? [
                { id: `${balancer}/backendAddressPools/${OUTBOUND_BACKEND_POOL}` },
                { id: `${balancer}/backendAddressPools/kubernetes` },
              ]
            : [],
        },
      ],
      etag: nextEtag(cloud, id),
      provisioningState: 'Succeeded',
    },
  };
}
