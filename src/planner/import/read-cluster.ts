/** AKS clusters and node pools out of the JSON of `az aks show`, `list` and `nodepool list`. */
import type {
  AgentPool,
  ManagedCluster,
  NatGatewayProfile,
  NetworkProfile,
} from '../../model/aks/managed-cluster.ts';
import type { SubResource } from '../../model/azure/resources.ts';
import { bagOfObject, baseOf, groupOf, nameOf } from './arm-object.ts';
import type { ArmObject, ReadContext } from './arm-object.ts';
import type { Bag } from './bag.ts';
import { readHttpProxy } from './read-http-proxy.ts';

const CLUSTER_HARMLESS = [
  'aadProfile',
  'agentPoolProfiles',
  'aiToolchainOperatorProfile',
  'autoScalerProfile',
  'autoUpgradeProfile',
  'azureMonitorProfile',
  'azurePortalFqdn',
  'azurePortalFQDN',
  'bootstrapProfile',
  'creationData',
  'currentKubernetesVersion',
  'disableLocalAccounts',
  'diskEncryptionSetId',
  'eTag',
  'enableNamespaceResources',
  'enablePodSecurityPolicy',
  'enableRbac',
  'fqdnSubdomain',
  'identity',
  'identityProfile',
  'kubernetesVersion',
  'maxAgentPools',
  'metricsProfile',
  'nodeProvisioningProfile',
  'nodeResourceGroupProfile',
  'oidcIssuerProfile',
  'podIdentityProfile',
  'privateLinkResources',
  'resourceUID',
  'resourceUid',
  'securityProfile',
  'servicePrincipalProfile',
  'sku',
  'storageProfile',
  'supportPlan',
  'upgradeSettings',
  'windowsProfile',
  'workloadAutoScalerProfile',
  'addonProfiles',
  'hostedSystemProfile',
];

const POOL_HARMLESS = [
  'artifactStreamingProfile',
  'availabilityZones',
  'capacityReservationGroupId',
  'creationData',
  'currentOrchestratorVersion',
  'eTag',
  'enableEncryptionAtHost',
  'enableFips',
  'enableUltraSsd',
  'gatewayProfile',
  'gpuInstanceProfile',
  'gpuProfile',
  'hostGroupId',
  'kubeletConfig',
  'kubeletDiskType',
  'linuxOsConfig',
  'localDnsProfile',
  'localDNSProfile',
  'messageOfTheDay',
  'nodeImageVersion',
  'osDiskSizeGb',
  'osDiskType',
  'powerState',
  'proximityPlacementGroupId',
  'scaleDownMode',
  'scaleSetEvictionPolicy',
  'scaleSetPriority',
  'securityProfile',
  'spotMaxPrice',
  'status',
  'typePropertiesType',
  'upgradeSettings',
  'upgradeStrategy',
  'virtualMachineNodesStatus',
  'virtualMachinesProfile',
  'windowsProfile',
  'workloadRuntime',
  'podIpAllocationMode',
  'upgradeSettingsBlueGreen',
];

