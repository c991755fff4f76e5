/** `az aks create`: a cluster with everything AKS makes around it. */
import type { AzureError } from '../azure/error.ts';
import { azureError, notSimulated } from '../azure/error.ts';
import { checkLocation } from '../azure/locations.ts';
import { drawPublicAddress } from '../azure/public-address-draw.ts';
import { createResourceGroup, requireResourceGroup } from '../azure/resource-group.ts';
import { armKey, findResource, getResource, putResource, resourceId } from '../azure/resource-store.ts';
import { createRoleAssignment } from '../azure/role-assignment.ts';
import { drawGuid } from '../chance.ts';
import type { Cloud } from '../cloud.ts';
import { clusterChance } from '../kubernetes/cluster-state.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { createScaleSet, resizeScaleSet } from './agent-pool-scale-set.ts';
import { readAuthorizedRanges } from './authorized-ranges.ts';
import { describePool } from './agent-pool.ts';
import type { AgentPoolInput } from './agent-pool.ts';
import { checkRoom } from './capacity.ts';
import { welcomeNodes } from './coming-nodes.ts';
import type { Later } from './coming-nodes.ts';
import { readHttpProxyConfig } from './http-proxy-request.ts';
import type { HttpProxyRequest } from './http-proxy-request.ts';
import { ipamOf } from './ipam.ts';
import { provideKubeletIdentity } from './kubelet-identity.ts';
import { resolveVersion, versionAsAsked } from './kubernetes-versions.ts';
import type { ManagedCluster, NetworkPlugin, NetworkProfile, OutboundType } from './managed-cluster.ts';
import {
  checkClusterName,
  defaultDnsPrefix,
  drawAgentPoolDigits,
  drawFqdn,
  nodeResourceGroupName,
  scaleSetName,
} from './names.ts';
import { checkRanges } from './network-profile.ts';
import { checkNodeEgress } from './node-egress.ts';
import { createNodeNetwork, MANAGED_NETWORK, MANAGED_SUBNET } from './node-network.ts';
import type { BroughtSubnet } from './node-network.ts';
import { flatRanges } from './node-ranges.ts';
import { delegatePodSubnet, requirePodSubnet } from './pod-subnet.ts';
import { provideOutbound } from './outbound.ts';
import { FIRST_ROUND } from './outbound-addresses.ts';
import { checkOutboundAddresses, checkOutboundNetwork } from './outbound-checks.ts';
import { readOutboundProfile } from './outbound-profile.ts';
import type { OutboundInput } from './outbound-profile.ts';
import { choosePlugin } from './plugin-choice.ts';
import { checkNodeGroup, checkSubnet, findBrought, findIdentity } from './request-checks.ts';
import { startControlPlane } from './system-objects.ts';

const CLUSTER = 'Microsoft.ContainerService/ManagedClusters';
const VMSS = 'Microsoft.Compute/virtualMachineScaleSets';
const IDENTITY = 'Microsoft.ManagedIdentity/userAssignedIdentities';
const DEFAULT_NODES = 3;

export interface ManagedClusterInput {
  readonly resourceGroup: string;
  readonly name: string;
  readonly location?: string | null;
  readonly kubernetesVersion?: string | null;
  readonly nodeResourceGroup?: string | null;
  readonly dnsPrefix?: string | null;
  readonly tags?: Readonly<Record<string, string>> | null;
  readonly tier?: 'Free' | 'Standard' | 'Premium';
  readonly enableRbac?: boolean;
  readonly linuxProfile?: ManagedCluster['linuxProfile'];
  /** Absent means what the service chooses: kubenet below Kubernetes 1.30, else Azure CNI Overlay. */
  readonly networkPlugin?: NetworkPlugin | null;
  /** `overlay` with plugin azure; absent means addresses of the VNet. */
  readonly networkPluginMode?: NetworkProfile['networkPluginMode'];
  readonly networkDataplane?: NetworkProfile['networkDataplane'];
  readonly networkPolicy?: string | null;
  readonly podCidr?: string | null;
  readonly serviceCidr?: string | null;
  readonly dnsServiceIp?: string | null;
  readonly outboundType?: OutboundType;
  readonly outbound?: OutboundInput;
  /** Id of a user-assigned identity; absent means system-assigned. */
  readonly identityId?: string | null;
  /** Id of a user-assigned identity for the nodes; absent means one that AKS makes. */
  readonly kubeletIdentityId?: string | null;
  /**
   * azure-cli grants the identity a role on brought subnets unless told to skip it; then creation
   * depends on what the identity may do already. Absent means granted.
   */
  readonly subnetRoleAssignment?: 'grant' | 'skip';
  /** `Cache`: from a registry that AKS keeps in the cluster's network. Absent means from the internet. */
  readonly bootstrapArtifactSource?: 'Cache' | null;
  /** Addresses and ranges that may call the API server; absent or empty means everyone. */
  readonly authorizedIpRanges?: readonly string[];
  /** `httpProxyConfig` of the request, as its JSON has it; absent: no proxy. */
  readonly httpProxyConfig?: HttpProxyRequest;
  readonly pool: AgentPoolInput;
}

