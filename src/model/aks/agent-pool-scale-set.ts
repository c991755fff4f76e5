/** The scale set of a node pool: its instances, and the NICs and addresses they have. */
import type { AzureError } from '../azure/error.ts';
import { drawNetworkInterfaceMac } from '../azure/network-interface.ts';
import { requireResourceGroup } from '../azure/resource-group.ts';
import { armKey, nextEtag, putResource, resourceId } from '../azure/resource-store.ts';
import type {
  IpConfiguration,
  ScaleSetInstance,
  Subnet,
  VirtualMachineScaleSet,
} from '../azure/resources.ts';
import { freeAddresses } from '../azure/subnet-addresses.ts';
import { findSubnet } from '../azure/subnet.ts';
import type { Cloud } from '../cloud.ts';
import { clusterChance } from '../kubernetes/cluster-state.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { nodeSubnetAddresses } from './capacity.ts';
import { ipamOf, isFlat } from './ipam.ts';
import type { AgentPool, ManagedCluster } from './managed-cluster.ts';
import { nodeName, scaleSetName } from './names.ts';
import { findScaleSet } from './nodes.ts';
import { scaleSetModel } from './scale-set-model.ts';

const VMSS = 'Microsoft.Compute/virtualMachineScaleSets';
export const OUTBOUND_BACKEND_POOL = 'aksOutboundBackendPool';

/** Returns the cloud with an empty scale set for the pool. */
export function createScaleSet(
  cloud: Cloud,
  cluster: Pick<ManagedCluster, 'id' | 'name' | 'location' | 'nodeResourceGroup' | 'networkProfile'>,
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
    simulation: { nextInstanceId: 0, ...ownModel(cluster, pool) },
    etag: nextEtag(cloud, id),
    provisioningState: 'Succeeded',
  });
}

/** Nodes forward what is addressed to pods; Azure lets them where it does not know the pods itself. */
function ownModel(
  { networkProfile }: Pick<ManagedCluster, 'networkProfile'>,
  pool: AgentPool,
): { readonly enableIPForwarding?: false } {
  return isFlat(ipamOf(networkProfile, pool)) ? { enableIPForwarding: false } : {};
}

/**
 * Returns the cloud with the pool's scale set at `count` instances: new ones take the lowest free
 * addresses of the subnet, with Node Subnet those of their pods too, and the newest ones go first.
 * Errors: `SubnetIsFull` and its kin, and the absence of what AKS made: `ResourceGroupNotFound`,
 * `NotFound`, `SubnetNotFound`.
 */
export function resizeScaleSet(
  cloud: Cloud,
  cluster: ManagedCluster,
  pool: AgentPool,
  count: number,
): Result<Cloud, AzureError> {
  const group = requireResourceGroup(cloud, cluster.nodeResourceGroup);
  if (!group.ok) return group;
  const found = findScaleSet(cloud, cluster, pool.name);
  if (found === null) {
    return err({
      code: 'NotFound',
      message: `The scale set of agent pool ${pool.name} was not found in resource group ${cluster.nodeResourceGroup}.`,
    });
  }
  // AKS writes its own model with the number.
  const { nextInstanceId } = found.simulation;
  const scaleSet = { ...found, simulation: { nextInstanceId, ...ownModel(cluster, pool) } };
  const missing = count - scaleSet.instances.length;
  if (missing <= 0) {
    const instances = scaleSet.instances.slice(0, count);
    return ok(putInstances(cloud, scaleSet, instances, scaleSet.simulation.nextInstanceId));
  }
  const subnet = nodeSubnet(cloud, cluster, pool);
  if (subnet === null) {
    return err({
      code: 'SubnetNotFound',
      message: `The subnet of agent pool ${pool.name} was not found. Make sure the virtual network and its subnet exist.`,
      target: 'agentPoolProfile.vnetSubnetID',
    });
  }
  const perNode = nodeSubnetAddresses(ipamOf(cluster.networkProfile, pool), pool.maxPods);
  const addresses = freeAddresses(cloud, subnet, missing * perNode);
  if (!addresses.ok) return addresses;
  const first = scaleSet.simulation.nextInstanceId;
  const added = Array.from({ length: missing }, (_, at) =>
    newInstance(
      cloud,
      cluster,
      scaleSet,
      first + at,
      addresses.value.slice(at * perNode, (at + 1) * perNode),
      subnet,
    ),
  );
  return ok(putInstances(cloud, scaleSet, [...scaleSet.instances, ...added], first + missing));
}

/** Returns the subnet of a pool's nodes: the one it was given, or that of the managed VNet. */
export function nodeSubnet(cloud: Cloud, cluster: ManagedCluster, pool: AgentPool): Subnet | null {
  const id = pool.vnetSubnetId ?? `${cluster.simulation.virtualNetworkId}/subnets/aks-subnet`;
  return findSubnet(cloud, id)?.subnet ?? null;
}

function putInstances(
  cloud: Cloud,
  scaleSet: VirtualMachineScaleSet,
  instances: readonly ScaleSetInstance[],
  nextInstanceId: number,
): Cloud {
  return putResource(cloud, {
    ...scaleSet,
    sku: { ...scaleSet.sku, capacity: instances.length },
    instances,
    simulation: { ...scaleSet.simulation, nextInstanceId },
    etag: nextEtag(cloud, scaleSet.id, scaleSet.etag),
  });
}

/** The first address is the node's own; the others are secondary ones, for its pods. */
function newInstance(
  cloud: Cloud,
  cluster: ManagedCluster,
  scaleSet: VirtualMachineScaleSet,
  instanceId: number,
  addresses: readonly string[],
  subnet: Subnet,
): ScaleSetInstance {
  const computerName = nodeName(scaleSet.name, instanceId);
  const id = `${scaleSet.id}/virtualMachines/${instanceId}/networkInterfaces/${scaleSet.name}`;
  const group = `/subscriptions/${cloud.subscription.id}/resourceGroups/${cluster.nodeResourceGroup}`;
  const balancer = `${group}/providers/Microsoft.Network/loadBalancers/kubernetes`;
  const balanced = cluster.networkProfile.outboundType === 'loadBalancer';
  const configuration = (address: string, at: number): IpConfiguration => ({
    id: `${id}/ipConfigurations/ipconfig${at + 1}`,
    name: `ipconfig${at + 1}`,
    primary: at === 0,
    privateIPAddress: address,
    privateIPAllocationMethod: 'Dynamic',
    privateIPAddressVersion: 'IPv4',
    publicIPAddress: null,
    subnet: { id: subnet.id },
    loadBalancerBackendAddressPools:
      balanced && at === 0
        ? [
            { id: `${balancer}/backendAddressPools/${OUTBOUND_BACKEND_POOL}` },
            { id: `${balancer}/backendAddressPools/kubernetes` },
          ]
        : [],
  });
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
      enableIPForwarding: scaleSetModel(scaleSet).enableIPForwarding,
      macAddress: drawNetworkInterfaceMac(cloud, id),
      networkSecurityGroup: {
        id: `${group}/providers/Microsoft.Network/networkSecurityGroups/aks-agentpool-${cluster.simulation.agentPoolDigits}-nsg`,
      },
      primary: true,
      ipConfigurations: addresses.map(configuration),
      etag: nextEtag(cloud, id),
      provisioningState: 'Succeeded',
    },
  };
}