export function readCluster(object: ArmObject, { log }: ReadContext): ManagedCluster {
  const bag = bagOfObject(object, log);
  const base = baseOf(object, bag);
  const network = bag.bag('networkProfile');
  const version = bag.text('currentKubernetesVersion') ?? bag.text('kubernetesVersion') ?? '';
  const power = bag.bag('powerState')?.choice('code', ['Running', 'Stopped'], 'Running') ?? 'Running';
  const nodeResourceGroup =
    bag.text('nodeResourceGroup') ?? `MC_${base.resourceGroup}_${base.name}_${base.location}`;
  const profile = readNetworkProfile(network, bag);
  const fqdn = bag.text('fqdn') ?? '';
  if (fqdn === '') {
    bag.leave(
      'fqdn',
      'The API server has no public name: private clusters are not modelled, and flows to the API server cannot be asked.',
      'may-matter',
    );
  }
  const access = bag.bag('apiServerAccessProfile');
  const authorized = access?.texts('authorizedIpRanges') ?? [];
  access?.finish({
    harmless: ['disableRunCommand', 'privateDnsZone', 'enablePrivateClusterPublicFqdn'],
    matters: {
      enablePrivateCluster: 'Private clusters are not modelled: flows to the API server cannot be asked.',
      enableVnetIntegration: 'An API server inside a VNet is not modelled: flows to it cannot be asked.',
      subnetId: 'An API server inside a VNet is not modelled: flows to it cannot be asked.',
    },
  });
  const state = bag.choice(
    'provisioningState',
    ['Succeeded', 'Failed', 'Creating', 'Updating', 'Upgrading', 'Scaling', 'Deleting'],
    'Succeeded',
  );
  if (state !== 'Succeeded' && state !== 'Failed') {
    bag.leave(
      `provisioningState = ${state}`,
      'The cluster was being changed when this was printed.',
      'may-matter',
    );
  }
  if (power === 'Stopped') bag.leave('powerState = Stopped', 'A stopped cluster has no nodes.', 'may-matter');
  const httpProxyConfig = readHttpProxy(bag);
  const cluster: ManagedCluster = {
    type: 'Microsoft.ContainerService/ManagedClusters',
    id: object.id,
    name: base.name,
    resourceGroup: base.resourceGroup,
    location: base.location,
    tags: base.tags,
    nodeResourceGroup,
    kubernetesVersion: version,
    currentKubernetesVersion: version,
    dnsPrefix: bag.text('dnsPrefix') ?? base.name,
    linuxProfile: null,
    fqdn: fqdn === '' ? `${base.name}.hcp.${base.location}.azmk8s.io` : fqdn,
    enableRbac: true,
    identity: { type: 'SystemAssigned', principalId: '' },
    agentPoolProfiles: bag
      .bags('agentPoolProfiles')
      .map((each) => readPool(each, object.id, base.resourceGroup)),
    networkProfile: profile,
    sku: { name: 'Base', tier: 'Free' },
    powerState: { code: power },
    provisioningState: state,
    ...(authorized.length === 0 ? {} : { authorizedIpRanges: authorized }),
    ...(httpProxyConfig === null ? {} : { httpProxyConfig }),
    simulation: { agentPoolDigits: '', routeTableId: null, virtualNetworkId: '' },
  };
  bag.finish({
    harmless: ['linuxProfile', ...CLUSTER_HARMLESS],
    matters: {
      privateFqdn: 'Private clusters are not modelled: flows to the API server cannot be asked.',
      ingressProfile: 'What the managed ingress forwards is not modelled.',
      serviceMeshProfile: 'Sidecars of the service mesh take packets first, and are not modelled.',
      publicNetworkAccess: 'Whether the API server is public is not modelled.',
    },
  });
  return cluster;
}

function readNetworkProfile(bag: Bag | null, cluster: Bag): NetworkProfile {
  if (bag === null) {
    cluster.leave('networkProfile', 'Without it nobody can say how pods are connected.', 'decides');
  }
  const balancer = bag?.bag('loadBalancerProfile') ?? null;
  const gateway = bag?.bag('natGatewayProfile') ?? null;
  const serviceCidr = bag?.text('serviceCidr') ?? '10.0.0.0/16';
  const podCidr = bag?.text('podCidr') ?? null;
  const profile: NetworkProfile = {
    networkPlugin: bag?.choice('networkPlugin', ['azure', 'kubenet', 'none'], 'azure') ?? 'azure',
    networkPluginMode: chosen(bag, 'networkPluginMode', ['overlay']),
    networkDataplane: chosen(bag, 'networkDataplane', ['azure', 'cilium']),
    networkPolicy: chosen(bag, 'networkPolicy', ['none', 'azure', 'calico', 'cilium']),
    podCidr,
    podCidrs: podCidr === null ? null : [podCidr],
    serviceCidr,
    serviceCidrs: [serviceCidr],
    dnsServiceIp: bag?.text('dnsServiceIp') ?? '10.0.0.10',
    ipFamilies: ['IPv4'],
    outboundType:
      bag?.choice(
        'outboundType',
        [
          'loadBalancer',
          'managedNATGateway',
          'userAssignedNATGateway',
          'userDefinedRouting',
          'none',
          'block',
        ],
        'loadBalancer',
      ) ?? 'loadBalancer',
    loadBalancerSku: 'standard',
    loadBalancerProfile:
      balancer === null
        ? null
        : {
            allocatedOutboundPorts: balancer.number('allocatedOutboundPorts', 0),
            effectiveOutboundIPs: balancer.references('effectiveOutboundIPs'),
            idleTimeoutInMinutes: balancer.number('idleTimeoutInMinutes', 30),
            managedOutboundIPs: countOf(balancer, 'managedOutboundIPs'),
            ...listed(balancer, 'outboundIPs', 'outboundIPs', 'publicIPs'),
            ...listed(balancer, 'outboundIPPrefixes', 'outboundIpPrefixes', 'publicIpPrefixes'),
          },
    ...(gateway === null ? {} : { natGatewayProfile: readGatewayProfile(gateway) }),
  };
  const families = bag?.texts('ipFamilies') ?? [];
  if (families.some((each) => each.toLowerCase() === 'ipv6')) {
    cluster.leave('ipFamilies IPv6', 'IPv6 is not modelled: flows over IPv6 cannot be asked.', 'no-packets');
  }
  balancer?.finish({
    harmless: ['backendPoolType', 'clusterServiceLoadBalancerHealthProbeMode'],
    matters: {
      enableMultipleStandardLoadBalancers: 'Several load balancers of one cluster are not modelled.',
    },
  });
  bag?.finish({
    harmless: ['podCidrs', 'serviceCidrs', 'loadBalancerSku', 'podLinkLocalAccess', 'networkMode'],
    matters: {
      advancedNetworking: 'Advanced container networking may add policies that are not modelled.',
      kubeProxyConfig: 'Another mode of kube-proxy is not modelled.',
      staticEgressGatewayProfile: 'Static egress gateways are not modelled.',
    },
  });
  return profile;
}