/**
 * Creates a cluster: node resource group, network, load balancer, scale set, control plane. Errors:
 * those of the checks, in the service's order. Nothing is made unless everything can be. The nodes join
 * at once, or later.
 */
export function createManagedCluster(
  cloud: Cloud,
  input: ManagedClusterInput,
  later: Later | null = null,
): Result<Cloud, AzureError> {
  const group = requireResourceGroup(cloud, input.resourceGroup);
  if (!group.ok) return group;
  const named = checkClusterName(input.name);
  if (!named.ok) return named;
  const location = checkLocation(input.location ?? group.value.location, CLUSTER);
  if (!location.ok) return location;
  const id = resourceId(cloud, group.value.name, 'Microsoft.ContainerService/managedClusters', input.name);
  if (getResource(cloud, id, CLUSTER) !== null) {
    return err(notSimulated(`Changing the existing cluster ${input.name} with another create request`));
  }
  const version = resolveVersion(cloud, input.name, input.kubernetesVersion ?? null);
  if (!version.ok) return version;
  const askedVersion = versionAsAsked(input.kubernetesVersion ?? null, version.value);
  const plugin = choosePlugin(input, version.value, cloud.now);
  if (!plugin.ok) return plugin;
  const nodeGroup =
    input.nodeResourceGroup ?? nodeResourceGroupName(group.value.name, input.name, location.value);
  const nodeGroupChecked = checkNodeGroup(cloud, nodeGroup, group.value.name);
  if (!nodeGroupChecked.ok) return nodeGroupChecked;
  const outboundType = input.outboundType ?? 'loadBalancer';
  const identity = findIdentity(cloud, input.identityId ?? null);
  if (!identity.ok) return identity;

  const brought = findBrought(cloud, input.pool.vnetSubnetId ?? null, location.value);
  if (!brought.ok) return brought;
  const ranges = checkRanges(
    {
      podCidr: input.podCidr ?? null,
      serviceCidr: input.serviceCidr ?? null,
      dnsServiceIp: input.dnsServiceIp ?? null,
    },
    brought.value?.virtualNetwork ?? MANAGED_NETWORK,
    cloud.now,
    plugin.value.networkPlugin === 'kubenet' || plugin.value.networkPluginMode === 'overlay' ? 'own' : 'none',
  );
  if (!ranges.ok) return ranges;
  const setting = {
    clusterId: id,
    resourceGroup: group.value.name,
    location: location.value,
    version: version.value,
    askedVersion,
    networkProfile: plugin.value,
  };
  const pool = describePool(cloud, setting, input.pool, { count: DEFAULT_NODES, mode: 'System' });
  if (!pool.ok) return pool;
  if (pool.value.mode !== 'System') {
    return err(
      azureError(
        'MustDefineAtLeastOneSystemPool',
        'Must define at least one system pool.',
        'agentPoolProfiles',
      ),
    );
  }
  const podSubnet = requirePodSubnet(
    cloud,
    { networkProfile: plugin.value, version: version.value, others: [] },
    pool.value,
  );
  if (!podSubnet.ok) return podSubnet;
  const networkProfile: NetworkProfile = {
    ...plugin.value,
    podCidr: ranges.value.podCidr,
    podCidrs: ranges.value.podCidr === null ? null : [ranges.value.podCidr],
    serviceCidr: ranges.value.serviceCidr,
    serviceCidrs: [ranges.value.serviceCidr],
    dnsServiceIp: ranges.value.dnsServiceIp,
    ipFamilies: ['IPv4'],
    outboundType,
    loadBalancerSku: 'standard',
    loadBalancerProfile: null,
  };
  const room = checkRoom(cloud, networkProfile, [
    {
      pool: pool.value,
      subnet: brought.value?.subnet ?? MANAGED_SUBNET,
      podSubnet: podSubnet.value,
      present: 0,
    },
  ]);
  if (!room.ok) return room;
  const authorized = readAuthorizedRanges(input.authorizedIpRanges ?? []);
  if (!authorized.ok) return authorized;
  const proxy =
    input.httpProxyConfig === undefined ? null : readHttpProxyConfig(input.httpProxyConfig, 'new');
  if (proxy !== null && !proxy.ok) return proxy;
  const subnetRoleAssignment = input.subnetRoleAssignment ?? 'grant';
  const chance = clusterChance(cloud, armKey(id));
  const usable = checkSubnet(cloud, brought.value, {
    plugin: plugin.value,
    identity: identity.value,
    subnetRoleAssignment,
    scaleSetId: resourceId(cloud, nodeGroup, VMSS, scaleSetName(chance, input.name, pool.value.name)),
  });
  if (!usable.ok) return usable;
  const routed = checkOutboundNetwork(cloud, outboundType, [pool.value], 'create');
  if (!routed.ok) return routed;
  const outbound = readOutboundProfile({
    outboundType,
    input: input.outbound ?? {},
    before: null,
    location: location.value,
    now: cloud.now,
  });
  if (!outbound.ok) return outbound;
  const addressed = checkOutboundAddresses(cloud, outbound.value, {
    location: location.value,
    nodeResourceGroup: nodeGroup,
    identity: identity.value,
    pools: [pool.value],
  });
  if (!addressed.ok) return addressed;

  const digits = drawAgentPoolDigits(chance, input.name);
  const grouped = createResourceGroup(cloud, {
    name: nodeGroup,
    location: location.value,
    managedBy: id,
    tags: { 'aks-managed-cluster-name': input.name, 'aks-managed-cluster-rg': group.value.name },
  });
  if (!grouped.ok) return grouped;
  const names = { resourceGroup: nodeGroup, location: location.value, digits };
  const network = createNodeNetwork(
    grouped.value,
    names,
    brought.value?.subnet ?? null,
    plugin.value.networkPlugin === 'kubenet' ? 'route-table' : 'none',
  );
  if (!network.ok) return network;
  const delegated =
    podSubnet.value === null
      ? ok(network.value.cloud)
      : delegatePodSubnet(network.value.cloud, podSubnet.value);
  if (!delegated.ok) return delegated;
  const provided = provideOutbound(
    delegated.value,
    {
      cluster: input.name,
      resourceGroup: nodeGroup,
      location: location.value,
      pools: [pool.value],
      agentPoolDigits: digits,
      virtualNetworkId: network.value.virtualNetworkId,
      rounds: FIRST_ROUND,
    },
    outbound.value,
  );
  if (!provided.ok) return provided;
  let next = provided.value.cloud;
  const kubeletIdentityId = input.kubeletIdentityId ?? null;
  const kubelet = provideKubeletIdentity(next, {
    cluster: input.name,
    nodeResourceGroup: nodeGroup,
    location: location.value,
    brought: kubeletIdentityId,
    identity: identity.value,
  });
  if (!kubelet.ok) return kubelet;
  next = kubelet.value;

  const dnsPrefix = input.dnsPrefix ?? defaultDnsPrefix(input.name, group.value.name, cloud.subscription.id);
  const cluster: ManagedCluster = {
    type: CLUSTER,
    id,
    name: input.name,
    resourceGroup: group.value.name,
    location: location.value,
    tags: input.tags ?? null,
    nodeResourceGroup: nodeGroup,
    kubernetesVersion: askedVersion,
    currentKubernetesVersion: version.value,
    dnsPrefix,
    linuxProfile: input.linuxProfile ?? null,
    fqdn: drawFqdn(chance, input.name, dnsPrefix, location.value),
    enableRbac: input.enableRbac ?? true,
    identity:
      identity.value.kind === 'user-assigned' && input.identityId !== undefined && input.identityId !== null
        ? { type: 'UserAssigned', userAssignedIdentities: [input.identityId] }
        : { type: 'SystemAssigned', principalId: drawGuid(chance, `principal/${input.name}`) },
    ...(kubeletIdentityId === null ? {} : { kubeletIdentityId }),
    ...(input.bootstrapArtifactSource === 'Cache' ? { bootstrapArtifactSource: 'Cache' } : {}),
    ...(authorized.value.length === 0 ? {} : { authorizedIpRanges: authorized.value }),
    ...(proxy === null ? {} : { httpProxyConfig: proxy.value }),
    agentPoolProfiles: [pool.value],
    networkProfile: { ...networkProfile, ...provided.value.profile },
    sku: { name: 'Base', tier: input.tier ?? 'Free' },
    powerState: { code: 'Running' },
    provisioningState: 'Succeeded',
    simulation: {
      agentPoolDigits: digits,
      routeTableId: network.value.routeTableId,
      virtualNetworkId: network.value.virtualNetworkId,
    },
  };
  next = putResource(next, cluster);
  if (subnetRoleAssignment === 'grant') next = grantBrought(next, cluster, brought.value);
  next = startControlPlane(next, armKey(id), {
    networkProfile,
    ipam: ipamOf(networkProfile, pool.value),
    version: version.value,
    flatRanges: flatRanges(next, cluster),
    apiServerAddress: drawPublicAddress(next, cluster.fqdn, `${id}/apiServer`) ?? '',
    fqdn: cluster.fqdn,
  });
  const out = checkNodeEgress(next, cluster, pool.value);
  if (!out.ok) return out;
  next = createScaleSet(next, cluster, pool.value, input.pool.tags ?? null);
  const sized = resizeScaleSet(next, cluster, pool.value, pool.value.count);
  return sized.ok ? ok(welcomeNodes(cloud, sized.value, cluster, pool.value, 'create', later)) : sized;
}

/**
 * azure-cli gives the cluster's identity Network Contributor on what it brought: the subnet, and with
 * kubenet the route table of the subnet (managed-identity-overview 2026-08-18). With Azure CNI nothing
 * writes routes, and azure-cli's own code names the subnet only (managed_cluster_decorator.py,
 * process_add_role_assignment_for_vnet_subnet).
 */
function grantBrought(cloud: Cloud, cluster: ManagedCluster, brought: BroughtSubnet | null): Cloud {
  if (brought === null) return cloud;
  const principalId = clusterPrincipal(cloud, cluster);
  if (principalId === null) return cloud;
  let next = cloud;
  const table =
    cluster.networkProfile.networkPlugin === 'kubenet' ? brought.subnet.routeTable?.id : undefined;
  for (const scope of [brought.subnet.id, table]) {
    if (scope === undefined) continue;
    const granted = createRoleAssignment(next, {
      principalId,
      principalType: 'ServicePrincipal',
      roleDefinitionName: 'Network Contributor',
      scope,
    });
    if (granted.ok) next = granted.value;
  }
  return next;
}

/** Returns the principal that acts for a cluster, or null if its identity is gone. */
export function clusterPrincipal(cloud: Cloud, cluster: ManagedCluster): string | null {
  if (cluster.identity.type === 'SystemAssigned') return cluster.identity.principalId;
  const [id] = cluster.identity.userAssignedIdentities;
  return id === undefined ? null : (getResource(cloud, id, IDENTITY)?.principalId ?? null);
}

/** Returns a cluster by name. Errors: `ResourceGroupNotFound`, `ResourceNotFound`. */
export function requireManagedCluster(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
): Result<ManagedCluster, AzureError> {
  const group = requireResourceGroup(cloud, resourceGroup);
  if (!group.ok) return group;
  const cluster = findResource(cloud, CLUSTER, resourceGroup, name);
  if (cluster !== null) return ok(cluster);
  return err(
    azureError(
      'ResourceNotFound',
      `The Resource 'Microsoft.ContainerService/managedClusters/${name}' under resource group '${resourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
    ),
  );
}