/** Null where nothing is said. */
function chosen<T extends string>(bag: Bag | null, key: string, words: readonly [T, ...T[]]): T | null {
  return bag?.has(key) === true ? bag.choice(key, words, words[0]) : null;
}

function countOf(bag: Bag, key: string): { readonly count: number } | null {
  const counted = bag.bag(key);
  return counted === null ? null : { count: counted.number('count', 1) };
}

function listed(
  bag: Bag,
  as: 'outboundIPs' | 'outboundIPPrefixes',
  key: string,
  inner: string,
): { readonly outboundIPs?: readonly SubResource[]; readonly outboundIPPrefixes?: readonly SubResource[] } {
  const ids = bag.bag(key)?.references(inner) ?? [];
  return ids.length === 0 ? {} : { [as]: ids };
}

function readGatewayProfile(bag: Bag): NatGatewayProfile {
  const profile: NatGatewayProfile = {
    sku: bag.choice('sku', ['Standard', 'StandardV2'], 'Standard'),
    idleTimeoutInMinutes: bag.number('idleTimeoutInMinutes', 4),
    managedOutboundIPProfile: countOf(bag, 'managedOutboundIpProfile'),
    outboundIPs: bag.bag('outboundIPs')?.references('publicIPs') ?? [],
    outboundIPPrefixes: bag.bag('outboundIpPrefixes')?.references('publicIpPrefixes') ?? [],
    effectiveOutboundIPs: bag.references('effectiveOutboundIPs'),
  };
  bag.finish();
  return profile;
}

export function readPool(bag: Bag, clusterId: string, resourceGroup: string): AgentPool {
  const id = bag.text('id') ?? `${clusterId}/agentPools/${bag.text('name') ?? ''}`;
  const osType = bag.choice('osType', ['Linux', 'Windows'], 'Linux');
  if (bag.flag('enableNodePublicIp', false)) {
    bag.leave(
      'enableNodePublicIp = true',
      'Public addresses of nodes are not modelled: nodes go out otherwise, and can be reached.',
      'decides',
      { only: 'internet' },
    );
  }
  if (osType === 'Windows') {
    bag.leave(
      'osType = Windows',
      'Windows nodes are not modelled: their pods are treated as on Linux.',
      'decides',
    );
  }
  const version = bag.text('currentOrchestratorVersion') ?? bag.text('orchestratorVersion') ?? '';
  const mode = bag.text('podIPAllocationMode');
  const pool: AgentPool = {
    id,
    name: bag.text('name') ?? nameOf(id),
    resourceGroup: groupOf(id) || resourceGroup,
    type: 'Microsoft.ContainerService/managedClusters/agentPools',
    typePropertiesType: 'VirtualMachineScaleSets',
    mode: bag.choice('mode', ['System', 'User'], 'User'),
    count: bag.number('count', 0),
    vmSize: bag.text('vmSize') ?? '',
    osType,
    osSku: 'Ubuntu',
    maxPods: bag.number('maxPods', 110),
    orchestratorVersion: version,
    currentOrchestratorVersion: version,
    nodeImageVersion: bag.text('nodeImageVersion') ?? '',
    enableAutoScaling: bag.flag('enableAutoScaling', false),
    minCount: null,
    maxCount: null,
    vnetSubnetId: bag.text('vnetSubnetId'),
    podSubnetId: bag.text('podSubnetId'),
    podIPAllocationMode: mode === 'StaticBlock' ? 'StaticBlock' : mode === null ? null : 'DynamicIndividual',
    nodeLabels: null,
    nodeTaints: null,
    tags: null,
    upgradeSettings: {
      maxSurge: null,
      maxUnavailable: null,
      drainTimeoutInMinutes: null,
      nodeSoakDurationInMinutes: null,
      undrainableNodeBehavior: null,
    },
    powerState: { code: 'Running' },
    provisioningState: 'Succeeded',
  };
  bag.finish({
    harmless: [
      'minCount',
      'maxCount',
      'nodeLabels',
      'nodeTaints',
      'osSku',
      'orchestratorVersion',
      ...POOL_HARMLESS,
    ],
    matters: {
      nodePublicIpPrefixId: 'Public addresses of nodes are not modelled.',
      networkProfile: 'Host ports and security groups of a pool are not modelled.',
    },
  });
  return pool;
}
